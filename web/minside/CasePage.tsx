import { Alert, Button, Heading } from '@digdir/designsystemet-react';
import type { MyCase } from '../shared/types.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { Conversation } from '../shared/ui/Conversation.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { PhotoStrip } from '../shared/ui/PhotoStrip.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import { useCategories } from '../shared/useCategories.ts';
import { useLive } from '../shared/useLive.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CasePage.module.css';
import { Progress } from './Progress.tsx';
import { openFront } from './links.ts';

/** One case as its reporter sees it: how far it is, what was said, what was done. */
export function CasePage({ id, isNew }: { id: string; isNew: boolean }) {
  const { t } = useTexts();
  const loaded = useApi<MyCase>(`/api/v1/cases/${encodeURIComponent(id)}`);
  const categories = useCategories();
  useLive((change) => change.id === id || change.t === 'task', loaded.reload);
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;

  const done = found.tasks.filter((task) => task.done_at);
  return (
    <article className={styles.case}>
      <Button variant="tertiary" className={styles.back} onClick={openFront}>← {t('case.back')}</Button>
      {isNew && (
        <Alert data-color="success" role="status">
          <Heading level={2} data-size="xs">{t('report.received', { number: found.number })}</Heading>
          <p>{t('report.next')}</p>
        </Alert>
      )}
      <header className={styles.header}>
        <CategoryIcon name={categories.iconOf(found.category)} />
        <div>
          <Heading level={1} data-size="md">{found.title}</Heading>
          <p className={styles.subtle}>{found.number} · {categories.nameOf(found.category)} · {found.place_label}</p>
        </div>
      </header>
      <Progress state={found.state} deadline={found.deadline} doneAt={found.done_at} />
      {loaded.error && <Failure error={loaded.error} retry={loaded.reload} />}
      {done.length > 0 && (
        <section className={styles.card} aria-labelledby="done-title">
          <Heading level={2} data-size="xs" id="done-title">{t('case.what_was_done')}</Heading>
          <ul className={styles.done}>
            {done.map((task) => (
              <li key={task.id}>
                {task.done_note || t('case.done_without_note')}
                {task.done_at && <span className={styles.subtle}> <TimeText at={task.done_at} /></span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={styles.card} aria-labelledby="reported-title">
        <Heading level={2} data-size="xs" id="reported-title">{t('case.reported')}</Heading>
        {found.description && <p className={styles.description}>{found.description}</p>}
        <p className={styles.subtle}><TimeText at={found.created_at} /></p>
        <PhotoStrip files={found.photos} />
      </section>
      <section className={styles.card} aria-labelledby="talk-title">
        <Heading level={2} data-size="xs" id="talk-title">{t('conversation.title')}</Heading>
        <Conversation caseId={found.id} messages={found.messages} onSent={loaded.reload} />
      </section>
    </article>
  );
}
