import { useId, useState } from 'react';
import { api, query } from '../../../shared/api.ts';
import type { List } from '../../../shared/types.ts';
import { Failure } from '../../../shared/ui/Failure.tsx';
import { Loading } from '../../../shared/ui/Loading.tsx';
import { useApi } from '../../../shared/useApi.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import input from '../../FieldInput.module.css';
import { openTab } from '../address.ts';
import { useRegister } from '../context.ts';
import type { PlaceRow } from '../types.ts';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { undoOf } from '../undoOf.ts';

interface Template {
  id: string;
  name: string;
  /** Made for the building's type. */
  fits: boolean;
}

/** Fills a building with the components its type usually has. */
export function TemplateDialog({ building, onClose }: { building: PlaceRow; onClose(): void }) {
  const { t, tn } = useTexts();
  const { changed, say } = useRegister();
  const type = building.details?.['type_code'];
  const templates = useApi<List<Template>>(`/api/v1/templates${query({ type: typeof type === 'number' ? type : null })}`);
  const [chosen, setChosen] = useState<string | null>(null);
  const id = useId();
  const items = templates.data?.items ?? [];
  const fits = items.find((each) => each.fits);
  const template = items.find((each) => each.id === chosen) ?? fits ?? items[0];

  async function use(): Promise<void> {
    if (!template) return;
    const answer = await api<{ count: number }>('POST', `/api/v1/places/${building.id}/template`, { template: template.id });
    changed();
    openTab('components');
    say(answer.count > 0 ? tn('reg.template_used', answer.count, { name: template.name }) : t('reg.template_there', { name: template.name }), undoOf(answer, changed));
  }

  return (
    <FormDialog title={t('reg.template_title', { name: building.label })} doIt={t('reg.template_do')} canDo={template !== undefined} onDo={use} onClose={onClose}>
      {templates.loading && !templates.data && <Loading />}
      {templates.error && <Failure error={templates.error} retry={templates.reload} />}
      {templates.data && items.length === 0 && <p>{t('reg.no_templates')}</p>}
      {items.length > 0 && (
        <div className={styles.field}>
          <label htmlFor={id}>{t('reg.template')}</label>
          <select id={id} className={input.input} autoFocus value={template?.id ?? ''} onChange={(event) => setChosen(event.target.value)}>
            {items.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        </div>
      )}
    </FormDialog>
  );
}
