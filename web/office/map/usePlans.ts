import { useEffect, useMemo, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import type { List } from '../../shared/types.ts';
import { useApi } from '../../shared/useApi.ts';
import { type Picture, fetchDrawing, openDrawing } from './drawingFile.ts';
import type { Drawn } from './planLayer.ts';
import { placedPicture } from './placing.ts';
import type { FloorPlan } from './types.ts';

export interface PlansState {
  plans: FloorPlan[];
  /** Those whose file is here, as the map draws them: the newest on top. */
  drawn: Drawn[];
  loading: boolean;
  error: ApiError | undefined;
  opacityOf(plan: FloorPlan): number;
  /** For this look at the map, and a moment later for everybody. */
  setOpacity(plan: FloorPlan, opacity: number): void;
  remove(plan: FloorPlan): void;
  reload(): void;
}

const NONE: FloorPlan[] = [];
const SAVE_MS = 800;

/** Floor plans of a storey with their files opened. */
export function usePlans(storey: string | null): PlansState {
  const list = useApi<List<FloorPlan>>(storey ? `/api/v1/storeys/${storey}/plans` : null);
  const plans = list.data?.items ?? NONE;
  const [pictures, setPictures] = useState<ReadonlyMap<string, Picture>>(new Map());
  const [strengths, setStrengths] = useState<ReadonlyMap<string, number>>(new Map());
  const [failed, setFailed] = useState<ApiError | undefined>();

  useEffect(() => {
    let gone = false;
    for (const plan of plans) {
      if (plan.kind === 'dxf' || pictures.has(plan.id)) continue;
      const { id, kind, page } = plan;
      fetchDrawing(plan.sha256)
        .then((file) => openDrawing(kind === 'pdf' ? 'pdf' : 'image', file, page))
        .then((picture) => !gone && setPictures((before) => new Map(before).set(id, picture)))
        .catch(() => {}); /* it stands in the list, only its drawing is missing */
    }
    return () => {
      gone = true;
    };
  }, [plans]);

  const { reload } = list;
  useEffect(() => {
    const changed = plans.find((plan) => strengths.has(plan.id) && strengths.get(plan.id) !== plan.opacity);
    if (!changed) return;
    const timer = setTimeout(() => {
      api('PATCH', `/api/v1/floor-plans/${changed.id}`, { row_v: changed.row_v, opacity: strengths.get(changed.id) })
        .then(reload)
        .catch((failure: unknown) => setFailed(failure instanceof ApiError ? failure : undefined));
    }, SAVE_MS);
    return () => clearTimeout(timer);
  }, [plans, strengths, reload]);

  const opacityOf = (plan: FloorPlan): number => strengths.get(plan.id) ?? plan.opacity;
  const drawn = useMemo(() => plans.toReversed().flatMap((plan) => {
    const picture = pictures.get(plan.id);
    return picture ? [placedPicture(picture, plan.transform, strengths.get(plan.id) ?? plan.opacity)] : [];
  }), [plans, pictures, strengths]);

  return {
    plans, drawn, opacityOf, reload,
    loading: list.loading,
    error: list.error ?? failed,
    setOpacity: (plan, opacity) => setStrengths((before) => new Map(before).set(plan.id, opacity)),
    remove(plan) {
      api('DELETE', `/api/v1/floor-plans/${plan.id}?row_v=${plan.row_v}`)
        .then(reload)
        .catch((failure: unknown) => setFailed(failure instanceof ApiError ? failure : undefined));
    },
  };
}
