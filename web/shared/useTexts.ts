import { createContext, useContext } from 'react';
import { type Language, type Texts, isLanguage, languageOf } from './i18n.ts';

const KEPT = 'fdvu.language';

export const TextsContext = createContext<Texts | null>(null);
export const LanguageContext = createContext<{ change(language: Language, remember?: boolean): void } | null>(null);

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('useTexts outside TextsProvider');
  return texts;
}

export function useLanguageChange(): (language: Language, remember?: boolean) => void {
  const changer = useContext(LanguageContext);
  if (!changer) throw new Error('useLanguageChange outside TextsProvider');
  return changer.change;
}

/** The language this person chose on this device, if any. */
export function keptLanguage(): Language | null {
  try {
    const kept = localStorage.getItem(KEPT);
    return isLanguage(kept) ? kept : null;
  } catch {
    return null; /* storage may be shut off */
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    /* the choice then lasts as long as the page */
  }
}

export function firstLanguage(): Language {
  return keptLanguage() ?? languageOf(navigator.languages);
}
