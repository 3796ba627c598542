// The bugs that the test must find, each within 200 lives. None of them is in the product: a file
// NAME.patch is a change to a copy of the sources, of the server or of the tablets' core; a file
// NAME.sql is run on the test's own database.
import type { Kind } from './catastrophe.ts';

export type Bug = { name: string; what: string; kind?: Kind; from?: number };

/** The cheap ones first, which need no build. `from` is a seed from which on it is known to be found soon; the short run takes those that have one. */
export const bugs: Bug[] = [
  { name: 'move_without_d', what: 'a row that leaves a bucket is not taken back there', from: 1 },
  { name: 'outbox_cleared_on_410', what: 'the tablet empties its outbox when its cursor is too old', from: 1 },
  { name: 'no_epoch', what: 'the cursor does not know which history it belongs to', kind: 'failover', from: 1 },
  { name: 'cursor_now_after_file', what: 'a snapshot file is taken for as new as the pull that follows it', from: 12 },
  { name: 'sequence_cursor', what: 'the cursor is a number: what commits late under a lower one is skipped', from: 1 },
  { name: 'second_statement', what: 'the snapshot is read in a statement after the rows', from: 1 },
  { name: 'granted_without_its_own_cursor', what: 'a bucket given later is read from where the tablet is, not from its beginning', from: 1 },
  { name: 'ack_before_commit', what: 'a batch is answered whether or not its transaction could commit', from: 1 },
  { name: 'dedupe_apart', what: 'that a mutation was taken is written in a second transaction', from: 1 },
  { name: 'delete_wins', what: 'a change to a deleted row is answered «applied» and forgotten', from: 1 },
  { name: 'digest_on_row_v', what: 'digests sum up versions, which two histories can both have, and not contents', from: 1 },
];
