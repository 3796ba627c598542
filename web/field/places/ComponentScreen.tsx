import { formatDay } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useNow } from '../app/useNow.ts';
import { useStored } from '../app/useStored.ts';
import { goTo } from '../app/useRoute.ts';
import { useTitle } from '../app/useTitle.ts';
import { gradeOf } from '../grade/grade.ts';
import { isOpen, todaysList } from '../logic/today.ts';
import type { Fields } from '../sync/types.ts';
import { children, placePath, placesOf, row } from '../sync/view.ts';
import { TaskSection } from '../today/TaskSection.tsx';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import layout from '../ui/Form.module.css';
import { PlacePath } from './PlacePath.tsx';
import styles from './PlaceScreen.module.css';

const FACTS = ['tag', 'element', 'maker', 'model', 'serial', 'installed_on', 'condition_grade', 'code'] as const;

/** A component: what it is, where it is, in which condition, and what is to be done with it. */
export function ComponentScreen({ id }: { id: string }) {
  const { t, language } = useTexts();
  const now = useNow();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const component = await row(tx, 'component', id);
      const at = String(component?.d.place_id ?? '');
      const tasks = (await children(tx, 'task', at)).filter(({ d }) => d.component_id === id && isOpen(d));
      return { component, tasks, graded: await children(tx, 'condition', id), path: await placePath(tx, at), places: await placesOf(tx, tasks) };
    },
    id,
  );
  useTitle(String(found?.component?.d.name ?? t('field.kind.component')));

  if (!found) return null;
  if (!found.component) return <><BackLink /><p>{t('field.places.gone')}</p></>;
  const { grade, isPending } = gradeOf(found.component, found.graded);
  const d: Fields = { ...found.component.d, condition_grade: grade };
  const shown = (fact: (typeof FACTS)[number]): string => (fact === 'installed_on' ? formatDay(String(d[fact]), language) : String(d[fact]));

  return (
    <article className={styles.place}>
      <BackLink />
      <h1>{String(d.name ?? '')}</h1>
      <PlacePath path={found.path} />
      <dl className={styles.facts}>
        {FACTS.filter((fact) => d[fact] !== null && d[fact] !== undefined && d[fact] !== '').map((fact) => (
          <FactRow key={fact} label={t(`field.component.${fact}` satisfies TextKey)} value={shown(fact)} />
        ))}
      </dl>
      {isPending && <p className={layout.pending}>{t('field.grade.not_sent')}</p>}
      <BigButton onClick={() => goTo(`#/grade/${id}`)}>{t('field.grade.set')}</BigButton>
      <BigButton icon="plus" onClick={() => goTo(`#/new?place=${String(d.place_id)}&component=${id}`)}>{t('field.places.new_here')}</BigButton>
      {todaysList(found.tasks, now).map((section) => <TaskSection key={section.group} section={section} places={found.places} />)}
    </article>
  );
}

function FactRow({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
