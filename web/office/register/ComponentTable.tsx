import { formatDate } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { RegisterLink } from './RegisterLink.tsx';
import styles from './RowTable.module.css';
import { useRegister } from './context.ts';
import { COLUMNS, type Column, type Order, endYear } from './table.ts';
import type { ComponentItem } from './types.ts';

interface Props {
  components: ComponentItem[];
  /** All that the filter finds: what «mark all» marks. */
  found: ComponentItem[];
  order: Order;
  onOrder(order: Order): void;
  /** Where a component is told only when it lies elsewhere. */
  placeId: string;
}

/** Components as a table, on a phone as cards; sorted by a press on a column. */
export function ComponentTable({ components, found, order, onOrder, placeId }: Props) {
  const { t, language } = useTexts();
  const { at, marks } = useRegister();
  const marked = new Set(marks.selection.tbl === 'component' ? marks.selection.ids : []);
  const isAllMarked = found.length > 0 && found.every((each) => marked.has(each.id));
  const ariaSort = (column: Column): 'ascending' | 'descending' | undefined => (order.column !== column ? undefined : order.isDown ? 'descending' : 'ascending');

  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('reg.tab.components')}>
      <table className={styles.table}>
        <thead>
          <tr>
            {!at && (
              <th scope="col">
                <input type="checkbox" className={styles.box} aria-label={t('reg.mark_all')} checked={isAllMarked} onChange={(event) => marks.toggle('component', found.map((each) => each.id), event.target.checked)} />
              </th>
            )}
            {COLUMNS.map((column) => (
              <th key={column} scope="col" aria-sort={ariaSort(column)}>
                <button type="button" className={styles.sort} onClick={() => onOrder({ column, isDown: order.column === column && !order.isDown })}>
                  {t(`reg.field.${column}`)}
                  <span aria-hidden="true">{order.column === column ? (order.isDown ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {components.map((component) => (
            <tr key={component.id}>
              {!at && (
                <td>
                  <input type="checkbox" className={styles.box} aria-label={t('reg.mark_one', { name: component.name })} checked={marked.has(component.id)} onChange={(event) => marks.toggle('component', [component.id], event.target.checked)} />
                </td>
              )}
              <th scope="row">
                <RegisterLink component={component.id}>{component.name}</RegisterLink>
                {component.place_label && component.place_id !== placeId && <div className={styles.subtle}>{component.place_label}</div>}
              </th>
              <td data-name={t('reg.field.element')}>{component.element && `${component.element} ${component.element_name ?? ''}`}</td>
              <td data-name={t('reg.field.tag')}>{component.tag}</td>
              <td data-name={t('reg.field.maker')}>{[component.maker, component.model].filter(Boolean).join(' ')}</td>
              <td data-name={t('reg.field.installed_on')}>{component.installed_on && formatDate(component.installed_on, language, true)}</td>
              <td data-name={t('reg.field.ends_on')}>{endYear(component)}</td>
              <td data-name={t('reg.field.condition_grade')}>{component.condition_grade}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
