import type { Role, Session } from '../shared/types.ts';

export interface ForWhom {
  /** Who it is for; everybody when it is not said. */
  roles?: Role[];
  /** Only for those whose session says so: they import for the whole municipality. */
  mayImport?: true;
}

/** Whether a view or a command is for somebody with these rights; one that names none is for everybody. */
export function isFor({ roles, mayImport }: ForWhom, mine: Pick<Session, 'roles' | 'may_import'>): boolean {
  return (!roles || roles.some((role) => mine.roles?.includes(role))) && (!mayImport || mine.may_import === true);
}
