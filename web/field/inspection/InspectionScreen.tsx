import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTitle } from '../app/useTitle.ts';
import { KeyList } from '../keys/KeyList.tsx';
import { MeterList } from '../meters/MeterList.tsx';
import { PlacePath } from '../places/PlacePath.tsx';
import { SignatureList } from '../sign/SignatureList.tsx';
import { useDraft } from '../task/useDraft.ts';
import { BackLink } from '../ui/BackLink.tsx';
import layout from '../ui/Form.module.css';
import { FinishForm } from './FinishForm.tsx';
import { isFinished, kindOf } from './inspection.ts';
import { InspectionItem } from './InspectionItem.tsx';
import { useInspection } from './useInspection.ts';

/** One round through a dwelling: what each thing is like, with photos; meters, keys, and who signs for it. */
export function InspectionScreen({ id }: { id: string }) {
  const { t, language } = useTexts();
  const found = useInspection(id);
  const handle = useDraft(id);
  const place = found?.path.at(-1);
  const label = String(place?.d.label ?? place?.d.name ?? '');
  useTitle(found?.inspection ? `${t(`field.inspection.${kindOf(found.inspection)}`)} ${label}` : t('field.inspection.title'));

  if (!found || !handle) return null;
  const { inspection } = found;
  if (!inspection) return <><BackLink /><p>{t('field.inspection.gone')}</p></>;
  const isOver = isFinished(inspection);

  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t(`field.inspection.${kindOf(inspection)}`)}</h1>
      <p className={layout.name}>{label}</p>
      <PlacePath path={found.path.slice(0, -1)} />
      {isOver && <p role="status">{t('field.inspection.finished', { when: formatTime(String(inspection.d.finished_at), language) })}</p>}
      {inspection.isPending && <p className={layout.pending}>{t('field.task.not_sent')}</p>}
      {found.items.length === 0 && <p>{t('field.inspection.no_items')}</p>}
      <ol className={layout.list}>
        {found.items.map((item) => (
          <li key={item.id} id={`item-${item.id}`} className={layout.line}>
            <InspectionItem item={item} inspection={inspection} found={found} handle={handle} />
          </li>
        ))}
      </ol>
      <MeterList meters={found.meters} />
      <KeyList keys={found.keys} />
      {isOver ? (
        <section>
          <h2>{t('field.inspection.end')}</h2>
          <p>{t('field.inspection.keys_were', { n: String(inspection.d.keys ?? 0) })}</p>
          {inspection.d.note && <p>{String(inspection.d.note)}</p>}
          <SignatureList signatures={found.signatures} />
        </section>
      ) : (
        <FinishForm found={found} inspection={inspection} handle={handle} label={label} />
      )}
    </article>
  );
}
