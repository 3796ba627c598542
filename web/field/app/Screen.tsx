import { FaultScreen } from '../fault/FaultScreen.tsx';
import { OutboxScreen } from '../outbox/OutboxScreen.tsx';
import { ComponentScreen } from '../places/ComponentScreen.tsx';
import { PlaceScreen } from '../places/PlaceScreen.tsx';
import { PlacesScreen } from '../places/PlacesScreen.tsx';
import { TaskScreen } from '../task/TaskScreen.tsx';
import { TodayScreen } from '../today/TodayScreen.tsx';
import { useRoute } from './useRoute.ts';

/** The screen that the address names; the day's list for any other. */
export function Screen() {
  const { screen, id, params } = useRoute();

  switch (screen) {
    case 'task':
      return <TaskScreen key={id} id={id} />;
    case 'new':
      return <FaultScreen place={params.get('place')} component={params.get('component')} />;
    case 'places':
      return <PlacesScreen />;
    case 'place':
      return <PlaceScreen key={id} id={id} />;
    case 'component':
      return <ComponentScreen key={id} id={id} />;
    case 'outbox':
      return <OutboxScreen />;
    default:
      return <TodayScreen />;
  }
}
