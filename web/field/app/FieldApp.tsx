import { useEffect } from 'react';
import { useSession } from '../../shared/useSession.ts';
import { FieldFrame } from '../frame/FieldFrame.tsx';
import { StartScreen } from '../start/StartScreen.tsx';
import { recordDrafts } from '../logic/drafts.ts';
import { placeAnew } from '../logic/placing.ts';
import type { Who } from '../sync/state.ts';
import { getMeta } from '../sync/store.ts';
import { LockScreen } from '../lease/LockScreen.tsx';
import { useLease } from '../lease/useLease.ts';
import { enrol } from './enrol.ts';
import { Screen } from './Screen.tsx';
import { useStored } from './useStored.ts';
import { useTablet, WhoContext } from './useTablet.ts';

/** Opens with what the tablet knows, with or without a network; asks who is there only the first time. */
export function FieldApp() {
  const tablet = useTablet();
  const { session, status } = useSession();
  const who = useStored(['meta'], async (tx) => getMeta<Who>(tx, 'who'));
  const lease = useLease();
  const isOther = who !== undefined && who !== null && session.demo === true && session.audience === 'field' && session.person_id !== who?.person_id;

  useEffect(() => void tablet.finishWipe(), [tablet]);

  useEffect(() => {
    if (status === 'ready' && isOther) void enrol(tablet, session).catch(() => undefined);
  }, [tablet, session, status, isOther]);

  useEffect(() => {
    if (!who) return;
    void placeAnew(tablet.store);
    void recordDrafts(tablet.store, new Date());
    return tablet.start();
  }, [tablet, who?.person_id, session.person_id]);

  const isLocked = lease?.state === 'locked' || lease?.state === 'over';

  if (who === undefined) return null;
  if (who === null) return <StartScreen />;
  return (
    <WhoContext value={who}>
      {isLocked ? (
        <LockScreen isOver={lease?.state === 'over'} />
      ) : (
        <FieldFrame>
          <Screen />
        </FieldFrame>
      )}
    </WhoContext>
  );
}
