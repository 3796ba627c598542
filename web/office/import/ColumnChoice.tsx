import { Alert, Field, Label, Select } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import styles from './Import.module.css';
import { choose } from './mapping.ts';
import type { Look, Mapping, Profile } from './types.ts';

interface Props {
  profile: Profile;
  look: Look;
  mapping: Mapping;
  /** What can be chosen: as the file was first seen. */
  headers: string[];
  lacks: string[];
  twice: string[];
  onChange(mapping: Mapping): void;
}

/** Each column of the profile with the file's column that it is read from: from a list, or dropped on it. */
export function ColumnChoice({ profile, look, mapping, headers, lacks, twice, onChange }: Props) {
  const { t } = useTexts();
  const [over, setOver] = useState<string | null>(null);
  const unread = headers.filter((header) => !Object.values(mapping).includes(header));
  return (
    <>
      {lacks.length > 0 && <Alert data-color="danger" data-size="sm" role="alert">{t('import.missing', { names: lacks.join(', ') })}</Alert>}
      {twice.length > 0 && <Alert data-color="danger" data-size="sm" role="alert">{t('import.doubled', { names: [...new Set(twice)].join(', ') })}</Alert>}
      {!look.may_choose && <p className={panel.subtle}>{t('import.no_choice_place')}</p>}
      {look.may_choose && (
        <>
          <p className={panel.subtle}>{t(look.is_tree ? 'import.choose_hint_tree' : 'import.choose_hint')}</p>
          <ul className={styles.columns}>
            {profile.columns.map((column) => (
              <li
                key={column.name}
                className={over === column.name ? `${styles.column} ${styles.over}` : styles.column}
                onDragOver={(event) => {
                  event.preventDefault();
                  setOver(column.name);
                }}
                onDragLeave={() => setOver(null)}
                onDrop={(event) => {
                  event.preventDefault();
                  setOver(null);
                  const header = event.dataTransfer.getData('text/plain');
                  if (headers.includes(header)) onChange(choose(mapping, column.name, header));
                }}
              >
                <Field>
                  <Label>{column.is_required ? t('import.column_required', { name: column.name }) : column.name}</Label>
                  <Select value={mapping[column.name] ?? ''} aria-invalid={lacks.includes(column.name) || undefined} onChange={(event) => onChange(choose(mapping, column.name, event.target.value))}>
                    <Select.Option value="">{t('import.not_read')}</Select.Option>
                    {headers.map((header) => <Select.Option key={header} value={header}>{header}</Select.Option>)}
                  </Select>
                </Field>
              </li>
            ))}
          </ul>
          {unread.length > 0 && <p className={panel.subtle}>{t('import.unread', { names: unread.join(', ') })}</p>}
        </>
      )}
    </>
  );
}
