import { Button } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Toast.module.css';
import { refusalText } from './refusals.ts';

const SHOWN_MS = 12_000;

export interface ToastText {
  text: string;
  undo?: () => Promise<void>;
}

/** What was just done, and a way back. Stays while the pointer or the keyboard is on it. */
export function Toast({ shown, onClose }: { shown: ToastText | null; onClose(): void }) {
  const { t } = useTexts();
  const [held, setHeld] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => setFault(null), [shown]);
  useEffect(() => {
    if (!shown || held || fault || busy) return;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, held, fault, busy, onClose]);

  async function undo(): Promise<void> {
    setBusy(true);
    try {
      await shown?.undo?.();
      onClose();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setFault(failure.isOffline ? t('failure.offline') : refusalText(failure, t) ?? failure.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles.place} role="status">
      {shown && (
        <div
          className={styles.toast}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span className={styles.text}>{shown.text}{fault && <strong className={styles.fault}>{fault}</strong>}</span>
          {shown.undo && <Button data-size="sm" variant="secondary" loading={busy} disabled={busy} onClick={() => void undo()}>{t('reg.undo')}</Button>}
          <Button data-size="sm" variant="tertiary" onClick={onClose}>{t('office.close')}</Button>
        </div>
      )}
    </div>
  );
}
