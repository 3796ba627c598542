import { useRef, useState } from 'react';
import { useTablet } from '../app/useTablet.ts';
import { useDraft } from '../task/useDraft.ts';
import type { Along, Change } from '../sync/outbox.ts';
import { tellSaved } from './saved.ts';

export interface Form {
  text(field: string): string;
  set(field: string, text: string): void;
  /** Saves the changes and forgets what was written here; false when the tablet could not, and then `isFailed`. */
  save(changes: Change[], said: string, along?: Along): Promise<boolean>;
  isFailed: boolean;
}

/**
 * What is written into a form, kept on disk under `key` at each letter until it is saved or emptied.
 * Undefined until what was left from last time is read.
 */
export function useForm(key: string): Form | undefined {
  const tablet = useTablet();
  const handle = useDraft(key);
  const [isFailed, setFailed] = useState(false);
  const isSaving = useRef(false);

  if (!handle) return undefined;
  return {
    text: (field) => handle.draft.answers[field]?.value ?? '',
    set: (field, text) => handle.answer(field, text || null, null),
    isFailed,
    async save(changes, said, along = {}) {
      if (isSaving.current) return false; // a trembling finger
      isSaving.current = true;
      try {
        await handle.kept();
        await tablet.record(changes, { ...along, draft: { task: key, left: null } });
      } catch {
        setFailed(true);
        return false;
      } finally {
        isSaving.current = false;
      }
      setFailed(false);
      handle.clear();
      tellSaved(said);
      return true;
    },
  };
}
