import { formatFull, formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { opOf, type OutboxItem } from '../logic/outboxWords.ts';
import { ConflictField } from './ConflictField.tsx';
import styles from './OutboxScreen.module.css';

const OPS: Record<string, TextKey> = {
  'answer.add': 'field.op.answer',
  'comment.add': 'field.op.comment',
  'condition.set': 'field.op.grade',
  'inspection.answer': 'field.op.answer',
  'inspection.finish': 'field.op.inspection_finish',
  'inspection.start': 'field.op.inspection_start',
  'key.in': 'field.op.key_in',
  'key.out': 'field.op.key_out',
  'material.add': 'field.op.material',
  'photo.add': 'field.op.photo',
  'photo.mark': 'field.op.mark',
  'reading.add': 'field.op.reading',
  'signature.add': 'field.op.sign',
  'task.close': 'field.op.close',
  'task.create': 'field.op.create',
  'task.reopen': 'field.op.reopen',
  'task.update': 'field.op.update',
  'time.add': 'field.op.time',
};

/** One thing that was done here, in words: what, when, and how far it has come. */
export function OutboxLine({ item: { entry, entries, word } }: { item: OutboxItem }) {
  const { t, tn, language } = useTexts();
  const at = entry.mutation.captured_at;
  const conflicts = entries.flatMap((one) => one.result?.conflicts ?? []);
  const answers = entries.filter((one) => one !== entry && ['answer.add', 'inspection.answer'].includes(opOf(one))).length;

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
