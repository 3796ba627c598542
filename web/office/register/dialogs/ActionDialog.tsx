import type { Action } from '../actions.ts';
import { AddComponentDialog } from './AddComponentDialog.tsx';
import { AddPlaceDialog } from './AddPlaceDialog.tsx';
import { CopyStoreyDialog } from './CopyStoreyDialog.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { MoveDialog } from './MoveDialog.tsx';
import { RenumberDialog } from './RenumberDialog.tsx';
import { SplitDialog } from './SplitDialog.tsx';
import { TemplateDialog } from './TemplateDialog.tsx';

/** The dialog of an action. */
export function ActionDialog({ action, onClose }: { action: Action; onClose(): void }) {
  switch (action.name) {
    case 'add': return <AddPlaceDialog parent={action.place} onClose={onClose} />;
    case 'add_component': return <AddComponentDialog place={action.place} onClose={onClose} />;
    case 'move': return <MoveDialog place={action.place} onClose={onClose} />;
    case 'move_component': return <MoveDialog component={action.component} onClose={onClose} />;
    case 'split': return <SplitDialog place={action.place} onClose={onClose} />;
    case 'merge': return <MergeDialog place={action.place} onClose={onClose} />;
    case 'copy_storey': return <CopyStoreyDialog storey={action.place} onClose={onClose} />;
    case 'renumber': return <RenumberDialog place={action.place} onClose={onClose} />;
    case 'template': return <TemplateDialog building={action.place} onClose={onClose} />;
    case 'delete': return <DeleteDialog place={action.place} onClose={onClose} />;
    case 'delete_component': return <DeleteDialog component={action.component} onClose={onClose} />;
  }
}
