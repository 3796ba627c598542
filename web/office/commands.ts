/* Where the command box can go besides to what is found. */
import type { TextKey } from '../shared/i18n.ts';
import type { Session } from '../shared/types.ts';
import type { QueryPatch } from '../shared/useQuery.ts';
import { type ForWhom, isFor } from './roles.ts';

export interface Command extends ForWhom {
  text: TextKey;
  /** Within the office; or `href` to another page. */
  patch?: QueryPatch;
  href?: string;
}

export const COMMANDS: Command[] = [
  { text: 'command.go.cases', patch: {} },
  { text: 'command.go.tasks', patch: { view: 'tasks' } },
  { text: 'command.go.mine', patch: { mine: '1' } },
  { text: 'command.go.late', patch: { late: '1' } },
  { text: 'command.go.register', patch: { view: 'register' } },
  { text: 'command.go.map', patch: { view: 'map' } },
  { text: 'command.go.gis', patch: { view: 'gis' } },
  { text: 'command.go.keys', patch: { view: 'keys' } },
  { text: 'command.go.meters', patch: { view: 'meters' } },
  { text: 'command.go.import', patch: { view: 'import' }, mayImport: true },
  { text: 'command.go.sync', patch: { view: 'sync' }, roles: ['manager', 'admin'] },
  { text: 'command.go.new_case', href: '/minside?report=1' },
];

/** Those one of whose words begins with what is written; an empty box offers all. */
export function commandsFor(words: string, text: (key: TextKey) => string, mine: Pick<Session, 'roles' | 'may_import'>): Command[] {
  const wanted = words.trim().toLowerCase();
  return COMMANDS.filter((command) => isFor(command, mine)).filter((command) => !wanted || ` ${text(command.text).toLowerCase()}`.includes(` ${wanted}`));
}
