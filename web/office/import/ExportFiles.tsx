import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { formatNumber, formatSize } from '../../shared/format.ts';
import { ApiError } from '../../shared/problem.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import styles from './Import.module.css';
import type { ExportFile } from './types.ts';

const UPLOAD_WAIT_MS = 30 * 60_000;
const SHOWN = 8;

interface Props {
  files: ExportFile[];
  onChange(files: ExportFile[]): void;
  /** True while files are on their way: nothing can be started then. */
  onBusy(isBusy: boolean): void;
}

/** An archive is unpacked where the run looks for its files; any other file lies where its folder had it. */
async function sendOne(file: File): Promise<ExportFile> {
  const sha256 = await sha256Hex(file);
  await api('PUT', `/api/v1/import-files/${sha256}`, file, { wait_ms: UPLOAD_WAIT_MS });
  const isArchive = file.name.toLowerCase().endsWith('.zip');
  return { name: file.name, size: file.size, sha256, ...(!isArchive && { path: file.webkitRelativePath || file.name }) };
}

/** The files that the export names: a zip, or several, chosen or dropped; sent at once, used when the import is tried or run. */
export function ExportFiles({ files, onChange, onBusy }: Props) {
  const { t, tn, language } = useTexts();
  const [isOver, setOver] = useState(false);
  const [sent, setSent] = useState<{ done: number; all: number }>();
  const [failure, setFailure] = useState<ApiError>();

  async function take(chosen: File[]): Promise<void> {
    const have = [...files];
    setFailure(undefined);
    onBusy(true);
    try {
      for (const [done, file] of chosen.entries()) {
        setSent({ done, all: chosen.length });
        const one = await sendOne(file);
        const at = have.findIndex((each) => each.name === one.name && each.path === one.path);
        have.splice(at < 0 ? have.length : at, at < 0 ? 0 : 1, one);
      }
    } catch (e) {
      if (!(e instanceof ApiError)) throw e;
      setFailure(e);
    } finally {
      setSent(undefined);
      onBusy(false);
      onChange(have);
    }
  }

  const size = files.reduce((sum, each) => sum + each.size, 0);
  return (
    <section aria-labelledby="import-export-files" className={panel.main}>
      <Heading level={3} data-size="2xs" id="import-export-files">{t('import.files')}</Heading>
      <label
        className={isOver ? `${styles.file} ${styles.drop} ${styles.over}` : `${styles.file} ${styles.drop}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (!sent && event.dataTransfer.files.length > 0) void take([...event.dataTransfer.files]);
        }}
      >
        {t('import.files_choose')}
        <input
          type="file"
          multiple
          disabled={sent !== undefined}
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])];
            event.target.value = '';
            if (chosen.length > 0) void take(chosen);
          }}
        />
      </label>
      <p className={panel.subtle}>{t('import.files_hint')}</p>
      {sent && (
        <div role="status">
          <progress className={styles.bar} max={sent.all} value={sent.done} aria-label={t('import.files_progress')} />
          <p>{t('import.files_sending', { n: formatNumber(sent.done + 1, language), all: formatNumber(sent.all, language) })}</p>
        </div>
      )}
      {failure && <Failure error={failure} />}
      {files.length > 0 && !sent && (
        <div className={panel.row} role="status">
          <span>
            {tn('import.files_sent', files.length, { size: formatSize(size, language) })} {files.slice(0, SHOWN).map((each) => each.path ?? each.name).join(', ')}
            {files.length > SHOWN && ' …'}
          </span>
          <Button variant="tertiary" data-size="sm" onClick={() => onChange([])}>{t('import.files_remove')}</Button>
        </div>
      )}
    </section>
  );
}
