import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { ValidFrom } from '../../ValidFrom.tsx';
import { validFromOf } from '../../validFrom.ts';
import { PlaceFilter } from '../PlaceFilter.tsx';
import { kindsAbove } from '../actions.ts';
import { ROOT } from '../tree.ts';
import { useRegister } from '../context.ts';
import type { ComponentRow, PlaceItem, PlaceKind, PlaceRow } from '../types.ts';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { undoOf } from '../undoOf.ts';

const COMPONENT_PLACES: PlaceKind[] = ['property', 'building', 'storey', 'dwelling', 'room', 'outdoor_area'];

interface Props {
  place?: PlaceRow;
  component?: ComponentRow;
  onClose(): void;
}

/** Moves a place with all that lies in it, or a component, to where it really is. */
export function MoveDialog({ place, component, onClose }: Props) {
  const { t } = useTexts();
  const { tree, changed, say } = useRegister();
  const [to, setTo] = useState<PlaceItem | null>(null);
  const [validFrom, setValidFrom] = useState('');
  const name = place?.label ?? component?.name ?? '';
  const rowV = place?.row_v ?? component?.row_v ?? 0;

  async function move(): Promise<void> {
    if (!to) return;
    const path = place ? `/api/v1/places/${place.id}/move` : `/api/v1/components/${component!.id}/move`;
    const answer = await api<unknown>('POST', path, { [place ? 'parent' : 'place_id']: to.id, row_v: rowV, ...validFromOf(validFrom) });
    if (place) {
      tree.reload(place.parent_id ?? ROOT);
      tree.reload(to.id);
    }
    changed();
    say(t('reg.moved', { name, to: to.label }), undoOf(answer, changed));
  }

  return (
    <FormDialog title={t('reg.move_title', { name })} doIt={t('reg.move_do')} canDo={to !== null} onDo={move} onClose={onClose}>
      {to ? (
        <p className={styles.chosen}>{to.label} <Button type="button" variant="tertiary" data-size="sm" onClick={() => setTo(null)}>{t('reg.choose_other')}</Button></p>
      ) : (
        <PlaceFilter label={t('reg.move_to')} kinds={place ? kindsAbove(place.kind) : COMPONENT_PLACES} onPick={setTo} />
      )}
      {place && place.children > 0 && <p className={styles.hint}>{t('reg.move_all')}</p>}
      <div><ValidFrom value={validFrom} onChange={setValidFrom} /></div>
    </FormDialog>
  );
}
