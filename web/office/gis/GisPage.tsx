import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { EndToken } from './EndToken.tsx';
import { NewToken } from './NewToken.tsx';
import { ProgramHelp } from './ProgramHelp.tsx';
import { TokenCard } from './TokenCard.tsx';
import { TokenMade } from './TokenMade.tsx';
import type { GisToken, MadeToken } from './types.ts';

/** The tokens with which QGIS and others read the register for me. */
export function GisPage() {
  const { t } = useTexts();
  const tokens = useList<GisToken>('/api/v1/session/tokens');
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<MadeToken | null>(null);
  const [ending, setEnding] = useState<GisToken | null>(null);

  return (
    <div className={panel.page} data-size="sm">
      <div className={panel.head}>
        <Heading level={1} data-size="sm">{t('gis.title')}</Heading>
        <Button data-size="sm" onClick={() => setIsMaking(true)}>{t('gis.new')}</Button>
      </div>
      <p className={panel.subtle}>{t('gis.what')}</p>
      {made && <TokenMade key={made.made.id} made={made} onDone={() => setMade(null)} />}
      <section className={panel.main} aria-labelledby="gis-tokens">
        <Heading level={2} data-size="xs" id="gis-tokens">{t('gis.mine')}</Heading>
        {tokens.items.length > 0 && (
          <ul className={panel.list}>
            {tokens.items.map((token) => <TokenCard key={token.id} token={token} onEnd={() => setEnding(token)} />)}
          </ul>
        )}
        <ListTail list={tokens} empty={t('gis.empty')} />
      </section>
      <ProgramHelp />
      {isMaking && (
        <NewToken
          onClose={() => setIsMaking(false)}
          onMade={(next) => {
            setMade(next);
            tokens.reload();
          }}
        />
      )}
      {ending && (
        <EndToken
          token={ending}
          onClose={() => setEnding(null)}
          onEnded={() => {
            if (made?.made.id === ending.id) setMade(null);
            tokens.reload();
          }}
        />
      )}
    </div>
  );
}
