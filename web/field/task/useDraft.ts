import { useEffect, useRef, useState } from 'react';
import { useTablet } from '../app/useTablet.ts';
import { recordDraft } from '../logic/drafts.ts';
import { saveDraft } from '../sync/outbox.ts';
import type { Draft } from '../sync/types.ts';

export interface DraftHandle {
  draft: Draft;
  answer(item: string, value: string | null, isOk: boolean | null, note?: string | null): void;
  note(text: string): void;
  /** Resolves when all taps so far are on disk. */
  kept(): Promise<void>;
  /** Nothing more to record on leaving: the close has taken it. */
  end(): void;
  /** Empty again: what was written is saved, and its draft went with that. */
  clear(): void;
}

/**
 * What is being filled in. Each tap is kept on disk at once; on leaving the task it becomes facts.
 * Undefined until what was left from last time is read.
 */
export function useDraft(task: string): DraftHandle | undefined {
  const { store, sync } = useBound();
  const [draft, setDraft] = useState<Draft>();
  const isEnded = useRef(false);
  const saving = useRef<Promise<void>>(Promise.resolve());

  useEffect(() => {
    void store.read(['drafts'], (tx) => tx.get('drafts', task)).then((kept) => setDraft(kept ?? { task, answers: {}, note: '' }));
    isEnded.current = false;
    return () => {
      void saving.current.then(async () => {
        if (isEnded.current) return;
        await recordDraft(store, task, new Date());
        sync();
      });
    };
  }, [store, sync, task]);

  if (!draft) return undefined;
  const keep = (next: Draft): void => {
    setDraft(next);
    saving.current = saving.current.then(() => saveDraft(store, next));
  };
  return {
    draft,
    answer: (item, value, isOk, note = null) => keep({ ...draft, answers: { ...draft.answers, [item]: { value, is_ok: isOk, note } } }),
    note: (text) => keep({ ...draft, note: text }),
    kept: () => saving.current,
    end: () => {
      isEnded.current = true;
    },
    clear: () => setDraft({ task, answers: {}, note: '' }),
  };
}

function useBound(): { store: ReturnType<typeof useTablet>['store']; sync: () => void } {
  const tablet = useTablet();
  const sync = useRef(() => void tablet.sync());
  return { store: tablet.store, sync: sync.current };
}
