import { useState } from 'react';
import { ApiError } from '../problem.ts';
import type { DemoPerson } from '../types.ts';
import { useSession } from '../useSession.ts';
import { useTexts } from '../useTexts.ts';
import styles from './DemoLogin.module.css';
import { Failure } from './Failure.tsx';

/** Where each of the demonstration's persons works. */
export const DEMO_PAGES: Record<DemoPerson, string> = {
  tenant: '/minside',
  caretaker: '/field',
  manager: '/office',
  frontdesk: '/office',
  supplier: '/supplier/me',
  admin: '/office',
};

interface Props {
  persons: DemoPerson[];
  /** Called instead of going to the person's page. */
  onLogin?: () => void;
}

/** Log in with one press, as the demonstration allows. */
export function DemoLogin({ persons, onLogin }: Props) {
  const { t } = useTexts();
  const { logInAs } = useSession();
  const [busy, setBusy] = useState<DemoPerson | null>(null);
  const [error, setError] = useState<ApiError | null>(null);

  async function logIn(person: DemoPerson): Promise<void> {
    setBusy(person);
    setError(null);
    try {
      await logInAs(person);
      if (onLogin) onLogin();
      else location.href = DEMO_PAGES[person];
    } catch (failure) {
      if (failure instanceof ApiError) setError(failure);
    } finally {
      setBusy(null);
    }
  }

  return (
    <>
      {error && <Failure error={error} />}
      <ul className={styles.persons}>
        {persons.map((person) => (
          <li key={person}>
            <button type="button" className={styles.person} disabled={busy !== null} onClick={() => void logIn(person)}>
              <strong>{t(`demo.${person}`)}</strong>
              <span>{t(`demo.${person}_does`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
