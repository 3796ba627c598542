import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { photoChange } from '../logic/changes.ts';
import type { Row } from '../sync/view.ts';
import { PhotoButton } from '../ui/PhotoButton.tsx';
import { StoredPicture } from '../ui/StoredPicture.tsx';
import styles from './TaskPhotos.module.css';

interface Props {
  task: Row;
  photos: Row[];
}

export function TaskPhotos({ task, photos }: Props) {
  const { t, language } = useTexts();
  const tablet = useTablet();

  return (
    <section className={styles.photos}>
      {photos.length > 0 && (
        <ul className={styles.grid}>
          {photos.map(({ id, d }) => (
            <li key={id}>
              <StoredPicture sha256={String(d.sha256)} alt={t('field.photo.alt', { when: d.captured_at ? formatTime(String(d.captured_at), language) : '' })} />
            </li>
          ))}
        </ul>
      )}
      <PhotoButton
        label={t('field.photo.take')}
        onPhoto={async (photo) => {
          await tablet.record([photoChange(task.id, String(task.d.title ?? ''), photo)], { photos: [photo] });
        }}
      />
    </section>
  );
}
