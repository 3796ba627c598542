import { Heading } from '@digdir/designsystemet-react';
import { formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import panel from '../Panel.module.css';
import styles from './Import.module.css';
import type { Counted, Report, Run } from './types.ts';

const FIGURES = ['read', 'landed', 'updated', 'unchanged', 'rejected', 'queued'] as const;
const LISTS = ['landed_in', 'flags', 'reasons', 'queue_reasons'] as const;
const NOTES = ['layers_not_read', 'hidden_columns', 'unused', 'outside'] as const;

interface Props {
  run: Run;
  figures: Record<(typeof FIGURES)[number], number | null>;
}

/** Texts of the profiles: they are Norwegian, whatever the page's language. */
function CountedList({ items }: { items: Counted[] }) {
  const { language } = useTexts();
  return (
    <dl className={styles.counted} lang="nb">
      {items.map((each) => <div key={each.text} className={styles.pair}><dt>{formatNumber(each.count, language)}</dt><dd>{each.text}</dd></div>)}
    </dl>
  );
}

function unreadOf(report: Report): string {
  return report.columns.filter((column) => column.name === null && column.header).map((column) => column.header).join(', ');
}

/** What became of each row: the figures add up, and each reason has its count. */
export function RunReport({ run, figures }: Props) {
  const { t, language } = useTexts();
  const report = run.report;
  return (
    <>
      <dl className={styles.figures}>
        {FIGURES.map((name) => (
          <div key={name}>
            <dt>{t(`import.figure.${name}`)}</dt>
            <dd>{formatNumber(figures[name] ?? 0, language)}</dd>
          </div>
        ))}
      </dl>
      {report?.has_rejects && (
        <a href={`/api/v1/imports/${run.id}/rejects`} download={`${run.file_name}.avvist.csv`}>{t('import.rejects')}</a>
      )}
      {report?.files_taken !== undefined && (
        <p>
          {t('import.files_taken', { taken: formatNumber(report.files_taken, language), missing: formatNumber(report.files_missing ?? 0, language) })}
        </p>
      )}
      {report && LISTS.filter((name) => report[name].length > 0).map((name) => (
        <section key={name} className={detail.section}>
          <Heading level={3} data-size="2xs">{t(`import.list.${name}`)}</Heading>
          <CountedList items={report[name]} />
        </section>
      ))}
      {report && unreadOf(report) && <p className={panel.subtle}>{t('import.unread', { names: unreadOf(report) })}</p>}
      {report && report.blank > 0 && <p className={panel.subtle}>{t('import.blank', { n: formatNumber(report.blank, language) })}</p>}
      {report && NOTES.filter((name) => report[name]).map((name) => <p key={name} className={panel.subtle}>{t(`import.note.${name}`, { names: report[name] })}</p>)}
    </>
  );
}
