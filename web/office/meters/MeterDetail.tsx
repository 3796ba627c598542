import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatDay, formatNumber } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import { ListTail } from '../ListTail.tsx';
import { useList } from '../useList.ts';
import { AddReading } from './AddReading.tsx';
import { Consumption } from './Consumption.tsx';
import { ReadingTable } from './ReadingTable.tsx';
import { ReplaceMeter } from './ReplaceMeter.tsx';
import type { MeterDetails, Reading } from './types.ts';

interface Props {
  id: string;
  onChanged(): void;
  /** Another meter is asked for: the one before or after this. */
  onPick(id: string): void;
}

/** One meter: a new reading, what was used, and the readings. */
export function MeterDetail({ id, onChanged, onPick }: Props) {
  const { t, language } = useTexts();
  const loaded = useApi<MeterDetails>(`/api/v1/meters/${encodeURIComponent(id)}`);
  const readings = useList<Reading>(`/api/v1/meters/${encodeURIComponent(id)}/readings?limit=25`);
  const [version, setVersion] = useState(0);
  const [isReplacing, setIsReplacing] = useState(false);
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;

  function changed(): void {
    setVersion((n) => n + 1);
    readings.reload();
    onChanged();
  }

  return (
    <article className={detail.detail} aria-labelledby="meter-title">
      <Heading level={2} data-size="xs" id="meter-title">{t(`meters.kind.${found.kind}`)} {found.serial}</Heading>
      <p className={detail.subtle}>
        {found.name && <>{found.name}<br /></>}
        {found.place_label}{found.component_name && ` · ${found.component_name}`}
        <br />{t('meters.installed', { day: formatDay(found.installed_on, language) })}
        {found.removed_on && `, ${t('meters.removed', { day: formatDay(found.removed_on, language) })}`}
        {found.factor !== 1 && <><br />{t('meters.factor')}: {formatNumber(found.factor, language)}</>}
        {found.heat_share > 0 && <><br />{t('meters.heat_share', { percent: Math.round(found.heat_share * 100) })}</>}
      </p>
      {found.replaces && <p><Button variant="tertiary" data-size="sm" onClick={() => onPick(found.replaces!)}>{t('meters.replaces', { serial: found.replaces_serial ?? '' })}</Button></p>}
      {found.replaced_by && <p><Button variant="tertiary" data-size="sm" onClick={() => onPick(found.replaced_by!)}>{t('meters.replaced_by')}</Button></p>}
      {!found.removed_on && <AddReading meterId={id} unit={found.unit} onDone={changed} />}
      <Consumption key={version} meterId={id} serial={found.serial} />
      <section className={detail.section} aria-labelledby="readings-title">
        <Heading level={3} data-size="2xs" id="readings-title">{t('meters.readings')}</Heading>
        {readings.items.length > 0 && <ReadingTable readings={readings.items} unit={found.unit} />}
        <ListTail list={readings} empty={t('meters.no_readings')} />
      </section>
      {!found.removed_on && <div><Button variant="secondary" data-size="sm" onClick={() => setIsReplacing(true)}>{t('meters.replace')}</Button></div>}
      {isReplacing && (
        <ReplaceMeter
          found={found}
          onClose={() => setIsReplacing(false)}
          onDone={(made) => {
            setIsReplacing(false);
            changed();
            onPick(made);
          }}
        />
      )}
    </article>
  );
}
