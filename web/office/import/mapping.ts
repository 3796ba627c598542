/* Which column of the file is which of the profile's. */
import type { FileColumn, Look, Mapping, Profile } from './types.ts';

/** What names, aliases and places decide by themselves. */
export function proposed(columns: FileColumn[]): Mapping {
  const mapping: Mapping = {};
  for (const { header, name } of columns) if (header && name) mapping[name] = header;
  return mapping;
}

/** All that columns can be read from: the file's headers; in XML and JSON the profile's own places and the paths that none of these reads. */
export function choices(look: Look): string[] {
  const headers = look.columns.map((column) => column.header).filter((header): header is string => header !== null && header !== '');
  return [...new Set(look.is_tree ? [...headers, ...look.unused.split(', ').filter((path) => path !== '' && path !== '…')] : headers)];
}

/** What the form begins with: the choice for an earlier file with the same header, else what names and places decide. Headers that
 * contradict their places go before these. */
export function begun(look: Look): Mapping {
  if (look.earlier) return look.earlier;
  const isElsewhere = look.columns.some(({ name, told }) => told && told !== name);
  return proposed(isElsewhere ? look.columns.map(({ header, told }) => ({ header, name: told ?? null })) : look.columns);
}

/** A header belongs to one column: what had it loses it. An empty header takes the column's away. */
export function choose(mapping: Mapping, name: string, header: string): Mapping {
  const next = Object.fromEntries(Object.entries(mapping).filter(([other, its]) => other !== name && its !== header));
  return header ? { ...next, [name]: header } : next;
}

const isSame = (a: Mapping, b: Mapping): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, header]) => b[name] === header);

/** What is sent: nothing when the names decide the same. */
export function sent(profile: Profile, mapping: Mapping, look: Look): Mapping | undefined {
  const own = look.is_tree ? Object.fromEntries(profile.columns.map(({ name }) => [name, name])) : proposed(look.columns);
  return look.may_choose && !isSame(mapping, own) ? mapping : undefined;
}

export function missing(profile: Profile, mapping: Mapping, look: Look): string[] {
  if (!look.may_choose) return look.missing;
  return profile.columns.filter((column) => column.is_required && !mapping[column.name]).map((column) => column.name);
}

/** Chosen headers that the file has more than once: which of them is meant cannot be told. */
export function doubled(mapping: Mapping, look: Look): string[] {
  const headers = look.columns.map((column) => column.header);
  return Object.values(mapping).filter((header) => headers.indexOf(header) !== headers.lastIndexOf(header));
}

/** The header's column, for the table of first rows. */
export function nameOf(mapping: Mapping, header: string | null): string | undefined {
  return Object.entries(mapping).find(([, its]) => its === header)?.[0];
}
