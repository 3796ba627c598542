import { Button } from '@digdir/designsystemet-react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';

interface Props {
  id: string;
  onDone(): void;
}

/** Breaks an import off. There is nothing to lose: none of it has landed. */
export function CancelRun({ id, onDone }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  return (
    <div className={panel.main}>
      <div>
        <Button
          variant="secondary"
          data-size="sm"
          loading={sending}
          onClick={() => void send('POST', `/api/v1/imports/${id}/cancel`).then((done) => {
            if (done) onDone();
          })}
        >
          {t('import.cancel')}
        </Button>
      </div>
      {error && <Failure error={error} />}
    </div>
  );
}
