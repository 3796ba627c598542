import { Button, Heading } from '@digdir/designsystemet-react';
import { api } from '../shared/api.ts';
import type { List, Notice } from '../shared/types.ts';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import { useCategories } from '../shared/useCategories.ts';
import { useLive } from '../shared/useLive.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './Notices.module.css';
import { caseHref, openCase } from './links.ts';
import { noticeText } from './noticeText.ts';

/** News since last time. Read ones go away; the case itself keeps the story. */
export function Notices() {
  const texts = useTexts();
  const { t } = texts;
  const categories = useCategories();
  const notices = useApi<List<Notice>>('/api/v1/notifications');
  useLive((change) => change.t === 'cases', notices.reload);
  const unread = (notices.data?.items ?? []).filter((notice) => !notice.read_at);
  if (unread.length === 0) return null;

  async function markRead(): Promise<void> {
    await api<unknown>('POST', '/api/v1/notifications/read', {}).catch(() => {}); /* they then stay, which is said enough */
    notices.reload();
  }

  return (
    <section className={styles.notices} aria-labelledby="notices">
      <Heading level={2} data-size="sm" id="notices">{t('notices.title')}</Heading>
      <ul className={styles.list}>
        {unread.map((notice) => (
          <li key={notice.id}>
            {notice.case_id
              ? (
                <a
                  href={caseHref(notice.case_id)}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || !notice.case_id) return;
                    event.preventDefault();
                    void markRead();
                    openCase(notice.case_id);
                  }}
                >
                  {noticeText(notice, texts, categories.nameOf)}
                </a>
              )
              : noticeText(notice, texts, categories.nameOf)}
            <span className={styles.when}> <TimeText at={notice.created_at} /></span>
          </li>
        ))}
      </ul>
      <Button variant="tertiary" data-size="sm" onClick={() => void markRead()}>{t('notices.read')}</Button>
    </section>
  );
}
