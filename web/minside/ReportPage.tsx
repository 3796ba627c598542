import { Button, Heading, Textarea, ValidationMessage } from '@digdir/designsystemet-react';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import type { Case, Place } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { PhotoPicker } from '../shared/ui/PhotoPicker.tsx';
import { useDraft } from '../shared/useDraft.ts';
import { go } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CategoryStep } from './CategoryStep.tsx';
import { PlaceStep } from './PlaceStep.tsx';
import styles from './ReportPage.module.css';
import { SimilarCases } from './SimilarCases.tsx';
import { DESCRIPTION_MAX, PHOTOS_MAX, type ReportDraft, type ReportField, missing, newDraft, toCase } from './draft.ts';
import { openCase } from './links.ts';

/** Report a fault: four steps on one page, kept while it is written. */
export function ReportPage({ placeId }: { placeId: string | null }) {
  const { t } = useTexts();
  const { session } = useSession();
  const [draft, change, forget] = useDraft<ReportDraft>('report', newDraft);
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const [error, setError] = useState<ApiError | null>(null);
  const [sending, setSending] = useState(false);
  const [photoBusy, setPhotoBusy] = useState(false);
  const headingId = useId();
  const set = (patch: Partial<ReportDraft>): void => {
    change((before) => ({ ...before, ...patch }));
    setFaults((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in patch))));
  };

  useEffect(() => {
    if (!placeId) return;
    api<Place>('GET', `/api/v1/places/${encodeURIComponent(placeId)}`)
      .then((place) => {
        change((before) => ({ ...before, place: { id: place.id, label: place.label }, position: null }));
        go({ place: null }, { replace: true }); /* the draft has it now; a reload shall not undo another choice */
      })
      .catch(() => {}); /* the place step then stands empty and asks */
  }, [placeId, change]);

  function show(found: Partial<Record<string, string>>): void {
    setFaults(found);
    const first = (['place', 'category', 'description', 'photos'] as const).find((field) => found[field]);
    if (first) document.getElementById(`step-${first}`)?.scrollIntoView({ block: 'start' });
    if (first) document.querySelector<HTMLElement>(`#step-${first} :is(input, textarea, button)`)?.focus({ preventScroll: true });
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    const body = toCase(draft);
    if (!body) {
      const lacking: Record<ReportField, string> = {
        place: t('report.place_missing'), category: t('report.category_missing'), description: t('report.description_missing'),
      };
      show(Object.fromEntries(missing(draft).map((field) => [field, lacking[field]])));
      return;
    }
    setSending(true);
    setError(null);
    try {
      const made = await api<Case>('POST', '/api/v1/cases', body);
      forget();
      if (session.audience === 'office') location.href = `/office?case=${made.id}`;
      else openCase(made.id, true);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
      show(failure.fields);
    } finally {
      setSending(false);
    }
  }

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void send(event)} aria-labelledby={headingId}>
      <Heading level={1} data-size="lg" id={headingId}>{t('report.title')}</Heading>
      <section className={styles.step} id="step-place" aria-labelledby="step-place-title">
        <Heading level={2} data-size="xs" id="step-place-title"><span className={styles.number}>1</span>{t('report.where')}</Heading>
        <PlaceStep place={draft.place} onChoose={(place, position) => set({ place, position })} fault={faults['place'] ?? faults['position']} />
      </section>
      <section className={styles.step} id="step-category" aria-labelledby="step-category-title">
        <Heading level={2} data-size="xs" id="step-category-title"><span className={styles.number}>2</span>{t('report.what')}</Heading>
        <CategoryStep chosen={draft.category} onChoose={(category) => set({ category })} fault={faults['category']} />
        {draft.place && draft.category && <SimilarCases place={draft.place.id} category={draft.category} onFollowed={forget} />}
      </section>
      <section className={styles.step} id="step-description" aria-labelledby="step-description-title">
        <Heading level={2} data-size="xs" id="step-description-title"><span className={styles.number}>3</span>{t('report.describe')}</Heading>
        <p id="description-hint" className={styles.hint}>{t('report.describe_hint')}</p>
        <Textarea
          className={styles.text}
          aria-labelledby="step-description-title"
          aria-describedby="description-hint"
          aria-invalid={faults['description'] ? true : undefined}
          rows={4}
          maxLength={DESCRIPTION_MAX}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
        {faults['description'] && <ValidationMessage>{faults['description']}</ValidationMessage>}
      </section>
      <section className={styles.step} id="step-photos" aria-labelledby="step-photos-title">
        <Heading level={2} data-size="xs" id="step-photos-title"><span className={styles.number}>4</span>{t('report.photos')}</Heading>
        <PhotoPicker
          photos={draft.photos}
          max={PHOTOS_MAX}
          onBusy={setPhotoBusy}
          onAdd={(photo) => change((before) => ({ ...before, photos: [...before.photos.filter((each) => each.sha256 !== photo.sha256), photo] }))}
          onRemove={(sha256) => change((before) => ({ ...before, photos: before.photos.filter((each) => each.sha256 !== sha256) }))}
        />
        {faults['photos'] && <ValidationMessage>{faults['photos']}</ValidationMessage>}
      </section>
      {error && <Failure error={error} />}
      <div className={styles.send}>
        <Button type="submit" data-size="lg" loading={sending} disabled={sending || photoBusy}>
          {sending ? t('report.sending') : photoBusy ? t('report.photo_wait') : t('report.send')}
        </Button>
        <p className={styles.hint}>{t('report.kept')}</p>
      </div>
    </form>
  );
}
