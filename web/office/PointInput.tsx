import { Button } from '@digdir/designsystemet-react';
import { Suspense, lazy, useState } from 'react';
import { Loading } from '../shared/ui/Loading.tsx';
import { useTexts } from '../shared/useTexts.ts';
import input from './FieldInput.module.css';
import styles from './PointInput.module.css';
import type { Value } from './edits.ts';
import { parseCoordinate } from './map/coordinates.ts';
import { useProject } from './map/useProject.ts';
import { type Xy, pointOf, pointText, pointValue } from './points.ts';

const PointMap = lazy(async () => ({ default: (await import('./map/PointMap.tsx')).PointMap }));

interface Props {
  id: string;
  value: Value;
  /** Where the map opens when there is no position. */
  near: Xy | null;
  onChange(value: Value): void;
}

/** A position: written as a coordinate, or chosen on the map. */
export function PointInput({ id, value, near, onChange }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null); /* null: nobody is writing */
  const [showsMap, setShowsMap] = useState(false);
  const project = useProject();
  const parse = (written: string): Xy | null => project && parseCoordinate(written, '25832', project.from);
  const isWrong = text !== null && text.trim() !== '' && !parse(text);

  function write(written: string): void {
    setText(written);
    const at = parse(written);
    if (at) onChange(pointValue(at));
    else if (written.trim() === '') onChange(null);
  }

  function choose(at: Xy | null): void {
    setText(null);
    onChange(at && pointValue(at));
  }

  return (
    <div className={styles.point}>
      <input
        id={id}
        className={input.input}
        type="text"
        inputMode="text"
        autoComplete="off"
        placeholder={t('reg.position_none')}
        value={text ?? pointText(value)}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-fault` : `${id}-hint`}
        onChange={(event) => write(event.target.value)}
        onBlur={() => !isWrong && setText(null)}
      />
      {isWrong && <p id={`${id}-fault`} className={styles.fault} role="alert">{t('mapview.go_wrong')}</p>}
      <p id={`${id}-hint`} className={styles.hint}>{t('reg.position_hint')}</p>
      <div className={styles.buttons}>
        <Button type="button" variant="secondary" data-size="sm" aria-expanded={showsMap} onClick={() => setShowsMap(!showsMap)}>{t(showsMap ? 'reg.position_hide_map' : 'reg.position_on_map')}</Button>
        {value !== null && <Button type="button" variant="tertiary" data-size="sm" onClick={() => choose(null)}>{t('reg.position_remove')}</Button>}
      </div>
      {showsMap && <Suspense fallback={<Loading />}><PointMap at={pointOf(value)} near={near} onChoose={choose} /></Suspense>}
    </div>
  );
}
