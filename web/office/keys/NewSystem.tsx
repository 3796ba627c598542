import { Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { PlaceChoice } from '../PlaceChoice.tsx';
import type { Choice } from '../SearchChoice.tsx';
import { numberIn } from '../meters/numbers.ts';
import { useSend } from '../useSend.ts';
import styles from './Forms.module.css';

interface Props {
  onDone(id: string): void;
  onClose(): void;
}

/** A key system: its name, its maker, where it is, and what a lost key costs. */
export function NewSystem({ onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [name, setName] = useState('');
  const [maker, setMaker] = useState('');
  const [card, setCard] = useState('');
  const [price, setPrice] = useState('');
  const [place, setPlace] = useState<Choice | null>(null);
  const [faults, setFaults] = useState<{ name?: string; place?: string; price?: string }>({});

  async function submit(): Promise<void> {
    const kroner = numberIn(price);
    const isWrong = kroner === undefined || (kroner !== null && kroner < 0);
    setFaults({
      ...(!name.trim() && { name: t('keys.name_missing') }),
      ...(!place && { place: t('keys.place_missing') }),
      ...(isWrong && { price: t('keys.price_wrong') }),
    });
    if (!place || !name.trim() || isWrong) return;
    const made = await send<{ id: string }>('POST', '/api/v1/key-systems', {
      name: name.trim(),
      place: place.id,
      ...(maker && { maker }),
      ...(card && { security_card: card }),
      lost_key_ore: Math.round((kroner ?? 0) * 100),
    });
    if (made) onDone(made.id);
  }

  return (
    <FormDialog title={t('keys.new_system')} submit={t('keys.save')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <Textfield label={t('keys.name')} value={name} maxLength={200} error={faults.name} onChange={(event) => setName(event.target.value)} />
      <PlaceChoice label={t('keys.place')} chosen={place} onChoose={setPlace} error={faults.place} />
      <div className={styles.pair}>
        <Textfield label={t('keys.maker')} value={maker} maxLength={100} onChange={(event) => setMaker(event.target.value)} />
        <Textfield label={t('keys.security_card')} value={card} maxLength={100} onChange={(event) => setCard(event.target.value)} />
        <Textfield label={t('keys.price')} inputMode="decimal" value={price} error={faults.price} onChange={(event) => setPrice(event.target.value)} />
      </div>
    </FormDialog>
  );
}
