import { Button } from '@digdir/designsystemet-react';
import { useId, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import input from '../FieldInput.module.css';
import styles from './CopyField.module.css';

/** A text to take along to another program. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTexts();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');

  /* without leave to use the clipboard (no HTTPS, or refused) the text is selected, to be copied by hand */
  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setSaid(t('gis.copied'));
    } catch {
      setSaid(t('gis.copy_by_hand'));
    }
  }

  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <div className={styles.line}>
        <input ref={field} id={id} className={`${input.input} ${styles.text}`} type="text" readOnly spellCheck={false} value={value} onFocus={(event) => event.target.select()} />
        <Button type="button" variant="secondary" data-size="sm" aria-label={t('gis.copy_named', { name: label })} onClick={() => void copy()}>{t('gis.copy')}</Button>
      </div>
      <p role="status" className={styles.said}>{said}</p>
    </div>
  );
}
