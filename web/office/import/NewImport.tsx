import { Alert, Button, Field, Heading, Label, Select, Textfield } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../shared/api.ts';
import { formatNumber } from '../../shared/format.ts';
import { ApiError } from '../../shared/problem.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import { ColumnChoice } from './ColumnChoice.tsx';
import { ExportFiles } from './ExportFiles.tsx';
import { FirstRows } from './FirstRows.tsx';
import styles from './Import.module.css';
import { RunDetail } from './RunDetail.tsx';
import { begun, choices, doubled, missing, sent } from './mapping.ts';
import type { ExportFile, Look, Mapping, Profile } from './types.ts';

const UPLOAD_WAIT_MS = 30 * 60_000;
const LOOK_WAIT_MS = 5 * 60_000;

interface Sent {
  name: string;
  sha256: string;
}

/** From a file to the register: choose it, say what it is, which column is which, try it, read it in. */
export function NewImport({ profiles }: { profiles: Profile[] }) {
  const { t, tn, language } = useTexts();
  const { sending, error, send } = useSend();
  const [file, setFile] = useState<Sent>();
  const [profile, setProfile] = useState<Profile>();
  const [suggested, setSuggested] = useState<string[]>([]);
  const [look, setLook] = useState<Look>();
  const [pathFault, setPathFault] = useState('');
  const [headers, setHeaders] = useState<string[]>([]);
  const [mapping, setMapping] = useState<Mapping>({});
  const [municipality, setMunicipality] = useState('');
  const [files, setFiles] = useState<ExportFile[]>([]);
  const [sendsFiles, setSendsFiles] = useState(false);
  const [most, setMost] = useState('');
  const [busy, setBusy] = useState<'sending' | 'looking' | null>(null);
  const [failure, setFailure] = useState<ApiError>();
  const [run, setRun] = useState<string>();
  const result = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (run) result.current?.scrollIntoView({ block: 'start' });
  }, [run]);

  async function lookAs(sha256: string, as: Profile | undefined): Promise<Look> {
    setBusy('looking');
    const seen = await api<Look>('POST', '/api/v1/import-looks', { sha256, ...(as && { profile: as.name }) }, { wait_ms: LOOK_WAIT_MS });
    setLook(seen);
    setPathFault('');
    setHeaders(choices(seen));
    setMapping(begun(seen));
    return seen;
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    setFailure(undefined);
    setRun(undefined);
    try {
      await work();
    } catch (e) {
      if (!(e instanceof ApiError)) throw e;
      setFailure(e);
    } finally {
      setBusy(null);
    }
  }

  const take = (chosen: File): Promise<void> => guarded(async () => {
    setFile(undefined);
    setLook(undefined);
    setProfile(undefined);
    setBusy('sending');
    const sha256 = await sha256Hex(chosen);
    await api('PUT', `/api/v1/import-files/${sha256}`, chosen, { wait_ms: UPLOAD_WAIT_MS });
    const seen = await lookAs(sha256, undefined);
    const fits = (seen.suggestions ?? []).map((each) => each.profile);
    const best = profiles.find((each) => each.name === fits[0]);
    setSuggested(fits);
    setFile({ name: chosen.name, sha256 });
    setProfile(best);
    if (best) await lookAs(sha256, best);
  });

  const pick = (name: string): Promise<void> => guarded(async () => {
    const chosen = profiles.find((each) => each.name === name);
    setProfile(chosen);
    if (file) await lookAs(file.sha256, chosen);
  });

  /** In XML and JSON the rows must be read again to show what stands at another path. */
  const choosePaths = (next: Mapping): Promise<void> => guarded(async () => {
    setMapping(next);
    if (!look?.is_tree || !file || !profile) return;
    const seen = await api<Look>('POST', '/api/v1/import-looks', { sha256: file.sha256, profile: profile.name, mapping: next }, { wait_ms: LOOK_WAIT_MS });
    setPathFault(seen.fault ?? '');
    if (!seen.fault) setLook(seen);
  });

  async function start(isDryRun: boolean): Promise<void> {
    if (!file || !profile || !look) return;
    const chosen = sent(profile, mapping, look);
    const made = await send<{ id: string }>('POST', '/api/v1/imports', {
      sha256: file.sha256, file_name: file.name, profile: profile.name, is_dry_run: isDryRun,
      ...(chosen && { mapping: chosen }), ...(municipality && { municipality }), ...(most.trim() && { max_rejects: most.trim() }),
      ...(profile.takes_files && files.length > 0 && { files: files.map(({ sha256, path }) => ({ sha256, path })) }),
    });
    if (made) setRun(made.id);
  }

  const lacks = profile && look ? missing(profile, mapping, look) : [];
  const twice = look ? doubled(mapping, look) : [];
  const isReady = busy === null && !sendsFiles && look !== undefined && !look.fault && !pathFault && lacks.length === 0 && twice.length === 0;
  return (
    <div className={panel.main}>
      <section className={panel.card} aria-labelledby="import-file">
        <Heading level={2} data-size="2xs" id="import-file">{t('import.file')}</Heading>
        <label className={styles.file}>
          {t('import.file_choose')}
          <input
            type="file"
            disabled={busy !== null}
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              if (chosen) void take(chosen);
            }}
          />
        </label>
        <p className={panel.subtle}>{t('import.file_hint')}</p>
        {busy && <Loading label={t(`import.${busy}`)} />}
        {failure && <Failure error={failure} />}
        {file && (
          <Field className={styles.narrow}>
            <Label>{t('import.profile')}</Label>
            <Select value={profile?.name ?? ''} disabled={busy !== null} onChange={(event) => void pick(event.target.value)}>
              <Select.Option value="" disabled>{t('import.profile_choose')}</Select.Option>
              {profiles.map((each) => (
                <Select.Option key={each.name} value={each.name}>{suggested.includes(each.name) ? t('import.profile_fits', { title: each.title }) : each.title}</Select.Option>
              ))}
            </Select>
          </Field>
        )}
        {file && !busy && suggested.length === 0 && !look?.fault && <Alert data-color="info" data-size="sm">{t('import.no_suggestion')}</Alert>}
        {profile && <details className={styles.about}><summary>{t('import.about')}</summary><p className={panel.text}>{profile.about}</p></details>}
        {look?.fault && <Alert data-color="danger" data-size="sm" role="alert">{t('import.unreadable', { why: look.fault })}</Alert>}
      </section>

      {file && look && !look.fault && !busy && (
        <section className={panel.card} aria-labelledby="import-columns">
          <Heading level={2} data-size="2xs" id="import-columns">{t('import.columns')}</Heading>
          <p className={panel.subtle}>
            {t('import.seen', { format: look.format, rows: formatNumber(look.total, language) })}
            {look.encoding && ` ${t('import.encoding', { name: look.encoding })}`}
          </p>
          {look.faults.map((each) => (
            <Alert key={each.text} data-color="warning" data-size="sm">{tn('import.fault', each.count, { text: each.text, lines: each.lines.join(', ') })}</Alert>
          ))}
          {look.marks.map((each) => (
            <p key={each.text} className={panel.subtle}>{t('import.mark', { n: each.count, text: each.text, lines: each.lines.join(', ') })}</p>
          ))}
          {profile && look.earlier && <Alert data-color="info" data-size="sm">{t('import.earlier')}</Alert>}
          {profile && <ColumnChoice profile={profile} look={look} mapping={mapping} headers={headers} lacks={lacks} twice={twice} onChange={(next) => void choosePaths(next)} />}
          {pathFault && <Alert data-color="danger" data-size="sm" role="alert">{t('import.unreadable', { why: pathFault })}</Alert>}
          <FirstRows look={look} mapping={mapping} mayDrag={profile !== undefined && look.may_choose} />
        </section>
      )}

      {profile && look && !look.fault && (
        <section className={panel.card} aria-labelledby="import-run">
          <Heading level={2} data-size="2xs" id="import-run">{t('import.run')}</Heading>
          {profile.takes_files && <ExportFiles files={files} onChange={setFiles} onBusy={setSendsFiles} />}
          <div className={panel.filters}>
            {profile.needs_municipality && (
              <Textfield label={t('import.municipality')} description={t('import.municipality_hint')} inputMode="numeric" maxLength={4} value={municipality} error={error?.fields['municipality']}
                onChange={(event) => setMunicipality(event.target.value.replace(/\D/g, ''))} />
            )}
            <Textfield label={t('import.most')} description={t('import.most_hint')} value={most} error={error?.fields['max_rejects']} onChange={(event) => setMost(event.target.value)} />
          </div>
          <div className={panel.buttons}>
            <Button data-size="sm" disabled={!isReady} loading={sending} onClick={() => void start(true)}>{t('import.try')}</Button>
            <Button data-size="sm" variant="secondary" disabled={!isReady || sending} onClick={() => void start(false)}>{t('import.do')}</Button>
          </div>
          {error && <Failure error={error} />}
          {run && <div ref={result} className={styles.result}><RunDetail key={run} id={run} /></div>}
        </section>
      )}
    </div>
  );
}
