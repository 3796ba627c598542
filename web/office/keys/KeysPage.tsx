import { Button, Field, Heading, Label, Select, Textfield, ToggleGroup } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { query } from '../../shared/api.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { SidePane } from '../SidePane.tsx';
import { useList } from '../useList.ts';
import { useTyped } from '../useTyped.ts';
import { KeyDetail } from './KeyDetail.tsx';
import { KeyTable } from './KeyTable.tsx';
import { NewSystem } from './NewSystem.tsx';
import { PlaceKeys } from './PlaceKeys.tsx';
import { SystemDetail } from './SystemDetail.tsx';
import { SystemTable } from './SystemTable.tsx';
import type { KeyItem, KeySystemItem } from './types.ts';

const STATES = ['in', 'out', 'overdue', 'lost', 'retired'] as const;

/** Who has which key; what is overdue and lost; the key systems. With `place` in the address, the keys of that place. */
export function KeysPage() {
  const { t } = useTexts();
  const address = useQuery();
  const place = address.get('place');
  const shows = address.get('shows') === 'systems' ? 'systems' : 'keys';
  const key = address.get('key');
  const system = address.get('system');
  const keys = useList<KeyItem>(`/api/v1/keys${query({ limit: 100, state: address.get('state'), q: address.get('q'), system: shows === 'keys' ? system : null })}`);
  const systems = useList<KeySystemItem>('/api/v1/key-systems?limit=100');
  const [text, setText] = useTyped('q', address.get('q') ?? '');
  const [isMaking, setIsMaking] = useState(false);
  const side = shows === 'keys' ? key : system;

  if (place) return <div className={panel.page}><Heading level={1} data-size="sm">{t('keys.title')}</Heading><PlaceKeys placeId={place} /></div>;
  return (
    <div className={panel.page} data-size="sm">
      <div className={panel.head}>
        <Heading level={1} data-size="sm">{t('keys.title')}</Heading>
        <ToggleGroup value={shows} data-size="sm" onChange={(value) => go({ shows: value === 'systems' ? 'systems' : null, key: null, system: null })}>
          <ToggleGroup.Item value="keys">{t('keys.keys')}</ToggleGroup.Item>
          <ToggleGroup.Item value="systems">{t('keys.systems')}</ToggleGroup.Item>
        </ToggleGroup>
      </div>
      <div className={side ? `${panel.split} ${panel.withSide}` : panel.split}>
        <section className={panel.main} aria-label={t(shows === 'keys' ? 'keys.keys' : 'keys.systems')}>
          {shows === 'keys' ? (
            <>
              <search className={panel.filters}>
                <Textfield label={t('keys.search')} type="search" value={text} onChange={(event) => setText(event.target.value)} />
                <Field>
                  <Label>{t('keys.state')}</Label>
                  <Select value={address.get('state') ?? ''} onChange={(event) => go({ state: event.target.value || null })}>
                    <Select.Option value="">{t('keys.state_all')}</Select.Option>
                    {STATES.map((state) => <Select.Option key={state} value={state}>{t(`keys.state.${state}`)}</Select.Option>)}
                  </Select>
                </Field>
              </search>
              {keys.items.length > 0 && <KeyTable keys={keys.items} tells="system" selected={key} onPick={(id) => go({ key: id })} />}
              <ListTail list={keys} empty={t('keys.empty')} />
            </>
          ) : (
            <>
              <div><Button data-size="sm" onClick={() => setIsMaking(true)}>{t('keys.new_system')}</Button></div>
              {systems.items.length > 0 && <SystemTable systems={systems.items} selected={system} onPick={(id) => go({ system: id })} />}
              <ListTail list={systems} empty={t('keys.no_systems')} />
            </>
          )}
        </section>
        {shows === 'keys' && key && <SidePane label={t('keys.key')} onClose={() => go({ key: null })}><KeyDetail key={key} id={key} onChanged={keys.reload} /></SidePane>}
        {shows === 'systems' && system && <SidePane label={t('keys.system')} onClose={() => go({ system: null })}><SystemDetail key={system} id={system} onChanged={systems.reload} /></SidePane>}
      </div>
      {isMaking && (
        <NewSystem
          onClose={() => setIsMaking(false)}
          onDone={(id) => {
            setIsMaking(false);
            systems.reload();
            go({ system: id });
          }}
        />
      )}
    </div>
  );
}
