import { Alert, Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { useEffect, useId, useState } from 'react';
import { api } from '../../shared/api.ts';
import { formatTime } from '../../shared/format.ts';
import { ApiError } from '../../shared/problem.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './CodeMade.module.css';
import type { CodeState, MadeCode } from './types.ts';

const ASK_MS = 3_000;

/** A code that was just made, large enough for a camera, until a tablet has used it. */
export function CodeMade({ made, onUsed, onClose }: { made: MadeCode; onUsed(): void; onClose(): void }) {
  const { t, language } = useTexts();
  const id = useId();
  const [state, setState] = useState<CodeState>({ used_at: null, is_expired: false });
  const isOpen = !state.used_at && !state.is_expired;

  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => {
      api<CodeState>('GET', `/api/v1/devices/codes/${made.made.id}`).then(
        (next) => {
          setState(next);
          if (next.used_at) onUsed();
        },
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error; /* no answer: asked again */
        },
      );
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [isOpen, made.made.id, onUsed]);

  return (
    <Dialog open onClose={onClose} aria-labelledby={id} closedby="closerequest">
      <Heading level={2} data-size="xs" id={id}>{t('devices.code_title', { name: `${made.made.name} – ${made.made.person_name}` })}</Heading>
      <div className={styles.body} data-size="sm">
        {isOpen && (
          <>
            <p>{t('devices.code_what')}</p>
            <img className={styles.qr} src={`data:image/svg+xml,${encodeURIComponent(made.qr)}`} alt={t('devices.code_qr')} />
            <dl className={styles.code}>
              <dt>{t('devices.code_label')}</dt>
              <dd>{made.code}</dd>
            </dl>
            <p>{t('devices.code_until', { at: formatTime(made.made.expires_at, language) })}</p>
          </>
        )}
        <div role="status">
          {isOpen && <p>{t('devices.code_waiting')}</p>}
          {state.used_at && <Alert data-color="success" data-size="sm">{t('devices.code_used')}</Alert>}
          {!state.used_at && state.is_expired && <Alert data-color="warning" data-size="sm">{t('devices.code_ended')}</Alert>}
        </div>
        <div><Button type="button" variant={isOpen ? 'secondary' : 'primary'} onClick={onClose}>{t('devices.close')}</Button></div>
      </div>
    </Dialog>
  );
}
