import { Button } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PlanEditor.module.css';
import type { ControlPoint, Fit } from './affine.ts';
import { coordinateText } from './coordinates.ts';

interface Props {
  pairs: ControlPoint[];
  found: Fit | null;
  language: string;
  onRemove(number: number): void;
}

/** The pairs of points, how far each lies from where the fit puts it, and what the fit says of the drawing. */
export function PairTable({ pairs, found, language, onRemove }: Props) {
  const { t } = useTexts();
  if (pairs.length === 0) return null;
  const number = (value: number, digits: number): string =>
    new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'nb-NO', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead><tr><th scope="col">#</th><th scope="col">{t('floorplan.drawing')}</th><th scope="col">{t('floorplan.map')} (E, N)</th><th scope="col">{t('floorplan.residual')}</th><th /></tr></thead>
        <tbody>
          {pairs.map((pair, i) => (
            <tr key={`${pair.drawing.join()} ${pair.map.join()}`}>
              <th scope="row">{i + 1}</th>
              <td>{number(pair.drawing[0], 1)} · {number(pair.drawing[1], 1)}</td>
              <td>{coordinateText(pair.map[0], language)} · {coordinateText(pair.map[1], language)}</td>
              <td>{found ? `${number(found.residuals[i] ?? 0, 2)} m` : '–'}</td>
              <td><Button variant="tertiary" data-size="sm" aria-label={t('floorplan.remove_pair', { n: i + 1 })} onClick={() => onRemove(i)}>×</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {found && <p role="status">{t('floorplan.rms', { rms: number(found.rms, 2), scale: `${number(found.scale[0], 4)} m`, turned: number(found.turned, 1) })}</p>}
    </div>
  );
}
