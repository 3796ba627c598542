import { Heading } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { RegisterLink } from './RegisterLink.tsx';
import styles from './RowTable.module.css';
import type { ComponentRow } from './types.ts';

/** The system a component is part of, and its own parts. */
export function PartList({ component }: { component: ComponentRow }) {
  const { t } = useTexts();
  const parts = component.parts ?? [];
  if (!component.parent_id && parts.length === 0) return null;
  return (
    <section aria-labelledby="parts-title">
      <Heading level={3} data-size="2xs" id="parts-title">{t('reg.system')}</Heading>
      {component.parent_id && <p>{t('reg.part_of')} <RegisterLink component={component.parent_id}>{component.parent_name ?? t('reg.another')}</RegisterLink></p>}
      {parts.length > 0 && (
        <ul className={styles.lines}>
          {parts.map((part) => (
            <li key={part.id} className={styles.line}>
              <span className={styles.main}><RegisterLink component={part.id}>{part.name}</RegisterLink></span>
              <span className={styles.subtle}>{part.tag}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
