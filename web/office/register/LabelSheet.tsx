import { Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { useId, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../../shared/useTexts.ts';
import input from '../FieldInput.module.css';
import styles from './LabelSheet.module.css';

/** Sheets that are sold: labels across on an A4 sheet. */
const SHEETS = ['one', 'two', 'three'] as const;
const PREVIEW_MAX = 6;

/** Labels to print: each a QR code that opens what it hangs on, with the name beside it. */
export function LabelSheet({ codes, onClose }: { codes: string[]; onClose(): void }) {
  const { t, tn } = useTexts();
  const [sheet, setSheet] = useState<(typeof SHEETS)[number]>(codes.length > 1 ? 'three' : 'one');
  const id = useId();
  const label = (code: string) => <img key={code} className={styles.label} src={`/api/v1/codes/${code}/label.svg`} alt={t('reg.label_alt', { code })} />;
  return (
    <>
      <Dialog open onClose={onClose} aria-labelledby={id}>
        <Heading level={2} data-size="xs" id={id}>{tn('reg.labels', codes.length)}</Heading>
        <div className={styles.preview}>{codes.slice(0, PREVIEW_MAX).map(label)}</div>
        {codes.length > PREVIEW_MAX && <p>{t('reg.labels_more', { n: codes.length - PREVIEW_MAX })}</p>}
        <label className={styles.choice}>
          {t('reg.sheet')}
          <select className={input.input} value={sheet} onChange={(event) => setSheet(SHEETS.find((each) => each === event.target.value) ?? 'one')}>
            {SHEETS.map((each) => <option key={each} value={each}>{t(`reg.sheet.${each}`)}</option>)}
          </select>
        </label>
        <div className={styles.buttons}>
          <Button data-size="sm" onClick={() => window.print()}>{t('reg.print')}</Button>
          <Button data-size="sm" variant="tertiary" onClick={onClose}>{t('office.close')}</Button>
        </div>
      </Dialog>
      {createPortal(<div className={`${styles.sheet} ${styles[sheet]}`}>{codes.map(label)}</div>, document.body)}
    </>
  );
}
