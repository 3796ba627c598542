import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Fields } from '../sync/types.ts';

const KINDS = ['cooling', 'electricity', 'gas', 'heat', 'hot_water', 'oil', 'solar', 'water'] as const;

/** "Vann V-1": what it counts and the number on its front. */
export function useMeterName(): (meter: Fields) => string {
  const { t } = useTexts();

  return ({ kind, serial, name }) => {
    const known = KINDS.find((one) => one === kind);
    const what = name ? String(name) : known ? t(`meters.kind.${known}` satisfies TextKey) : t('meters.meter');
    return `${what} ${String(serial ?? '')}`;
  };
}
