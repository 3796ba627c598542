import { useTexts } from '../../shared/useTexts.ts';
import styles from './Legend.module.css';
import { LegendSymbol } from './LegendSymbol.tsx';
import { GRADES, LAYERS, type LayerName, SHOWN_BELOW, WORK_TONES, gradeText, layerText, toneText } from './layers.ts';

interface Props {
  layers: LayerName[];
  byCondition: boolean;
  /** Metres a pixel: what is too far away is said to be. */
  resolution: number;
  onChange(layers: LayerName[], byCondition: boolean): void;
}

/** Which layers are shown, and what their looks mean: never colour alone. */
export function Legend({ layers, byCondition, resolution, onChange }: Props) {
  const { t } = useTexts();
  const toggle = (layer: LayerName): void =>
    onChange(layers.includes(layer) ? layers.filter((other) => other !== layer) : [...layers, layer], byCondition);
  return (
    <div className={styles.legend}>
      <fieldset className={styles.group}>
        <legend className={styles.title}>{t('mapview.layers')}</legend>
        {LAYERS.toReversed().map((layer) => (
          <div key={layer}>
            <label className={styles.check}>
              <input type="checkbox" checked={layers.includes(layer)} onChange={() => toggle(layer)} />
              <LegendSymbol layer={layer} />
              {t(layerText(layer))}
              {layers.includes(layer) && resolution > SHOWN_BELOW[layer] && <span className={styles.far}>{t('mapview.zoom_closer')}</span>}
            </label>
            {(layer === 'task' || layer === 'case') && layers.includes(layer) && (
              <ul className={styles.looks}>
                {WORK_TONES.map((tone) => <li key={tone}><LegendSymbol layer={layer} tone={tone} />{t(toneText(tone))}</li>)}
              </ul>
            )}
          </div>
        ))}
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.title}>{t('mapview.condition')}</legend>
        <label className={styles.check}>
          <input type="checkbox" checked={byCondition} onChange={() => onChange(layers, !byCondition)} />
          {t('mapview.by_condition')}
        </label>
        {byCondition && (
          <ul className={styles.looks}>
            {GRADES.map((grade) => <li key={grade}><LegendSymbol layer="building" grade={grade} />{t(gradeText(grade))}</li>)}
          </ul>
        )}
      </fieldset>
    </div>
  );
}
