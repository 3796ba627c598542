import { Heading } from '@digdir/designsystemet-react';
import type { List } from '../../shared/types.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { RegisterLink } from './RegisterLink.tsx';
import styles from './RowTable.module.css';
import { useRegisterApi } from './context.ts';
import type { ComponentRow, Part } from './types.ts';

/** The system a component is part of, and its own parts. */
export function PartList({ component }: { component: ComponentRow }) {
  const { t } = useTexts();
  const parts = useRegisterApi<List<Part>>(component.parts === 0 ? null : `/api/v1/components/${component.id}/parts`).data?.items ?? [];
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
              <span className={styles.subtle}>{[part.element, part.tag].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
