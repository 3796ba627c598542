import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { photoChange } from '../logic/changes.ts';
import { MarkedPicture } from '../marks/MarkedPicture.tsx';
import type { Row } from '../sync/view.ts';
import { PhotoButton } from '../ui/PhotoButton.tsx';
import styles from './TaskPhotos.module.css';

interface Props {
  task: Row;
  photos: Row[];
  /** What was drawn over them. */
  marks: Row[];
}

export function TaskPhotos({ task, photos, marks }: Props) {
  const { t, language } = useTexts();
  const tablet = useTablet();

  return (
    <section className={styles.photos}>
      {photos.length > 0 && (
        <ul className={styles.grid}>
          {photos.map((photo) => (
            <li key={photo.id}>
              <MarkedPicture
                photo={photo}
                marks={marks.filter(({ d }) => d.document_id === photo.id)}
                alt={t('field.photo.alt', { when: photo.d.captured_at ? formatTime(String(photo.d.captured_at), language) : '' })}
              />
            </li>
          ))}
        </ul>
      )}
      <PhotoButton
        label={t('field.photo.take')}
        onPhoto={async (photo) => {
          await tablet.record([photoChange({ task_id: task.id }, String(task.d.title ?? ''), photo)], { photos: [photo] });
        }}
      />
    </section>
  );
}
