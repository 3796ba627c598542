-- Snapshot files are of parts that a tablet keeps as they come (docs/decisions/0041-files-kept-in-parts.md).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Those that were made before are followed by new ones in the night, and offered to nobody.
update sync_snapshot set schema = 0;

-- The same in one question: to ask is_employee() first took five times as long, for each loan that a tablet begins with.
create or replace function key_holder_kind(person uuid) returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select case when me() is null and not is_program() then null
	       when exists (select from person_role r where r.person_id = person and r.role in ('admin', 'manager', 'frontdesk', 'caretaker')) then 'employee'
	       when exists (select from person_role r where r.person_id = person and r.role = 'supplier') then 'supplier'
	       else 'tenant' end;
$$;
