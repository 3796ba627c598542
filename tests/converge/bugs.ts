// The bugs that the test must find, each within 200 lives. None of them is in the product: a file
// NAME.patch is a change to a copy of the sources, of the server or of the tablets' core; a file
// NAME.sql is run on the test's own database.
import type { Kind } from './catastrophe.ts';

export type Bug = { name: string; what: string; kind?: Kind; from?: number };

/** The cheap ones first, which need no build. `from` is a seed from which on it is known to be found soon; the short run takes those that have one. */
export const bugs: Bug[] = [
  { name: 'move_without_d', what: 'a row that leaves a bucket is not taken back there', from: 1 },
  { name: 'outbox_cleared_on_410', what: 'the tablet empties its outbox when its cursor is too old', from: 1 },
  { name: 'no_epoch', what: 'the cursor does not know which history it belongs to', kind: 'failover', from: 9 },
  { name: 'cursor_now_after_file', what: 'a snapshot file is taken for as new as the pull that follows it', from: 12 },
  { name: 'sequence_cursor', what: 'the cursor is a number: what commits late under a lower one is skipped', from: 1 },
  { name: 'second_statement', what: 'the snapshot is read in a statement after the rows', from: 1 },
  { name: 'granted_without_its_own_cursor', what: 'a bucket given later is read from where the tablet is, not from its beginning', from: 1 },
  { name: 'ack_before_commit', what: 'a batch is answered whether or not its transaction could commit', from: 1 },
  { name: 'dedupe_apart', what: 'that a mutation was taken is written in a second transaction', from: 1 },
  { name: 'delete_wins', what: 'a change to a deleted row is answered «applied» and forgotten', from: 1 },
  { name: 'name_not_told_again', what: 'what tablets were told of somebody by name stays when they have left' },
  { name: 'rights_not_asked', what: 'who has left is refused, and not told why' },
  { name: 'review_of_oneself', what: 'who answers anew has met themselves' },
  { name: 'held_stays', what: 'what was held waits on when what it needs is there' },
  { name: 'clock_believed', what: 'what a wrong clock stamped is not put right' },
  { name: 'reading_by_the_tablets_clock', what: 'a meter was read when the tablet says, whatever its clock is' },
  { name: 'grade_by_the_tablets_clock', what: 'a component was looked at when the tablet says, whatever its clock is' },
  { name: 'key_in_when_told', what: 'a key has come in when the server heard of it' },
  { name: 'comment_cut', what: 'a remark loses all but its first word' },
  { name: 'schema_not_told_again', what: 'rows do not come again when their fields have become more' },
  { name: 'digest_on_row_v', what: 'digests sum up versions, which two histories can both have, and not contents', from: 1 },
];
