import type { Role } from '../shared/types.ts';

/** Whether a view or a command is for somebody with these roles; one that names none is for everybody. */
export function isFor({ roles }: { roles?: Role[] }, mine: Role[] | undefined): boolean {
  return !roles || roles.some((role) => mine?.includes(role));
}
