/* A page loads one language only. */
import type { Dictionary, Language } from './i18n.ts';

const loaders: Record<Language, () => Promise<{ default: Dictionary }>> = {
  nb: () => import('./i18n/nb.json'),
  nn: () => import('./i18n/nn.json'),
  en: () => import('./i18n/en.json'),
};

export async function loadTexts(language: Language): Promise<Dictionary> {
  return (await loaders[language]()).default;
}
