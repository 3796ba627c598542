import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useTexts } from '../shared/useTexts.ts';

export function FieldPage() {
  const { t } = useTexts();
  return <PageFrame title={t('frame.home')}><h1>{t('frame.home')}</h1></PageFrame>;
}
