/* Sheets that a map is printed on, true to scale. */

export const PAPERS = ['a4', 'a3'] as const;
export const DIRECTIONS = ['landscape', 'portrait'] as const;
export const SCALES = [500, 1000, 2000, 5000, 10_000] as const;

export type Paper = (typeof PAPERS)[number];
export type Direction = (typeof DIRECTIONS)[number];

const SHEET_MM: Record<Paper, [number, number]> = { a4: [297, 210], a3: [420, 297] };
const MARGIN_MM = 10;
const HEADER_MM = 14;
const FOOTER_MM = 26;
const CSS_PX_MM = 25.4 / 96;
const BAR_MM = 40; /* the scale bar is at most this long */

/** Width and height of the map on the sheet, in mm: what margin, title and foot leave. PrintSheet.module.css says the same. */
export function mapOf(paper: Paper, direction: Direction): [number, number] {
  const [long, short] = SHEET_MM[paper];
  const [width, height] = direction === 'landscape' ? [long, short] : [short, long];
  return [width - 2 * MARGIN_MM, height - 2 * MARGIN_MM - HEADER_MM - FOOTER_MM];
}

export function pixelsOf(mm: number): number {
  return Math.round(mm / CSS_PX_MM);
}

/** Metres on the ground a CSS pixel: a pixel is 1/96 inch on paper. */
export function resolutionOf(scale: number): number {
  return (scale * CSS_PX_MM) / 1000;
}

/** The longest round number of metres that fits the bar, and how long it then is in mm. */
export function barOf(scale: number): { metres: number; mm: number } {
  const most = (BAR_MM * scale) / 1000;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * ten).find((n) => n <= most) ?? ten;
  return { metres, mm: (metres / scale) * 1000 };
}
