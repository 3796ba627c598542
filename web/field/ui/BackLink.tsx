import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import styles from './BackLink.module.css';
import { Icon } from './Icon.tsx';

export function BackLink() {
  const { t } = useTexts();
  return (
    <button type="button" className={styles.back} onClick={goBack}>
      <Icon name="back" />
      {t('field.back')}
    </button>
  );
}
