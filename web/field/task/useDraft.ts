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
  const latest = useRef<Draft>(undefined); // a second tap may come before the first is drawn
  const isEnded = useRef(false);
  const saving = useRef<Promise<void>>(Promise.resolve());

  useEffect(() => {
    void store.read(['drafts'], (tx) => tx.get('drafts', task)).then((kept) => show(kept ?? { task, answers: {}, note: '' }));
    isEnded.current = false;
    return () => {
      void saving.current.then(async () => {
        if (isEnded.current) return;
        await recordDraft(store, task, new Date());
        sync();
      });
    };
  }, [store, sync, task]);

  function show(next: Draft): void {
    latest.current = next;
    setDraft(next);
  }

  if (!draft) return undefined;
  const keep = (part: (now: Draft) => Partial<Draft>): void => {
    const now = latest.current ?? draft;
    const next = { ...now, ...part(now) };
    show(next);
    saving.current = saving.current.then(() => saveDraft(store, next));
  };
  return {
    draft,
    answer: (item, value, isOk, note = null) => keep(({ answers }) => ({ answers: { ...answers, [item]: { value, is_ok: isOk, note } } })),
    note: (text) => keep(() => ({ note: text })),
    kept: () => saving.current,
    end: () => {
      isEnded.current = true;
    },
    clear: () => show({ task, answers: {}, note: '' }),
  };
}

function useBound(): { store: ReturnType<typeof useTablet>['store']; sync: () => void } {
  const tablet = useTablet();
  const sync = useRef(() => void tablet.sync());
  return { store: tablet.store, sync: sync.current };
}
