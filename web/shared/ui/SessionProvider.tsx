import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { api } from '../api.ts';
import { isLanguage } from '../i18n.ts';
import { ApiError } from '../problem.ts';
import type { DemoPerson, Session } from '../types.ts';
import { NOBODY, SessionContext, type SessionStatus } from '../useSession.ts';
import { keptLanguage, useLanguageChange } from '../useTexts.ts';

async function readSession(): Promise<Session> {
  try {
    return await api<Session>('GET', '/api/v1/session');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { ...NOBODY, demo: error.problem['demo'] === true };
    throw error;
  }
}

/** Knows who is logged in. The cookie is the browser's; this only asks the server whose it is. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [status, setStatus] = useState<SessionStatus>('loading');
  const [session, setSession] = useState<Session>(NOBODY);
  const changeLanguage = useLanguageChange();

  const reload = useCallback(async () => {
    try {
      const found = await readSession();
      setSession(found);
      setStatus('ready');
      if (!keptLanguage() && isLanguage(found.language)) changeLanguage(found.language, false);
    } catch {
      setStatus('no_answer');
    }
  }, [changeLanguage]);

  useEffect(() => {
    void reload();
  }, [reload]);

  const handle = useMemo(() => ({
    status,
    session,
    reload,
    async logInAs(person: DemoPerson) {
      await api<unknown>('POST', '/api/v1/session/demo', { person });
      const found = await readSession();
      setSession(found);
      return found;
    },
    async logOut() {
      await api<unknown>('DELETE', '/api/v1/session');
      await reload();
    },
  }), [status, session, reload]);

  return <SessionContext value={handle}>{children}</SessionContext>;
}
