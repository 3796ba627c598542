import type { Period } from './types.ts';

/** The table as a file that Norwegian spreadsheets open: semicolons, decimal commas, a byte order mark. */
export function csvOf(periods: Period[], headings: string[]): string {
  const number = (value: number | null): string => (value === null ? '' : String(value).replace('.', ','));
  const lines = periods.map((each) =>
    [each.start, number(each.used), number(each.per_day), number(each.corrected), number(each.degree_days), number(each.covered)].join(';'));
  return `\ufeff${[headings.map((text) => `"${text.replaceAll('"', '""')}"`).join(';'), ...lines].join('\r\n')}\r\n`;
}

/** Offers a text as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
