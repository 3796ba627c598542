import { Alert, Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatTime } from '../../shared/format.ts';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import type { ChangedRow } from './types.ts';

interface Props {
  id: string;
  onDone(): void;
}

/** Taking an import back, with what stops it told first: who changed which of its rows since. */
export function UndoRun({ id, onDone }: Props) {
  const { t, language } = useTexts();
  const { sending, error, send } = useSend();
  const [isAsking, setAsking] = useState(false);
  const [looks, setLooks] = useState(false);
  const changes = useApi<List<ChangedRow>>(looks ? `/api/v1/imports/${id}/changes` : null);

  async function undo(): Promise<void> {
    if (!(await send('POST', `/api/v1/imports/${id}/undo`))) {
      changes.reload();
      return;
    }
    setAsking(false);
    onDone();
  }

  if (!looks) return <div><Button variant="secondary" data-color="danger" data-size="sm" onClick={() => setLooks(true)}>{t('import.undo')}</Button></div>;
  if (changes.error) return <Failure error={changes.error} retry={changes.reload} />;
  if (!changes.data) return <Loading />;
  if (changes.data.items.length > 0) {
    return (
      <Alert data-color="warning" data-size="sm" role="alert">
        <p>{t('import.undo_stopped')}</p>
        <ul>
          {changes.data.items.map((row) => (
            <li key={`${row.tbl} ${row.line} ${row.label} ${row.at}`}>
              {row.line !== null && `${t('import.at_line', { n: row.line })}: `}{row.label ?? row.tbl} – {t('import.changed_by', { by: row.by ?? t('import.by_command'), time: formatTime(row.at, language) })}
            </li>
          ))}
        </ul>
      </Alert>
    );
  }
  return (
    <div className={panel.main}>
      <div className={panel.buttons}>
        <Button data-color="danger" data-size="sm" onClick={() => setAsking(true)}>{t('import.undo_sure')}</Button>
        <Button variant="tertiary" data-size="sm" onClick={() => setLooks(false)}>{t('keys.cancel')}</Button>
      </div>
      {isAsking && (
        <FormDialog title={t('import.undo')} submit={t('import.undo')} color="danger" sending={sending} error={error} onSubmit={() => void undo()} onClose={() => setAsking(false)}>
          <p>{t('import.undo_what')}</p>
        </FormDialog>
      )}
    </div>
  );
}
