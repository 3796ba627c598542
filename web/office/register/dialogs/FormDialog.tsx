import { Alert, Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ApiError } from '../../../shared/problem.ts';
import { Failure } from '../../../shared/ui/Failure.tsx';
import { useTexts } from '../../../shared/useTexts.ts';
import { refusalText } from '../refusals.ts';
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
  const form = useRef<HTMLFormElement>(null);
  const usedBy = usedByOf(error);
  const known = error && refusalText(error, t);
  const faults = !error || known ? [] : Object.entries(error.fields).filter(([field, text]) => field && text !== error.problem.detail);

  /* the dialog itself would choose the button that closes it */
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus(), []);

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
      <Heading level={2} data-size="xs" id={id}>{title}</Heading>
      <form ref={form} className={styles.form} data-size="sm" onSubmit={(event) => void submit(event)}>
        {children}
        {usedBy.length > 0 ? <UsedByList usedBy={usedBy} />
          : known ? <Alert data-color="warning" data-size="sm" role="alert">{known}</Alert>
          : error && <Failure error={error} />}
        {faults.map(([field, text]) => <p key={field} role="alert" className={styles.fault}>{text}</p>)}
        <div className={styles.buttons}>
          <Button type="submit" data-color={isDangerous ? 'danger' : 'accent'} loading={busy} disabled={busy || !canDo}>{doIt}</Button>
          <Button type="button" variant="tertiary" onClick={onClose}>{t('office.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
