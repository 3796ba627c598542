// The bugs that the test must find, each within 200 lives. None of them is in the product: a file
// NAME.patch is a change to a copy of the sources, of the server or of the tablets' core; a file
// NAME.sql is run on the test's own database.
import type { Kind } from './catastrophe.ts';

export type Bug = { name: string; what: string; kind?: Kind; seeds: number[] };

/** `seeds` are known to find it, so that the short run need not search. */
export const bugs: Bug[] = [
  { name: 'sequence_cursor', what: 'the cursor is a number: what commits late under a lower one is skipped', seeds: [1] },
  { name: 'second_statement', what: 'the snapshot is read in a statement after the rows', seeds: [1] },
  { name: 'no_epoch', what: 'the cursor does not know which history it belongs to', kind: 'failover', seeds: [1] },
  { name: 'granted_without_its_own_cursor', what: 'a bucket given later is read from where the tablet is, not from its beginning', seeds: [1] },
  { name: 'ack_before_commit', what: 'a batch is answered whether or not its transaction could commit', seeds: [1] },
  { name: 'dedupe_apart', what: 'that a mutation was taken is written in a second transaction', seeds: [1] },
  { name: 'delete_wins', what: 'a change to a deleted row is answered «applied» and forgotten', seeds: [1] },
  { name: 'move_without_d', what: 'a row that leaves a bucket is not taken back there', seeds: [1] },
  { name: 'outbox_cleared_on_410', what: 'the tablet empties its outbox when its cursor is too old', seeds: [1] },
  { name: 'digest_on_row_v', what: 'digests sum up versions, which two histories can both have, and not contents', seeds: [1] },
];
