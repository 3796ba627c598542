import { Button, Tag } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { formatDate } from '../../shared/format.ts';
import { ApiError } from '../../shared/problem.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './ChangeCard.module.css';
import { RegisterLink } from './RegisterLink.tsx';
import { UndoConflicts } from './UndoConflicts.tsx';
import { type CodeNames, fieldText, opText, toldFields, valueText } from './changeWords.ts';
import { useRegister } from './context.ts';
import type { ChangeSet } from './types.ts';

const ROWS_SHOWN = 5;

interface Props {
  change: ChangeSet;
  /** The row whose history this is: it needs no name. */
  of: string;
  names: CodeNames;
  onUndone(): void;
}

/** One change: what was done, by whom, each field from old to new. */
export function ChangeCard({ change, of, names, onUndone }: Props) {
  const texts = useTexts();
  const { t, tn, language } = texts;
  const { at, changed, say } = useRegister();
  const [showsAll, setShowsAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const rows = change.rows.filter((row) => toldFields(row).length > 0 || change.rows.length === 1);
  const shown = showsAll ? rows : rows.slice(0, ROWS_SHOWN);
  const holdsFromElsewhere = change.valid_from && change.valid_from.slice(0, 10) !== change.at.slice(0, 10);

  async function undo(): Promise<void> {
    setBusy(true);
    setRefusal(null);
    try {
      await api<unknown>('POST', `/api/v1/changes/${change.xid}/undo`);
      changed();
      onUndone();
      say(t('reg.undone'));
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setRefusal(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <strong>{opText(change, t)}</strong>
        <span className={styles.subtle}>{change.actor_name ?? t('reg.by_program')} · <TimeText at={change.at} /></span>
        {change.undone_by && <Tag data-size="sm" data-color="neutral">{t('reg.is_undone')}</Tag>}
        {change.can_undo !== false && !change.undone_by && !at && (
          <span className={styles.undo}><Button variant="tertiary" data-size="sm" loading={busy} disabled={busy} onClick={() => void undo()}>{t('reg.undo')}</Button></span>
        )}
      </div>
      {holdsFromElsewhere && change.valid_from && <p className={styles.subtle}>{t('reg.holds_from', { day: formatDate(change.valid_from, language) })}</p>}
      {change.note && <p>{change.note}</p>}
      {shown.map((row) => (
        <div key={`${row.tbl} ${row.id}`} className={styles.row}>
          {row.id !== of && row.label && (
            <p className={styles.label}><RegisterLink {...(row.tbl === 'component' ? { component: row.id } : { place: row.id })}>{row.label}</RegisterLink></p>
          )}
          <dl className={styles.fields}>
            {toldFields(row).map((field) => (
              <div key={field.field} className={styles.field}>
                <dt>{fieldText(row, field.field, t)}</dt>
                <dd>
                  {field.old !== null && field.old !== undefined && (
                    <><del className={styles.old}><span className="ds-sr-only">{t('reg.was')} </span>{valueText(row, field.field, field.old, field.old_label, texts, names)}</del> <span aria-hidden="true">→</span> </>
                  )}
                  <ins className={styles.new}><span className="ds-sr-only">{t('reg.became')} </span>{valueText(row, field.field, field.new, field.new_label, texts, names)}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      {rows.length > shown.length && <div><Button variant="tertiary" data-size="sm" onClick={() => setShowsAll(true)}>{tn('reg.rows_more', rows.length - shown.length)}</Button></div>}
      {refusal && <UndoConflicts error={refusal} names={names} />}
    </li>
  );
}
