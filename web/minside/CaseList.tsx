import type { MyCaseItem } from '../shared/types.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useCategories } from '../shared/useCategories.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CaseList.module.css';
import { caseHref, openCase } from './links.ts';

export function CaseList({ cases }: { cases: MyCaseItem[] }) {
  const { t } = useTexts();
  const categories = useCategories();
  return (
    <ul className={styles.list}>
      {cases.map((each) => (
        <li key={each.id}>
          <a
            className={styles.row}
            href={caseHref(each.id)}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              openCase(each.id);
            }}
          >
            <CategoryIcon name={categories.iconOf(each.category)} />
            <span className={styles.what}>
              <strong>{each.title}</strong>
              <span className={styles.when}>
                {each.number} · {each.place_label} · {each.done_at
                  ? <>{t('case.done')} <TimeText at={each.done_at} /></>
                  : <TimeText at={each.created_at} />}
              </span>
            </span>
            <StateTag state={each.state} />
          </a>
        </li>
      ))}
    </ul>
  );
}
