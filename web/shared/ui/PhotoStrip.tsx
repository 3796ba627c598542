import type { FileRef } from '../types.ts';
import { useTexts } from '../useTexts.ts';
import styles from './PhotoStrip.module.css';

/** Photos of a case or task; each opens whole. Other files are links. */
export function PhotoStrip({ files }: { files: FileRef[] }) {
  const { t } = useTexts();
  if (files.length === 0) return null;
  return (
    <ul className={styles.strip}>
      {files.map((file, i) => (
        <li key={file.id}>
          <a href={`/api/v1/files/${file.sha256}`} target="_blank" rel="noreferrer">
            {file.mime.startsWith('image/')
              ? <img src={`/api/v1/files/${file.sha256}`} alt={t('photo.nth', { n: i + 1 })} loading="lazy" />
              : t('photo.file', { n: i + 1 })}
          </a>
        </li>
      ))}
    </ul>
  );
}
