import { type ReactNode, useEffect } from 'react';
import { useTexts } from '../useTexts.ts';
import { LanguageChoice } from './LanguageChoice.tsx';
import styles from './PageFrame.module.css';
import { PersonMenu } from './PersonMenu.tsx';

interface Props {
  /** Of this page or view; also the document's title. */
  title: string;
  /** Which part of the system this is, shown beside the name. */
  part?: string;
  partHref?: string;
  /** Uses the whole window, for the office. */
  full?: boolean;
  /** Beside the name in the header: search, navigation. */
  tools?: ReactNode;
  children: ReactNode;
}

/** Header with language and person, main, footer: what every page stands in. */
export function PageFrame({ title, part, partHref, full = false, tools, children }: Props) {
  const { t } = useTexts();

  useEffect(() => {
    document.title = `${title} – FDVU`;
  }, [title]);

  return (
    <div className={full ? styles.full : styles.page}>
      <a className={`ds-skip-link ${styles.skip}`} href="#main">{t('frame.skip')}</a>
      <header className={styles.header}>
        <div className={part ? `${styles.bar} ${styles.hasPart}` : styles.bar}>
          <a className={styles.brand} href="/" title={t('frame.home')} aria-label={`FDVU – ${t('frame.home')}`}>
            <svg className={styles.mark} viewBox="0 0 64 64" aria-hidden="true">
              <path d="M14 34 32 18l18 16v16H38V38H26v12H14z" fill="currentColor" />
            </svg>
            <span className={styles.word}>FDVU</span>
          </a>
          {part && (partHref
            ? <a className={styles.part} href={partHref}>{part}</a>
            : <span className={styles.part}>{part}</span>)}
          {tools && <div className={styles.tools}>{tools}</div>}
          <div className={styles.right}>
            <LanguageChoice />
            <PersonMenu />
          </div>
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>{children}</main>
      {!full && <footer className={styles.footer}>{t('frame.footer')}</footer>}
    </div>
  );
}
