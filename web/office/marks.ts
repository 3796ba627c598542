/* Which parts of a hit the words in the box are. The server reads more writings than this marks; what is marked is what the eye looks for. */

export interface Piece {
  text: string;
  isHit: boolean;
}

const FOLDED: Record<string, string> = { æ: 'ae', ø: 'o', å: 'a', ä: 'a', ö: 'o', é: 'e', è: 'e', ü: 'u' };

/** Small letters as the server compares them, and which letter of the text each came from. */
function folded(text: string): { letters: string; from: number[] } {
  let letters = '';
  const from: number[] = [];
  [...text].reduce((at, sign) => {
    for (const letter of FOLDED[sign.toLowerCase()] ?? sign.toLowerCase()) {
      if ((letter === 'a' && letters.endsWith('a')) || (letter === 'e' && letters.endsWith('o'))) continue; /* aa is å, oe is ø */
      letters += letter;
      from.push(at);
    }
    return at + sign.length;
  }, 0);
  return { letters, from };
}

/** The longest beginning of a word that some word of the text begins with: «kirkegt» is marked in «Kirkegata» as «Kirkeg». */
function longest(letters: string, word: string): string {
  for (let length = word.length; length > Math.max(3, word.length / 2); length--) {
    const start = word.slice(0, length);
    if (letters.startsWith(start) || new RegExp(`[^\\p{L}\\p{N}]${start}`, 'u').test(letters)) return start;
  }
  return word;
}

/** The text in pieces, those alike the beginnings of words marked. */
export function marked(text: string, words: string): Piece[] {
  const { letters, from } = folded(text);
  const hits = new Array<boolean>(text.length).fill(false);
  for (const asked of folded(words).letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean)) {
    const word = longest(letters, asked);
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      const before = letters[at - 1];
      const isStart = before === undefined || !/\p{L}/u.test(before) || (/\d/.test(word[0]!) !== /\d/.test(before));
      const isWhole = word.length > 1 || !(/\d/.test(word) ? /\d/ : /\p{L}/u).test(letters[at + 1] ?? ' ');
      if (!isStart || !isWhole) continue;
      const end = at + word.length < from.length ? from[at + word.length]! : text.length;
      for (let i = from[at]!; i < end; i++) hits[i] = true;
    }
  }
  const pieces: Piece[] = [];
  [...text].reduce((at, sign) => {
    const last = pieces.at(-1);
    if (last && last.isHit === hits[at]) last.text += sign;
    else pieces.push({ text: sign, isHit: hits[at] ?? false });
    return at + sign.length;
  }, 0);
  return pieces;
}
