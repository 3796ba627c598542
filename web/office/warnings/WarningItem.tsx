import { Button, Tag } from '@digdir/designsystemet-react';
import { formatDay } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import type { Warning } from './types.ts';

interface Props {
  warning: Warning;
  /** Null where it can only be read. */
  onEnded: (() => void) | null;
}

/** One warning: what, where it comes from, since when; ended by those who know that it is over. */
export function WarningItem({ warning, onEnded }: Props) {
  const { t, language } = useTexts();
  const { sending, error, send } = useSend();
  const { ended_at: endedAt } = warning;
  const isLater = !warning.is_active && !endedAt;
  const where = warning.component_name ?? (warning.is_inherited ? warning.place_name : null);
  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <Tag data-color={endedAt ? 'neutral' : 'warning'} data-size="sm">{t(`warnings.kind.${warning.kind}`)}</Tag>
        {where && <span className={panel.subtle}>{t('warnings.on', { place: where })}</span>}
        {isLater && <span className={panel.subtle}>{t('warnings.later', { day: formatDay(warning.valid_from, language) })}</span>}
      </div>
      <p className={panel.text}>{warning.text}</p>
      <p className={panel.subtle}>
        {t('warnings.since', { day: formatDay(warning.valid_from, language) })}
        {warning.created_by_name && `, ${warning.created_by_name}`}
        {warning.valid_to && `, ${t('warnings.until', { day: formatDay(warning.valid_to, language) })}`}
        {endedAt && `, ${t('warnings.ended', { day: formatDay(endedAt, language), by: warning.ended_by_name ?? '–' })}`}
      </p>
      {onEnded && !endedAt && (
        <div>
          <Button
            variant="secondary"
            data-size="sm"
            loading={sending}
            onClick={() => void send('PATCH', `/api/v1/warnings/${warning.id}`, { row_v: warning.row_v, ended: true }).then((done) => done && onEnded())}
          >
            {t('warnings.end')}
          </Button>
        </div>
      )}
      {error && <Failure error={error} />}
    </li>
  );
}
