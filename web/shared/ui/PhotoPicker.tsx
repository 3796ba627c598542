import { Button } from '@digdir/designsystemet-react';
import { useRef, useState } from 'react';
import { shrinkPhoto, uploadFile } from '../photo.ts';
import { ApiError } from '../problem.ts';
import { useTexts } from '../useTexts.ts';
import styles from './PhotoPicker.module.css';

/** A photo that has reached the server; `preview` is a data address, so that it can be kept in a draft. */
export interface PickedPhoto {
  sha256: string;
  preview: string;
}

interface Props {
  photos: PickedPhoto[];
  max: number;
  onAdd(photo: PickedPhoto): void;
  onRemove(sha256: string): void;
  /** True while any photo is on its way. */
  onBusy?(busy: boolean): void;
}

interface Failed {
  file: File;
  reason: string;
}

const PREVIEW_SIDE = 240;

async function previewOf(blob: Blob): Promise<string> {
  const picture = await createImageBitmap(blob, { resizeHeight: PREVIEW_SIDE, resizeQuality: 'medium' });
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
  picture.close();
  return canvas.toDataURL('image/jpeg', 0.7);
}

/** Takes photos from camera or files, makes them small and sends each at once. */
export function PhotoPicker({ photos, max, onAdd, onRemove, onBusy }: Props) {
  const { t, tn } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const [underway, setUnderway] = useState(0);
  const [failed, setFailed] = useState<Failed[]>([]);
  const room = max - photos.length - underway;

  async function take(file: File): Promise<void> {
    const reason = await send(file);
    if (reason) setFailed((before) => [...before, { file, reason }]);
  }

  async function send(file: File): Promise<string | null> {
    try {
      const photo = await shrinkPhoto(file);
      await uploadFile(photo.sha256, photo.blob);
      onAdd({ sha256: photo.sha256, preview: await previewOf(photo.blob) });
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) return t('photo.unreadable');
      return error.isOffline ? t('failure.offline') : (error.problem.detail ?? error.problem.title);
    }
  }

  async function takeAll(files: File[]): Promise<void> {
    const chosen = files.slice(0, room);
    setUnderway(chosen.length);
    onBusy?.(true);
    for (const file of chosen) {
      await take(file);
      setUnderway((before) => before - 1);
    }
    onBusy?.(false);
  }

  function again(entry: Failed): void {
    setFailed((before) => before.filter((each) => each !== entry));
    void takeAll([entry.file]);
  }

  return (
    <div className={styles.picker}>
      {photos.length > 0 && (
        <ul className={styles.photos}>
          {photos.map((photo, i) => (
            <li key={photo.sha256} className={styles.photo}>
              <img src={photo.preview} alt={t('photo.nth', { n: i + 1 })} />
              <Button variant="secondary" data-size="sm" onClick={() => onRemove(photo.sha256)}>
                {t('photo.remove')}<span className="ds-sr-only"> {t('photo.nth', { n: i + 1 })}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className={styles.status}>{underway > 0 ? tn('photo.sending', underway) : ''}</p>
      {failed.map((entry) => (
        <div key={entry.file.name + entry.file.lastModified} className={styles.failed} role="alert">
          <span>{entry.file.name}: {entry.reason}</span>
          <Button variant="secondary" data-size="sm" onClick={() => again(entry)}>{t('failure.retry')}</Button>
        </div>
      ))}
      <input
        ref={input}
        className="ds-sr-only"
        type="file"
        accept="image/*"
        multiple
        tabIndex={-1}
        aria-label={t('photo.add')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          void takeAll(files);
        }}
      />
      {room > 0 && (
        <Button variant="secondary" onClick={() => input.current?.click()}>
          <svg className={styles.camera} viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7Z" />
          </svg>
          {photos.length > 0 ? t('photo.more') : t('photo.add')}
        </Button>
      )}
    </div>
  );
}
