import { Alert, Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Panel.module.css';
import type { Background, MapSettings } from './types.ts';

interface Props {
  settings: MapSettings;
  onSaved(): void;
}

const KARTVERKET: Background = {
  type: 'wmts',
  url: 'https://cache.kartverket.no/v1/wmts/1.0.0/{layer}/default/{matrix_set}/{z}/{y}/{x}.png',
  layer: 'topo',
  matrix_sets: { '25832': 'utm32n', '3857': 'webmercator' },
  attribution: '© Kartverket',
};

function hostOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return '';
  }
}

/** Which map the municipality's own lies on. For administrators. */
export function SettingsPanel({ settings, onSaved }: Props) {
  const { t } = useTexts();
  const [draft, setDraft] = useState<Background>(settings);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const isForbidden = draft.type !== 'none' && !settings.hosts.includes(hostOf(draft.url));

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const { type, url, layer, matrix_sets, attribution } = draft;
      await api('PUT', '/api/v1/settings/map', { type, url, layer, matrix_sets, attribution });
      onSaved();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        {t('mapview.set.type')}
        <select value={draft.type} onChange={(event) => setDraft({ ...draft, type: event.target.value === 'wms' ? 'wms' : event.target.value === 'none' ? 'none' : 'wmts' })}>
          <option value="wmts">WMTS</option>
          <option value="wms">WMS</option>
          <option value="none">{t('mapview.set.none')}</option>
        </select>
      </label>
      {draft.type !== 'none' && (
        <>
          <label>{t('mapview.set.url')}<input type="url" required maxLength={500} value={draft.url} onChange={(event) => setDraft({ ...draft, url: event.target.value })} /></label>
          <p className={styles.hint}>{t('mapview.set.hosts', { hosts: settings.hosts.join(', ') || '–' })}</p>
          {isForbidden && <Alert data-color="warning">{t('mapview.set.forbidden')}</Alert>}
          <label>{t('mapview.set.layer')}<input type="text" required maxLength={200} value={draft.layer} onChange={(event) => setDraft({ ...draft, layer: event.target.value })} /></label>
          {draft.type === 'wmts' && (
            <div className={styles.two}>
              {(['25832', '3857'] as const).map((crs) => (
                <label key={crs}>
                  {t('mapview.set.matrix', { crs })}
                  <input type="text" maxLength={60} value={draft.matrix_sets[crs] ?? ''} onChange={(event) => setDraft({ ...draft, matrix_sets: { ...draft.matrix_sets, [crs]: event.target.value || null } })} />
                </label>
              ))}
            </div>
          )}
          <label>{t('mapview.set.attribution')}<input type="text" maxLength={200} value={draft.attribution} onChange={(event) => setDraft({ ...draft, attribution: event.target.value })} /></label>
        </>
      )}
      {error && <Failure error={error} />}
      <div className={styles.row}>
        <Button type="submit" disabled={busy || isForbidden}>{t('mapview.set.save')}</Button>
        <Button type="button" variant="secondary" onClick={() => setDraft(KARTVERKET)}>{t('mapview.set.standard')}</Button>
      </div>
    </form>
  );
}
