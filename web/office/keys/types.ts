/* What the API says of keys: server/register/keys.sql. */
export type KeyState = 'in' | 'out' | 'lost' | 'retired';

export interface KeyItem {
  id: string;
  system_id: string;
  system_name: string;
  mark: string;
  serial: string;
  is_master: boolean;
  state: KeyState;
  is_overdue: boolean;
  holder_id: string | null;
  holder_name: string | null;
  out_at: string | null;
  due_on: string | null;
  lost_at: string | null;
  /** Of a place's list: the marks of the doors there that it opens. */
  opens?: string | null;
  row_v: number;
}

export interface Door {
  id: string;
  mark: string;
  place_id: string;
  place_label: string;
}

export interface Cylinder extends Door {
  component_id: string | null;
  note: string | null;
  row_v: number;
  lost_keys: number;
}

export interface Loan {
  id: string;
  holder_id: string;
  holder_name: string | null;
  out_at: string;
  out_by_name: string | null;
  due_on: string | null;
  out_signature: string | null;
  out_name: string | null;
  out_note: string | null;
  in_at: string | null;
  in_by_name: string | null;
  in_signature: string | null;
  in_name: string | null;
  in_note: string | null;
  lost_at: string | null;
  lost_note: string | null;
}

export interface Charge {
  id: string;
  person_name: string | null;
  amount_ore: number;
  text: string;
  made_at: string;
}

export interface KeyDetails {
  id: string;
  system_id: string;
  system_name: string;
  mark: string;
  serial: string;
  is_master: boolean;
  state: KeyState;
  note: string | null;
  lost_key_ore: number;
  row_v: number;
  opens: Door[];
  loans: Loan[];
  charges: Charge[];
}

export interface KeySystem {
  id: string;
  name: string;
  maker: string | null;
  security_card: string | null;
  lost_key_ore: number;
  place_id: string;
  place_label: string;
  note: string | null;
  row_v: number;
}

export interface KeySystemItem extends KeySystem {
  cylinders: number;
  keys: number;
  out: number;
  lost: number;
}

export interface KeySystemDetails extends KeySystem {
  cylinders: Cylinder[];
}

export interface Holder {
  id: string;
  name: string;
  is_organisation: boolean;
  phone: string | null;
}
