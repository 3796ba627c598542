import { useId, useState, type FormEvent } from 'react';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { enrolByCode } from '../app/enrol.ts';
import { routeOf } from '../app/useRoute.ts';
import { useTablet } from '../app/useTablet.ts';
import { ScanButton } from '../places/ScanButton.tsx';
import { Offline } from '../sync/api.ts';
import { Refused } from '../sync/device.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from './CodeForm.module.css';

/** The code from the office: scanned, typed, or in the link that opened the page. */
export function CodeForm({ onEnrolled }: { onEnrolled?: () => void }) {
  const { t } = useTexts();
  const tablet = useTablet();
  const id = useId();
  const [code, setCode] = useState(() => codeOf(location.hash));
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<TextKey | null>(null);

  async function enrol(given: string): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await enrolByCode(tablet, given);
      history.replaceState(null, '', '#/');
      dispatchEvent(new HashChangeEvent('hashchange'));
      onEnrolled?.();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void enrol(code);
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <p>{t('field.code.what')}</p>
      <label htmlFor={id}>{t('field.code.label')}</label>
      <div className={styles.line}>
        <input
          id={id}
          className={styles.code}
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          aria-describedby={fault ? `${id}-fault` : undefined}
          aria-invalid={fault !== null || undefined}
          onChange={(event) => setCode(event.target.value)}
        />
        <ScanButton
          onText={(text) => {
            const scanned = codeOf(new URL(text, location.href).hash) || text;
            setCode(scanned);
            void enrol(scanned);
          }}
        />
      </div>
      {fault && <p id={`${id}-fault`} role="alert" className={styles.fault}>{t(fault)}</p>}
      <BigButton look="main" type="submit" disabled={isBusy || code.trim() === ''}>{isBusy ? t('field.code.busy') : t('field.code.do')}</BigButton>
    </form>
  );
}

function codeOf(hash: string): string {
  const { screen, id } = routeOf(hash);
  return screen === 'enrol' ? id : '';
}

function faultOf(error: unknown): TextKey {
  if (error instanceof Offline) return 'field.code.offline';
  if (!(error instanceof Refused)) return 'field.start.failed';
  if (error.problem === 'code_unknown') return 'field.code.unknown';
  if (error.problem === 'device_revoked') return 'field.code.revoked';
  return error.status === 400 ? 'field.code.wrong' : 'field.start.failed';
}
