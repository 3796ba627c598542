import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { photoChange } from '../logic/changes.ts';
import { answerTo } from '../logic/checklist.ts';
import { MarkedPicture } from '../marks/MarkedPicture.tsx';
import type { Row } from '../sync/view.ts';
import { ChecklistItem, textIn } from '../task/ChecklistItem.tsx';
import pictures from '../task/TaskPhotos.module.css';
import type { DraftHandle } from '../task/useDraft.ts';
import layout from '../ui/Form.module.css';
import { PhotoButton } from '../ui/PhotoButton.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { isFinished, photosOf } from './inspection.ts';
import type { InspectionFound } from './useInspection.ts';

interface Props {
  item: Row;
  inspection: Row;
  found: InspectionFound;
  handle: DraftHandle;
}

/** One thing that is looked at: how it is, a word about it when it is not as it should be, and photos. */
export function InspectionItem({ item, inspection, found, handle }: Props) {
  const { t, language } = useTexts();
  const tablet = useTablet();
  const text = textIn(item.d, language);
  const title = String(item.d.text_nb ?? text).slice(0, 500); // one title in whatever language it is taken
  const photos = photosOf(inspection, found.documents, title);
  const answer = answerTo(item.id, handle.draft, found.answers);
  const isLocked = isFinished(inspection);
  const isCheck = item.d.kind === 'check';

  return (
    <div className={layout.form}>
      <ChecklistItem
        item={item.d}
        answer={answer}
        photos={photos.length}
        isLocked={isLocked}
        onAnswer={(value, isOk) => handle.answer(item.id, value, isOk, answer.note)}
      />
      {isCheck && !isLocked && (answer.isOk === false || answer.note !== null) && (
        <TextInput
          label={t(answer.isOk ? 'field.note' : 'field.inspection.what_is_wrong')}
          rows={2}
          maxLength={4000}
          value={answer.note ?? ''}
          onChange={(note) => handle.answer(item.id, answer.value, answer.isOk, note || null)}
        />
      )}
      {isCheck && isLocked && answer.note && <p>{answer.note}</p>}
      {photos.length > 0 && (
        <ul className={pictures.grid}>
          {photos.map((photo) => (
            <li key={photo.id}>
              <MarkedPicture
                photo={photo}
                marks={found.marks.filter(({ d }) => d.document_id === photo.id)}
                alt={t('field.inspection.photo_of', { what: text, when: formatTime(String(photo.d.captured_at), language) })}
              />
            </li>
          ))}
        </ul>
      )}
      {!isLocked && (isCheck || item.d.kind === 'photo') && (
        <PhotoButton
          label={t('field.photo.take')}
          onPhoto={async (photo) => {
            await tablet.record([photoChange({ place_id: inspection.d.place_id ?? null }, title, photo)], { photos: [photo] });
          }}
        />
      )}
    </div>
  );
}
