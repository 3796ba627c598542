import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { DayPicker } from './DayPicker.tsx';
import { ComponentDetail } from './ComponentDetail.tsx';
import { PlaceDetail } from './PlaceDetail.tsx';
import { PlaceFilter } from './PlaceFilter.tsx';
import { PlaceTree } from './PlaceTree.tsx';
import styles from './RegisterPage.module.css';
import { SelectionBar } from './SelectionBar.tsx';
import { Toast, type ToastText } from './Toast.tsx';
import type { Action } from './actions.ts';
import { openPlace, useRegisterAddress } from './address.ts';
import { BulkPage } from './bulk/BulkPage.tsx';
import { type Register, RegisterContext } from './context.ts';
import { ActionDialog } from './dialogs/ActionDialog.tsx';
import { useSelection } from './selection.ts';
import { useTree } from './useTree.ts';

/** The register: the tree of places on the left, what is chosen there on the right. */
export function RegisterPage() {
  const { t } = useTexts();
  const address = useRegisterAddress();
  const tree = useTree(address.at);
  const marks = useSelection();
  const [isMarking, setMarking] = useState(false);
  const [action, setAction] = useState<Action | null>(null);
  const [toast, setToast] = useState<ToastText | null>(null);
  const [round, setRound] = useState(0);
  /* the place whose menu is asked for in the tree; the header opens it when it is there */
  const [menuOf, setMenuOf] = useState<string | null>(null);
  /* the place that what is shown lies in */
  const [placeId, setPlaceId] = useState<string | null>(address.place);
  const detail = useRef<HTMLElement>(null);

  const changed = useCallback(() => setRound((before) => before + 1), []);
  const say = useCallback((text: string, undo?: () => Promise<void>) => setToast({ text, ...(undo && { undo }) }), []);
  const act = useCallback((next: Action) => setAction(next), []);
  const register = useMemo<Register>(
    () => ({ at: address.at, tree, marks, act, say, round, changed }),
    [address.at, tree, marks, act, say, round, changed],
  );

  const shown = address.component ?? address.place;
  useEffect(() => {
    if (address.place || !address.component) setPlaceId(address.place);
  }, [address.place, address.component]);
  useEffect(() => {
    detail.current?.scrollTo({ top: 0 });
  }, [shown, address.isBulk]);

  const hasDetail = shown !== null || address.isBulk;
  return (
    <RegisterContext value={register}>
      <h1 className="ds-sr-only">{t('nav.register')}</h1>
      <div className={hasDetail ? `${styles.page} ${styles.withDetail}` : styles.page}>
        <section className={styles.side} aria-label={t('reg.tree')}>
          <PlaceFilter selected={placeId} />
          <div className={styles.tools}>
            <label className={styles.check}>
              <input type="checkbox" checked={isMarking} onChange={(event) => setMarking(event.target.checked)} />
              {t('reg.mark_several')}
            </label>
            <DayPicker />
          </div>
          <div className={styles.tree}>
            <PlaceTree
              handle={tree}
              selected={placeId}
              marks={marks}
              isMarking={isMarking}
              onSelect={(id) => openPlace(id)}
              onMenu={(place) => {
                openPlace(place.id);
                setMenuOf(place.id);
              }}
            />
          </div>
        </section>
        <section ref={detail} className={styles.detail} aria-label={t('office.detail')}>
          {address.isBulk ? <BulkPage />
            : address.component ? <ComponentDetail key={address.component} id={address.component} onPlace={setPlaceId} />
            : address.place ? <PlaceDetail key={address.place} id={address.place} menuOf={menuOf} onMenu={setMenuOf} />
            : <p className={styles.empty}>{t('reg.choose')}</p>}
        </section>
      </div>
      <SelectionBar />
      {action && <ActionDialog action={action} onClose={() => setAction(null)} />}
      <Toast shown={toast} onClose={() => setToast(null)} />
    </RegisterContext>
  );
}
