import { Alert, Heading } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { ActionsMenu } from './ActionsMenu.tsx';
import { KindIcon } from './KindIcon.tsx';
import { LabelButton } from './LabelButton.tsx';
import { PathLine } from './PathLine.tsx';
import styles from './PlaceHeader.module.css';
import { actionsOf } from './actions.ts';
import { useRegister } from './context.ts';
import type { PlaceRow } from './types.ts';

interface Props {
  place: PlaceRow;
  isMenuOpen: boolean;
  onMenu(isOpen: boolean): void;
}

/** Which place this is: warnings before anything else, then name, number and the way to it. */
export function PlaceHeader({ place, isMenuOpen, onMenu }: Props) {
  const { t } = useTexts();
  const { at, act } = useRegister();
  const hNumber = place.details?.['h_number'];
  return (
    <header className={styles.header}>
      {place.warning && <Alert data-color="warning" data-size="sm">{place.warning}</Alert>}
      <PathLine path={place.path} />
      <div className={styles.line}>
        <KindIcon kind={place.kind} />
        <div className={styles.words}>
          <Heading level={2} data-size="xs" id="detail-title">{place.label}</Heading>
          <p className={styles.subtle}>
            {t(`reg.kind.${place.kind}`)}
            {typeof hNumber === 'string' && ` · ${hNumber}`}
            {place.code && <> · <LabelButton codes={[place.code]} text={t('reg.label_of', { code: place.code })} /></>}
          </p>
        </div>
        {!at && (
          <ActionsMenu
            text={t('reg.actions')}
            isOpen={isMenuOpen}
            onOpen={onMenu}
            items={actionsOf(place.kind).map((name) => ({
              key: name,
              text: t(`reg.action.${name}`),
              isDangerous: name === 'delete',
              use: () => act({ name, place }),
            }))}
          />
        )}
      </div>
    </header>
  );
}
