import { Tablet } from './app/tablet.ts';
import { TabletContext } from './app/useTablet.ts';
import { FieldApp } from './app/FieldApp.tsx';

const tablet = new Tablet();

/** The caretaker's page. All it shows comes from the tablet's own store. */
export function FieldPage() {
  return (
    <TabletContext value={tablet}>
      <FieldApp />
    </TabletContext>
  );
}
