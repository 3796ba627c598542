import { Button } from '@digdir/designsystemet-react';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './CoordinateBar.module.css';
import { axesOf, coordinateText, parseCoordinate } from './coordinates.ts';
import type { CrsName } from './mapState.ts';
import type { Xy } from './drawing.ts';
import { useProject } from './useProject.ts';

interface Props {
  crs: CrsName;
  /** Where the pointer is, else the middle; metres in EPSG:25832. */
  at: Xy | null;
  isPointer: boolean;
  onCrs(crs: CrsName): void;
  onGo(to: Xy): void;
}

/** Where the pointer is, in the projection chosen; and a way to a coordinate that somebody has written down. */
export function CoordinateBar({ crs, at, isPointer, onCrs, onGo }: Props) {
  const { t, language } = useTexts();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const project = useProject();
  const axes = axesOf(crs);
  const shown = at && project ? project.to(at, crs) : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = project && parseCoordinate(text, crs, project.from);
    setWrong(!found);
    if (found) onGo(found);
  }

  return (
    <div className={styles.bar}>
      <label className={styles.crs}>
        <span className="ds-sr-only">{t('mapview.projection')}</span>
        <select value={crs} onChange={(event) => onCrs(event.target.value === '3857' ? '3857' : '25832')}>
          <option value="25832">EPSG:25832 (UTM 32)</option>
          <option value="3857">EPSG:3857 (Web Mercator)</option>
        </select>
      </label>
      <output className={styles.at} aria-label={isPointer ? t('mapview.at_pointer') : t('mapview.at_middle')}>
        {shown && <><b>{axes[0]}</b> {coordinateText(shown[0], language)} <b>{axes[1]}</b> {coordinateText(shown[1], language)}</>}
      </output>
      <form className={styles.go} onSubmit={submit}>
        <input
          type="text"
          inputMode="decimal"
          aria-label={t('mapview.go_label', { axes: axes.join(', ') })}
          placeholder={t('mapview.go_label', { axes: axes.join(', ') })}
          aria-invalid={wrong}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
        />
        <Button type="submit" variant="secondary" data-size="sm">{t('mapview.go')}</Button>
        {wrong && <span className={styles.wrong} role="alert">{t('mapview.go_wrong')}</span>}
      </form>
    </div>
  );
}
