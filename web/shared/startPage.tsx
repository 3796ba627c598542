import { type ComponentType, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './base.css';
import { loadTexts } from './loadTexts.ts';
import { SessionProvider } from './ui/SessionProvider.tsx';
import { TextsProvider } from './ui/TextsProvider.tsx';
import { firstLanguage } from './useTexts.ts';

/** Puts a page's component on the screen with texts and session about it. */
export async function startPage(Page: ComponentType): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('no #root in the page');
  const language = firstLanguage();
  document.documentElement.lang = language;
  const dictionary = await loadTexts(language);
  createRoot(root).render(
    <StrictMode>
      <TextsProvider first={language} dictionary={dictionary}>
        <SessionProvider>
          <Page />
        </SessionProvider>
      </TextsProvider>
    </StrictMode>,
  );
}
