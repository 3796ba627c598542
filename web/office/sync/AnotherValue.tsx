import { Field, Input, Label, Select, Textarea } from '@digdir/designsystemet-react';
import { useState } from 'react';
import type { ApiError } from '../../shared/problem.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import type { Conflict } from './types.ts';

interface Props {
  conflict: Conflict;
  title: string;
  sending: boolean;
  error: ApiError | null;
  onValue(value: string): void;
  onClose(): void;
}

/** Neither of the two: a value of one's own. */
export function AnotherValue({ conflict: c, title, sending, error, onValue, onClose }: Props) {
  const { t } = useTexts();
  const [value, setValue] = useState(typeof c.now_is === 'string' || typeof c.now_is === 'number' ? String(c.now_is) : '');
  return (
    <FormDialog title={t('sync.another_title', { field: title })} submit={t('sync.use_this')} sending={sending} error={error} onSubmit={() => value.trim() && onValue(value.trim())} onClose={onClose}>
      <Field>
        <Label>{title}</Label>
        {c.field === 'priority' ? (
          <Select value={value} onChange={(event) => setValue(event.target.value)}>
            {([1, 2, 3, 4] as const).map((n) => <Select.Option key={n} value={String(n)}>{t(`priority.${n}`)}</Select.Option>)}
          </Select>
        ) : c.field === 'planned_on' ? (
          <Input type="date" value={value} onChange={(event) => setValue(event.target.value)} />
        ) : (
          <Textarea value={value} onChange={(event) => setValue(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  );
}
