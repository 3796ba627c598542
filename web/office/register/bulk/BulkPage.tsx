import { Button, Heading } from '@digdir/designsystemet-react';
import { useId, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ApiError } from '../../../shared/problem.ts';
import { Failure } from '../../../shared/ui/Failure.tsx';
import { useDraft } from '../../../shared/useDraft.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import input from '../../FieldInput.module.css';
import { ValidFrom } from '../../ValidFrom.tsx';
import { validFromOf } from '../../validFrom.ts';
import type { Value, Values } from '../../edits.ts';
import { LabelButton } from '../LabelButton.tsx';
import { openBulk } from '../address.ts';
import { useRegister } from '../context.ts';
import { useBuildingTypes, useElements } from '../lists.ts';
import { DialogField } from '../dialogs/DialogField.tsx';
import { undoOf, xidOf } from '../undoOf.ts';
import type { BulkAnswer } from '../types.ts';
import styles from './BulkPage.module.css';
import { BulkPreview } from './BulkPreview.tsx';
import { bulkFields } from './bulkFields.ts';
import { useCodes } from './useCodes.ts';

const none = (): Values => ({});

/** Changes all that is marked in one go: which fields, what would happen, then it; with a way back. */
export function BulkPage() {
  const { t, tn } = useTexts();
  const { marks, changed, say } = useRegister();
  const { tbl, ids } = marks.selection;
  const [set, change, forget] = useDraft<Values>(`bulk.${tbl}`, none);
  const [validFrom, setValidFrom] = useState('');
  const [preview, setPreview] = useState<BulkAnswer | null>(null);
  const [done, setDone] = useState<BulkAnswer | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const elements = useElements(tbl === 'component');
  const types = useBuildingTypes(tbl === 'place');
  const fields = bulkFields(tbl, t, elements, types);
  const codes = useCodes(tbl, ids);
  const id = useId();
  const chosen = fields.filter((field) => field.name in set);
  const rest = fields.filter((field) => !(field.name in set));

  function edit(make: (before: Values) => Values): void {
    change(make);
    setPreview(null);
    setDone(null);
  }

  async function ask(isDry: boolean): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const answer = await api<BulkAnswer>('POST', '/api/v1/bulk', { tbl, ids, set, dry_run: isDry, ...(!isDry && preview && { count: preview.count }), ...validFromOf(validFrom) }, { wait_ms: 120_000 });
      if (isDry) return setPreview(answer);
      setPreview(null);
      setDone(answer);
      forget();
      changed();
      const undo = undoOf(answer, changed);
      say(tn('reg.bulk_done', answer.count), undo && (async () => {
        await undo();
        setDone(null);
      }));
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  if (ids.length === 0) return (
    <div className={styles.page}>
      <Heading level={2} data-size="xs">{t('reg.bulk_title')}</Heading>
      <p>{t('reg.bulk_none')}</p>
      <div><Button variant="secondary" data-size="sm" onClick={() => openBulk(false)}>{t('reg.back')}</Button></div>
    </div>
  );
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Heading level={2} data-size="xs" className={styles.title}>{t('reg.bulk_title')}</Heading>
        <Button variant="tertiary" data-size="sm" onClick={() => openBulk(false)}>{t('office.close')}</Button>
      </div>
      <p>{tbl === 'place' ? tn('reg.marked_places', ids.length) : tn('reg.marked_components', ids.length)}{codes.length > 0 && <> · <LabelButton codes={codes} text={tn('reg.labels_print', codes.length)} /></>}</p>
      <div className={styles.fields}>
        {chosen.map((field) => (
          <div key={field.name} className={styles.field}>
            <DialogField field={field} value={set[field.name] ?? null} onChange={(value: Value) => edit((before) => ({ ...before, [field.name]: value }))} />
            <Button type="button" variant="tertiary" data-size="sm" onClick={() => edit(({ [field.name]: _, ...others }) => others)}>{t('reg.bulk_less')}</Button>
          </div>
        ))}
        <div className={styles.choice}>
          <label htmlFor={id}>{t(chosen.length === 0 ? 'reg.bulk_field' : 'reg.bulk_more')}</label>
          <select id={id} className={input.input} value="" onChange={(event) => edit((before) => ({ ...before, [event.target.value]: null }))}>
            <option value="">{t('reg.bulk_choose')}</option>
            {rest.map((field) => <option key={field.name} value={field.name}>{field.label}</option>)}
          </select>
        </div>
      </div>
      {chosen.length > 0 && <div><ValidFrom value={validFrom} onChange={(value) => { setValidFrom(value); setPreview(null); }} /></div>}
      {error && <Failure error={error} />}
      {preview && <BulkPreview answer={preview} tbl={tbl} />}
      {done && <p role="status" className={styles.done}>{tn('reg.bulk_done', done.count)}{xidOf(done) && ` ${t('reg.bulk_in_history')}`}</p>}
      <div className={styles.buttons}>
        {preview && preview.count > 0
          ? <Button loading={busy} disabled={busy} onClick={() => void ask(false)}>{tn('reg.bulk_do', preview.count)}</Button>
          : <Button variant="secondary" loading={busy} disabled={busy || chosen.length === 0} onClick={() => void ask(true)}>{t('reg.preview')}</Button>}
        {preview && <Button variant="tertiary" onClick={() => setPreview(null)}>{t('office.cancel')}</Button>}
      </div>
    </div>
  );
}
