import { Heading } from '@digdir/designsystemet-react';
import type { ReactNode } from 'react';
import type { DemoPerson, Session } from '../types.ts';
import { useSession } from '../useSession.ts';
import { useTexts } from '../useTexts.ts';
import { DemoLogin } from './DemoLogin.tsx';
import { Failure } from './Failure.tsx';
import { Loading } from './Loading.tsx';
import styles from './NeedLogin.module.css';
import { ApiError, NO_ANSWER } from '../problem.ts';

interface Props {
  /** Who may use the page. */
  allows: (session: Session) => boolean;
  /** The demonstration's persons to offer. */
  persons: DemoPerson[];
  children: ReactNode;
}

/** Shows the page to those it is for, and the way in to others. */
export function NeedLogin({ allows, persons, children }: Props) {
  const { t } = useTexts();
  const { status, session, reload } = useSession();
  if (status === 'loading') return <div className={styles.need}><Loading /></div>;
  if (status === 'no_answer') {
    const error = new ApiError({ type: NO_ANSWER, title: '', status: 0 });
    return <div className={styles.need}><Failure error={error} retry={() => void reload()} /></div>;
  }
  if (session.person_id && allows(session)) return children;
  return (
    <section className={styles.need}>
      <Heading level={1} data-size="md">{t('login.title')}</Heading>
      <p>{session.person_id ? t('login.other_person', { name: session.name ?? '' }) : t('login.needed')}</p>
      {session.demo ? <DemoLogin persons={persons} onLogin={() => {}} /> : <p>{t('login.no_way_yet')}</p>}
      <a href="/">{t('frame.home')}</a>
    </section>
  );
}
