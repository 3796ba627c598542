import { formatDay } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { loanOf, stateOf, type KeyFound } from './keys.ts';

const KINDS = ['employee', 'supplier', 'tenant'] as const;

/** Where a key is, in a line. Of who is not employed here the tablet knows only what they are. */
export function useKeyWords(): (found: KeyFound) => string {
  const { t, language } = useTexts();

  return (found) => {
    const state = stateOf(found);
    const loan = loanOf(found);
    if (!loan) return t(`keys.state.${state}`);
    const { holder, holder_kind, out_name, out_at, due_on, lost_at } = loan.d;
    const kind = KINDS.find((one) => one === holder_kind);
    const who = String(out_name ?? holder ?? (kind ? t(`field.key.kind.${kind}`) : ''));
    const parts = [t('field.key.with', { who, day: formatDay(String(out_at), language) })];
    if (lost_at) parts.push(t('keys.loan_lost', { at: formatDay(String(lost_at), language) }));
    else if (due_on) parts.push(t('keys.due', { day: formatDay(String(due_on), language) }));
    return parts.join(' · ');
  };
}
