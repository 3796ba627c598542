import { useEffect, useState } from 'react';
import { toUtm32, type Point } from '../logic/position.ts';

const MAX_AGE_MS = 60_000;
const WAIT_MS = 15_000;

/** Where the tablet is, if it may tell; null when it cannot. Works without a network. */
export function usePosition(): Point | null {
  const [point, setPoint] = useState<Point | null>(null);

  useEffect(() => {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => setPoint(toUtm32(coords.longitude, coords.latitude)),
      () => setPoint(null),
      { enableHighAccuracy: true, maximumAge: MAX_AGE_MS, timeout: WAIT_MS },
    );
  }, []);
  return point;
}
