import { Alert, Button, Tag } from '@digdir/designsystemet-react';
import { formatDate } from '../../shared/format.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import type { DeviceRow } from './types.ts';

const COLORS = { active: 'success', revoked: 'danger', wiped: 'neutral' } as const;

/** One tablet: whose, when it was last heard from, and what became of it. */
export function DeviceCard({ device, onRevoke }: { device: DeviceRow; onRevoke(): void }) {
  const { t, tn, language } = useTexts();
  const isActive = device.state === 'active';

  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <strong>{device.name}</strong>
        <span>{device.person_name}</span>
        <Tag data-size="sm" data-color={COLORS[device.state]}>{t(`devices.state.${device.state}`)}</Tag>
        {device.is_lost && <Tag data-size="sm" data-color="danger">{t('devices.lost')}</Tag>}
      </div>
      {isActive && device.alert_at && <Alert data-color="warning" data-size="sm">{t('devices.alert')} (<TimeText at={device.alert_at} />)</Alert>}
      <div className={panel.row}>
        <span className={panel.subtle}>{device.last_seen ? <>{t('devices.last_seen')} <TimeText at={device.last_seen} /></> : t('devices.never_seen')}</span>
        {isActive && device.lease_until && <span className={panel.subtle}>{t('devices.locks', { day: formatDate(device.lease_until, language) })}</span>}
        {device.app_version && <span className={panel.subtle}>{t('devices.version', { version: device.app_version })}</span>}
        {device.queue_count !== null && device.queue_count > 0 && <span>{tn('devices.queue', device.queue_count)}</span>}
        {device.others > 0 && <span className={panel.subtle}>{t('devices.shared')}</span>}
        {isActive && !device.has_key && <span className={panel.subtle}>{t('devices.no_key')}</span>}
        {device.revoked_at && (
          <span className={panel.subtle}>
            {t('devices.revoked_at')} <TimeText at={device.revoked_at} /> {device.revoked_by && t('devices.revoked_by', { name: device.revoked_by })}
          </span>
        )}
        {device.wiped_at && <span className={panel.subtle}>{t('devices.wiped_at')} <TimeText at={device.wiped_at} /></span>}
      </div>
      {isActive && (
        <div>
          <Button variant="secondary" data-size="sm" data-color="danger" aria-label={t('devices.revoke_named', { name: device.name })} onClick={onRevoke}>{t('devices.revoke')}</Button>
        </div>
      )}
    </li>
  );
}
