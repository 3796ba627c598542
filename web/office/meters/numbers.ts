/* Numbers as people write them: a comma for decimals, blanks between thousands. */

/** The number a text holds; null when it is empty, undefined when it holds none. */
export function numberIn(text: string): number | null | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-').replace(',', '.');
  if (plain === '') return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
