import { useState } from 'react';
import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { goTo } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTablet } from '../app/useTablet.ts';
import { children, list } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import layout from '../ui/Form.module.css';
import { Question } from '../ui/Question.tsx';
import { tellSaved } from '../ui/saved.ts';
import { inOrder, isFinished, kindOf, KINDS, startChange, type Kind } from './inspection.ts';

interface Props {
  place_id: string;
  label: string;
}

/** The rounds through a dwelling when somebody moves, and the way to begin one. */
export function InspectionList({ place_id, label }: Props) {
  const { t, language } = useTexts();
  const tablet = useTablet();
  const [asked, setAsked] = useState<Kind | null>(null);
  const [isFailed, setFailed] = useState(false);
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => ({ inspections: inOrder(await children(tx, 'inspection', place_id)), checklists: await list(tx, 'checklist') }),
    place_id,
  );

  if (!found) return null;
  const begun = found.inspections.filter((one) => !isFinished(one)).map(kindOf);

  async function begin(kind: Kind): Promise<void> {
    const change = startChange(place_id, kind, found!.checklists, label, new Date());
    try {
      await tablet.record([change]);
    } catch {
      setFailed(true);
      return;
    }
    tellSaved(t('field.saved', { what: t('field.op.inspection_start') }));
    goTo(`#/inspection/${change.id}`);
  }

  return (
    <section className={layout.form}>
      <h2>{t('field.inspection.title')}</h2>
      {found.inspections.length > 0 && (
        <ul className={layout.list}>
          {found.inspections.map((inspection) => (
            <li key={inspection.id}>
              <a className={layout.line} href={`#/inspection/${inspection.id}`}>
                <span className={layout.name}>{t(`field.inspection.${kindOf(inspection)}`)}</span>
                <span>
                  {isFinished(inspection)
                    ? t('field.inspection.finished', { when: formatTime(String(inspection.d.finished_at), language) })
                    : t('field.inspection.begun', { when: formatTime(String(inspection.d.started_at), language) })}
                </span>
                {inspection.isPending && <span className={layout.pending}>{t('field.task.not_sent')}</span>}
              </a>
            </li>
          ))}
        </ul>
      )}
      {isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      {asked ? (
        <Question no={t('field.cancel')} yes={t('field.inspection.begin')} onNo={() => setAsked(null)} onYes={() => void begin(asked)}>
          <p><strong>{t(`field.inspection.ask.${asked}`, { place: label })}</strong></p>
        </Question>
      ) : (
        <div className={layout.tools}>
          {KINDS.filter((kind) => !begun.includes(kind)).map((kind) => (
            <BigButton key={kind} icon="list" onClick={() => setAsked(kind)}>{t(`field.inspection.${kind}`)}</BigButton>
          ))}
        </div>
      )}
    </section>
  );
}
