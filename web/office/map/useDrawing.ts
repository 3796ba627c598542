import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import type { Transform } from './affine.ts';
import { DrawingError, fetchDrawing, kindOf, openDrawing, readDxf } from './drawingFile.ts';
import type { Shown } from './placing.ts';
import type { DxfPreview, FloorPlan, PlanKind } from './types.ts';

export interface DrawingState {
  file: File | null;
  kind: PlanKind;
  shown: Shown | null;
  page: number;
  pages: number;
  /** Of a DXF: those with closed polylines. */
  layers: DxfPreview['layers'] | null;
  layer: string | null;
  busy: boolean;
  fault: DrawingError['reason'] | null;
  error: ApiError | null;
  open(file: File): void;
  setPage(page: number): void;
  setLayer(layer: string | null): void;
  makeRooms(transform: Transform): Promise<DxfPreview>;
}

interface Read {
  shown: Shown;
  pages: number;
  layers: DxfPreview['layers'] | null;
}

async function read(storey: string, kind: PlanKind, file: Blob, page: number, layer: string | null): Promise<Read> {
  if (kind === 'dxf') {
    const preview = await readDxf(storey, file, layer, null, true);
    if (preview.rooms.length === 0) throw new DrawingError('unreadable');
    return { shown: { rooms: preview.rooms }, pages: 1, layers: preview.layers };
  }
  const picture = await openDrawing(kind, file, page);
  return { shown: { picture }, pages: picture.pages, layers: null };
}

/** The drawing that is being placed: a file that was chosen, or that of a plan that is kept. */
export function useDrawing(storey: string, plan: FloorPlan | null): DrawingState {
  const [file, setFile] = useState<File | null>(null);
  const [kind, setKind] = useState<PlanKind>(plan?.kind ?? 'image');
  const [page, setPage] = useState(plan?.page ?? 1);
  const [layer, setLayer] = useState<string | null>(null);
  const [found, setFound] = useState<Read | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<DrawingState['fault']>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const bytes = useRef<Blob | null>(null);

  useEffect(() => {
    if (!file && !plan) return;
    let gone = false;
    setBusy(true);
    setFault(null);
    setError(null);
    (async () => {
      bytes.current = file ?? (await fetchDrawing(plan!.sha256));
      const next = await read(storey, kind, bytes.current, page, layer);
      if (!gone) setFound(next);
    })().catch((failure: unknown) => {
      if (gone) return;
      setFound(null);
      if (failure instanceof DrawingError) setFault(failure.reason);
      else if (failure instanceof ApiError) setError(failure);
      else setFault('unreadable');
    }).finally(() => {
      if (!gone) setBusy(false);
    });
    return () => {
      gone = true;
    };
  }, [file, plan, storey, kind, page, layer]);

  return {
    file, kind, page, layer, busy, fault, error, setPage, setLayer,
    shown: found?.shown ?? null,
    pages: found?.pages ?? 1,
    layers: found?.layers ?? null,
    open(next) {
      const what = kindOf(next);
      setFound(null);
      if (!what) return setFault('unreadable');
      setKind(what);
      setPage(1);
      setLayer(null);
      setFile(next);
    },
    makeRooms: (transform) => readDxf(storey, bytes.current!, layer, transform, false),
  };
}
