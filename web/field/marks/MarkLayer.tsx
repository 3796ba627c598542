import { pathOf, type Layer } from './marks.ts';
import styles from './Marks.module.css';

const LINE = 1 / 140;
const LETTER = 1 / 22;

/** The shapes of a layer, each with a light rim so that it is seen on any photo. Inside an SVG in the photo's dots. */
export function MarkLayer({ layer: { w, shapes } }: { layer: Layer }) {
  return (
    <>
      {shapes.map((shape, i) =>
        shape.kind === 'text' ? (
          <text key={i} className={styles.text} x={shape.points[0]![0]} y={shape.points[0]![1]} fill={shape.color} fontSize={w * LETTER} strokeWidth={w * LINE}>
            {shape.text}
          </text>
        ) : (
          <g key={i}>
            <path className={styles.halo} d={pathOf(shape, w)} strokeWidth={w * LINE * 2} />
            <path className={styles.ink} d={pathOf(shape, w)} stroke={shape.color} strokeWidth={w * LINE} />
          </g>
        ),
      )}
    </>
  );
}
