import { api, query } from '../../../shared/api.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { closeDetail, openComponent, openPlace } from '../address.ts';
import { useRegister } from '../context.ts';
import { ROOT } from '../tree.ts';
import type { ComponentRow, PlaceRow } from '../types.ts';
import { FormDialog } from './FormDialog.tsx';

interface Props {
  place?: PlaceRow;
  component?: ComponentRow;
  onClose(): void;
}

/** Deletes what nothing uses; says what does otherwise. It can be brought back. */
export function DeleteDialog({ place, component, onClose }: Props) {
  const { t, tn } = useTexts();
  const { tree, changed, say } = useRegister();
  const name = place?.label ?? component?.name ?? '';
  const path = place ? `/api/v1/places/${place.id}` : `/api/v1/components/${component!.id}`;
  const above = place ? place.parent_id : component!.place_id;

  async function remove(): Promise<void> {
    await api<unknown>('DELETE', `${path}${query({ row_v: place?.row_v ?? component?.row_v })}`);
    /* focus and eye go to what it lay in */
    if (above) openPlace(above);
    else closeDetail();
    if (place) tree.reload(above ?? ROOT);
    changed();
    say(t('reg.deleted', { name }), async () => {
      await api<unknown>('POST', `${path}/restore`);
      if (place) tree.reload(above ?? ROOT);
      changed();
      if (place) openPlace(place.id);
      else openComponent(component!.id);
    });
  }

  return (
    <FormDialog title={t('reg.delete_title', { name })} doIt={t('reg.delete_do')} isDangerous onDo={remove} onClose={onClose}>
      <p>{place && place.children > 0 ? tn('reg.delete_all', place.children) : t('reg.delete_one')}</p>
    </FormDialog>
  );
}
