import { Tag } from '@digdir/designsystemet-react';
import type { CaseState, TaskState } from '../types.ts';
import { useTexts } from '../useTexts.ts';

type Color = 'info' | 'accent' | 'warning' | 'success' | 'neutral';

const COLORS: Record<CaseState | TaskState, Color> = {
  new: 'info',
  open: 'info',
  in_progress: 'accent',
  waiting: 'warning',
  done: 'success',
  done_after_cancel: 'success',
  closed: 'neutral',
  cancelled: 'neutral',
};

export function StateTag({ state }: { state: CaseState | TaskState }) {
  const { t } = useTexts();
  return <Tag data-color={COLORS[state]} data-size="sm">{t(`state.${state}`)}</Tag>;
}
