import { Button } from '@digdir/designsystemet-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '../../shared/useApi.ts';
import { useLive } from '../../shared/useLive.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { CoordinateBar } from './CoordinateBar.tsx';
import { Legend } from './Legend.tsx';
import { ListPanel } from './ListPanel.tsx';
import styles from './RegisterMap.module.css';
import { MeasurePanel } from './MeasurePanel.tsx';
import { OfficeMap } from './OfficeMap.tsx';
import { type PrintJob, PrintPanel } from './PrintPanel.tsx';
import { PrintSheet } from './PrintSheet.tsx';
import { SelectionPanel } from './SelectionPanel.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';
import type { Xy } from './drawing.ts';
import { keep, kept } from './kept.ts';
import type { LayerName } from './layers.ts';
import { movedTo, rememberedOf, shownAs, stateOf } from './mapState.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import { useGround } from './useGround.ts';
import { useSelection } from './useSelection.ts';
import { useTarget } from './useTarget.ts';

const PANELS = ['layers', 'select', 'measure', 'list', 'print', 'set'] as const;
type Panel = (typeof PANELS)[number];

const CLOSE = 0.6; /* metres a pixel: where a thing that was asked for is shown */
const NEWS_MS = 2000; /* tiles are read anew at most this often */
const LIVE = ['cases', 'task', 'place', 'component'];

interface Extent {
  xmin: number | null;
  ymin: number;
  xmax: number;
  ymax: number;
}

/** The register and the work on the map: layers, selection, measuring, printing. */
export function RegisterMap() {
  const { t } = useTexts();
  const address = useQuery();
  const [remembered, setRemembered] = useState(() => rememberedOf(kept('shown')));
  const state = stateOf(address, remembered);
  const [map, setMap] = useState<OfficeMapHandle | null>(null);
  const [panel, setPanel] = useState<Panel | null>(() => (window.innerWidth < 960 ? null : 'layers'));
  const [isDrawing, setDrawing] = useState(false);
  const [pointer, setPointer] = useState<Xy | null>(null);
  const [job, setJob] = useState<PrintJob | null>(null);
  const selection = useSelection();
  const ground = useGround(map);
  const extent = useApi<Extent>(state.centre ? null : '/api/v1/map/extent').data;
  const news = useRef<ReturnType<typeof setTimeout> | null>(null);
  const layerNames = state.layers.join();
  const layers = useMemo(() => layerNames.split(',').filter(Boolean) as LayerName[], [layerNames]);

  useEffect(() => map?.setShown(layers, state.byCondition), [map, layers, state.byCondition]);
  useEffect(() => map?.setSelected(selection.ids), [map, selection.ids]);
  useEffect(() => {
    if (map && extent && extent.xmin !== null) map.fit([extent.xmin, extent.ymin, extent.xmax, extent.ymax]);
  }, [map, extent]);
  useLive((change) => LIVE.includes(change.t), () => {
    news.current ??= setTimeout(() => {
      news.current = null;
      map?.refresh();
    }, NEWS_MS);
  });

  const { pick } = selection;
  useTarget(address, (thing) => {
    pick([thing], false);
    setPanel('select');
    go(movedTo([thing.x, thing.y], CLOSE), { replace: true });
    map?.moveTo([thing.x, thing.y], CLOSE);
  });

  const show = (next: Partial<typeof remembered>): void => {
    const all = { crs: state.crs, layers: state.layers, byCondition: state.byCondition, ...next };
    keep('shown', all);
    setRemembered(all);
    go(shownAs(all), { replace: true });
  };
  const rest = useCallback((centre: Xy, resolution: number): void => {
    const patch = movedTo(centre, resolution);
    const now = new URLSearchParams(location.search);
    if (now.get('c') !== patch['c'] || now.get('r') !== patch['r']) go(patch, { replace: true });
  }, []);
  const drawingOn = useCallback((on: boolean) => setDrawing(on), []);
  const open = (next: Panel): void => {
    setDrawing(false);
    setPanel(panel === next ? null : next);
  };

  const isPen = isDrawing || panel === 'measure';
  const shown = PANELS.filter((each) => each !== 'set' || ground.settings?.may_change);
  return (
    <div className={styles.page} data-size="sm">
      <h1 className="ds-sr-only">{t('mapview.title')}</h1>
      <div className={styles.tools} role="toolbar" aria-label={t('mapview.tools')}>
        {shown.map((each) => (
          <Button key={each} data-size="sm" variant={panel === each ? 'primary' : 'secondary'} aria-expanded={panel === each} aria-controls="map-panel" onClick={() => open(each)}>
            {t(`mapview.panel.${each}`)}
            {each === 'select' && selection.things.length > 0 && ` (${selection.things.length})`}
          </Button>
        ))}
      </div>
      <div className={styles.body}>
        {panel && map && (
          <section id="map-panel" className={styles.panel} aria-label={t(`mapview.panel.${panel}`)}>
            <div className={styles.panelHead}>
              <h2>{t(`mapview.panel.${panel}`)}</h2>
              <Button variant="tertiary" data-size="sm" aria-label={t('mapview.close_panel')} onClick={() => open(panel)}>×</Button>
            </div>
            {panel === 'layers' && <Legend layers={layers} byCondition={state.byCondition} resolution={state.resolution} onChange={(next, byCondition) => show({ layers: next, byCondition })} />}
            {panel === 'select' && <SelectionPanel map={map} layers={layers} selection={selection} isDrawing={isDrawing} onDrawing={drawingOn} onPrint={() => setPanel('print')} />}
            {panel === 'measure' && <MeasurePanel drawing={map.drawing} />}
            {panel === 'list' && <ListPanel map={map} layers={layers} moved={`${address.get('c')} ${address.get('r')}`} />}
            {panel === 'print' && <PrintPanel onPrint={setJob} />}
            {panel === 'set' && ground.settings && <SettingsPanel settings={ground.settings} onSaved={ground.reload} />}
          </section>
        )}
        <div className={styles.map}>
          <OfficeMap
            label={t('mapview.label')}
            crs={`EPSG:${state.crs}`}
            centre={state.centre}
            resolution={state.resolution}
            cross={isPen}
            onReady={setMap}
            onRest={rest}
            onPointer={setPointer}
            onBackground={ground.heard}
            onPick={(things, isMore) => {
              if (isPen) return;
              pick(things, isMore);
              if (things.length > 0) setPanel('select');
            }}
          />
          <p className={styles.source}>
            {ground.answers === false
              ? <>{t('mapview.background_silent')} <button type="button" onClick={ground.retry}>{t('mapview.background_retry')}</button></>
              : ground.answers && ground.settings?.type !== 'none' ? ground.settings?.attribution : t('mapview.own_background')}
          </p>
        </div>
      </div>
      <CoordinateBar crs={state.crs} at={pointer ?? state.centre} isPointer={pointer !== null} onCrs={(crs) => show({ crs })} onGo={(to) => map?.moveTo(to, Math.min(state.resolution, 2))} />
      {job && state.centre && (
        <PrintSheet
          job={job} centre={state.centre} layers={layers} byCondition={state.byCondition} selected={selection.ids} land={ground.land}
          background={ground.answers ? ground.settings ?? null : null} onClose={() => setJob(null)}
        />
      )}
    </div>
  );
}
