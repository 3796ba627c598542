import { Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ApiError } from '../shared/problem.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './keys/Forms.module.css';

interface Props {
  title: string;
  /** What the button says. */
  submit: string;
  color?: 'accent' | 'danger';
  sending: boolean;
  error: ApiError | null;
  onSubmit(): void;
  onClose(): void;
  children: ReactNode;
}

/** A form over the page: Escape closes it, the focus returns to where it was. */
export function FormDialog({ title, submit, color = 'accent', sending, error, onSubmit, onClose, children }: Props) {
  const { t } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  function onForm(event: FormEvent): void {
    event.preventDefault();
    onSubmit();
  }
  return (
    <Dialog ref={dialog} className={styles.dialog} onClose={onClose} closeButton={t('keys.close')}>
      <Heading level={2} data-size="xs">{title}</Heading>
      <form className={styles.form} data-size="sm" noValidate onSubmit={onForm}>
        {children}
        {error && <Failure error={error} />}
        <div className={styles.buttons}>
          <Button type="submit" data-color={color} loading={sending}>{submit}</Button>
          <Button type="button" variant="secondary" onClick={onClose}>{t('keys.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
