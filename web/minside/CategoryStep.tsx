import { ValidationMessage } from '@digdir/designsystemet-react';
import { nameIn } from '../shared/i18n.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { ChoiceCard } from '../shared/ui/ChoiceCard.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useCategories } from '../shared/useCategories.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CategoryStep.module.css';

interface Props {
  chosen: string | null;
  onChoose(category: string): void;
  fault?: string | undefined;
}

/** What is wrong, by picture and word. */
export function CategoryStep({ chosen, onChoose, fault }: Props) {
  const { language } = useTexts();
  const categories = useCategories();
  if (categories.error) return <Failure error={categories.error} retry={categories.reload} />;
  if (categories.loading) return <Loading />;
  return (
    <>
      <div role="radiogroup" aria-labelledby="step-category-title" className={styles.grid}>
        {categories.items.map((category) => (
          <ChoiceCard
            key={category.code}
            name="category"
            label={nameIn(category, language)}
            picture={<CategoryIcon name={category.icon ?? 'other'} />}
            checked={chosen === category.code}
            onChoose={() => onChoose(category.code)}
          />
        ))}
      </div>
      {fault && <ValidationMessage>{fault}</ValidationMessage>}
    </>
  );
}
