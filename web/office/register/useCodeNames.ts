import { useMemo } from 'react';
import type { CodeNames } from './changeWords.ts';
import { useBuildingTypes, useElements } from './lists.ts';

/** What codes are called, for what is told of changes. */
export function useCodeNames(): CodeNames {
  const types = useBuildingTypes(true);
  const elements = useElements();
  return useMemo(() => {
    const typeNames = new Map(types.map((type) => [type.code, type.name]));
    const elementNames = new Map(elements.map((element) => [element.code, element.name]));
    return { buildingType: (code) => typeNames.get(code) ?? null, element: (code) => elementNames.get(code) ?? null };
  }, [types, elements]);
}
