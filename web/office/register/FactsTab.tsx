import { useTexts } from '../../shared/useTexts.ts';
import { EditFields } from '../EditFields.tsx';
import { FactList } from './FactList.tsx';
import { useRegister } from './context.ts';
import { useBuildingTypes } from './lists.ts';
import { type Lists, fieldsOf, valuesOf } from './placeFields.ts';
import type { PlaceRow } from './types.ts';
import { undoOf } from './undoOf.ts';

const NO_USES: string[] = [];

/** What a place is, to read and change. */
export function FactsTab({ place, reload }: { place: PlaceRow; reload(): void }) {
  const { t } = useTexts();
  const { at, changed, say } = useRegister();
  const lists: Lists = { buildingTypes: useBuildingTypes(place.kind === 'building'), uses: NO_USES };
  const values = valuesOf(place);
  const fields = fieldsOf(place, t, lists);
  if (at) return <FactList fields={fields} values={values} />;
  return (
    <EditFields
      path={`/api/v1/places/${place.id}`}
      values={values}
      rowV={place.row_v}
      fields={fields}
      reload={reload}
      hasHistory
      onSaved={(answer) => {
        changed();
        say(t('reg.saved', { name: place.label }), undoOf(answer, changed));
      }}
    />
  );
}
