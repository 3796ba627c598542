import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api, query } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import type { List, SimilarCase } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import { useCategories } from '../shared/useCategories.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './SimilarCases.module.css';
import { openCase } from './links.ts';

interface Props {
  place: string;
  category: string;
  /** The report is not needed any more. */
  onFollowed(): void;
}

/** What is reported here already, so that one fault becomes one case with many followers. Shows nothing when there is none. */
export function SimilarCases({ place, category, onFollowed }: Props) {
  const { t, tn } = useTexts();
  const similar = useApi<List<SimilarCase>>(`/api/v1/cases/similar${query({ place, category })}`);
  const categories = useCategories();
  const [error, setError] = useState<ApiError | null>(null);
  const items = similar.data?.items ?? [];
  if (items.length === 0) return null;

  async function follow(id: string): Promise<void> {
    try {
      await api<unknown>('POST', `/api/v1/cases/${id}/follow`, {});
      onFollowed();
      openCase(id);
    } catch (failure) {
      if (failure instanceof ApiError) setError(failure);
    }
  }

  return (
    <aside className={styles.similar} aria-labelledby="similar-title">
      <Heading level={3} data-size="2xs" id="similar-title">{t('similar.title')}</Heading>
      <p>{t('similar.hint')}</p>
      {error && <Failure error={error} />}
      <ul className={styles.list}>
        {items.map((each) => (
          <li key={each.id} className={styles.item}>
            <div className={styles.what}>
              <strong>{categories.nameOf(each.category)}</strong>
              <span className={styles.when}>
                {each.place_label} · <TimeText at={each.created_at} />
                {each.followers > 0 && <> · {tn('similar.followers', each.followers)}</>}
              </span>
            </div>
            <StateTag state={each.state} />
            {each.is_following
              ? <Button variant="secondary" data-size="sm" onClick={() => openCase(each.id)}>{t('similar.open')}</Button>
              : <Button variant="secondary" data-size="sm" onClick={() => void follow(each.id)}>{t('similar.follow')}</Button>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
