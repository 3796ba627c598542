import { Tag } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './RouteCard.module.css';
import { type Route, inputsOf } from './openapi.ts';

/** One route, opened for its inputs. Its address can be shared: #get-api-v1-cases. */
export function RouteCard({ route }: { route: Route }) {
  const { t } = useTexts();
  const inputs = inputsOf(route.operation);
  return (
    <details className={styles.card} id={route.key} open={location.hash === `#${route.key}`}>
      <summary className={styles.summary}>
        <span className={styles.method} data-method={route.method}>{route.method}</span>
        <code className={styles.path}>{route.path}</code>
        <span className={styles.what}>{route.operation.summary}</span>
      </summary>
      <div className={styles.body}>
        <p className={styles.roles}>
          {t('docs.roles')}
          {(route.operation['x-roles'] ?? []).map((role) => <Tag key={role} data-size="sm">{role}</Tag>)}
        </p>
        {route.operation.description && <p>{route.operation.description}</p>}
        {inputs.length === 0 && <p className={styles.subtle}>{t('docs.no_inputs')}</p>}
        {inputs.length > 0 && (
          <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('docs.inputs')}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('docs.name')}</th>
                  <th scope="col">{t('docs.where')}</th>
                  <th scope="col">{t('docs.required')}</th>
                  <th scope="col">{t('docs.type')}</th>
                </tr>
              </thead>
              <tbody>
                {inputs.map((input) => (
                  <tr key={input.where + input.name}>
                    <th scope="row"><code>{input.name}</code></th>
                    <td>{input.where}</td>
                    <td>{input.isRequired ? t('docs.yes') : ''}</td>
                    <td>{input.meaning}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <a href={`#${route.key}`}>{t('docs.link')}</a>
      </div>
    </details>
  );
}
