import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { MarkLayer } from './MarkLayer.tsx';
import { isFar, type Point, type Shape } from './marks.ts';
import styles from './Marks.module.css';

interface Props {
  size: { w: number; h: number };
  shapes: Shape[];
  /** The shape that a path is on its way to. */
  preview(path: Point[]): Shape | null;
  onDrawn(path: Point[]): void;
}

const KEYS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** A key moves the cross by so much of the photo's width. */
const STEP = 1 / 40;

/** What one draws on, over a photo: with finger, pen or mouse; by keys with a cross that the arrows move and Enter puts down and lifts. */
export function MarkSheet({ size: { w, h }, shapes, preview, onDrawn }: Props) {
  const { t } = useTexts();
  const path = useRef<Point[]>([]);
  const [shown, setShown] = useState<Point[]>([]);
  const [cross, setCross] = useState<Point | null>(null);
  const isDown = useRef(false);

  function add(point: Point): void {
    if (!isFar(path.current, point, w)) return;
    path.current = [...path.current, point];
    setShown(path.current);
  }

  function pointOf(event: PointerEvent<SVGSVGElement>): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return [Math.round(((event.clientX - box.left) / box.width) * w), Math.round(((event.clientY - box.top) / box.height) * h)];
  }

  function lift(): void {
    if (!isDown.current) return;
    isDown.current = false;
    onDrawn(path.current);
    path.current = [];
    setShown([]);
  }

  function key(event: KeyboardEvent): void {
    const at = cross ?? [Math.round(w / 2), Math.round(h / 2)];
    const move = KEYS[event.key];

    if (move) {
      const next: Point = [Math.min(w, Math.max(0, Math.round(at[0] + move[0] * w * STEP))), Math.min(h, Math.max(0, Math.round(at[1] + move[1] * w * STEP)))];
      setCross(next);
      if (isDown.current) add(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (isDown.current) lift();
      else {
        isDown.current = true;
        setCross(at);
        add(at);
      }
    } else return;
    event.preventDefault();
  }

  const under_way = shown.length > 0 ? preview(shown) : null;
  const arm = w / 30;

  return (
    <svg
      className={`${styles.layer} ${styles.sheet}`}
      viewBox={`0 0 ${w} ${h}`}
      tabIndex={0}
      role="application"
      aria-label={t('field.mark.how')}
      onKeyDown={key}
      onBlur={() => setCross(null)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isDown.current = true;
        setCross(null);
        add(pointOf(event));
      }}
      onPointerMove={(event) => isDown.current && add(pointOf(event))}
      onPointerUp={lift}
      onPointerCancel={lift}
    >
      <MarkLayer layer={{ w, h, shapes: under_way ? [...shapes, under_way] : shapes }} />
      {cross && <path className={styles.cross} strokeWidth={w / 300} d={`M${cross[0] - arm} ${cross[1]}h${2 * arm}M${cross[0]} ${cross[1] - arm}v${2 * arm}`} />}
    </svg>
  );
}
