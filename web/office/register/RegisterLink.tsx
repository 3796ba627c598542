import type { ReactNode } from 'react';
import { hrefOf, openComponent, openPlace } from './address.ts';

interface Props {
  place?: string | null;
  component?: string | null;
  className?: string | undefined;
  children: ReactNode;
}

/** A link to a place or a component that opens beside the tree. */
export function RegisterLink({ place, component, className, children }: Props) {
  if (!place && !component) return <>{children}</>;
  return (
    <a
      className={className}
      href={component ? hrefOf({ component }) : hrefOf({ place: place! })}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        if (component) openComponent(component);
        else openPlace(place!);
      }}
    >
      {children}
    </a>
  );
}
