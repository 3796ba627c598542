import { useCallback, useRef, useState } from 'react';
import { api } from '../shared/api.ts';
import type { TextKey, Texts } from '../shared/i18n.ts';
import { ApiError } from '../shared/problem.ts';
import { sha256Hex } from '../shared/sha256.ts';
import { uploadWithProgress } from '../shared/upload.ts';
import { useTexts } from '../shared/useTexts.ts';
import { refusalOf, titleOf, typeOf } from './deliveries.ts';

export interface Delivery {
  key: string;
  file: File;
  state: 'waiting' | 'checking' | 'sending' | 'done' | 'failed';
  /** 0 to 100 while sending. */
  percent: number;
  reason: string;
  /** Sending again can help; a wrong type stays wrong. */
  canRetry: boolean;
}

const REASONS: Record<number, TextKey> = { 0: 'failure.offline', 413: 'supplier.too_large', 415: 'supplier.wrong_type' };

function reasonOf(error: ApiError, t: Texts['t']): string {
  const known = REASONS[error.status];
  return known ? t(known) : (error.problem.errors?.[0]?.detail ?? error.problem.detail ?? error.problem.title);
}

/** Files on their way: one after the other, each with its own result; one that fails stops no other. */
export function useDelivery(taskId: string, delivered: () => void): {
  deliveries: Delivery[];
  add(files: File[]): void;
  retry(key: string): void;
} {
  const { t } = useTexts();
  const [deliveries, setDeliveries] = useState<Delivery[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const count = useRef(0);

  const set = useCallback((key: string, patch: Partial<Delivery>) => {
    setDeliveries((before) => before.map((each) => (each.key === key ? { ...each, ...patch } : each)));
  }, []);

  const send = useCallback(async (key: string, file: File): Promise<void> => {
    try {
      set(key, { state: 'checking', reason: '' });
      const typed = new Blob([file], { type: typeOf(file) ?? 'application/octet-stream' });
      const sha256 = await sha256Hex(typed);
      set(key, { state: 'sending', percent: 0 });
      await uploadWithProgress(sha256, typed, (part) => set(key, { percent: Math.round(part * 100) }));
      const kind = typed.type.startsWith('image/') ? 'photo' : 'document';
      await api<unknown>('POST', '/api/v1/documents', { task: taskId, sha256, title: titleOf(file.name), file_name: file.name, kind });
      set(key, { state: 'done', percent: 100 });
      delivered();
    } catch (error) {
      if (!(error instanceof ApiError)) {
        set(key, { state: 'failed', reason: t('supplier.unreadable'), canRetry: true });
        return;
      }
      set(key, { state: 'failed', reason: reasonOf(error, t), canRetry: error.isOffline || error.status >= 500 || error.status === 429 });
    }
  }, [set, taskId, delivered, t]);

  const add = useCallback((files: File[]) => {
    const made = files.map((file): Delivery => {
      const refusal = refusalOf(file);
      return {
        key: String(count.current++), file, percent: 0, canRetry: false,
        state: refusal ? 'failed' : 'waiting', reason: refusal ? t(refusal) : '',
      };
    });
    setDeliveries((before) => [...before, ...made]);
    for (const each of made)
      if (each.state === 'waiting') queue.current = queue.current.then(() => send(each.key, each.file));
  }, [send, t]);

  const retry = useCallback((key: string) => {
    const again = deliveries.find((each) => each.key === key);
    if (!again) return;
    set(key, { state: 'waiting', reason: '' });
    queue.current = queue.current.then(() => send(key, again.file));
  }, [deliveries, send, set]);

  return { deliveries, add, retry };
}
