import { Alert } from '@digdir/designsystemet-react';
import type { TextKey } from '../../../shared/i18n.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import type { UsedBy } from '../types.ts';
import { hrefOfUse } from './usedBy.ts';

const KNOWN = ['archive_case', 'lease', 'case', 'task', 'key', 'meter', 'person', 'rule', 'place', 'component', 'document'];

/** Why something may not be deleted: what uses it, with examples to go and look at. */
export function UsedByList({ usedBy }: { usedBy: UsedBy[] }) {
  const { t } = useTexts();
  return (
    <Alert data-color="warning" data-size="sm" role="alert">
      <strong>{t('reg.in_use')}</strong>
      <ul>
        {usedBy.map((use) => (
          <li key={use.kind}>
            {t(`reg.use.${KNOWN.includes(use.kind) ? use.kind : 'other'}` as TextKey)}: {use.count}
            {use.examples.length > 0 && ' – '}
            {use.examples.map((example, i) => {
              const href = hrefOfUse(use.kind, example.id);
              return <span key={example.id}>{i > 0 && ', '}{href ? <a href={href} target="_blank" rel="noopener">{example.label}</a> : example.label}</span>;
            })}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
