import { getMeta, setMeta, type Store } from '../sync/store.ts';
import { placed } from '../sync/view.ts';

/** One more each time that view.ts places the rows of a table otherwise than before. */
const PLACING = 1;
const MOVED = ['meter', 'meter_reading', 'key', 'key_loan'];

/** Rows that an earlier version fetched lie where it placed them: once, those of the tables that have moved are placed anew. */
export async function placeAnew(store: Store): Promise<void> {
  const done = await store.read(['meta'], (tx) => getMeta<number>(tx, 'placing'));
  if (done === PLACING) return;

  await store.write(['rows', 'meta'], async (tx) => {
    for (const t of MOVED)
      for (const row of await tx.by('rows', 't', t)) if (row.up !== placed(row).up) await tx.put('rows', placed(row));
    await setMeta(tx, 'placing', PLACING);
  });
}
