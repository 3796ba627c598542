const SHOWN_MS = 6000;

let text = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Says what has just been saved, in the sync line above whatever screen comes next, for a few seconds. */
export function tellSaved(what: string): void {
  text = what;
  tell();
  clearTimeout(timer);
  timer = setTimeout(() => {
    text = '';
    tell();
  }, SHOWN_MS);
}

export function savedText(): string {
  return text;
}

export function onSaved(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
