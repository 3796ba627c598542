import { useTexts } from '../../shared/useTexts.ts';
import { useNow } from '../app/useNow.ts';
import { useRemember } from '../app/useRemember.ts';
import { useStored } from '../app/useStored.ts';
import { goTo } from '../app/useRoute.ts';
import { useTitle } from '../app/useTitle.ts';
import { InspectionList } from '../inspection/InspectionList.tsx';
import { KeyList } from '../keys/KeyList.tsx';
import { keysOf } from '../keys/keys.ts';
import { foundComponent, foundPlace } from '../logic/search.ts';
import { isOpen, todaysList } from '../logic/today.ts';
import { MeterList } from '../meters/MeterList.tsx';
import { metersOf } from '../meters/metersOf.ts';
import { children, placePath, placesOf } from '../sync/view.ts';
import { TaskSection } from '../today/TaskSection.tsx';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import { WarningCard } from '../warning/WarningCard.tsx';
import { warningOf } from '../warning/lines.ts';
import { useWarningRead } from '../warning/useWarningRead.ts';
import { FoundList } from './FoundList.tsx';
import { kindKey } from './kind.ts';
import { PlacePath } from './PlacePath.tsx';
import styles from './PlaceScreen.module.css';

/** A place: its warning, its open tasks, the rounds when somebody moves, its meters, its keys, its components, what lies in it, its documents. */
export function PlaceScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const now = useNow();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const path = await placePath(tx, id);
      const tasks = (await children(tx, 'task', id)).filter(({ d }) => isOpen(d));
      const documents = (await children(tx, 'document', id)).filter(({ d }) => d.kind === 'document');
      return {
        path,
        tasks,
        documents,
        keys: await keysOf(tx, id),
        meters: await metersOf(tx, id),
        places: await placesOf(tx, tasks),
        components: await tx.by('rows', 'up', `component:${id}`),
        inside: await tx.by('rows', 'up', `place:${id}`),
      };
    },
    id,
  );
  const place = found?.path.at(-1);
  const warning = found ? warningOf(found.path) : null;
  const { isRead, read } = useWarningRead(id, warning?.version ?? null);
  useRemember(place?.id);
  useTitle(String(place?.d.name ?? t('field.places.title')));

  if (!found) return null;
  if (!place) return <><BackLink /><p>{t('field.places.gone')}</p></>;
  const label = String(place.d.label ?? place.d.name ?? '');
  const inside = found.inside.map(foundPlace).sort((a, b) => a.name.localeCompare(b.name, 'nb', { numeric: true }));

  return (
    <article className={styles.place}>
      <BackLink />
      {warning && <WarningCard warning={warning} onRead={isRead === false ? read : null} />}
      <h1>{String(place.d.name ?? label)}</h1>
      <p>{t(kindKey(place.d.kind))}{label !== place.d.name && ` · ${label}`}</p>
      {found.path.length > 1 && <PlacePath path={found.path.slice(0, -1)} />}
      <BigButton icon="plus" onClick={() => goTo(`#/new?place=${id}`)}>{t('field.places.new_here')}</BigButton>
      {todaysList(found.tasks, now).map((section) => <TaskSection key={section.group} section={section} places={found.places} />)}
      {place.d.kind === 'dwelling' && <InspectionList place_id={id} label={label} />}
      <MeterList meters={found.meters} />
      <KeyList keys={found.keys} />
      {found.components.length > 0 && <h2>{t('field.places.components')}</h2>}
      <FoundList found={found.components.map((one) => foundComponent(one, ''))} onFound={(one) => goTo(`#/component/${one.id}`)} />
      {inside.length > 0 && <h2>{t('field.places.inside')}</h2>}
      <FoundList found={inside} onFound={(one) => goTo(`#/place/${one.id}`)} />
      {found.documents.length > 0 && <h2>{t('field.places.documents')}</h2>}
      <ul>
        {found.documents.map(({ id: key, d }) => (
          <li key={key}>
            {d.sha256 ? <a className={styles.document} href={`/api/v1/files/${String(d.sha256)}`}>{String(d.title ?? '')}</a> : String(d.title ?? '')}
          </li>
        ))}
      </ul>
    </article>
  );
}
