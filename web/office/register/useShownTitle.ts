import { useEffect } from 'react';
import { useTexts } from '../../shared/useTexts.ts';

/** The document's title names what is shown, for as long as it is shown. */
export function useShownTitle(name: string | null): void {
  const { t } = useTexts();
  useEffect(() => {
    if (!name) return;
    const before = document.title;
    document.title = `${name} – ${t('nav.register')} – FDVU`;
    return () => {
      document.title = before;
    };
  }, [name, t]);
}
