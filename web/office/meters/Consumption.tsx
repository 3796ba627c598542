import { Button, Heading, ToggleGroup } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { ConsumptionChart } from './ConsumptionChart.tsx';
import { ConsumptionTable } from './ConsumptionTable.tsx';
import { csvOf, download } from './csv.ts';
import type { Consumption as Found } from './types.ts';

const DAYS_SHOWN = 62;

function fromOf(by: 'day' | 'month'): string {
  return by === 'day' ? `&from=${new Date(Date.now() - DAYS_SHOWN * 86_400_000).toISOString().slice(0, 10)}` : '';
}

/** What a meter shows was used: chart, table and file. Drawn anew (by its key) when a reading has come. */
export function Consumption({ meterId, serial }: { meterId: string; serial: string }) {
  const { t } = useTexts();
  const [by, setBy] = useState<'day' | 'month'>('month');
  const loaded = useApi<Found>(`/api/v1/meters/${encodeURIComponent(meterId)}/consumption?by=${by}${fromOf(by)}`);
  const found = loaded.data;
  const hasAny = found?.periods.some((each) => each.used !== null);

  return (
    <section className={panel.main} aria-labelledby="consumption-title">
      <div className={panel.head}>
        <Heading level={3} data-size="2xs" id="consumption-title">{t('meters.consumption')}</Heading>
        <ToggleGroup value={by} data-size="sm" onChange={(value) => setBy(value === 'day' ? 'day' : 'month')}>
          <ToggleGroup.Item value="month">{t('meters.by_month')}</ToggleGroup.Item>
          <ToggleGroup.Item value="day">{t('meters.by_day')}</ToggleGroup.Item>
        </ToggleGroup>
      </div>
      {!found && (loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />)}
      {found && !hasAny && <p className={panel.subtle}>{t('meters.no_consumption')}</p>}
      {found && hasAny && (
        <>
          <ConsumptionChart found={found} />
          {found.periods.some((each) => each.corrected !== null) && <p className={panel.subtle}>{t('meters.corrected_hint', { station: found.station ?? '' })}</p>}
          <ConsumptionTable found={found} />
          <div>
            <Button
              variant="secondary"
              data-size="sm"
              onClick={() => download(`${serial}-${by}.csv`, csvOf(found.periods, [
                t(by === 'month' ? 'meters.month' : 'meters.day'), t('meters.used_in', { unit: found.unit }), t('meters.per_day'), t('meters.corrected'), t('meters.degree_days'), t('meters.coverage'),
              ]))}
            >
              {t('meters.download')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
