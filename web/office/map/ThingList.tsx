import type { ReactNode } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { LegendSymbol } from './LegendSymbol.tsx';
import styles from './Panel.module.css';
import { isTaskState, isCaseState } from './states.ts';
import { type LayerName, layerText, toneOf } from './layers.ts';
import { addressOf, storeysOf } from './links.ts';
import type { Thing } from './types.ts';

interface Props {
  things: Thing[];
  totals: Partial<Record<LayerName, number>>;
  onRemove?(id: string): void;
  onShow?(thing: Thing): void;
  /** What can be done with all of a kind. */
  actions?(kind: LayerName): ReactNode;
}

/** Things on the map as text, by kind: what a screen reader reads in the map's place. */
export function ThingList({ things, totals, onRemove, onShow, actions }: Props) {
  const { t } = useTexts();
  const kinds = [...new Set(things.map((thing) => thing.kind))];
  return (
    <>
      {kinds.map((kind) => (
        <section key={kind} className={styles.block}>
          <h3 className={styles.heading}>{t(layerText(kind))} ({totals[kind] ?? 0})</h3>
          {actions?.(kind)}
          <ul className={styles.list}>
            {things.filter((thing) => thing.kind === kind).map((thing) => {
              const tone = toneOf(thing.state ?? 'open', thing.is_late);
              return (
                <li key={thing.id} className={styles.item}>
                  <LegendSymbol layer={kind} tone={tone} grade={thing.grade ?? undefined} />
                  <span className={styles.what}>
                    <a href={addressOf(thing)}>{thing.label || t('mapview.no_name')}</a>
                    {kind === 'building' && <a className={styles.also} href={storeysOf(thing.id)} aria-label={t('mapview.storeys_of', { label: thing.label })}>{t('mapview.storeys')}</a>}
                    {thing.grade && <span className={styles.tag}>{thing.grade}</span>}
                    {tone === 'late' && (kind === 'task' || kind === 'case') && <span className={styles.late}>{t('mapview.tone.late')}</span>}
                    {thing.state && tone !== 'late' && (isTaskState(thing.state) || isCaseState(thing.state)) && <span className={styles.tag}>{t(`state.${thing.state}`)}</span>}
                  </span>
                  {onShow && <button type="button" className={styles.remove} aria-label={t('mapview.show_on_map', { label: thing.label })} onClick={() => onShow(thing)}><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="6" /><path d="M12 2v6M12 16v6M2 12h6M16 12h6" /></svg></button>}
                  {onRemove && <button type="button" className={styles.remove} aria-label={t('mapview.take_out', { label: thing.label })} onClick={() => onRemove(thing.id)}>×</button>}
                </li>
              );
            })}
          </ul>
          {(totals[kind] ?? 0) > things.filter((thing) => thing.kind === kind).length && <p className={styles.hint}>{t('mapview.not_all')}</p>}
        </section>
      ))}
    </>
  );
}
