/* The API's shapes as the pages use them. Only this file says what a reply looks like; where docs/api/openapi.json
 * describes a reply, its generated type (api.gen.ts) takes the place of the one here. */

export type Role = 'admin' | 'manager' | 'frontdesk' | 'caretaker' | 'tenant' | 'supplier';
export type DemoPerson = 'caretaker' | 'tenant' | 'manager' | 'frontdesk' | 'supplier' | 'admin';

export interface Session {
  person_id: string | null;
  name?: string;
  language?: string;
  audience?: 'office' | 'field' | 'tenant' | 'supplier';
  roles?: Role[];
  areas?: number[];
  may_import?: boolean;
  demo?: boolean;
}

export interface List<T> {
  items: T[];
  next?: string | null;
}

export interface Category {
  code: string;
  name_nb: string;
  name_nn: string | null;
  name_en: string | null;
  icon: string | null;
  priority: number;
  sla_hours: number | null;
}

export type PlaceKind = 'municipality' | 'property' | 'building' | 'storey' | 'dwelling' | 'room' | 'outdoor_area';

export interface Place {
  id: string;
  name: string;
  label: string;
  kind: PlaceKind;
  x: number | null;
  y: number | null;
  path?: { id: string; name: string; kind: PlaceKind }[];
  warning?: string | null;
}

export interface Lease {
  id: string;
  number: string;
  dwelling_id: string;
  label: string;
  building_id: string;
  building_label: string;
  h_number: string | null;
  rooms: number | null;
  area_m2: number | null;
  rent_ore: number;
  deposit_ore: number | null;
  deposit_account: string | null;
  regulated_on: string | null;
  regulation_index: number | null;
  notice_months: number | null;
  kid: string | null;
  starts_on: string;
  ends_on: string | null;
  x: number | null;
  y: number | null;
}

export interface Area {
  area_no: number;
  name: string;
}

export type CaseState = 'new' | 'in_progress' | 'waiting' | 'done' | 'closed' | 'cancelled';
export type TaskState = 'open' | 'in_progress' | 'waiting' | 'done' | 'done_after_cancel' | 'cancelled';

export interface CaseItem {
  id: string;
  number: string;
  title: string;
  category: string;
  state: CaseState;
  priority: number;
  deadline: string | null;
  place_id: string;
  place_label: string;
  owner_id: string | null;
  owner_name: string | null;
  reporter_name?: string | null;
  created_at: string;
  done_at: string | null;
  x: number | null;
  y: number | null;
  photos?: number;
  row_v?: number;
}

/** A case as its reporter or a follower sees it. */
export interface MyCaseItem {
  id: string;
  number: string;
  title: string;
  category: string;
  state: CaseState;
  deadline: string | null;
  place_id: string;
  place_label: string;
  created_at: string;
  done_at: string | null;
  is_mine: boolean;
}

export interface Message {
  id: string;
  author_name: string | null;
  text: string;
  sent_at: string;
  is_internal: boolean;
  is_mine: boolean;
}

export interface FileRef {
  id: string;
  sha256: string;
  mime: string;
}

export interface CaseTask {
  id: string;
  number: string;
  /** The office's answer only. */
  title?: string;
  assignee_name?: string | null;
  state: TaskState;
  done_at: string | null;
  done_note: string | null;
}

export interface Case extends Omit<CaseItem, 'photos'> {
  description: string | null;
  place_warning: string | null;
  reporter_phone: string | null;
  row_v: number;
  messages: Message[];
  photos: FileRef[];
  tasks: CaseTask[];
}

export interface MyCase extends MyCaseItem {
  description: string | null;
  owner_name: string | null;
  is_following: boolean;
  messages: Message[];
  photos: FileRef[];
  tasks: CaseTask[];
}

export interface NewCase {
  id: string;
  place: string;
  component?: string;
  category: string;
  title?: string;
  description: string;
  position?: [number, number];
  photos?: string[];
}

export interface SimilarCase {
  id: string;
  number: string;
  title: string;
  category: string;
  state: CaseState;
  created_at: string;
  place_label: string;
  followers: number;
  is_following: boolean;
}

export interface TaskItem {
  id: string;
  number: string;
  title: string;
  category: string | null;
  state: TaskState;
  priority: number;
  planned_on: string | null;
  deadline: string | null;
  place_id: string;
  place_label: string;
  assignee_id: string | null;
  assignee_name: string | null;
  case_id: string | null;
  done_at: string | null;
  created_at?: string;
  x: number | null;
  y: number | null;
  row_v?: number;
}

export interface ChecklistItem {
  id: string;
  seq: number;
  kind: 'check' | 'number' | 'text' | 'grade' | 'photo';
  text_nb: string;
  text_nn: string | null;
  text_en: string | null;
  unit: string | null;
  is_required: boolean;
}

export interface Answer {
  id: string;
  item_id: string;
  value: string | null;
  is_ok: boolean | null;
  note: string | null;
  answered_at: string;
}

export interface Task extends TaskItem {
  description: string | null;
  done_note: string | null;
  done_by_name: string | null;
  place_warning: string | null;
  component_name: string | null;
  case_number: string | null;
  rule_name: string | null;
  legal_basis: string | null;
  row_v: number;
  items: ChecklistItem[];
  answers: Answer[];
  photos: FileRef[];
}

export interface Person {
  id: string;
  name: string;
}

export interface Notice {
  id: string;
  case_id: string | null;
  kind: string;
  text_key: string;
  params: Record<string, string | number | null>;
  created_at: string;
  read_at: string | null;
}

export interface MapBuilding {
  id: string;
  label: string;
  type_code: number | null;
  x: number;
  y: number;
  /** GeoJSON of the outline, in metres; of another kind when only a point is known. */
  outline: { type: string; coordinates: unknown } | null;
  open_cases: number;
  open_tasks: number;
}

export interface DocumentItem {
  id: string;
  title: string;
  file_name?: string | null;
  mime?: string | null;
  size?: number | null;
  created_at?: string;
}

export interface SupplierJob {
  id: string;
  number: string;
  title: string;
  description: string | null;
  state: TaskState;
  place_label: string;
  planned_on: string | null;
  deadline: string | null;
  documents: DocumentItem[];
}

export interface CodeCase {
  id: string;
  number: string;
  category: string;
  state: CaseState;
  created_at: string;
}

/** What a QR label stands on. */
export interface CodeTarget {
  target: 'place' | 'component';
  id: string;
  name: string;
  label: string;
  place_id: string;
  place_kind: PlaceKind;
  cases: CodeCase[];
}

export interface Checklist {
  id: string;
  code: string;
  name_nb: string;
  name_nn: string | null;
  name_en: string | null;
}
