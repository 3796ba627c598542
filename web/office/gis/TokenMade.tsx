import { Alert, Button, Heading } from '@digdir/designsystemet-react';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { CopyField } from './CopyField.tsx';
import type { MadeToken } from './types.ts';

/** A token that was just made: shown this once. */
export function TokenMade({ made, onDone }: { made: MadeToken; onDone(): void }) {
  const { t } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Alert data-color="success">
      <div className={panel.main}>
        <Heading ref={heading} tabIndex={-1} level={2} data-size="xs">{t('gis.made_title', { name: made.made.name })}</Heading>
        <p>{t('gis.once')}</p>
        <CopyField label={t('gis.token')} value={made.token} />
        <div><Button variant="secondary" data-size="sm" onClick={onDone}>{t('gis.kept')}</Button></div>
      </div>
    </Alert>
  );
}
