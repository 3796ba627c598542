import { useEffect, useState } from 'react';
import type { Xy } from './drawing.ts';
import type { CrsName } from './mapState.ts';

export interface Project {
  to(at: Xy, crs: CrsName): Xy;
  from(at: Xy, crs: CrsName | '4326'): Xy;
}

/** The projections, which come with the map: null until they are here. */
export function useProject(): Project | null {
  const [project, setProject] = useState<Project | null>(null);
  useEffect(() => {
    let gone = false;
    import('../../shared/map/projections.ts').then(({ toCrs, fromCrs }) => {
      if (!gone) setProject({ to: (at, crs) => toCrs(at, `EPSG:${crs}`), from: (at, crs) => fromCrs(at, `EPSG:${crs}`) });
    }).catch(() => {}); /* the map then says that it failed */
    return () => {
      gone = true;
    };
  }, []);
  return project;
}
