import { useState, type ChangeEvent } from 'react';
import { shrinkPhoto } from '../../shared/photo.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { StoredPhoto } from '../sync/types.ts';
import { Icon } from './Icon.tsx';
import styles from './PhotoButton.module.css';

interface Props {
  label: string;
  /** Gets the photo, made small, and resolves when it is saved. */
  onPhoto(photo: StoredPhoto): Promise<void>;
}

/** Opens the camera, or the picture folder where there is none: one tap here, one on the shutter. */
export function PhotoButton({ label, onPhoto }: Props) {
  const { t } = useTexts();
  const [isBusy, setBusy] = useState(false);
  const [isFailed, setFailed] = useState(false);

  async function take(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const input = event.currentTarget;
    const files = [...(input.files ?? [])];
    setBusy(true);
    setFailed(false);
    try {
      for (const file of files) await onPhoto(await stored(file));
    } catch {
      setFailed(true);
    }
    setBusy(false);
    input.value = '';
  }

  return (
    <div>
      <label className={styles.button} aria-busy={isBusy}>
        <Icon name="camera" />
        {isBusy ? t('field.photo.busy') : label}
        <input className={styles.input} type="file" accept="image/*" capture="environment" disabled={isBusy} onChange={(event) => void take(event)} />
      </label>
      {isFailed && <p role="alert" className={styles.fault}>{t('field.photo.unreadable')}</p>}
    </div>
  );
}

async function stored(file: Blob): Promise<StoredPhoto> {
  const { blob, sha256 } = await shrinkPhoto(file);
  return { sha256, blob, mime: 'image/jpeg', captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null };
}
