import { useStored } from '../app/useStored.ts';
import { summaryOf, type OutboxSummary } from '../logic/outboxWords.ts';
import { syncState, type SyncState } from '../sync/state.ts';

export interface OutboxState extends OutboxSummary {
  sync: SyncState;
}

/** What waits, what needs a person, and how far the sync has come. */
export function useOutbox(): OutboxState | undefined {
  return useStored(['outbox', 'photos', 'meta'], async (tx) => ({
    ...summaryOf(await tx.all('outbox'), await tx.by('photos', 'state', 'waiting')),
    sync: await syncState(tx),
  }));
}
