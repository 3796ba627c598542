import { api } from '../../shared/api.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../register/dialogs/FormDialog.tsx';
import type { GisToken } from './types.ts';

/** Asks before a token is ended: programs that have it get nothing more. */
export function EndToken({ token, onEnded, onClose }: { token: GisToken; onEnded(): void; onClose(): void }) {
  const { t } = useTexts();

  async function end(): Promise<void> {
    await api<unknown>('DELETE', `/api/v1/session/tokens/${token.id}`);
    onEnded();
  }

  return (
    <FormDialog title={t('gis.end_title', { name: token.name })} doIt={t('gis.end_do')} isDangerous onDo={end} onClose={onClose}>
      <p>{t('gis.end_what')}</p>
    </FormDialog>
  );
}
