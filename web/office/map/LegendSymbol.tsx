import styles from './Legend.module.css';
import { GRADE_COLORS, GRADE_EDGE, GRADE_EDGES, type Grade, type LayerName, TONE_COLORS, type WorkTone } from './layers.ts';

interface Props {
  layer: LayerName;
  tone?: WorkTone;
  grade?: Grade;
}

/** The look of one thing on the map, in its legend. */
export function LegendSymbol({ layer, tone = 'open', grade }: Props) {
  return (
    <svg className={styles.symbol} viewBox="0 0 24 24" aria-hidden="true">
      {layer === 'property' && <rect x="3" y="5" width="18" height="14" fill="none" stroke="#8a5a00" strokeWidth="2" strokeDasharray="5 3" />}
      {layer === 'outdoor_area' && <rect x="3" y="5" width="18" height="14" fill="#bcd3b8" stroke="#4d7f46" />}
      {layer === 'building' && !grade && <rect x="4" y="5" width="16" height="14" fill="#b3c6c8" stroke="#4f6b6e" />}
      {layer === 'building' && grade && (
        <rect
          x="4" y="5" width="16" height="14" fill={GRADE_COLORS[grade]}
          stroke={GRADE_EDGE} strokeWidth={GRADE_EDGES[grade].width} strokeDasharray={GRADE_EDGES[grade].dash.join(' ')}
        />
      )}
      {layer === 'component' && <path d="M12 4 20 12 12 20 4 12z" fill={grade ? GRADE_COLORS[grade] : '#4a5f8a'} />}
      {layer === 'task' && <circle cx="12" cy="12" r="8" fill={TONE_COLORS[tone]} />}
      {layer === 'case' && <path d="M12 3 22 20H2z" fill={TONE_COLORS[tone]} />}
      {(layer === 'task' || layer === 'case') && tone === 'late' && <path d="M12 8v6M12 16v2" stroke="#ffffff" strokeWidth="2.5" />}
    </svg>
  );
}
