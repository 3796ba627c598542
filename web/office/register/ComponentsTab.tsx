import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { ComponentTable } from './ComponentTable.tsx';
import { PageList } from './PageList.tsx';
import input from '../FieldInput.module.css';
import styles from './RowTable.module.css';
import { asOf, useRegister } from './context.ts';
import { filtered, sorted, type Order } from './table.ts';
import { type ComponentItem, GRADES, type PlaceRow } from './types.ts';
import { usePages } from './usePages.ts';

const PAGE = 500;
const DRAWN = 200;

/** What is installed at a place, and anywhere in it when it is a building: to find, sort and mark. */
export function ComponentsTab({ place }: { place: PlaceRow }) {
  const { t, tn } = useTexts();
  const { at, act } = useRegister();
  const pages = usePages<ComponentItem>(asOf(`/api/v1/places/${place.id}/components`, at), PAGE, ['component']);
  const [text, setText] = useState('');
  const [element, setElement] = useState('');
  const [grade, setGrade] = useState('');
  const [order, setOrder] = useState<Order>({ column: 'name', isDown: false });
  const [drawn, setDrawn] = useState(DRAWN);
  const found = sorted(filtered(pages.rows, text, element, grade), order);
  const elements = new Map(pages.rows.filter((each) => each.element).map((each) => [each.element!, each.element_name ?? '']));

  return (
    <>
      <div className={styles.bar}>
        <input className={`${input.input} ${styles.filter}`} type="search" aria-label={t('reg.filter_components')} placeholder={t('reg.filter_components')} value={text} onChange={(event) => setText(event.target.value)} />
        <select className={`${input.input} ${styles.choice}`} aria-label={t('reg.field.element')} value={element} onChange={(event) => setElement(event.target.value)}>
          <option value="">{t('reg.all_elements')}</option>
          {[...elements].sort(([a], [b]) => a.localeCompare(b)).map(([code, name]) => <option key={code} value={code}>{code} {name}</option>)}
        </select>
        <select className={`${input.input} ${styles.choice}`} aria-label={t('reg.field.condition_grade')} value={grade} onChange={(event) => setGrade(event.target.value)}>
          <option value="">{t('reg.all_grades')}</option>
          {GRADES.map((each) => <option key={each} value={each}>{t(`reg.grade.${each}`)}</option>)}
        </select>
        {!at && <Button variant="secondary" data-size="sm" onClick={() => act({ name: 'add_component', place })}>{t('reg.action.add_component')}</Button>}
      </div>
      <PageList pages={pages} none={t('reg.no_components')}>
        <p role="status">{pages.hasMore ? t('reg.components_first', { n: pages.rows.length }) : tn('reg.components', found.length)}</p>
        <ComponentTable components={found.slice(0, drawn)} found={found} order={order} onOrder={setOrder} placeId={place.id} />
        {found.length > drawn && <div><Button variant="secondary" data-size="sm" onClick={() => setDrawn(drawn + DRAWN)}>{t('office.more')}</Button></div>}
      </PageList>
    </>
  );
}
