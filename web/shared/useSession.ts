import { createContext, useContext } from 'react';
import type { DemoPerson, Session } from './types.ts';

export type SessionStatus = 'loading' | 'ready' | 'no_answer';

export interface SessionHandle {
  status: SessionStatus;
  /** Nobody is logged in when person_id is null. */
  session: Session;
  logInAs(person: DemoPerson): Promise<Session>;
  logOut(): Promise<void>;
  reload(): Promise<void>;
}

export const NOBODY: Session = { person_id: null };

export const SessionContext = createContext<SessionHandle | null>(null);

export function useSession(): SessionHandle {
  const handle = useContext(SessionContext);
  if (!handle) throw new Error('useSession outside SessionProvider');
  return handle;
}
