import { Checkbox } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../register/dialogs/FormDialog.tsx';
import type { DeviceRow } from './types.ts';

/** Asks before a tablet is taken out of use. */
export function RevokeDevice({ device, onRevoked, onClose }: { device: DeviceRow; onRevoked(): void; onClose(): void }) {
  const { t } = useTexts();
  const [isLost, setLost] = useState(false);

  async function revoke(): Promise<void> {
    await api<unknown>('POST', `/api/v1/devices/${device.id}/revoke`, { is_lost: isLost });
    onRevoked();
  }

  return (
    <FormDialog title={t('devices.revoke_title', { name: device.name })} doIt={t('devices.revoke_do')} isDangerous onDo={revoke} onClose={onClose}>
      <p>{t('devices.revoke_what')}</p>
      <Checkbox label={t('devices.revoke_lost')} checked={isLost} onChange={(event) => setLost(event.target.checked)} />
    </FormDialog>
  );
}
