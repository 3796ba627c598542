import { Button, Heading, Table } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatMoney } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import panel from '../Panel.module.css';
import { NewCylinder } from './NewCylinder.tsx';
import { NewKeys } from './NewKeys.tsx';
import type { KeySystemDetails } from './types.ts';

/** A key system: its facts, its doors, and how to get more of both. */
export function SystemDetail({ id, onChanged }: { id: string; onChanged(): void }) {
  const { t, language } = useTexts();
  const loaded = useApi<KeySystemDetails>(`/api/v1/key-systems/${encodeURIComponent(id)}`);
  const [open, setOpen] = useState<'keys' | 'door' | null>(null);
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;

  function changed(): void {
    setOpen(null);
    loaded.reload();
    onChanged();
  }

  return (
    <article className={detail.detail} aria-labelledby="system-title">
      <Heading level={2} data-size="xs" id="system-title">{found.name}</Heading>
      <p className={detail.subtle}>
        {[found.maker, found.place_label].filter(Boolean).join(' · ')}
        {found.security_card && <><br />{t('keys.security_card')}: {found.security_card}</>}
        <br />{t('keys.price')}: {formatMoney(found.lost_key_ore, language)}
      </p>
      {found.note && <p className={detail.text}>{found.note}</p>}
      <div className={panel.buttons}>
        <Button data-size="sm" onClick={() => setOpen('keys')}>{t('keys.new_keys')}</Button>
        <Button data-size="sm" variant="secondary" onClick={() => setOpen('door')}>{t('keys.new_cylinder')}</Button>
      </div>
      <section className={detail.section} aria-labelledby="doors-title">
        <Heading level={3} data-size="2xs" id="doors-title">{t('keys.cylinders')}</Heading>
        {found.cylinders.length === 0 && <p className={detail.subtle}>{t('keys.no_cylinders')}</p>}
        {found.cylinders.length > 0 && (
          <div className={panel.scroll}>
            <Table data-size="sm">
              <Table.Head>
                <Table.Row>
                  <Table.HeaderCell>{t('keys.mark')}</Table.HeaderCell>
                  <Table.HeaderCell>{t('keys.place')}</Table.HeaderCell>
                  <Table.HeaderCell>{t('keys.lost_keys')}</Table.HeaderCell>
                </Table.Row>
              </Table.Head>
              <Table.Body>
                {found.cylinders.map((door) => (
                  <Table.Row key={door.id}>
                    <Table.Cell>{door.mark}</Table.Cell>
                    <Table.Cell>{door.place_label}</Table.Cell>
                    <Table.Cell>{door.lost_keys > 0 ? door.lost_keys : ''}</Table.Cell>
                  </Table.Row>
                ))}
              </Table.Body>
            </Table>
          </div>
        )}
      </section>
      {open === 'keys' && <NewKeys system={found} onDone={changed} onClose={() => setOpen(null)} />}
      {open === 'door' && <NewCylinder system={found} onDone={changed} onClose={() => setOpen(null)} />}
    </article>
  );
}
