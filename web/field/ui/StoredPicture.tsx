import { useEffect, useState } from 'react';
import { useStored } from '../app/useStored.ts';
import styles from './StoredPicture.module.css';

interface Props {
  sha256: string;
  alt: string;
}

/** A photo: from the tablet's own store while it has it, else from the server or what was kept of it. */
export function StoredPicture({ sha256, alt }: Props) {
  const photo = useStored(['photos'], async (tx) => (await tx.get('photos', sha256)) ?? null, sha256);
  const [own, setOwn] = useState<string>();
  const blob = photo?.blob;

  useEffect(() => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    setOwn(url);
    return () => URL.revokeObjectURL(url);
  }, [blob]);

  if (photo === undefined || (photo && !own)) return <div className={styles.picture} />;
  return <img className={styles.picture} src={own ?? `/api/v1/files/${sha256}`} alt={alt} loading="lazy" />;
}
