import { Alert, Button, Heading } from '@digdir/designsystemet-react';
import { useEffect, useRef } from 'react';
import { formatNumber, formatSize, formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { go } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import panel from '../Panel.module.css';
import styles from './Import.module.css';
import { CancelRun } from './CancelRun.tsx';
import { RunReport } from './RunReport.tsx';
import { RunTag } from './RunTag.tsx';
import { UndoRun } from './UndoRun.tsx';
import { hasEnded } from './types.ts';
import { useRun } from './useRun.ts';

/* Sections of the profiles' SQL, as people would call them. */
const STEPS: Record<string, TextKey> = {
  kontroll: 'import.step.check',
  check: 'import.step.check',
  cook: 'import.step.understand',
  unpack: 'import.step.unpack',
  files: 'import.step.files',
  match: 'import.step.match',
  seek: 'import.step.match',
  position: 'import.step.match',
  land: 'import.step.land',
  origin: 'import.step.land',
  avslutning: 'import.step.end',
};

const stepText = (step: string | null): TextKey => (step === null ? 'import.step.read' : STEPS[step] ?? 'import.step.work');

interface Props {
  id: string;
  onChanged?(): void;
}

/** An import: how far it has come, and when it has ended its report. */
export function RunDetail({ id, onChanged }: Props) {
  const { t, language } = useTexts();
  const { run, error, reload } = useRun(id);
  const seen = useRef(run?.state);

  useEffect(() => {
    if (seen.current && run && seen.current !== run.state) onChanged?.();
    seen.current = run?.state;
  });

  if (!run) return error ? <Failure error={error} retry={reload} /> : <Loading />;
  const figures = run.report ?? { read: run.rows_read, landed: run.landed, updated: run.updated, unchanged: run.unchanged, rejected: run.rejected, queued: run.queued };
  const isRead = run.step === null;
  return (
    <article className={detail.detail} aria-labelledby="run-title">
      <header className={`${panel.row} ${styles.title}`}>
        <Heading level={2} data-size="2xs" id="run-title">{t(run.is_dry_run ? 'import.dry_run_of' : 'import.run_of', { name: run.is_settled ? t('import.from_queue') : run.file_name })}</Heading>
        <RunTag state={run.state} />
      </header>
      <p className={panel.subtle}>
        {run.profile} · {formatTime(run.created_at, language)} · {run.by ?? t('import.by_command')}
        {run.undone_at && ` · ${t('import.undone', { time: formatTime(run.undone_at, language), by: run.undone_by ?? t('import.by_command') })}`}
      </p>
      {error && <Failure error={error} retry={reload} />}
      {run.state === 'waiting' && <p role="status">{t('import.waits')}</p>}
      {run.state === 'running' && (
        <div role="status" className={panel.main}>
          <progress className={styles.bar} max={run.size || 1} value={isRead && run.size ? run.bytes_so_far : undefined} aria-label={t('import.progress')} />
          <p>
            {t(stepText(run.step))} · {t('import.so_far', { rows: formatNumber(run.rows_so_far, language), seconds: formatNumber(Math.round(run.seconds), language) })}
            {isRead && run.size > 0 && ` · ${t('import.of_bytes', { done: formatSize(run.bytes_so_far, language), all: formatSize(run.size, language) })}`}
          </p>
          <p className={panel.subtle}>{t('import.may_leave')}</p>
        </div>
      )}
      {!hasEnded(run.state) && (
        <CancelRun
          id={run.id}
          onDone={() => {
            reload();
            onChanged?.();
          }}
        />
      )}
      {run.state === 'cancelled' && (
        <Alert data-color="info" data-size="sm" role="status">
          {t('import.cancelled', { time: formatTime(run.cancelled_at ?? run.created_at, language), by: run.cancelled_by ?? t('import.by_command') })}
        </Alert>
      )}
      {run.state === 'broken' && <Alert data-color="warning" data-size="sm" role="alert">{t('import.broken')}</Alert>}
      {run.state === 'failed' && <Alert data-color="danger" data-size="sm" role="alert">{t('import.failed')} {run.fault && <span lang="nb">{run.fault}.</span>}</Alert>}
      {hasEnded(run.state) && run.state !== 'broken' && run.state !== 'cancelled' && figures.read !== null && (figures.read > 0 || run.state !== 'failed') && <RunReport run={run} figures={figures} />}
      {run.state === 'done' && run.is_dry_run && <Alert data-color="info" data-size="sm">{t('import.nothing_changed')}</Alert>}
      {(run.report?.queued ?? 0) > 0 && !run.is_dry_run && run.state === 'done' && (
        <div><Button variant="secondary" data-size="sm" onClick={() => go({ shows: 'queue', run: null })}>{t('import.to_queue')}</Button></div>
      )}
      {run.state === 'done' && !run.is_dry_run && (
        <UndoRun
          id={run.id}
          onDone={() => {
            reload();
            onChanged?.();
          }}
        />
      )}
    </article>
  );
}
