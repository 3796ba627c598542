import { type Language, isLanguage, languages } from '../i18n.ts';
import { useLanguageChange, useTexts } from '../useTexts.ts';
import styles from './LanguageChoice.module.css';

const NAMES: Record<Language, string> = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };

/** Each language is named in itself, so that a person who reads only that one finds it. */
export function LanguageChoice() {
  const { t, language } = useTexts();
  const change = useLanguageChange();
  return (
    <select
      className={styles.choice}
      aria-label={t('frame.language')}
      value={language}
      onChange={(event) => isLanguage(event.target.value) && change(event.target.value)}
    >
      {languages.map((each) => <option key={each} value={each} lang={each}>{NAMES[each]}</option>)}
    </select>
  );
}
