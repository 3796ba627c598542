import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { PlacePath } from '../places/PlacePath.tsx';
import { children, placePath, row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import form from '../ui/Form.module.css';
import { NewReading } from './NewReading.tsx';
import { ReadingList } from './ReadingList.tsx';
import { useMeterName } from './useMeterName.ts';

/** One meter: what it showed before, and what it shows now. */
export function MeterScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const nameOf = useMeterName();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const meter = await row(tx, 'meter', id);
      return { meter, readings: await children(tx, 'meter_reading', id), path: meter ? await placePath(tx, meter.d.place_id ?? null) : [] };
    },
    id,
  );
  const meter = found?.meter;
  useTitle(meter ? nameOf(meter.d) : t('meters.meter'));

  if (!found) return null;
  if (!meter) return <><BackLink /><p>{t('field.meter.gone')}</p></>;
  return (
    <article className={form.form}>
      <BackLink />
      <h1>{nameOf(meter.d)}</h1>
      <PlacePath path={found.path} />
      <NewReading meter={meter} readings={found.readings} onSaved={goBack} />
      <ReadingList unit={String(meter.d.unit ?? '')} readings={found.readings} />
    </article>
  );
}
