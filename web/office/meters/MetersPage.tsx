import { Button, Field, Heading, Label, Select, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { query } from '../../shared/api.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { SidePane } from '../SidePane.tsx';
import { useList } from '../useList.ts';
import { useTyped } from '../useTyped.ts';
import { FlaggedCard } from './FlaggedCard.tsx';
import { MeterDetail } from './MeterDetail.tsx';
import { MeterTable } from './MeterTable.tsx';
import { NewMeter } from './NewMeter.tsx';
import { PlaceMeters } from './PlaceMeters.tsx';
import { ReadingFile } from './ReadingFile.tsx';
import { type FlaggedReading, METER_KINDS, type MeterItem } from './types.ts';

/** What waits for a decision first, then the meters. With `place` in the address, the meters of that place. */
export function MetersPage() {
  const { t } = useTexts();
  const address = useQuery();
  const place = address.get('place');
  const meter = address.get('meter');
  const flagged = useList<FlaggedReading>('/api/v1/meter-readings/flagged?limit=10');
  const meters = useList<MeterItem>(`/api/v1/meters${query({ limit: 50, q: address.get('q'), kind: address.get('kind') })}`);
  const [text, setText] = useTyped('q', address.get('q') ?? '');
  const [open, setOpen] = useState<'file' | 'new' | null>(null);

  function changed(): void {
    flagged.reload();
    meters.reload();
  }

  if (place) return <div className={panel.page}><Heading level={1} data-size="sm">{t('meters.title')}</Heading><PlaceMeters placeId={place} /></div>;
  return (
    <div className={panel.page} data-size="sm">
      <div className={panel.head}>
        <Heading level={1} data-size="sm">{t('meters.title')}</Heading>
        <div className={panel.buttons}>
          <Button data-size="sm" variant="secondary" aria-expanded={open === 'file'} onClick={() => setOpen(open === 'file' ? null : 'file')}>{t('meters.file')}</Button>
          <Button data-size="sm" onClick={() => setOpen('new')}>{t('meters.new')}</Button>
        </div>
      </div>
      {open === 'file' && <ReadingFile onDone={changed} />}
      <div className={meter ? `${panel.split} ${panel.withSide}` : panel.split}>
        <div className={panel.main}>
          {flagged.items.length > 0 && (
            <section className={panel.main} aria-labelledby="flagged-title">
              <Heading level={2} data-size="xs" id="flagged-title">{t('meters.flagged')}</Heading>
              <ul className={panel.list}>
                {flagged.items.map((reading) => <FlaggedCard key={reading.id} reading={reading} onDone={changed} onMeter={(id) => go({ meter: id })} />)}
              </ul>
              <ListTail list={flagged} empty="" />
            </section>
          )}
          <section className={panel.main} aria-labelledby="meters-title">
            <Heading level={2} data-size="xs" id="meters-title">{t('meters.all')}</Heading>
            <search className={panel.filters}>
              <Textfield label={t('meters.search')} type="search" value={text} onChange={(event) => setText(event.target.value)} />
              <Field>
                <Label>{t('meters.kind')}</Label>
                <Select value={address.get('kind') ?? ''} onChange={(event) => go({ kind: event.target.value || null })}>
                  <Select.Option value="">{t('meters.kind_all')}</Select.Option>
                  {METER_KINDS.map((kind) => <Select.Option key={kind} value={kind}>{t(`meters.kind.${kind}`)}</Select.Option>)}
                </Select>
              </Field>
            </search>
            {meters.items.length > 0 && <MeterTable meters={meters.items} selected={meter} onPick={(id) => go({ meter: id })} />}
            <ListTail list={meters} empty={t('meters.empty')} />
          </section>
        </div>
        {meter && <SidePane label={t('meters.meter')} onClose={() => go({ meter: null })}><MeterDetail key={meter} id={meter} onChanged={changed} onPick={(id) => go({ meter: id })} /></SidePane>}
      </div>
      {open === 'new' && (
        <NewMeter
          onClose={() => setOpen(null)}
          onDone={(id) => {
            setOpen(null);
            changed();
            go({ meter: id });
          }}
        />
      )}
    </div>
  );
}
