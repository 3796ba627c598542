import { Alert, Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { PlaceWarnings } from './PlaceWarnings.tsx';
import styles from './WarningCard.module.css';

interface Props {
  placeId: string;
  /** What there is to warn of, a line each; null when there is nothing. */
  text: string | null;
  onChanged(): void;
}

/** What must be known before entry, in a case or a task; opened, where it comes from, and how to add or end one. */
export function WarningCard({ placeId, text, onChanged }: Props) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      {text && (
        <Alert data-color="warning" data-size="sm">
          <strong>{t('warnings.before_entry')}</strong>
          <div className={styles.text}>{text}</div>
        </Alert>
      )}
      <div>
        <Button variant="tertiary" data-size="sm" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(text ? 'warnings.manage' : 'warnings.manage_none')}
        </Button>
      </div>
      {isOpen && <PlaceWarnings placeId={placeId} onChanged={onChanged} />}
    </>
  );
}
