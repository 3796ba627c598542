import { useEffect, useState } from 'react';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { EditFields } from '../EditFields.tsx';
import { ComponentHeader } from './ComponentHeader.tsx';
import { ConditionList } from './ConditionList.tsx';
import { DocumentsTab } from './DocumentsTab.tsx';
import { FactList } from './FactList.tsx';
import { GonePlace } from './GonePlace.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { PartList } from './PartList.tsx';
import { PastBanner } from './PastBanner.tsx';
import { Tabs } from './Tabs.tsx';
import { TaskLines } from './TaskLines.tsx';
import { openTab, useRegisterAddress } from './address.ts';
import { componentFields, componentValues, positionField, tagHint } from './componentFields.ts';
import { useRegister, useRegisterApi } from './context.ts';
import { useElements } from './lists.ts';
import type { ComponentRow, PlaceRow } from './types.ts';
import { undoOf } from './undoOf.ts';
import { useShownTitle } from './useShownTitle.ts';

const TABS = ['facts', 'documents', 'cases', 'history'] as const;

interface Props {
  id: string;
  /** Tells where the component is, for the tree. */
  onPlace(id: string): void;
}

/** One component: what it is, its documents and all that has been done to it. */
export function ComponentDetail({ id, onPlace }: Props) {
  const { t } = useTexts();
  const { tab, at } = useRegisterAddress();
  const { tree, changed, say } = useRegister();
  const elements = useElements();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = `/api/v1/components/${id}`;
  const loaded = useRegisterApi<ComponentRow>(path);
  const component = loaded.data;
  const place = useRegisterApi<PlaceRow>(component ? `/api/v1/places/${component.place_id}` : null).data;
  useShownTitle(component?.name ?? null);

  const { lead } = tree;
  useEffect(() => {
    if (!place) return;
    lead(place);
    onPlace(place.id);
  }, [lead, onPlace, place?.id, at]);

  if (!component) return (
    <>
      {at && <PastBanner at={at} />}
      {loaded.error ? <GonePlace path={path} error={loaded.error} reload={loaded.reload} /> : <Loading />}
    </>
  );
  const shown = TABS.find((name) => name === tab && (!at || name === 'facts' || name === 'history')) ?? 'facts';
  const values = componentValues(component);
  const fields = [...componentFields(t, elements, tagHint(component.tag_hint?.hint, t)), positionField(t, component)].filter((field) => field.name in values);
  return (
    <>
      {at && <PastBanner at={at} />}
      <ComponentHeader component={component} place={place} isMenuOpen={isMenuOpen} onMenu={setMenuOpen} />
      <Tabs
        label={t('reg.tabs')}
        tabs={TABS.filter((name) => !at || name === 'facts' || name === 'history').map((name) => ({ name, text: t(name === 'cases' ? 'reg.tab.tasks' : `reg.tab.${name}`) }))}
        at={shown}
        onChange={openTab}
      >
        {shown === 'facts' && (
          <>
            {at ? <FactList fields={fields} values={values} /> : (
              <EditFields
                path={path}
                values={values}
                rowV={component.row_v}
                fields={fields}
                reload={loaded.reload}
                hasHistory
                onSaved={(answer) => {
                  changed();
                  say(t('reg.saved', { name: component.name }), undoOf(answer, changed));
                }}
              />
            )}
            {!at && <PartList component={component} />}
            {!at && <ConditionList conditions={component.conditions ?? []} grade={component.condition_grade} />}
          </>
        )}
        {shown === 'documents' && <DocumentsTab path={`${path}/documents`} />}
        {shown === 'cases' && <TaskLines path={`${path}/tasks`} />}
        {shown === 'history' && <HistoryTab id={id} />}
      </Tabs>
    </>
  );
}
