import type { ReactNode } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useRoute } from '../app/useRoute.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import styles from './FieldFrame.module.css';
import { Notices } from './Notices.tsx';
import { SyncLine } from './SyncLine.tsx';

const TABS = [
  { screen: '', icon: 'list', key: 'field.tab.today' },
  { screen: 'places', icon: 'place', key: 'field.tab.places' },
  { screen: 'new', icon: 'plus', key: 'field.tab.new' },
] as const satisfies { screen: string; icon: IconName; key: string }[];

/** Sync line on top, the screen, and three big tabs under the thumb. */
export function FieldFrame({ children }: { children: ReactNode }) {
  const { t } = useTexts();
  const { screen } = useRoute();

  return (
    <div className={styles.frame}>
      <SyncLine />
      <Notices />
      <main id="main" className={styles.main}>{children}</main>
      <nav className={styles.tabs} aria-label={t('field.tab.all')}>
        {TABS.map((tab) => (
          <a key={tab.screen} className={styles.tab} href={`#/${tab.screen}`} aria-current={screen === tab.screen ? 'page' : undefined}>
            <Icon name={tab.icon} />
            {t(tab.key)}
          </a>
        ))}
      </nav>
    </div>
  );
}
