import { Alert, Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatMoney } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import { useSend } from '../useSend.ts';
import { KeyIn } from './KeyIn.tsx';
import { KeyLost } from './KeyLost.tsx';
import { KeyOut } from './KeyOut.tsx';
import { KeyTag } from './KeyTag.tsx';
import { LoanCard } from './LoanCard.tsx';
import styles from './KeyDetail.module.css';
import type { KeyDetails } from './types.ts';

/** One key: what it opens, who has had it, and what to do with it now. */
export function KeyDetail({ id, onChanged }: { id: string; onChanged(): void }) {
  const { t, language } = useTexts();
  const loaded = useApi<KeyDetails>(`/api/v1/keys/${encodeURIComponent(id)}`);
  const [open, setOpen] = useState<'out' | 'in' | 'lost' | null>(null);
  const { sending, error, send } = useSend();
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;
  const name = `${found.mark}-${found.serial}`;

  function changed(): void {
    setOpen(null);
    loaded.reload();
    onChanged();
  }

  return (
    <article className={detail.detail} aria-labelledby="key-title">
      <div className={styles.head}>
        <Heading level={2} data-size="xs" id="key-title">{t('keys.key_name', { name })}</Heading>
        <KeyTag state={found.state} />
      </div>
      <p className={detail.subtle}>{found.system_name}{found.is_master && ` · ${t('keys.master')}`}</p>
      {found.note && <p className={detail.text}>{found.note}</p>}
      {found.state === 'lost' && (
        <Alert data-color="danger" data-size="sm">
          {found.opens.length === 0 ? t('keys.opens_nothing') : t('keys.compromised', { doors: found.opens.map((door) => door.mark).join(', ') })}
        </Alert>
      )}
      <div className={styles.head}>
        {found.state === 'in' && <Button data-size="sm" onClick={() => setOpen('out')}>{t('keys.out')}</Button>}
        {found.state === 'out' && <Button data-size="sm" onClick={() => setOpen('in')}>{t('keys.in')}</Button>}
        {(found.state === 'in' || found.state === 'out') && <Button data-size="sm" variant="secondary" data-color="danger" onClick={() => setOpen('lost')}>{t('keys.lost')}</Button>}
        {found.state === 'lost' && (
          <Button data-size="sm" loading={sending} onClick={() => void send('POST', `/api/v1/keys/${id}/found`, {}).then((done) => done && changed())}>{t('keys.found')}</Button>
        )}
      </div>
      {error && <Failure error={error} />}
      <section className={detail.section} aria-labelledby="opens-title">
        <Heading level={3} data-size="2xs" id="opens-title">{t('keys.opens')}</Heading>
        {found.opens.length === 0 && <p className={detail.subtle}>{t('keys.opens_nothing')}</p>}
        <ul className={styles.doors}>
          {found.opens.map((door) => <li key={door.id}><strong>{door.mark}</strong> {door.place_label}</li>)}
        </ul>
      </section>
      <section className={detail.section} aria-labelledby="loans-title">
        <Heading level={3} data-size="2xs" id="loans-title">{t('keys.loans')}</Heading>
        {found.loans.length === 0 && <p className={detail.subtle}>{t('keys.no_loans')}</p>}
        <ul className={detail.list}>{found.loans.map((loan) => <LoanCard key={loan.id} loan={loan} />)}</ul>
      </section>
      {found.charges.length > 0 && (
        <section className={detail.section} aria-labelledby="charges-title">
          <Heading level={3} data-size="2xs" id="charges-title">{t('keys.charges')}</Heading>
          <ul className={detail.list}>
            {found.charges.map((charge) => <li key={charge.id}>{formatMoney(charge.amount_ore, language)} · {charge.person_name ?? t('keys.hidden_person')} · {charge.text}</li>)}
          </ul>
        </section>
      )}
      {open === 'out' && <KeyOut id={id} name={name} onDone={changed} onClose={() => setOpen(null)} />}
      {open === 'in' && <KeyIn id={id} name={name} onDone={changed} onClose={() => setOpen(null)} />}
      {open === 'lost' && <KeyLost found={found} onDone={changed} onClose={() => setOpen(null)} />}
    </article>
  );
}
