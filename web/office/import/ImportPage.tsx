import { Heading, ToggleGroup } from '@digdir/designsystemet-react';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { ImportQueue } from './ImportQueue.tsx';
import { NewImport } from './NewImport.tsx';
import { RunList } from './RunList.tsx';
import type { Profile } from './types.ts';

const PARTS = ['new', 'runs', 'queue'] as const;

/** Legacy data in: a file, what became of earlier ones, and the rows that wait for a person. */
export function ImportPage() {
  const { t } = useTexts();
  const address = useQuery();
  const profiles = useApi<List<Profile>>('/api/v1/import-profiles');
  const part = PARTS.find((each) => each === address.get('shows')) ?? 'new';
  return (
    <div className={panel.page} data-size="sm">
      <div className={panel.head}>
        <Heading level={1} data-size="sm">{t('import.title')}</Heading>
        {profiles.data && (
          <ToggleGroup value={part} data-size="sm" onChange={(value) => go({ shows: value === 'new' ? null : value, run: null })}>
            {PARTS.map((each) => <ToggleGroup.Item key={each} value={each}>{t(`import.part.${each}`)}</ToggleGroup.Item>)}
          </ToggleGroup>
        )}
      </div>
      {profiles.error && <Failure error={profiles.error} {...(profiles.error.status !== 403 && { retry: profiles.reload })} />}
      {!profiles.data && !profiles.error && <Loading />}
      {profiles.data && part === 'new' && <NewImport profiles={profiles.data.items} />}
      {profiles.data && part === 'runs' && <RunList profiles={profiles.data.items} />}
      {profiles.data && part === 'queue' && <ImportQueue profiles={profiles.data.items} />}
    </div>
  );
}
