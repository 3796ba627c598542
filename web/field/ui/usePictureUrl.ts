import { useEffect, useState } from 'react';
import { useStored } from '../app/useStored.ts';

/** Where to show a photo from: the tablet's own store while it has it, else the server or what was kept of it. Null until that is known. */
export function usePictureUrl(sha256: string): string | null {
  const photo = useStored(['photos'], async (tx) => (await tx.get('photos', sha256)) ?? null, sha256);
  const [own, setOwn] = useState<string>();
  const blob = photo?.blob;

  useEffect(() => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    setOwn(url);
    return () => URL.revokeObjectURL(url);
  }, [blob]);

  if (photo === undefined || (photo && !own)) return null;
  return own ?? `/api/v1/files/${sha256}`;
}
