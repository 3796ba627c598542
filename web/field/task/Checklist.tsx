import type { ReactNode } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { answerTo } from '../logic/checklist.ts';
import { ChecklistItem } from './ChecklistItem.tsx';
import styles from './Checklist.module.css';
import type { DraftHandle } from './useDraft.ts';
import type { TaskFound } from './useTask.ts';

interface Props {
  found: TaskFound;
  handle: DraftHandle;
  isOpen: boolean;
  /** The photos and the way to take one: in the first item that asks for it. */
  photos: ReactNode;
}

export function Checklist({ found: { items, answers, photos: taken }, handle, isOpen, photos }: Props) {
  const { t } = useTexts();
  const firstPhoto = items.find(({ d }) => d.kind === 'photo');

  if (items.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>{t('field.task.checklist')}</h2>
      <ol className={styles.list}>
        {items.map((item) => (
          <li key={item.id} id={`item-${item.id}`} className={styles.item}>
            <ChecklistItem
              item={item.d}
              answer={answerTo(item.id, handle.draft, answers)}
              photos={taken.length}
              isLocked={!isOpen}
              onAnswer={(value, isOk) => handle.answer(item.id, value, isOk)}
            />
            {item === firstPhoto && photos}
          </li>
        ))}
      </ol>
    </section>
  );
}
