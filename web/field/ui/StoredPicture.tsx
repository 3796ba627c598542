import styles from './StoredPicture.module.css';
import { usePictureUrl } from './usePictureUrl.ts';

interface Props {
  sha256: string;
  alt: string;
}

/** A photo, cut to the size of its neighbours. */
export function StoredPicture({ sha256, alt }: Props) {
  const url = usePictureUrl(sha256);

  if (url === null) return <div className={styles.picture} />;
  return <img className={styles.picture} src={url} alt={alt} loading="lazy" />;
}
