import { Button, Heading } from '@digdir/designsystemet-react';
import type { CodeTarget } from '../../shared/types.ts';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './CodeTargetView.module.css';
import { ReportedCase } from './ReportedCase.tsx';

interface Props {
  target: CodeTarget;
  code: string;
  onChanged(): void;
}

/** The place or thing the label stands on, what is reported there, and the ways on. */
export function CodeTargetView({ target, code, onChanged }: Props) {
  const { t } = useTexts();
  const { session } = useSession();
  const isCaretaker = session.roles?.includes('caretaker') ?? false;
  const isPart = target.target === 'component';
  return (
    <article className={styles.target}>
      <header>
        <Heading level={1} data-size="md">{isPart ? target.name : target.label}</Heading>
        {isPart && <p className={styles.subtle}>{t('code.part_of', { place: target.label })}</p>}
      </header>
      {isCaretaker && (
        <Button asChild data-size="lg" className={styles.way}>
          <a href={`/field?code=${encodeURIComponent(code)}`}>{t('code.field')}</a>
        </Button>
      )}
      <section aria-labelledby="reported-title" className={styles.section}>
        <Heading level={2} data-size="xs" id="reported-title">{t('code.reported')}</Heading>
        {target.cases.length === 0 && <p className={styles.subtle}>{t('code.nothing')}</p>}
        <ul className={styles.list}>
          {target.cases.map((each) => <ReportedCase key={each.id} found={each} onFollowed={onChanged} />)}
        </ul>
      </section>
      <Button asChild data-size="lg" className={styles.way} variant={isCaretaker ? 'secondary' : 'primary'}>
        <a href={`/minside?report=1&place=${encodeURIComponent(target.place_id)}`}>{t('code.report')}</a>
      </Button>
    </article>
  );
}
