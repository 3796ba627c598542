import type { Place } from '../shared/types.ts';
import { type Choice, SearchChoice } from './SearchChoice.tsx';

interface Props {
  label: string;
  chosen: Choice | null;
  onChoose(choice: Choice | null): void;
  error?: string | undefined;
}

/** A place by any part of its name or address. */
export function PlaceChoice({ label, chosen, onChoose, error }: Props) {
  return (
    <SearchChoice<Place>
      label={label}
      path={(words) => `/api/v1/places?limit=20&q=${encodeURIComponent(words)}`}
      choiceOf={(place) => ({ id: place.id, label: place.label })}
      chosen={chosen}
      onChoose={onChoose}
      error={error}
    />
  );
}
