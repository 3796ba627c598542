/** A shorter text is not worth it. */
const MIN_CHARS = 1000;

/** The text packed for the wire; null where it is not worth it or this browser cannot. */
export async function gzipped(text: string): Promise<Blob | null> {
  if (text.length < MIN_CHARS || typeof CompressionStream === 'undefined') return null;
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).blob();
}
