import { Heading, Tabs } from '@digdir/designsystemet-react';
import { useEffect } from 'react';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useLive } from '../../shared/useLive.ts';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { ConflictList } from './ConflictList.tsx';
import { HeldList } from './HeldList.tsx';
import { QuarantineList } from './QuarantineList.tsx';
import { TabletList } from './TabletList.tsx';
import { refreshCounts, useCounts } from './useCounts.ts';

const PARTS = ['tablets', 'conflicts', 'held', 'quarantine'] as const;

/** Tablets, and what of theirs a person must look at. */
export function SyncPage() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const counts = useCounts();
  const part = PARTS.find((each) => each === address.get('shows')) ?? 'tablets';
  const numbers = { tablets: undefined, conflicts: counts?.conflicts, held: counts?.held, quarantine: counts?.quarantined };

  useEffect(() => void refreshCounts(), [part]);
  useLive((change) => change.t === 'task', () => void refreshCounts());
  return (
    <div className={panel.page} data-size="sm">
      <Heading level={1} data-size="sm">{t('sync.title')}</Heading>
      <Tabs value={part} data-size="sm" onChange={(value) => go({ shows: value === 'tablets' ? null : value, state: null, severity: null })}>
        <Tabs.List>
          {PARTS.map((each) => (
            <Tabs.Tab key={each} value={each}>{t(`sync.part.${each}`)}{numbers[each] ? ` (${numbers[each]})` : ''}</Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} className={panel.main} key={`${part} ${session.person_id}`}>
          {part === 'tablets' && <TabletList />}
          {part === 'conflicts' && <ConflictList />}
          {part === 'held' && <HeldList />}
          {part === 'quarantine' && <QuarantineList />}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
