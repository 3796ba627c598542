import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { type Dictionary, type Language, makeTexts } from '../i18n.ts';
import { loadTexts } from '../loadTexts.ts';
import { LanguageContext, TextsContext, rememberLanguage } from '../useTexts.ts';

interface Props {
  first: Language;
  dictionary: Dictionary;
  children: ReactNode;
}

/** Gives the tree its texts, and the means to change language without losing what is typed. */
export function TextsProvider({ first, dictionary, children }: Props) {
  const [texts, setTexts] = useState(() => makeTexts(first, dictionary));

  const change = useCallback((language: Language, remember = true) => {
    if (remember) rememberLanguage(language);
    void loadTexts(language).then((loaded) => setTexts(makeTexts(language, loaded)));
  }, []);

  useEffect(() => {
    document.documentElement.lang = texts.language;
  }, [texts.language]);

  const changer = useMemo(() => ({ change }), [change]);
  return (
    <LanguageContext value={changer}>
      <TextsContext value={texts}>{children}</TextsContext>
    </LanguageContext>
  );
}
