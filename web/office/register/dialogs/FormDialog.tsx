import { Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ApiError } from '../../../shared/problem.ts';
import { Failure } from '../../../shared/ui/Failure.tsx';
import { useTexts } from '../../../shared/useTexts.ts';
import styles from './FormDialog.module.css';
import { UsedByList } from './UsedByList.tsx';
import { usedByOf } from './usedBy.ts';

interface Props {
  title: string;
  /** On the button that does it. */
  doIt: string;
  isDangerous?: boolean;
  canDo?: boolean;
  /** Throws ApiError when it is refused; closes otherwise, unless it answers false. */
  onDo(): Promise<boolean | void>;
  onClose(): void;
  children: ReactNode;
}

/** A form in a dialog: what is asked, what is wrong, and a button to do it. */
export function FormDialog({ title, doIt, isDangerous = false, canDo = true, onDo, onClose, children }: Props) {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const id = useId();
  const usedBy = usedByOf(error);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || !canDo) return;
    setBusy(true);
    setError(null);
    try {
      if ((await onDo()) !== false) onClose();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={onClose} aria-labelledby={id} closedby="closerequest">
      <form className={styles.form} data-size="sm" onSubmit={(event) => void submit(event)}>
        <Heading level={2} data-size="xs" id={id}>{title}</Heading>
        {children}
        {usedBy.length > 0 ? <UsedByList usedBy={usedBy} /> : error && <Failure error={error} />}
        {error && Object.entries(error.fields).filter(([field]) => field).map(([field, text]) => <p key={field} role="alert" className={styles.fault}>{text}</p>)}
        <div className={styles.buttons}>
          <Button type="submit" data-color={isDangerous ? 'danger' : 'accent'} loading={busy} disabled={busy || !canDo}>{doIt}</Button>
          <Button type="button" variant="tertiary" onClick={onClose}>{t('office.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
