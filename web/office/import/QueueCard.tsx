import { Button, Radio } from '@digdir/designsystemet-react';
import { useId, useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { PlaceChoice } from '../PlaceChoice.tsx';
import type { Choice } from '../SearchChoice.tsx';
import { useSend } from '../useSend.ts';
import styles from './Import.module.css';
import type { Profile, QueueItem } from './types.ts';

const OTHER = 'other';

interface Props {
  item: QueueItem;
  profile: Profile | undefined;
  onDone(rows: number, isAside: boolean): void;
}

/** One answer that is needed: what the row says, the places it may be, another place, or none. */
export function QueueCard({ item, profile, onDone }: Props) {
  const { t, tn } = useTexts();
  const { sending, error, send } = useSend();
  const [picked, setPicked] = useState<string>();
  const [other, setOther] = useState<Choice | null>(null);
  const name = useId();
  const places = item.candidates.filter((candidate) => candidate.tbl === 'place');
  const order = profile?.columns.map((column) => column.name) ?? [];
  const cells = Object.entries(item.raw).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const place = picked === OTHER ? other?.id : picked;

  async function settle(to: string | null): Promise<void> {
    const done = await send<{ rows: number }>('POST', '/api/v1/import-queue/settle', { source: item.source, key: item.key, ...(to && { place: to }) });
    if (done) onDone(done.rows, to === null);
  }

  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <strong lang="nb">{item.reason}</strong>
        <span className={panel.subtle}>{profile?.title ?? item.profile} · {item.file_name}, {t('import.at_line', { n: item.line })}</span>
        {item.rows > 1 && <span>{tn('import.same_key', item.rows)}</span>}
      </div>
      <dl className={styles.raw}>
        {cells.map(([column, value]) => <div key={column} className={styles.pair}><dt>{column}</dt><dd>{value}</dd></div>)}
      </dl>
      <fieldset className={styles.candidates}>
        <legend>{t('import.which_place')}</legend>
        {places.map((candidate) => (
          <Radio
            key={candidate.id}
            name={name}
            value={candidate.id}
            checked={picked === candidate.id}
            onChange={() => setPicked(candidate.id)}
            label={<>{candidate.label} <span className={styles.score}>{t('import.score', { n: Math.round(candidate.score * 100) })}</span></>}
          />
        ))}
        <Radio name={name} value={OTHER} checked={picked === OTHER} onChange={() => setPicked(OTHER)} label={t('import.other_place')} />
        {picked === OTHER && <div className={styles.narrow}><PlaceChoice label={t('import.search_place')} chosen={other} onChoose={setOther} /></div>}
      </fieldset>
      <div className={panel.buttons}>
        <Button data-size="sm" disabled={!place} loading={sending} onClick={() => place && void settle(place)}>{t('import.settle')}</Button>
        <Button data-size="sm" variant="tertiary" disabled={sending} onClick={() => void settle(null)}>{t('import.aside')}</Button>
      </div>
      {error && <Failure error={error} />}
    </li>
  );
}
