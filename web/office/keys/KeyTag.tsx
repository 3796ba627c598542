import { Tag } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import type { KeyState } from './types.ts';

const COLORS = { in: 'success', out: 'info', lost: 'danger', retired: 'neutral', overdue: 'warning' } as const;

export function KeyTag({ state, isOverdue = false }: { state: KeyState; isOverdue?: boolean }) {
  const { t } = useTexts();
  const shown = isOverdue ? 'overdue' : state;
  return <Tag data-color={COLORS[shown]} data-size="sm">{t(`keys.state.${shown}`)}</Tag>;
}
