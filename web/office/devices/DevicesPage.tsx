import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { CodeMade } from './CodeMade.tsx';
import { DeviceCard } from './DeviceCard.tsx';
import { NewCode } from './NewCode.tsx';
import { RevokeDevice } from './RevokeDevice.tsx';
import type { DeviceRow, MadeCode } from './types.ts';

/** The caretakers' tablets: which there are, a new one by QR code, and an end to one that is lost. */
export function DevicesPage() {
  const { t } = useTexts();
  const devices = useList<DeviceRow>('/api/v1/devices');
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<MadeCode | null>(null);
  const [revoking, setRevoking] = useState<DeviceRow | null>(null);

  return (
    <div className={panel.page} data-size="sm">
      <div className={panel.head}>
        <Heading level={1} data-size="sm">{t('devices.title')}</Heading>
        <Button data-size="sm" onClick={() => setIsMaking(true)}>{t('devices.new')}</Button>
      </div>
      <p className={panel.subtle}>{t('devices.what')}</p>
      <section className={panel.main} aria-label={t('devices.list')}>
        {devices.items.length > 0 && (
          <ul className={panel.list}>
            {devices.items.map((device) => <DeviceCard key={device.id} device={device} onRevoke={() => setRevoking(device)} />)}
          </ul>
        )}
        <ListTail list={devices} empty={t('devices.empty')} />
      </section>
      {isMaking && <NewCode onMade={setMade} onClose={() => setIsMaking(false)} />}
      {made && <CodeMade key={made.made.id} made={made} onUsed={devices.reload} onClose={() => setMade(null)} />}
      {revoking && <RevokeDevice device={revoking} onRevoked={devices.reload} onClose={() => setRevoking(null)} />}
    </div>
  );
}
