import { useTexts } from '../../../shared/useTexts.ts';
import styles from '../RowTable.module.css';
import { fieldText, valueText } from '../changeWords.ts';
import type { BulkAnswer, BulkTable, ChangedRow } from '../types.ts';
import { useCodeNames } from '../useCodeNames.ts';

/** What a change of many would do: how many, and the first of them from old to new. */
export function BulkPreview({ answer, tbl }: { answer: BulkAnswer; tbl: BulkTable }) {
  const texts = useTexts();
  const { t, tn } = texts;
  const names = useCodeNames();
  return (
    <section aria-labelledby="preview-title">
      <p id="preview-title" role="status"><strong>{answer.count === 0 ? t('reg.bulk_nothing') : tn('reg.bulk_count', answer.count)}</strong>{answer.changes.length < answer.count && ` ${t('reg.bulk_first', { n: answer.changes.length })}`}</p>
      {answer.changes.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-labelledby="preview-title">
          <table className={styles.table}>
            <thead><tr><th scope="col">{t('reg.field.name')}</th><th scope="col">{t('reg.bulk_column_field')}</th><th scope="col">{t('reg.was')}</th><th scope="col">{t('reg.becomes')}</th></tr></thead>
            <tbody>
              {answer.changes.flatMap((change) => {
                const row: ChangedRow = { tbl, id: change.id, label: change.label, op: 'U', fields: change.fields };
                return change.fields.map((field, i) => (
                  <tr key={`${change.id} ${field.field}`}>
                    {i === 0 ? <th scope="rowgroup" rowSpan={change.fields.length}>{change.label}</th> : null}
                    <td>{fieldText(row, field.field, t)}</td>
                    <td>{valueText(row, field.field, field.old, field.old_label, texts, names)}</td>
                    <td><strong>{valueText(row, field.field, field.new, field.new_label, texts, names)}</strong></td>
                  </tr>
                ));
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
