import { Alert, Button } from '@digdir/designsystemet-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { DrawingPaneView } from './DrawingPaneView.tsx';
import { OfficeMap } from './OfficeMap.tsx';
import { PairTable } from './PairTable.tsx';
import panel from './Panel.module.css';
import styles from './PlanEditor.module.css';
import { type ControlPoint, type FitKind, fit } from './affine.ts';
import type { Xy } from './drawing.ts';
import type { DrawingPane } from './drawingPane.ts';
import { sendDrawing } from './drawingFile.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import { placedRooms, placedPicture, sizeOf } from './placing.ts';
import type { DxfPreview, FloorPlan } from './types.ts';
import { useDrawing } from './useDrawing.ts';
import { useGround } from './useGround.ts';

interface Props {
  storey: string;
  centre: Xy;
  /** One to be placed anew; null: a new one. */
  plan: FloorPlan | null;
  onDone(rooms: number): void;
  onCancel(): void;
}

const SHOWN = 0.65;
const NEAR = 0.15;

/** Puts a drawing where it belongs: pairs of points in it and on the map, and what the fit of them is worth. */
export function PlanEditor({ storey, centre, plan, onDone, onCancel }: Props) {
  const { t, language } = useTexts();
  const drawing = useDrawing(storey, plan);
  const [map, setMap] = useState<OfficeMapHandle | null>(null);
  const [pane, setPane] = useState<DrawingPane | null>(null);
  const [pairs, setPairs] = useState<ControlPoint[]>(plan?.control_points ?? []);
  const [pending, setPending] = useState<Xy | null>(null);
  const [kind, setKind] = useState<FitKind>('similarity');
  const [title, setTitle] = useState(plan?.title ?? '');
  const [validFrom, setValidFrom] = useState(plan?.valid_from ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const ground = useGround(map);
  const { shown, file } = drawing;
  const found = useMemo(() => fit(pairs, pairs.length < 3 ? 'similarity' : kind, shown !== null && 'picture' in shown), [pairs, kind, shown]);

  useEffect(() => map?.setShown(['outdoor_area', 'building'], false), [map]);
  useEffect(() => map?.setMarks(pairs.map((pair) => pair.map)), [map, pairs]);
  useEffect(() => pane?.setMarks([...pairs.map((pair) => pair.drawing), ...(pending ? [pending] : [])]), [pane, pairs, pending]);
  useEffect(() => {
    const isPicture = shown !== null && 'picture' in shown;
    map?.setPlans(found && isPicture ? [placedPicture(shown.picture, found.transform, SHOWN)] : []);
    map?.setRooms(found && shown && !isPicture ? placedRooms(shown.rooms, found.transform) : []);
  }, [map, found, shown]);

  const pickDrawing = useCallback((at: Xy) => setPending(at), []);
  const pickMap = (at: Xy): void => {
    if (!pending) return;
    setPairs([...pairs, { drawing: pending, map: at }]);
    setPending(null);
  };

  async function save(): Promise<void> {
    if (!found || !shown) return;
    setBusy(true);
    setError(null);
    try {
      const [width, height] = sizeOf(shown);
      const placing = { width, height, page: drawing.page, transform: found.transform, control_points: pairs, ...(validFrom ? { valid_from: validFrom } : {}) };
      if (plan) await api('PATCH', `/api/v1/floor-plans/${plan.id}`, { row_v: plan.row_v, ...placing });
      else if (file) {
        const sha256 = await sendDrawing(file);
        await api('POST', `/api/v1/storeys/${storey}/plans`, { sha256, title: title.trim() || file.name, file_name: file.name, kind: drawing.kind, ...placing });
      }
      const made: DxfPreview | null = drawing.kind === 'dxf' ? await drawing.makeRooms(found.transform) : null;
      onDone(made?.made ?? 0);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className={styles.editor} aria-label={t('floorplan.place')} data-size="sm">
      <div className={styles.head}>
        <h3>{t('floorplan.place')}</h3>
        {!plan && (
          <label className={styles.file}>
            {t('floorplan.choose')}
            <input
              type="file"
              accept=".pdf,.png,.jpg,.jpeg,.dxf,application/pdf,image/png,image/jpeg"
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                if (!chosen) return;
                setPairs([]);
                setPending(null);
                setTitle(chosen.name.replace(/\.\w+$/, ''));
                drawing.open(chosen);
              }}
            />
          </label>
        )}
      </div>
      {drawing.fault && <Alert data-color="danger" role="alert">{t(`floorplan.${drawing.fault}`)}</Alert>}
      {drawing.error && <Failure error={drawing.error} />}
      {drawing.busy && <Loading />}
      {shown && (
        <>
          <div className={`${panel.fields} ${styles.fields}`}>
            {!plan && <label>{t('floorplan.title')}<input type="text" maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} /></label>}
            {drawing.pages > 1 && (
              <label>{t('floorplan.page')}<input type="number" min={1} max={drawing.pages} value={drawing.page} onChange={(event) => drawing.setPage(Number(event.target.value) || 1)} /></label>
            )}
            {drawing.layers && (
              <label>
                {t('floorplan.layer')}
                <select value={drawing.layer ?? ''} onChange={(event) => drawing.setLayer(event.target.value || null)}>
                  <option value="">{t('floorplan.layer_all', { n: drawing.layers.reduce((sum, layer) => sum + layer.rooms, 0) })}</option>
                  {drawing.layers.map((layer) => <option key={layer.name} value={layer.name}>{layer.name} ({layer.rooms})</option>)}
                </select>
              </label>
            )}
            <label>{t('floorplan.valid_from')}<input type="date" value={validFrom} onChange={(event) => setValidFrom(event.target.value)} /></label>
          </div>
          <p className={panel.hint}>{t('floorplan.place_hint')}</p>
          <p role="status" className={styles.next}>{t(pending ? 'floorplan.want_map' : 'floorplan.want_drawing')}</p>
          <div className={styles.panes}>
            <figure className={styles.pane} data-active={!pending}>
              <figcaption>
                {t('floorplan.drawing')}
                <Button variant="secondary" data-size="sm" disabled={!pane} onClick={() => pane && pickDrawing(pane.middle())}>{t('floorplan.add_point')} <span className="ds-sr-only">{t('floorplan.in_drawing')}</span></Button>
              </figcaption>
              <div className={styles.view}><DrawingPaneView drawing={shown} onReady={setPane} onPick={pickDrawing} /></div>
            </figure>
            <figure className={styles.pane} data-active={pending !== null}>
              <figcaption>
                {t('floorplan.map')}
                <Button variant="secondary" data-size="sm" disabled={!map || !pending} onClick={() => map && pickMap(map.middle())}>{t('floorplan.add_point')} <span className="ds-sr-only">{t('floorplan.in_map')}</span></Button>
              </figcaption>
              <div className={styles.view}>
                <OfficeMap label={t('mapview.label')} crs="EPSG:25832" centre={centre} resolution={NEAR} cross onReady={setMap} onPick={(_, __, at) => pickMap(at)} onBackground={ground.heard} />
              </div>
            </figure>
          </div>
          <PairTable pairs={pairs} found={found} language={language} onRemove={(n) => setPairs(pairs.filter((_, i) => i !== n))} />
          <fieldset className={styles.kinds} disabled={pairs.length < 3}>
            <legend>{t('floorplan.fit')}</legend>
            {(['similarity', 'affine'] as const).map((each) => (
              <label key={each}><input type="radio" name="fit" checked={kind === each} onChange={() => setKind(each)} /> {t(`floorplan.${each}`)}</label>
            ))}
          </fieldset>
        </>
      )}
      {error && <Failure error={error} />}
      <div className={panel.row}>
        <Button disabled={!found || !shown || busy} onClick={() => void save()}>{t('floorplan.save')}</Button>
        <Button variant="secondary" onClick={onCancel}>{t('mapview.print_back')}</Button>
      </div>
    </section>
  );
}
