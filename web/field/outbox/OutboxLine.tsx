import { formatFull, formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { opOf, type OutboxItem } from '../logic/outboxWords.ts';
import { ConflictField } from './ConflictField.tsx';
import styles from './OutboxScreen.module.css';

const OPS: Record<string, TextKey> = {
  'task.close': 'field.op.close',
  'task.create': 'field.op.create',
  'task.update': 'field.op.update',
  'answer.add': 'field.op.answer',
  'photo.add': 'field.op.photo',
};

/** One thing that was done here, in words: what, when, and how far it has come. */
export function OutboxLine({ item: { entry, entries, word } }: { item: OutboxItem }) {
  const { t, tn, language } = useTexts();
  const at = entry.mutation.captured_at;
  const conflicts = entries.flatMap((one) => one.result?.conflicts ?? []);
  const answers = entries.filter((one) => one !== entry && opOf(one) === 'answer.add').length;

  return (
    <div className={styles.line} data-word={word}>
      <span className={styles.what}>
        <strong>{t(OPS[opOf(entry)] ?? 'field.op.update')}: </strong>
        {entry.label}
        {answers > 0 && ` (${tn('field.op.answers', answers)})`}
      </span>
      <span className={styles.facts}>
        <time dateTime={at} title={formatFull(at, language)}>{formatTime(at, language)}</time>
        <span className={styles.word}>{t(`field.word.${word}`)}</span>
      </span>
      {conflicts.length > 0 && (
        <details className={styles.details}>
          <summary className={styles.summary}>{t('field.outbox.details')}</summary>
          {conflicts.map((conflict) => <ConflictField key={conflict.id} conflict={conflict} />)}
        </details>
      )}
    </div>
  );
}
