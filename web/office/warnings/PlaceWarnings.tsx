import { Button, Checkbox } from '@digdir/designsystemet-react';
import { useState } from 'react';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { NewWarning } from './NewWarning.tsx';
import { WarningItem } from './WarningItem.tsx';
import type { Warning } from './types.ts';

interface Props {
  placeId: string;
  onChanged?: () => void;
}

/** What whoever goes to a place must know: its own warnings and those of what it lies in. */
export function PlaceWarnings({ placeId, onChanged }: Props) {
  const { t } = useTexts();
  const [withEnded, setWithEnded] = useState(false);
  const [isMaking, setIsMaking] = useState(false);
  const loaded = useApi<List<Warning>>(`/api/v1/places/${encodeURIComponent(placeId)}/warnings${withEnded ? '?ended=true' : ''}`);
  const found = loaded.data?.items;

  function changed(): void {
    setIsMaking(false);
    loaded.reload();
    onChanged?.();
  }

  return (
    <section className={panel.main} data-size="sm" aria-label={t('warnings.title')}>
      {!found && (loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />)}
      {found?.length === 0 && <p className={panel.subtle} role="status">{t('warnings.none')}</p>}
      <ul className={panel.list}>
        {found?.map((warning) => <WarningItem key={warning.id} warning={warning} onEnded={changed} />)}
      </ul>
      <div className={panel.row}>
        <Button data-size="sm" onClick={() => setIsMaking(true)}>{t('warnings.new')}</Button>
        <Checkbox label={t('warnings.with_ended')} checked={withEnded} onChange={(event) => setWithEnded(event.target.checked)} />
      </div>
      {isMaking && <NewWarning placeId={placeId} onDone={changed} onClose={() => setIsMaking(false)} />}
    </section>
  );
}
