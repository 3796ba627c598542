import { api } from '../../shared/api.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import type { Signature } from './SignaturePad.tsx';

/** The body's part that says who signed; a drawing is sent first, under its hash. */
export async function signed(signature: Signature): Promise<{ signature: string } | { signed_name: string }> {
  if (signature.kind === 'written') return { signed_name: signature.name };
  const picture = await signature.picture();
  const hash = await sha256Hex(picture);
  await api<unknown>('PUT', `/api/v1/files/${hash}`, picture);
  return { signature: hash };
}
