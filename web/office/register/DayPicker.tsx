import { useId } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import input from '../FieldInput.module.css';
import styles from './DayPicker.module.css';
import { showDay, useRegisterAddress } from './address.ts';

/** Which day the register is shown as of. */
export function DayPicker() {
  const { t } = useTexts();
  const { at } = useRegisterAddress();
  const id = useId();
  return (
    <span className={styles.pair}>
      <label htmlFor={id}>{t('reg.as_of')}</label>
      <input
        id={id}
        className={input.input}
        type="date"
        value={at ?? ''}
        max={new Date().toISOString().slice(0, 10)}
        onChange={(event) => showDay(event.target.value || null)}
      />
    </span>
  );
}
