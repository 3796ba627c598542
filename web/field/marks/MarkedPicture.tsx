import type { Row } from '../sync/view.ts';
import { StoredPicture } from '../ui/StoredPicture.tsx';
import { MarkLayer } from './MarkLayer.tsx';
import { layersOf } from './marks.ts';
import styles from './Marks.module.css';

interface Props {
  photo: Row;
  marks: Row[];
  alt: string;
}

/** A photo among others, cut to their size, with what was drawn over it; the way to see it whole. */
export function MarkedPicture({ photo, marks, alt }: Props) {
  return (
    <a className={styles.frame} href={`#/photo/${photo.id}`}>
      <StoredPicture sha256={String(photo.d.sha256)} alt={alt} />
      {layersOf(marks).map((layer, i) => (
        <svg key={i} className={styles.layer} viewBox={`0 0 ${layer.w} ${layer.h}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
          <MarkLayer layer={layer} />
        </svg>
      ))}
    </a>
  );
}
