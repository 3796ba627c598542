import { Heading, Textfield } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { PageFrame } from '../../shared/ui/PageFrame.tsx';
import { useApi } from '../../shared/useApi.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './DocsPage.module.css';
import { RouteCard } from './RouteCard.tsx';
import { type Document, groupsOf, isMatch } from './openapi.ts';

/** The API, for people: every route with who it is for and what it takes. */
export function DocsPage() {
  const { t, tn } = useTexts();
  const loaded = useApi<Document>('/api/v1/openapi.json');
  const words = useQuery().get('q') ?? '';
  const [text, setText] = useState(words);
  const groups = loaded.data
    ? groupsOf(loaded.data).map((group) => ({ ...group, routes: group.routes.filter((route) => isMatch(route, words)) })).filter((group) => group.routes.length > 0)
    : [];
  const count = groups.reduce((sum, group) => sum + group.routes.length, 0);

  /* the routes come after the page, so the browser could not find the one in the address */
  useEffect(() => {
    if (loaded.data && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [loaded.data]);

  return (
    <PageFrame title={t('docs.title')} part={t('docs.title')}>
      <div className={styles.docs}>
        <header className={styles.head}>
          <Heading level={1} data-size="lg">{t('docs.heading')}</Heading>
          {loaded.data && <p>{loaded.data.info.description}</p>}
          <p><a href="/api/v1/openapi.json">OpenAPI {loaded.data?.openapi} (JSON)</a></p>
        </header>
        {loaded.error && <Failure error={loaded.error} retry={loaded.reload} />}
        {loaded.loading && !loaded.data && <Loading />}
        {loaded.data && (
          <>
            <section className={styles.section} aria-labelledby="use-title">
              <Heading level={2} data-size="sm" id="use-title">{t('docs.use')}</Heading>
              <p>{t('docs.use_login')}</p>
              <p>{t('docs.use_errors')}</p>
              <pre className={styles.code} tabIndex={0}>{EXAMPLE}</pre>
            </section>
            <Textfield
              label={t('docs.search')}
              type="search"
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                go({ q: event.target.value }, { replace: true });
              }}
            />
            <p role="status" className={styles.subtle}>{tn('docs.count', count)}</p>
            {groups.map((group) => (
              <section key={group.name} className={styles.section} aria-label={group.name || t('docs.operation')}>
                <Heading level={2} data-size="sm">{group.name || t('docs.operation')}</Heading>
                {group.routes.map((route) => <RouteCard key={route.key} route={route} />)}
              </section>
            ))}
          </>
        )}
      </div>
    </PageFrame>
  );
}

const EXAMPLE = `{
  "type": "https://…/problems/invalid",
  "title": "…",
  "status": 400,
  "detail": "…",
  "errors": [{ "pointer": "/description", "detail": "…" }]
}`;
