import { Heading } from '@digdir/designsystemet-react';
import type { TextKey } from '../../shared/i18n.ts';
import type { DemoPerson } from '../../shared/types.ts';
import { DemoLogin } from '../../shared/ui/DemoLogin.tsx';
import { PageFrame } from '../../shared/ui/PageFrame.tsx';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './HomePage.module.css';

const PERSONS: DemoPerson[] = ['tenant', 'caretaker', 'manager', 'frontdesk', 'supplier', 'admin'];

const PAGES: { href: string; name: TextKey; does: TextKey }[] = [
  { href: '/minside', name: 'home.minside', does: 'home.minside_does' },
  { href: '/field', name: 'home.field', does: 'home.field_does' },
  { href: '/office', name: 'home.office', does: 'home.office_does' },
  { href: '/api/docs', name: 'home.docs', does: 'home.docs_does' },
];

/** What this is and where to go. */
export function HomePage() {
  const { t } = useTexts();
  const { session } = useSession();
  return (
    <PageFrame title={t('home.title')}>
      <div className={styles.home}>
        <header className={styles.hero}>
          <Heading level={1} data-size="xl">{t('home.title')}</Heading>
          <p className={styles.lead}>{t('home.lead')}</p>
          {session.person_id && <p>{t('home.logged_in', { name: session.name ?? '' })}</p>}
        </header>
        {session.demo && (
          <section className={styles.section} aria-labelledby="demo-title">
            <Heading level={2} data-size="sm" id="demo-title">{t('home.demo')}</Heading>
            <p>{t('home.demo_lead')}</p>
            <DemoLogin persons={PERSONS} />
          </section>
        )}
        <nav className={styles.section} aria-labelledby="where-title">
          <Heading level={2} data-size="sm" id="where-title">{t('home.where')}</Heading>
          <ul className={styles.cards}>
            {PAGES.map((page) => (
              <li key={page.href}>
                <a className={styles.card} href={page.href}>
                  <strong>{t(page.name)}</strong>
                  <span>{t(page.does)}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </PageFrame>
  );
}
