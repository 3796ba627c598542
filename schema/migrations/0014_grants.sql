-- Which tables and columns each role may use at all. What is not named here nobody has.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Grants a privilege on all columns but some: what triggers fill, and what tells who did it when, is not for people to write.
create function grant_columns(privilege text, tbl regclass, role text, variadic without text[] default '{}') returns void language plpgsql as $$
begin
	execute format('grant %s (%s) on %s to %I', privilege,
		(select string_agg(quote_ident(attname), ', ' order by attnum)
		   from pg_attribute
		  where attrelid = tbl and attnum > 0 and not attisdropped and attgenerated = ''
		    and attname <> all (without || array['row_v', 'changed'])), tbl, role);
end
$$;

-- Everybody: code lists.
grant select on building_type, element, condition_grade, category, checklist, checklist_item
	to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public;

-- Office.
grant select on area, place, property, building, storey, address, dwelling, component, condition, person, person_role, lease, lease_party,
	contact, cases, case_message, case_follower, task, answer, rule, document, file, notification, search,
	import_batch, import_queue, import_origin, audit, sync_epoch, sync_bucket, sync_entry, sync_device, sync_conflict, sync_quarantine
	to fdvu_office;
grant select (id, task_id, person_id, expires_at, row_v, changed) on supplier_link to fdvu_office;
select grant_columns('insert', t::regclass, 'fdvu_office'),
       grant_columns('update', t::regclass, 'fdvu_office', 'id')
  from unnest(array['address', 'condition', 'lease_party', 'checklist', 'checklist_item', 'rule']) t;
select grant_columns('insert', t::regclass, 'fdvu_office', 'area_no'),
       grant_columns('update', t::regclass, 'fdvu_office', 'place_id', 'area_no')
  from unnest(array['property', 'building', 'storey', 'dwelling']) t;
select grant_columns('insert', 'place',        'fdvu_office', 'label', 'site_id', 'point');
select grant_columns('update', 'place',        'fdvu_office', 'id', 'label', 'site_id', 'point', 'kind');
select grant_columns('insert', 'component',    'fdvu_office', 'site_id', 'area_no');
select grant_columns('update', 'component',    'fdvu_office', 'id', 'site_id', 'area_no');
select grant_columns('insert', 'person',       'fdvu_office', 'demo_key');
select grant_columns('update', 'person',       'fdvu_office', 'id', 'demo_key');
select grant_columns('insert', 'person_role',  'fdvu_office');
select grant_columns('insert', 'area',         'fdvu_office');
select grant_columns('update', 'area',         'fdvu_office', 'area_no');
select grant_columns('insert', 'category',     'fdvu_office');
select grant_columns('update', 'category',     'fdvu_office', 'code');
select grant_columns('insert', 'lease',        'fdvu_office', 'number', 'area_no');
select grant_columns('update', 'lease',        'fdvu_office', 'id', 'number', 'area_no');
select grant_columns('insert', 'contact',      'fdvu_office', 'number');
select grant_columns('update', 'contact',      'fdvu_office', 'id', 'number', 'received_at');
select grant_columns('insert', 'cases',        'fdvu_office', 'number', 'site_id', 'area_no', 'created_at');
select grant_columns('update', 'cases',        'fdvu_office', 'id', 'number', 'site_id', 'area_no', 'created_at', 'reporter_id');
select grant_columns('insert', 'case_message', 'fdvu_office', 'sent_at');
select grant_columns('insert', 'case_follower', 'fdvu_office');
select grant_columns('insert', 'task',         'fdvu_office', 'number', 'site_id', 'area_no', 'created_at');
select grant_columns('update', 'task',         'fdvu_office', 'id', 'number', 'site_id', 'area_no', 'created_at', 'rule_id', 'occurrence');
select grant_columns('insert', 'answer',       'fdvu_office', 'answered_at');
select grant_columns('insert', 'document',     'fdvu_office', 'site_id', 'area_no', 'created_at');
select grant_columns('update', 'document',     'fdvu_office', 'id', 'sha256', 'size', 'site_id', 'area_no', 'created_at', 'created_by', 'source', 'source_key');
select grant_columns('insert', 'supplier_link', 'fdvu_office');
grant update (expires_at) on supplier_link to fdvu_office;
grant update (state, candidates) on import_queue to fdvu_office;
grant update (state) on sync_device, sync_quarantine to fdvu_office;
grant update (state, chosen, resolved_by, resolved_at) on sync_conflict to fdvu_office;
grant delete on lease_party, case_follower, person_role, supplier_link to fdvu_office;

-- Field.
grant select on place, component, task, answer, document, address, file, notification, search,
	sync_epoch, sync_bucket, sync_entry, sync_device, sync_mutation, sync_conflict to fdvu_field;
grant select (id, name, language, is_organisation) on person to fdvu_field, fdvu_tenant, fdvu_supplier;
grant insert (id, place_id, component_id, title, description, category, state, priority, planned_on, deadline, assignee_id, checklist_id,
	done_at, done_by, done_note, device_done_at) on task to fdvu_field;
grant update (title, description, category, state, priority, planned_on, assignee_id, done_at, done_by, done_note, device_done_at)
	on task to fdvu_field;
grant insert (id, task_id, item_id, value, is_ok, note, answered_by, captured_at) on answer to fdvu_field;
grant insert (id, sha256, title, file_name, mime, size, place_id, component_id, task_id, kind, note, categories, captured_at, created_by)
	on document to fdvu_field;
grant insert (id, case_id, author_id, is_internal, text) on case_message to fdvu_field;
grant insert (id, person_id, name, app_version) on sync_device to fdvu_field;
grant update (name, last_seen, last_seq, acked_through, app_version, scope_hash) on sync_device to fdvu_field;
grant insert on sync_mutation, sync_conflict, sync_quarantine to fdvu_field;
grant update (state, result, xid) on sync_mutation to fdvu_field;

-- Tenant. Of cases only what is not somebody else's words or whereabouts; the rest is in the views.
grant select (id, parent_id, kind, name, label, area_no, site_id, geom, point, is_public, row_v) on place to fdvu_tenant, fdvu_public;
grant select on dwelling, lease, lease_party, address, notification, search, file, my_case, my_message to fdvu_tenant;
grant select (id, number, category, state, priority, deadline, site_id, created_at, done_at, row_v) on cases to fdvu_tenant;
grant insert (id, place_id, component_id, position, category, title, description, reporter_id, channel) on cases to fdvu_tenant;
grant select (id, case_id, text, sent_at, is_internal) on case_message to fdvu_tenant;
grant insert (id, case_id, author_id, is_internal, text) on case_message to fdvu_tenant;
grant select (id, case_id, person_id), insert (id, case_id, person_id), delete on case_follower to fdvu_tenant;
grant select (id, sha256, title, file_name, mime, size, case_id, kind, created_at, captured_at, created_by) on document to fdvu_tenant;
grant insert (id, sha256, title, file_name, mime, size, case_id, kind, captured_at, created_by) on document to fdvu_tenant;

-- Supplier.
grant select (id, number, place_id, component_id, site_id, title, description, category, state, priority, planned_on, deadline, checklist_id,
	done_at, created_at, row_v) on task to fdvu_supplier;
grant select (id, parent_id, kind, name, label, area_no, site_id, geom, point, warning, row_v) on place to fdvu_supplier;
grant select (id, sha256, title, file_name, mime, size, task_id, categories, disciplines, element, note, doc_date, kind, created_at, captured_at,
	created_by) on document to fdvu_supplier;
grant insert (id, sha256, title, file_name, mime, size, task_id, categories, disciplines, element, note, doc_date, kind, captured_at, created_by)
	on document to fdvu_supplier;
grant select on address, file, notification to fdvu_supplier;

-- Public.
grant select on search to fdvu_public;

grant select on colleague   to fdvu_office, fdvu_field, fdvu_job;
grant select on public_case to fdvu_office, fdvu_tenant, fdvu_public, fdvu_job;
grant insert on file to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;
grant update (read_at) on notification to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;

-- Jobs do everything, except that nobody rewrites answers, the audit trail or a session.
do $$
declare
	t regclass;
begin
	for t in select c.oid::regclass from pg_class c
	          where c.relnamespace = 'fdvu'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
	            and c.relname not in ('audit', 'session', 'answer', 'migration') loop
		execute format('grant select, insert, update, delete on %s to fdvu_job', t);
	end loop;
	if to_regclass('fdvu.migration') is not null then
		grant select on migration to fdvu_job;
	end if;
end
$$;
grant select, insert on answer to fdvu_job;
grant select on audit to fdvu_job;
grant select (person_id, audience, areas, roles, device_id, supplier_link_id, created_at, expires_at) on session to fdvu_job;

-- Functions.
grant execute on function me(), areas(), has_role(text), is_program(), uuidv7(), ref_uuid(text, text), search_form(text),
	easter(int), is_holiday(date), working_deadline(timestamptz, int), resolve_code(text), person_name(uuid), place_warning(uuid),
	is_held(bytea, uuid), is_employee(uuid)
	to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job;
grant execute on function identify(bytea)      to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;
grant execute on function session_close(bytea) to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_job;
grant execute on function session_open(uuid, text, bytea, int, uuid), session_sweep(), supplier_session(bytea, bytea) to fdvu_job;
grant execute on function my_leases(), my_dwellings(), my_places(), my_own_cases(), my_followed_cases(), is_public_case(uuid),
	component_place(uuid) to fdvu_tenant;
grant execute on function my_tasks(), my_task_places() to fdvu_supplier;
grant execute on function my_devices(), case_has_task(uuid) to fdvu_field;
grant execute on function sync_epoch_now() to fdvu_office, fdvu_field, fdvu_job;
grant execute on function new_code() to fdvu_office, fdvu_job;
grant execute on function next_number(text, timestamptz), sync_epoch_note(), sync_after_restore(), sync_retire(), sync_purge(xid8),
	audit_partitions(int) to fdvu_job;

-- Only migrations call these.
revoke execute on function audit_table(regclass, text, text[]), sync_table(regclass, int, text, text, text, text, text, text),
	search_table(regclass, text, text), grant_columns(text, regclass, text, text[]) from public;
