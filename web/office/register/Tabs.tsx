import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import styles from './Tabs.module.css';

interface Props<Name extends string> {
  label: string;
  tabs: { name: Name; text: string }[];
  at: Name;
  onChange(name: Name): void;
  children: ReactNode;
}

/** Tabs and the panel of the one that is shown; arrows go along them. */
export function Tabs<Name extends string>({ label, tabs, at, onChange, children }: Props<Name>) {
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (tab && list.current) list.current.scrollLeft = tab.offsetLeft - list.current.clientWidth / 2 + tab.clientWidth / 2;
  }, [at]);

  function onKeyDown(event: KeyboardEvent): void {
    const i = tabs.findIndex((tab) => tab.name === at);
    const to = { ArrowRight: (i + 1) % tabs.length, ArrowLeft: (i - 1 + tabs.length) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(tabs[to]!.name);
    list.current?.querySelector<HTMLElement>(`#tab-${tabs[to]!.name}`)?.focus();
  }

  return (
    <>
      <div ref={list} className={styles.list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            type="button"
            id={`tab-${tab.name}`}
            role="tab"
            className={styles.tab}
            aria-selected={tab.name === at}
            aria-controls="tab-panel"
            tabIndex={tab.name === at ? 0 : -1}
            onClick={() => onChange(tab.name)}
          >
            {tab.text}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" className={styles.panel} aria-labelledby={`tab-${at}`}>{children}</div>
    </>
  );
}
