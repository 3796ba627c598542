import { Alert, Button } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { DrawHelp } from './DrawHelp.tsx';
import styles from './Panel.module.css';
import { ThingList } from './ThingList.tsx';
import type { Xy } from './drawing.ts';
import { type ExportFormat, exportFile } from './exportFile.ts';
import { type LayerName, layerText } from './layers.ts';
import { bulkTable, openBulk } from './links.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import type { SelectionState } from './useSelection.ts';

interface Props {
  map: OfficeMapHandle;
  layers: LayerName[];
  selection: SelectionState;
  isDrawing: boolean;
  onDrawing(on: boolean): void;
  onPrint(): void;
}

/** What is selected, how it got there, and what can be done with it. */
export function SelectionPanel({ map, layers, selection, isDrawing, onDrawing, onPrint }: Props) {
  const { t, tn } = useTexts();
  const [points, setPoints] = useState<Xy[]>([]);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const { within, ring } = selection;

  useEffect(() => {
    if (!isDrawing) return;
    map.drawing.start('polygon', (next, ended) => {
      setPoints(next);
      if (!ended) return;
      onDrawing(false);
      within(next, layers);
    });
    return () => {
      setPoints([]);
      map.drawing.stop();
    };
  }, [map, isDrawing, layers, within, onDrawing]);

  useEffect(() => {
    if (isDrawing) return;
    map.drawing.show(ring);
    return () => map.drawing.show(null);
  }, [map, ring, isDrawing]);

  async function save(kind: LayerName, format: ExportFormat): Promise<void> {
    setBusy(true);
    setFailed(null);
    try {
      const ids = selection.things.filter((thing) => thing.kind === kind).map((thing) => thing.id);
      const isCut = ring !== null && (selection.totals[kind] ?? 0) > ids.length;
      await exportFile(kind, isCut ? { ring } : { ids }, format);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailed(error);
    } finally {
      setBusy(false);
    }
  }

  const total = Object.values(selection.totals).reduce((sum, n) => sum + n, 0);
  return (
    <div className={styles.block}>
      <div className={styles.row}>
        <Button data-size="sm" variant={isDrawing ? 'primary' : 'secondary'} aria-pressed={isDrawing} onClick={() => onDrawing(!isDrawing)}>{t('mapview.select_polygon')}</Button>
        <Button data-size="sm" variant="secondary" disabled={layers.length === 0} onClick={() => within(map.view(), layers)}>{t('mapview.select_view')}</Button>
      </div>
      {isDrawing ? <DrawHelp drawing={map.drawing} points={points.length} enough={3} /> : <p className={styles.hint}>{t('mapview.select_hint')}</p>}
      {selection.busy && <Loading />}
      {selection.error && <Failure error={selection.error} />}
      {failed && <Failure error={failed} />}
      <p role="status" className={styles.value}>{total > 0 ? tn('mapview.selected', total) : t('mapview.none_selected')}</p>
      {selection.ring && total === 0 && !selection.busy && !selection.error && <Alert data-color="info">{t('mapview.nothing_there')}</Alert>}
      {total > 0 && (
        <>
          <div className={styles.row}>
            <Button variant="secondary" data-size="sm" onClick={onPrint}>{t('mapview.print')}</Button>
            <Button variant="tertiary" data-size="sm" onClick={selection.clear}>{t('mapview.clear')}</Button>
          </div>
          <ThingList
            things={selection.things}
            totals={selection.totals}
            onRemove={selection.remove}
            onShow={(thing) => map.moveTo([thing.x, thing.y])}
            actions={(kind) => (
              <div className={styles.row} role="group" aria-label={t(layerText(kind))}>
                {bulkTable(kind) && <Button variant="secondary" data-size="sm" onClick={() => openBulk(kind, selection.things)}>{t('mapview.bulk')}</Button>}
                <Button variant="secondary" data-size="sm" disabled={busy} onClick={() => void save(kind, 'gpkg')}>GeoPackage</Button>
                <Button variant="secondary" data-size="sm" disabled={busy} onClick={() => void save(kind, 'csv')}>CSV</Button>
              </div>
            )}
          />
        </>
      )}
      <p><a href="/office?view=gis">{t('mapview.to_gis')}</a></p>
    </div>
  );
}
