import { Heading, Table } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Import.module.css';
import { nameOf } from './mapping.ts';
import type { Look, Mapping } from './types.ts';

interface Props {
  look: Look;
  mapping: Mapping;
  /** Headers can be dragged to the columns that are read from them. */
  mayDrag: boolean;
}

/** The file's first rows, each column with what it is read as. */
export function FirstRows({ look, mapping, mayDrag }: Props) {
  const { t } = useTexts();
  return (
    <section aria-labelledby="import-first-rows">
      <Heading level={3} data-size="2xs" id="import-first-rows">{t('import.first_rows')}</Heading>
      <div className={styles.rows} role="group" aria-labelledby="import-first-rows" tabIndex={0}>
        <Table data-size="sm">
          <Table.Head>
            <Table.Row>
              <Table.HeaderCell>{t('import.line')}</Table.HeaderCell>
              {look.columns.map(({ header, name }, i) => {
                const as = look.may_choose ? nameOf(mapping, header) : name;
                return (
                  <Table.HeaderCell key={i}>
                    {header && (
                      <span className={mayDrag ? styles.header : undefined} draggable={mayDrag} onDragStart={(event) => event.dataTransfer.setData('text/plain', header)}>
                        {header}
                      </span>
                    )}
                    <span className={as ? styles.as : styles.none}>{as ? t('import.read_as', { name: as }) : t('import.not_read')}</span>
                  </Table.HeaderCell>
                );
              })}
            </Table.Row>
          </Table.Head>
          <Table.Body>
            {look.rows.map((row) => (
              <Table.Row key={row.line}>
                <Table.Cell>{row.line}</Table.Cell>
                {row.cells.map((cell, i) => <Table.Cell key={i}>{cell}</Table.Cell>)}
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      </div>
    </section>
  );
}
