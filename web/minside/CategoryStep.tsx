import { Button, ValidationMessage } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { nameIn } from '../shared/i18n.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { ChoiceCard } from '../shared/ui/ChoiceCard.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useCategories } from '../shared/useCategories.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CategoryStep.module.css';
import { SHOWN_FIRST, ordered } from './categoryOrder.ts';

interface Props {
  chosen: string | null;
  onChoose(category: string): void;
  fault?: string | undefined;
}

/** What is wrong, by picture and word. */
export function CategoryStep({ chosen, onChoose, fault }: Props) {
  const { t, language } = useTexts();
  const categories = useCategories();
  const [showsAll, setShowsAll] = useState(false);
  if (categories.error) return <Failure error={categories.error} retry={categories.reload} />;
  if (categories.loading) return <Loading />;

  const all = ordered(categories.items, (category) => nameIn(category, language));
  const isFurther = all.findIndex((category) => category.code === chosen) >= SHOWN_FIRST;
  const isShort = !showsAll && !isFurther && all.length > SHOWN_FIRST + 1;
  const shown = isShort ? all.slice(0, SHOWN_FIRST) : all;
  return (
    <>
      <div role="radiogroup" aria-labelledby="step-category-title" className={styles.grid}>
        {shown.map((category) => (
          <ChoiceCard
            key={category.code}
            name="category"
            label={nameIn(category, language)}
            picture={<CategoryIcon name={category.icon ?? 'dots'} />}
            checked={chosen === category.code}
            onChoose={() => onChoose(category.code)}
          />
        ))}
        {isShort && (
          <Button variant="secondary" className={styles.more} onClick={() => setShowsAll(true)}>
            {t('report.more_categories')}
          </Button>
        )}
      </div>
      {fault && <ValidationMessage>{fault}</ValidationMessage>}
    </>
  );
}
