import { Alert, Heading } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { ActionsMenu } from './ActionsMenu.tsx';
import { KindIcon } from './KindIcon.tsx';
import { LabelButton } from './LabelButton.tsx';
import { PathLine } from './PathLine.tsx';
import styles from './PlaceHeader.module.css';
import { useRegister } from './context.ts';
import type { ComponentRow, PlaceRow } from './types.ts';

interface Props {
  component: ComponentRow;
  place: PlaceRow | undefined;
  isMenuOpen: boolean;
  onMenu(isOpen: boolean): void;
}

/** Which component this is and where it stands; the place's warning before anything else. */
export function ComponentHeader({ component, place, isMenuOpen, onMenu }: Props) {
  const { t } = useTexts();
  const { at, act } = useRegister();
  const names = ['move_component', 'delete_component'] as const;
  return (
    <header className={styles.header}>
      {place?.warning && <Alert data-color="warning" data-size="sm">{place.warning}</Alert>}
      <PathLine path={place ? [...place.path, { id: place.id, name: place.name, kind: place.kind }] : []} />
      <div className={styles.line}>
        <KindIcon kind="component" />
        <div className={styles.words}>
          <Heading level={2} data-size="xs" id="detail-title">{component.name}</Heading>
          <p className={styles.subtle}>
            {[component.element && `${component.element} ${component.element_name ?? ''}`, component.tag].filter(Boolean).join(' · ')}
            {component.code && <> · <LabelButton codes={[component.code]} text={t('reg.label_of', { code: component.code })} /></>}
          </p>
        </div>
        {!at && (
          <ActionsMenu
            text={t('reg.actions')}
            isOpen={isMenuOpen}
            onOpen={onMenu}
            items={names.map((name) => ({ key: name, text: t(`reg.action.${name}`), isDangerous: name === 'delete_component', use: () => act({ name, component }) }))}
          />
        )}
      </div>
    </header>
  );
}
