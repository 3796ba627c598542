import { Button } from '@digdir/designsystemet-react';
import { formatDate } from '../../shared/format.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import type { GisToken } from './types.ts';

/** One token: what it is for, and whether anybody still needs it. */
export function TokenCard({ token, onEnd }: { token: GisToken; onEnd(): void }) {
  const { t, language } = useTexts();
  return (
    <li className={panel.card}>
      <strong>{token.name}</strong>
      <div className={panel.row}>
        <span className={panel.subtle}>{t('gis.made')} <TimeText at={token.created_at} day /></span>
        <span className={panel.subtle}>{token.used_at ? <>{t('gis.used')} <TimeText at={token.used_at} /></> : t('gis.never_used')}</span>
        <span className={panel.subtle}>{t('gis.expires', { day: formatDate(token.expires_at, language) })}</span>
      </div>
      <div><Button variant="secondary" data-size="sm" data-color="danger" aria-label={t('gis.end_named', { name: token.name })} onClick={onEnd}>{t('gis.end')}</Button></div>
    </li>
  );
}
