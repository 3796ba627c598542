import { Alert } from '@digdir/designsystemet-react';
import type { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { type CodeNames, fieldText, valueText } from './changeWords.ts';
import { conflictsIn } from './conflicts.ts';

/** Why a change cannot be taken back: what others have made of the fields since. */
export function UndoConflicts({ error, names }: { error: ApiError; names: CodeNames }) {
  const texts = useTexts();
  const { t } = texts;
  const conflicts = conflictsIn(error);
  if (conflicts.length === 0) return <Failure error={error} />;
  return (
    <Alert data-color="warning" data-size="sm" role="alert">
      <strong>{t('reg.undo_refused')}</strong>
      <ul>
        {conflicts.map((conflict, i) => (
          <li key={i}>
            {conflict.row.label && `${conflict.row.label}: `}
            {fieldText(conflict.row, conflict.field, t)} – {t('reg.is_now', { value: valueText(conflict.row, conflict.field, conflict.theirs, null, texts, names) })}
            {conflict.by && ` (${conflict.by}`}{conflict.by && conflict.at && <>, <TimeText at={conflict.at} /></>}{conflict.by && ')'}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
