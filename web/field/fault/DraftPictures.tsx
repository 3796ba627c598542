import { useEffect, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import type { StoredPhoto } from '../sync/types.ts';
import styles from './FaultScreen.module.css';

/** Photos taken, not saved yet. */
export function DraftPictures({ photos }: { photos: StoredPhoto[] }) {
  const { t } = useTexts();
  const [urls, setUrls] = useState<string[]>([]);

  useEffect(() => {
    const made = photos.map(({ blob }) => URL.createObjectURL(blob));
    setUrls(made);
    return () => made.forEach((url) => URL.revokeObjectURL(url));
  }, [photos]);

  if (urls.length === 0) return null;
  return (
    <div className={styles.pictures}>
      {urls.map((url) => <img key={url} className={styles.picture} src={url} alt={t('field.photo.new')} />)}
    </div>
  );
}
