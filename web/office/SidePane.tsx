import { Button } from '@digdir/designsystemet-react';
import type { ReactNode } from 'react';
import { useTexts } from '../shared/useTexts.ts';
import panel from './Panel.module.css';

interface Props {
  label: string;
  onClose(): void;
  children: ReactNode;
}

/** What was picked from a list: beside it, or, on a small screen, instead of it. */
export function SidePane({ label, onClose, children }: Props) {
  const { t } = useTexts();
  return (
    <aside className={panel.side} aria-label={label}>
      <div className={panel.close}><Button variant="tertiary" data-size="sm" onClick={onClose}>{t('keys.close')}</Button></div>
      {children}
    </aside>
  );
}
