import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import type { List } from '../../../shared/types.ts';
import { Loading } from '../../../shared/ui/Loading.tsx';
import { useApi } from '../../../shared/useApi.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { ValidFrom } from '../../ValidFrom.tsx';
import { validFromOf } from '../../validFrom.ts';
import { PlaceFilter } from '../PlaceFilter.tsx';
import { useRegister } from '../context.ts';
import type { PlaceItem, PlaceRow } from '../types.ts';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { undoOf } from '../undoOf.ts';

const SIBLINGS_MAX = 200;

/** Makes one place of several: what lies in the others goes to this one. */
export function MergeDialog({ place, onClose }: { place: PlaceRow; onClose(): void }) {
  const { t, tn } = useTexts();
  const { tree, changed, say } = useRegister();
  const siblings = useApi<List<PlaceItem>>(place.parent_id && `/api/v1/places/${place.parent_id}/children?limit=${SIBLINGS_MAX}`);
  const [extra, setExtra] = useState<PlaceItem[]>([]);
  const [chosen, setChosen] = useState<string[]>([]);
  const [validFrom, setValidFrom] = useState('');
  const choices = [...extra, ...(siblings.data?.items ?? []).filter((each) => !extra.some((other) => other.id === each.id))]
    .filter((each) => each.kind === place.kind && each.id !== place.id);

  async function merge(): Promise<void> {
    const answer = await api<unknown>('POST', `/api/v1/places/${place.id}/merge`, { others: chosen, row_v: place.row_v, ...validFromOf(validFrom) });
    if (place.parent_id) tree.reload(place.parent_id);
    tree.reload(place.id);
    changed();
    say(tn('reg.merged', chosen.length, { name: place.label }), undoOf(answer, changed));
  }

  return (
    <FormDialog title={t('reg.merge_title', { name: place.label })} doIt={t('reg.merge_do')} canDo={chosen.length > 0} onDo={merge} onClose={onClose}>
      <p>{t('reg.merge_how', { name: place.name })}</p>
      {siblings.loading && <Loading />}
      <ul className={styles.list}>
        {choices.map((each) => (
          <li key={each.id}>
            <label className={styles.check}>
              <input type="checkbox" checked={chosen.includes(each.id)} onChange={(event) => setChosen(event.target.checked ? [...chosen, each.id] : chosen.filter((id) => id !== each.id))} />
              {each.name}
            </label>
          </li>
        ))}
      </ul>
      <PlaceFilter
        label={t('reg.merge_find')}
        kinds={[place.kind]}
        onPick={(found) => {
          setExtra([found, ...extra.filter((each) => each.id !== found.id)]);
          if (found.id !== place.id && !chosen.includes(found.id)) setChosen([...chosen, found.id]);
        }}
      />
      <div><ValidFrom value={validFrom} onChange={setValidFrom} /></div>
    </FormDialog>
  );
}
