import { Button, Heading } from '@digdir/designsystemet-react';
import type { CaseState, TaskState } from '../shared/types.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './DetailHeader.module.css';
import { closeRow } from './links.ts';

interface Props {
  title: string;
  number: string;
  state: CaseState | TaskState;
  place: string;
  icon: string;
}

export function DetailHeader({ title, number, state, place, icon }: Props) {
  const { t } = useTexts();
  return (
    <header className={styles.header}>
      <CategoryIcon name={icon} />
      <div className={styles.words}>
        <Heading level={2} data-size="xs" id="detail-title">{title}</Heading>
        <p className={styles.line}><span>{number}</span> <StateTag state={state} /> <span>{place}</span></p>
      </div>
      <Button variant="tertiary" data-size="sm" icon aria-label={t('office.close')} onClick={closeRow}>
        <svg className={styles.cross} viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6 6 18" /></svg>
      </Button>
    </header>
  );
}
