import { Tag } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import type { RunState } from './types.ts';

const COLORS = { waiting: 'neutral', running: 'info', done: 'success', failed: 'danger', broken: 'warning', cancelled: 'warning', undone: 'neutral' } as const;

export function RunTag({ state }: { state: RunState }) {
  const { t } = useTexts();
  return <Tag data-color={COLORS[state]} data-size="sm">{t(`import.state.${state}`)}</Tag>;
}
