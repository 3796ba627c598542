import { Button } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PathLine.module.css';
import { RegisterLink } from './RegisterLink.tsx';
import { closeDetail } from './address.ts';
import type { PlaceRef } from './types.ts';

/** The way to a place from the top; on a small screen also back to the tree. */
export function PathLine({ path }: { path: PlaceRef[] }) {
  const { t } = useTexts();
  return (
    <nav className={styles.path} aria-label={t('reg.path')}>
      <span className={styles.back}><Button type="button" variant="secondary" data-size="sm" onClick={closeDetail}>{t('reg.to_tree')}</Button></span>
      <ol className={styles.steps}>
        {path.map((step) => <li key={step.id} className={styles.step}><RegisterLink place={step.id}>{step.name}</RegisterLink></li>)}
      </ol>
    </nav>
  );
}
