import { Checkbox, Fieldset, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { useSend } from '../useSend.ts';
import styles from './Forms.module.css';
import type { KeySystemDetails } from './types.ts';

interface Props {
  system: KeySystemDetails;
  onDone(): void;
  onClose(): void;
}

/** So many keys of a mark, numbered on from those there are, and the doors they open. */
export function NewKeys({ system, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [mark, setMark] = useState('');
  const [count, setCount] = useState('1');
  const [isMaster, setIsMaster] = useState(false);
  const [doors, setDoors] = useState<string[]>([]);
  const [fault, setFault] = useState<string>();

  async function submit(): Promise<void> {
    if (!mark.trim()) {
      setFault(t('keys.mark_missing'));
      return;
    }
    const body = { system: system.id, mark: mark.trim(), count: Number(count) || 1, is_master: isMaster, cylinders: isMaster ? [] : doors };
    if (await send('POST', '/api/v1/keys', body)) onDone();
  }

  return (
    <FormDialog title={t('keys.new_keys')} submit={t('keys.save')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <div className={styles.pair}>
        <Textfield label={t('keys.mark')} value={mark} maxLength={60} error={fault} onChange={(event) => setMark(event.target.value)} />
        <Textfield label={t('keys.count')} type="number" min={1} max={200} value={count} error={error?.fields['count']} onChange={(event) => setCount(event.target.value)} />
      </div>
      <Checkbox label={t('keys.is_master')} checked={isMaster} onChange={(event) => setIsMaster(event.target.checked)} />
      {!isMaster && system.cylinders.length > 0 && (
        <Fieldset>
          <Fieldset.Legend>{t('keys.opens')}</Fieldset.Legend>
          <div className={styles.doors}>
            {system.cylinders.map((door) => (
              <Checkbox
                key={door.id}
                label={`${door.mark} · ${door.place_label}`}
                checked={doors.includes(door.id)}
                onChange={(event) => setDoors(event.target.checked ? [...doors, door.id] : doors.filter((id) => id !== door.id))}
              />
            ))}
          </div>
        </Fieldset>
      )}
    </FormDialog>
  );
}
