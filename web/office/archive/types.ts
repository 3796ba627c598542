/** A case of an archive that was read in, as GET answers it. */
export interface ArchiveCase {
  id: string;
  number: string;
  title: string;
  kind: string | null;
  state: 'open' | 'closed' | 'cancelled' | 'unknown';
  started_on: string | null;
  ended_on: string | null;
  unit: string | null;
  is_restricted: boolean;
  restriction: string | null;
  place_label: string;
  document_count: number;
}

export interface ArchiveDocument {
  id: string;
  title: string;
  sha256: string | null;
  size: number | null;
  archive_ref: string | null;
  doc_date: string | null;
}
