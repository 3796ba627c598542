import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import type { About } from './types.ts';

/** The task that a matter is about, with its place; a link when it is there. */
export function AboutLine({ about }: { about: About }) {
  const { t } = useTexts();
  const title = about.task_title && `${about.task_number ?? ''} ${about.task_title}`.trim();
  return (
    <>
      {title && (about.task_id
        ? <a href={`/office?view=tasks&task=${about.task_id}`}>{title}</a>
        : <span>{title} <em>({t('sync.deleted')})</em></span>)}
      {about.place_label && <span className={panel.subtle}>{about.place_label}</span>}
    </>
  );
}
