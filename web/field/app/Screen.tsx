import { FaultScreen } from '../fault/FaultScreen.tsx';
import { GradeScreen } from '../grade/GradeScreen.tsx';
import { InspectionScreen } from '../inspection/InspectionScreen.tsx';
import { KeyScreen } from '../keys/KeyScreen.tsx';
import { PhotoScreen } from '../marks/PhotoScreen.tsx';
import { MeterScreen } from '../meters/MeterScreen.tsx';
import { OutboxScreen } from '../outbox/OutboxScreen.tsx';
import { ComponentScreen } from '../places/ComponentScreen.tsx';
import { PlaceScreen } from '../places/PlaceScreen.tsx';
import { PlacesScreen } from '../places/PlacesScreen.tsx';
import { SignScreen } from '../sign/SignScreen.tsx';
import { CommentScreen } from '../task/CommentScreen.tsx';
import { EditScreen } from '../task/EditScreen.tsx';
import { TaskScreen } from '../task/TaskScreen.tsx';
import { TodayScreen } from '../today/TodayScreen.tsx';
import { WorkScreen } from '../work/WorkScreen.tsx';
import { useRoute } from './useRoute.ts';

/** The screen that the address names; the day's list for any other. */
export function Screen() {
  const { screen, id, params } = useRoute();

  switch (screen) {
    case 'task':
      return <TaskScreen key={id} id={id} />;
    case 'work':
      return <WorkScreen key={id} id={id} />;
    case 'sign':
      return <SignScreen key={id} id={id} />;
    case 'comment':
      return <CommentScreen key={id} id={id} />;
    case 'edit':
      return <EditScreen key={id} id={id} />;
    case 'new':
      return <FaultScreen place={params.get('place')} component={params.get('component')} />;
    case 'places':
      return <PlacesScreen />;
    case 'photo':
      return <PhotoScreen key={id} id={id} />;
    case 'place':
      return <PlaceScreen key={id} id={id} />;
    case 'component':
      return <ComponentScreen key={id} id={id} />;
    case 'grade':
      return <GradeScreen key={id} id={id} />;
    case 'inspection':
      return <InspectionScreen key={id} id={id} />;
    case 'key':
      return <KeyScreen key={id} id={id} />;
    case 'meter':
      return <MeterScreen key={id} id={id} />;
    case 'outbox':
      return <OutboxScreen />;
    default:
      return <TodayScreen />;
  }
}
