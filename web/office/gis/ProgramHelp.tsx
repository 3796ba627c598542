import { Heading } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { CopyField } from './CopyField.tsx';

const STEPS = ['gis.qgis_1', 'gis.qgis_2', 'gis.qgis_3', 'gis.qgis_4'] as const;

/** Where the address and the token go in QGIS; other programs have the same fields. */
export function ProgramHelp() {
  const { t } = useTexts();
  return (
    <section className={panel.main} aria-labelledby="gis-help">
      <Heading level={2} data-size="xs" id="gis-help">{t('gis.qgis')}</Heading>
      <CopyField label={t('gis.address')} value={`${location.origin}/ogc`} />
      <ol>{STEPS.map((step) => <li key={step}>{t(step)}</li>)}</ol>
      <p className={panel.subtle}>{t('gis.others')}</p>
    </section>
  );
}
