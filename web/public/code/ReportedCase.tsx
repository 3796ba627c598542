import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import type { CodeCase } from '../../shared/types.ts';
import { CategoryIcon } from '../../shared/ui/CategoryIcon.tsx';
import { Failure } from '../../shared/ui/Failure.tsx';
import { StateTag } from '../../shared/ui/StateTag.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useCategories } from '../../shared/useCategories.ts';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './ReportedCase.module.css';

/** One public case; who is logged in can follow it at once. */
export function ReportedCase({ found, onFollowed }: { found: CodeCase; onFollowed(): void }) {
  const { t } = useTexts();
  const { session } = useSession();
  const categories = useCategories();
  const [state, setState] = useState<'idle' | 'followed' | ApiError>('idle');

  async function follow(): Promise<void> {
    try {
      await api<unknown>('POST', `/api/v1/cases/${found.id}/follow`, {});
      setState('followed');
      onFollowed();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setState(failure);
    }
  }

  return (
    <li className={styles.case}>
      <CategoryIcon name={categories.iconOf(found.category)} />
      <span className={styles.what}>
        <strong>{categories.nameOf(found.category)}</strong>
        <span className={styles.subtle}>{found.number} · <TimeText at={found.created_at} /></span>
      </span>
      <StateTag state={found.state} />
      {session.person_id && session.audience === 'tenant' && (state === 'followed'
        ? <p role="status">{t('code.follow_done')}</p>
        : <Button variant="secondary" data-size="sm" onClick={() => void follow()}>{t('code.same')}</Button>)}
      {state instanceof ApiError && <Failure error={state} />}
    </li>
  );
}
