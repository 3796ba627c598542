import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import layout from '../ui/Form.module.css';

const ROLES = ['holder', 'landlord', 'supplier', 'tenant', 'witness'] as const;

/** Who has signed, as what, and when. */
export function SignatureList({ signatures }: { signatures: Row[] }) {
  const { t, language } = useTexts();

  if (signatures.length === 0) return null;
  return (
    <ul className={layout.list}>
      {signatures.map(({ id, d, isPending }) => {
        const role = ROLES.find((one) => one === d.role);
        return (
          <li key={id} className={layout.line}>
            <span className={layout.name}>{t('field.sign.of', { name: String(d.name) })}</span>
            <span>{[role ? t(`field.sign.role.${role}`) : '', formatTime(String(d.captured_at), language)].filter(Boolean).join(' · ')}</span>
            {isPending && <span className={layout.pending}>{t('field.task.not_sent')}</span>}
          </li>
        );
      })}
    </ul>
  );
}
