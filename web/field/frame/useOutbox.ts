import { useStored } from '../app/useStored.ts';
import { useWho } from '../app/useTablet.ts';
import { summaryOf, type OutboxSummary } from '../logic/outboxWords.ts';
import { syncState, type SyncState } from '../sync/state.ts';

export interface OutboxState extends OutboxSummary {
  sync: SyncState;
}

/** What waits, what needs a person, and how far the sync has come. */
export function useOutbox(): OutboxState | undefined {
  const { person_id, device } = useWho();

  return useStored(
    ['outbox', 'photos', 'meta'],
    async (tx) => ({
      ...summaryOf(
        (await tx.all('outbox')).filter(({ mutation }) => mutation.by === person_id),
        (await tx.by('photos', 'state', 'waiting')).filter((photo) => (photo.device ?? device) === device),
      ),
      sync: await syncState(tx),
    }),
    person_id,
  );
}
