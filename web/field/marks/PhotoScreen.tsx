import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { children, row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import layout from '../ui/Form.module.css';
import { PhotoEditor } from './PhotoEditor.tsx';

/** A photo as it is, with what was drawn over it, to draw more. */
export function PhotoScreen({ id }: { id: string }) {
  const { t, language } = useTexts();
  const found = useStored(['rows', 'outbox'], async (tx) => ({ photo: await row(tx, 'document', id), marks: await children(tx, 'photo_mark', id) }), id);
  useTitle(t('field.mark.title'));

  if (!found) return null;
  if (!found.photo?.d.sha256) return <><BackLink /><p>{t('field.mark.gone')}</p></>;
  const { d } = found.photo;
  const notes = found.marks.filter((mark) => mark.d.note);

  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{String(d.title ?? t('field.mark.title'))}</h1>
      {d.captured_at && <p>{formatTime(String(d.captured_at), language)}</p>}
      {found.marks.some(({ isPending }) => isPending) && <p className={layout.pending}>{t('field.task.not_sent')}</p>}
      <PhotoEditor photo={found.photo} marks={found.marks} />
      {notes.length > 0 && <h2>{t('field.mark.notes')}</h2>}
      <ul className={layout.list}>
        {notes.map((mark) => (
          <li key={mark.id} className={layout.line}>{String(mark.d.note)}</li>
        ))}
      </ul>
    </article>
  );
}
