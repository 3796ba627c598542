-- Row level security: who sees and changes which rows. Deny by default; 0014 gives the columns.
--
-- `(select f())` makes PostgreSQL evaluate f once a statement. The outer cast keeps `= any (…)` from reading the select as a set.
-- fdvu.areas unset gives null, and nothing equals null: a connection that has not identified anybody sees nothing.
set local role fdvu_owner;
set local search_path = fdvu, public;

do $$
declare
	t regclass;
begin
	for t in select c.oid::regclass from pg_class c where c.relnamespace = 'fdvu'::regnamespace and c.relkind in ('r', 'p') loop
		execute format('alter table %s enable row level security', t);
		execute format('create policy job on %s to fdvu_job using (true) with check (true)', t);
	end loop;

	-- Code lists are everybody's.
	foreach t in array array['building_type', 'element', 'condition_grade', 'category', 'checklist', 'checklist_item']::regclass[] loop
		execute format('create policy everybody on %s for select
			to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public using (true)', t);
	end loop;

	-- Office: rows of my areas, and rows without area.
	foreach t in array array['place', 'property', 'building', 'storey', 'dwelling', 'component', 'lease', 'cases', 'task', 'document']::regclass[] loop
		execute format('create policy office on %s to fdvu_office
			using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))', t);
	end loop;

	-- Field: rows of my areas.
	foreach t in array array['place', 'component', 'task']::regclass[] loop
		execute format('create policy field on %s to fdvu_field using (area_no = any ((select areas())::int[]))', t);
	end loop;
end
$$;

-- Office -------------------------------------------------------------------------------------------------------------------------

create policy office       on area           for select to fdvu_office using ((select me()) is not null);
create policy office_admin on area           to fdvu_office using ((select has_role('admin')));
create policy office       on address        to fdvu_office using ((select me()) is not null);
create policy office_rules on category       to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office_rules on checklist      to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office_rules on checklist_item to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office       on rule           for select to fdvu_office using ((select me()) is not null);
create policy office_rules on rule           to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));

-- Protected addresses: administrators only, and the person.
create policy office on person to fdvu_office
	using ((protection = 'none' and (select me()) is not null) or (select has_role('admin')) or id = (select me()));
create policy office       on person_role for select to fdvu_office
	using ((select me()) is not null and exists (select from person p where p.id = person_id));
create policy office_admin on person_role to fdvu_office using ((select has_role('admin')));

-- What belongs to a row is seen with it: the sub-select runs under the policies of that table. What has no place of its own (a contact
-- that has not become a case) is the whole contact centre's. A protected person is not met in a list of parties or callers either.
create policy office on condition     to fdvu_office using (exists (select from component c where c.id = component_id));
create policy office on lease_party   to fdvu_office using (exists (select from lease l where l.id = lease_id)
	and exists (select from person p where p.id = person_id));
create policy office on case_message  to fdvu_office using (exists (select from cases c where c.id = case_id));
create policy office on case_follower to fdvu_office using (exists (select from cases c where c.id = case_id));
create policy office on contact       to fdvu_office
	using ((select me()) is not null
		and (case_id is null or exists (select from cases c where c.id = case_id))
		and (person_id is null or exists (select from person p where p.id = person_id)));
create policy office on answer        to fdvu_office using (exists (select from task t where t.id = task_id));
create policy office on supplier_link to fdvu_office using (exists (select from task t where t.id = task_id));

-- Nobody writes in another's name, or hangs a row on one they may not see: restrictive, so on top of the above.
create policy office_as_me on case_message as restrictive for insert to fdvu_office with check (author_id = (select me()));
create policy office_as_me on answer       as restrictive for insert to fdvu_office with check (answered_by = (select me()));
create policy office_as_me on document     as restrictive for insert to fdvu_office with check (created_by = (select me()));
create policy office_by_me on condition    as restrictive for insert to fdvu_office with check (noted_by = (select me()));
create policy office_links on task         as restrictive to fdvu_office using (true)
	with check ((case_id is null or exists (select from cases c where c.id = case_id))
		and (component_id is null or exists (select from component c where c.id = component_id)));
create policy office_links on cases        as restrictive to fdvu_office using (true)
	with check (component_id is null or exists (select from component c where c.id = component_id));
create policy office_links on document     as restrictive to fdvu_office using (true)
	with check ((case_id is null or exists (select from cases c where c.id = case_id))
		and (task_id is null or exists (select from task t where t.id = task_id))
		and (component_id is null or exists (select from component c where c.id = component_id)));

create policy office on import_batch    for select to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office on import_queue    to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office on import_origin   for select to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office on audit           for select to fdvu_office using ((select has_role('admin')));
create policy office on sync_device     to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office on sync_quarantine to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office on sync_conflict   to fdvu_office
	using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null));
create policy office on sync_bucket     for select to fdvu_office
	using (kind in ('ops', 'desk', 'ref') and (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null)));
create policy office on sync_entry      for select to fdvu_office
	using (exists (select from sync_bucket b where b.bucket_no = sync_entry.bucket_no));
create policy office on search          for select to fdvu_office
	using ((area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))
		and (not is_protected or (select has_role('admin'))));

-- Field --------------------------------------------------------------------------------------------------------------------------

create policy field_links on task as restrictive for insert to fdvu_field
	with check (case_id is null and rule_id is null and (component_id is null or exists (select from component c where c.id = component_id)));
create policy field_sees on answer for select to fdvu_field using (exists (select from task t where t.id = task_id));
create policy field_adds on answer for insert to fdvu_field
	with check (answered_by = (select me()) and exists (select from task t where t.id = task_id));

-- A case's photos are the caretaker's when the case has a task; the case itself stays in the office.
create policy field_sees on document for select to fdvu_field
	using (area_no = any ((select areas())::int[]) and (case_id is null or task_id is not null or case_has_task(case_id)));
create policy field_adds on document for insert to fdvu_field
	with check (created_by = (select me()) and area_no = any ((select areas())::int[]) and case_id is null
		and (task_id is null or exists (select from task t where t.id = task_id))
		and (component_id is null or exists (select from component c where c.id = component_id)));

-- A comment from the tablet is for the office, on a case the caretaker has a task of.
create policy field_adds on case_message for insert to fdvu_field
	with check (author_id = (select me()) and is_internal
		and exists (select from task t where t.case_id = case_message.case_id));

create policy field on sync_device     to fdvu_field using (person_id = (select me()));
create policy field on sync_mutation   to fdvu_field using (device_id = any ((select my_devices())::uuid[]));
create policy field on sync_conflict   to fdvu_field using (device_id = any ((select my_devices())::uuid[]));
create policy field on sync_quarantine to fdvu_field
	using (person_id = (select me()) and (device_id is null or device_id = any ((select my_devices())::uuid[])));
create policy field on sync_bucket for select to fdvu_field
	using ((kind = 'ops' and area_no = any ((select areas())::int[]))
		or (kind = 'ref' and (select me()) is not null)
		or (kind = 'dev' and ref_id = any ((select my_devices())::uuid[])));
create policy field on sync_entry for select to fdvu_field
	using (exists (select from sync_bucket b where b.bucket_no = sync_entry.bucket_no));
create policy field on search for select to fdvu_field
	using (tbl in ('place', 'component', 'task') and area_no = any ((select areas())::int[]));

-- Tenant -------------------------------------------------------------------------------------------------------------------------

create policy tenant on place for select to fdvu_tenant
	using ((select me()) is not null and removed_at is null
		and (kind in ('municipality', 'property', 'building', 'outdoor_area')
			or (kind = 'room' and is_public)
			or id = any ((select my_places())::uuid[])));
create policy tenant on dwelling    for select to fdvu_tenant using (place_id = any ((select my_dwellings())::uuid[]));
create policy tenant on lease       for select to fdvu_tenant using (id = any ((select my_leases())::uuid[]));
create policy tenant on lease_party for select to fdvu_tenant using (person_id = (select me()) and lease_id = any ((select my_leases())::uuid[]));

create policy tenant_sees on cases for select to fdvu_tenant
	using (id = any ((select my_own_cases())::uuid[]) or id = any ((select my_followed_cases())::uuid[])
		-- a new row, that the statement's snapshot does not hold yet, is returned to its maker
		or reporter_id = (select me()));
create policy tenant_adds on cases for insert to fdvu_tenant
	with check (reporter_id = (select me()) and state = 'new' and owner_id is null
		and exists (select from place p where p.id = place_id)
		and (component_id is null
			or component_place(component_id) = place_id
			or exists (select from place p where p.id = component_place(component_id))));

create policy tenant_sees on case_message for select to fdvu_tenant
	using (not is_internal
		and (case_id = any ((select my_own_cases())::uuid[])
			or author_id = (select me())
			or (case_id = any ((select my_followed_cases())::uuid[]) and is_employee(author_id))));
create policy tenant_adds on case_message for insert to fdvu_tenant
	with check (author_id = (select me()) and not is_internal
		and (case_id = any ((select my_own_cases())::uuid[]) or case_id = any ((select my_followed_cases())::uuid[])));

create policy tenant_sees    on case_follower for select to fdvu_tenant using (person_id = (select me()));
create policy tenant_follows on case_follower for insert to fdvu_tenant with check (person_id = (select me()) and is_public_case(case_id));
create policy tenant_leaves  on case_follower for delete to fdvu_tenant using (person_id = (select me()));

create policy tenant_sees on document for select to fdvu_tenant
	using (case_id = any ((select my_own_cases())::uuid[]) or created_by = (select me()));
create policy tenant_adds on document for insert to fdvu_tenant
	with check (created_by = (select me()) and task_id is null and component_id is null
		and exists (select from cases c where c.id = case_id and c.id = any ((select my_own_cases())::uuid[])));

create policy tenant on search for select to fdvu_tenant using (is_public and (select me()) is not null);

-- Supplier -----------------------------------------------------------------------------------------------------------------------

create policy supplier on task for select to fdvu_supplier using (id = any ((select my_tasks())::uuid[]));
create policy supplier on place for select to fdvu_supplier using (id = any ((select my_task_places())::uuid[]));
create policy supplier_sees on document for select to fdvu_supplier using (task_id = any ((select my_tasks())::uuid[]));
create policy supplier_adds on document for insert to fdvu_supplier
	with check (created_by = (select me()) and task_id = any ((select my_tasks())::uuid[]) and case_id is null and component_id is null);

-- Public -------------------------------------------------------------------------------------------------------------------------

create policy public on place for select to fdvu_public
	using (kind in ('municipality', 'building', 'outdoor_area') and removed_at is null);
create policy public on search for select to fdvu_public
	using (is_public and tbl = 'place' and exists (select from place p where p.id = row_id));

-- More than one audience ---------------------------------------------------------------------------------------------------------

create policy address_is_open on address for select to fdvu_field, fdvu_tenant, fdvu_supplier using ((select me()) is not null);
create policy myself on person for select to fdvu_field, fdvu_tenant, fdvu_supplier using (id = (select me()));
create policy mine on notification to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier using (person_id = (select me()));

-- Bytes: those I sent, and those of documents I see, provided that who made the document had the bytes (or a program made it).
create policy seen on file for select to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier
	using (created_by = (select me())
		or is_held(sha256, (select me()))
		or exists (select from document d
		            where d.sha256 = file.sha256 and (d.created_by is null or is_held(d.sha256, d.created_by))));
create policy sent on file for insert to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier
	with check (created_by = (select me()));
