import { useRef, useState } from 'react';
import { nameIn } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { goTo } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTablet } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import { faultChanges } from '../logic/changes.ts';
import type { Found } from '../logic/search.ts';
import { dayOf } from '../logic/today.ts';
import { SearchBox } from '../places/SearchBox.tsx';
import type { StoredPhoto } from '../sync/types.ts';
import { useDraft } from '../task/useDraft.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { PhotoButton } from '../ui/PhotoButton.tsx';
import { tellSaved } from '../ui/saved.ts';
import { DraftPictures } from './DraftPictures.tsx';
import styles from './FaultScreen.module.css';
import { usePlaceOffer } from './usePlaceOffer.ts';

/** What is being written is kept as a draft under this name. */
const DRAFT = 'new';

interface Props {
  place: string | null;
  component: string | null;
}

/** A fault where I stand: the place is mostly known, a word, a photo if it says more, send. */
export function FaultScreen({ place, component }: Props) {
  const { t, language } = useTexts();
  const tablet = useTablet();
  const handle = useDraft(DRAFT);
  const offer = usePlaceOffer(place, component);
  const categories = useStored(['rows'], (tx) => tx.by('rows', 't', 'category'));
  const [chosen, setChosen] = useState<Found | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const [category, setCategory] = useState('');
  const [isAcute, setAcute] = useState(false);
  const [photos, setPhotos] = useState<StoredPhoto[]>([]);
  const [isFailed, setFailed] = useState(false);
  const [isLacking, setLacking] = useState(false);
  const words = useRef<HTMLTextAreaElement>(null);
  useTitle(t('field.fault.title'));

  if (!offer || !handle || !categories) return null;
  const at = chosen ?? offer.given ?? offer.likely[0] ?? null;
  const text = handle.draft.note;

  async function save(where: Found): Promise<void> {
    if (!text.trim()) {
      setLacking(true);
      words.current?.focus();
      return;
    }
    const place_id = where.t === 'place' ? where.id : await placeOfComponent(where.id);
    const fault = { place_id, component_id: where.t === 'component' ? where.id : null, category: category || null, text, isAcute, photos };
    try {
      await tablet.record(faultChanges(fault, dayOf(new Date().toISOString())), { photos, draft: { task: DRAFT, left: null } });
    } catch {
      setFailed(true);
      return;
    }
    handle!.end();
    tellSaved(t('field.fault.saved', { place: where.name }));
    goTo('#/');
  }

  async function placeOfComponent(id: string): Promise<string> {
    const row = await tablet.store.read(['rows'], (tx) => tx.get('rows', `component:${id}`));
    return String(row?.d.place_id ?? '');
  }

  if (isChoosing || !at)
    return (
      <div className={styles.fault}>
        <h1>{t('field.fault.where')}</h1>
        <SearchBox
          label={t('field.search.label')}
          suggestions={offer.likely}
          onFound={(found) => {
            setChosen(found);
            setChoosing(false);
          }}
        >
          {offer.likely.length > 0 && <p>{t('field.fault.likely')}</p>}
        </SearchBox>
      </div>
    );

  return (
    <div className={styles.fault}>
      <h1>{t('field.fault.title')}</h1>
      <div className={styles.place}>
        <p>
          <strong className={styles.name}>{at.name}</strong>
          {at.at !== at.name && <span>{at.at}</span>}
        </p>
        <BigButton icon="place" onClick={() => setChoosing(true)}>{t('field.fault.other_place')}</BigButton>
      </div>
      <label className={styles.label}>
        {t('field.fault.what')}
        <textarea ref={words} className={styles.field} rows={3} aria-invalid={isLacking && !text.trim()} value={text} onChange={(event) => handle.note(event.target.value)} />
      </label>
      {isLacking && !text.trim() && <p role="alert">{t('field.fault.say_what')}</p>}
      <DraftPictures photos={photos} />
      <PhotoButton
        label={t('field.photo.take')}
        onPhoto={async (photo) => setPhotos((before) => [...before.filter(({ sha256 }) => sha256 !== photo.sha256), photo])}
      />
      <label className={styles.label}>
        {t('field.fault.category')}
        <select className={styles.field} value={category} onChange={(event) => setCategory(event.target.value)}>
          <option value="">{t('field.fault.no_category')}</option>
          {categories.map(({ id, d }) => (
            <option key={id} value={String(d.code ?? id)}>{nameIn(d as unknown as Parameters<typeof nameIn>[0], language)}</option>
          ))}
        </select>
      </label>
      <label className={styles.acute}>
        <input type="checkbox" checked={isAcute} onChange={(event) => setAcute(event.target.checked)} />
        {t('field.fault.acute')}
      </label>
      {isFailed && <p role="alert">{t('field.not_saved')}</p>}
      <BigButton look="main" icon="check" onClick={() => void save(at)}>{t('field.fault.send')}</BigButton>
    </div>
  );
}
