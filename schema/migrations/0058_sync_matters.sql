-- What the office does about tablets' matters (docs/sync-protocol.md, «Office»): conflicts are resolved, what waits is let go on, what was
-- refused is applied again or closed. Managers and administrators, each for their own areas.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table sync_conflict
	add column resolved_value jsonb,
	add column note           text constraint sync_conflict_note_is_not_too_long check (length(note) <= 1000);
comment on column sync_conflict.resolved_value is 'what the field became when a person resolved it';

alter table sync_mutation
	add column handled_as   text constraint sync_mutation_handled_as_is_known check (handled_as in ('applied', 'refused', 'closed')),
	add column handled_by   uuid references person,
	add column handled_at   timestamptz,
	add column handled_note text constraint sync_mutation_handled_note_is_not_too_long check (length(handled_note) <= 1000);
comment on column sync_mutation.handled_as is 'what came of it when somebody in the office took it up; closed: nothing more will';

alter table sync_quarantine
	add column handled_as   text constraint sync_quarantine_handled_as_is_known check (handled_as in ('unpacked', 'closed')),
	add column handled_by   uuid references person,
	add column handled_at   timestamptz,
	add column handled_note text constraint sync_quarantine_handled_note_is_not_too_long check (length(handled_note) <= 1000);
comment on column sync_quarantine.handled_as is 'unpacked: what could be read of it are quarantined mutations now';

create index sync_mutation_quarantined on sync_mutation (received_at, mid) where state = 'quarantined';
create index sync_quarantine_received  on sync_quarantine (received_at, id);

-- Who may, and where ----------------------------------------------------------------------------------------------------------------

create function matters_may() returns boolean stable language plpgsql as $$
begin
	if not (has_role('manager') or has_role('admin')) then
		raise exception 'only managers and administrators look after tablets' using errcode = '42501';
	end if;
	return true;
end
$$;

-- What a tablet sent is anybody's guess: null when it is no uuid.
create function uuid_or_null(text) returns uuid immutable strict parallel safe language sql
	return case when $1 ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' then $1::uuid end;

-- Bytes as text; null when they are none.
create function text_or_null(bytes bytea) returns text immutable strict language plpgsql as $$
begin
	return convert_from(bytes, 'UTF8');
exception when character_not_in_repertoire or untranslatable_character then
	return null;
end
$$;

-- The areas in which a person works with a tablet; all of them for who is not kept to any.
create function sync_person_areas(person uuid) returns int[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select array_agg(distinct a.area_no)
	  from person_role r
	  join area a on r.area_no is null or a.area_no = r.area_no
	 where r.person_id = person
	   and r.role = any (audience_roles('field'));
$$;

-- Who wrote a mutation: the one whom the tablet recorded, if that is an employee, else the one whose session it came with.
create function sync_author(payload jsonb, person uuid) returns uuid stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select case when is_employee(uuid_or_null(payload ->> 'by')) then uuid_or_null(payload ->> 'by') else person end;
$$;

-- Whether a mutation is the matter of whoever asks: each row that it names lies in their areas. One that names no row we know could be about
-- any that its author sees.
create function sync_matter_is_mine(payload jsonb, person uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	with named as materialized (
		select uuid_or_null(payload #>> '{row,id}') as id
		union
		select uuid_or_null(s.value ->> 'n')
		  from jsonb_each(case jsonb_typeof(payload -> 'set') when 'object' then payload -> 'set' else '{}' end) s
	), lies as (
		select p.area_no from named n join place p on p.id = n.id
		union select k.area_no from named n join task k on k.id = n.id
		union select c.area_no from named n join component c on c.id = n.id
		union select c.area_no from named n join cases c on c.id = n.id
		union select d.area_no from named n join document d on d.id = n.id
		union select l.area_no from named n join key_loan l on l.id = n.id
		union select k.area_no from named n join key k on k.id = n.id
		union select i.area_no from named n join inspection i on i.id = n.id
		union select m.area_no from named n join meter m on m.id = n.id
		union select (a.old ->> 'area_no')::int from named n join audit a on a.row_id = n.id and a.op = 'D' and a.tbl in ('task', 'key_loan')
	)
	select coalesce(coalesce((select array_agg(l.area_no) from lies l where l.area_no is not null), sync_person_areas(person)) <@ areas(),
	                has_role('admin'));
$$;

-- The same of what is not about a row at all.
create function sync_device_is_mine(device uuid) returns boolean stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(sync_person_areas(d.person_id) <@ areas(), has_role('admin')) from sync_device d where d.id = device;
$$;

create policy office on sync_mutation to fdvu_office
	using (((select has_role('manager')) or (select has_role('admin'))) and sync_matter_is_mine(payload, person_id));

-- Bytes that nobody has read may be about anything that their author sees.
drop policy office on sync_quarantine;
create policy office on sync_quarantine to fdvu_office
	using (((select has_role('manager')) or (select has_role('admin')))
		and case when sync_person_areas(person_id) is null then (select has_role('admin')) else sync_person_areas(person_id) <@ (select areas()) end);

drop policy office on sync_conflict;
create policy office on sync_conflict to fdvu_office
	using (((select has_role('manager')) or (select has_role('admin')))
		and (area_no = any ((select areas())::int[]) or (area_no is null and sync_device_is_mine(device_id))));
-- Nobody resolves in another's name; what is applied again may meet other values, and is told under its author's.
create policy office_as_me on sync_conflict as restrictive for update to fdvu_office using (true)
	with check (resolved_by = (select me()));

grant select on sync_mutation to fdvu_office;
grant insert (device_id, seq, mid, grp, op, payload_sha256, payload, state, result, person_id, captured_at, happened_at) on sync_mutation to fdvu_office;
grant update (state, result, held_for, held_until, xid, handled_as, handled_by, handled_at, handled_note) on sync_mutation to fdvu_office;
grant insert on sync_conflict to fdvu_office;
grant update (resolved_value, note) on sync_conflict to fdvu_office;
grant update (handled_as, handled_by, handled_at, handled_note) on sync_quarantine to fdvu_office;
-- What a tablet inserts, the office does when it applies it again: in the author's name, as for answers.
create policy office_as_me on time_entry        as restrictive for insert to fdvu_office with check (person_id = (select me()));
create policy office_as_me on material_use      as restrictive for insert to fdvu_office with check (person_id = (select me()));
create policy office_as_me on signature         as restrictive for insert to fdvu_office with check (person_id = (select me()));
create policy office_as_me on photo_mark        as restrictive for insert to fdvu_office with check (person_id = (select me()));
create policy office_as_me on inspection        as restrictive for insert to fdvu_office with check (started_by = (select me()));
create policy office_as_me on inspection_answer as restrictive for insert to fdvu_office with check (answered_by = (select me()));
grant insert (id, task_id, place_id, kind, minutes, started_at, note, person_id, captured_at) on time_entry to fdvu_office;
grant insert (id, task_id, component_id, place_id, name, quantity, unit, price_ore, note, person_id, captured_at) on material_use to fdvu_office;
grant insert (id, place_id, checklist_id, kind, started_at, started_by, note), update (state, finished_at, finished_by, keys, note)
	on inspection to fdvu_office;
grant insert (id, inspection_id, item_id, value, is_ok, note, answered_by, captured_at) on inspection_answer to fdvu_office;
grant insert (id, task_id, inspection_id, loan_id, role, name, sha256, person_id, captured_at) on signature to fdvu_office;
grant insert (id, document_id, layer, note, person_id, captured_at) on photo_mark to fdvu_office;
grant insert (id, out_name, out_note), update (in_name, in_note) on key_loan to fdvu_office;

grant execute on function sync_field_by(text, uuid, text), sync_deleted(text, uuid), matters_may(), uuid_or_null(text), text_or_null(bytea),
	sync_person_areas(uuid), sync_author(jsonb, uuid), sync_matter_is_mine(jsonb, uuid), sync_device_is_mine(uuid) to fdvu_office;

-- What was done is in the trail; that tablets push is not.
create function sync_handled_audit() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into audit (tbl, row_id, op, actor, old, new)
	values (tg_table_name, case tg_table_name when 'sync_mutation' then (to_jsonb(new) ->> 'mid')::uuid else (to_jsonb(new) ->> 'id')::uuid end, 'U',
	        new.handled_by, jsonb_build_object('state', old.state),
	        jsonb_build_object('state', new.state, 'handled_as', new.handled_as, 'handled_note', new.handled_note));
	return null;
end
$$;
create trigger audit_handled after update on sync_mutation for each row
	when (new.handled_at is distinct from old.handled_at) execute function sync_handled_audit();
create trigger audit_handled after update on sync_quarantine for each row
	when (new.handled_at is distinct from old.handled_at) execute function sync_handled_audit();

-- Applying again --------------------------------------------------------------------------------------------------------------------

-- For the rest of the transaction, what is written is written by the author of a mutation, within the rights and areas of the manager who has
-- looked at it. Returns that author.
create function sync_write_as(device uuid, number bigint, out author uuid, out name text)
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	m sync_mutation;
begin
	select * into m from sync_mutation x where x.device_id = device and x.seq = number;
	if not found or not matters_may() or not sync_matter_is_mine(m.payload, m.person_id) then
		raise exception 'no such mutation' using errcode = 'FD404';
	end if;
	author := sync_author(m.payload, m.person_id);
	name := (select p.name from person p where p.id = author);
	perform set_config('fdvu.manager', me()::text, true), set_config('fdvu.person', author::text, true);
end
$$;

-- Ends that.
create function sync_write_as_me() returns void language sql as $$
	select set_config('fdvu.person', current_setting('fdvu.manager'), true);
$$;

-- Raises the row that a conflict is about from the dead, as it was, with its number. Nothing when it is there.
create function sync_raise(conflict uuid) returns void language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	gone record;
begin
	select d.old, uuid_or_null(d.old ->> 'id') as id
	  into gone
	  from sync_conflict c
	 cross join lateral sync_deleted('task', case c.tbl when 3 then c.row_id else uuid_or_null(c.mine ->> 'task_id') end) d
	 where c.id = conflict
	   and c.kind = 'edit_after_delete'
	   and matters_may();
	if not found then
		raise exception 'what was deleted is not known any more' using errcode = 'FD409';
	end if;
	if exists (select from task k where k.id = gone.id) then
		return;
	end if;
	insert into task
	select (jsonb_populate_record(null::task, gone.old || jsonb_build_object('row_v', (gone.old ->> 'row_v')::bigint + 1,
	                                                                        'changed', pg_current_xact_id()::text))).*;
	update task k
	   set number = gone.old ->> 'number', created_at = (gone.old ->> 'created_at')::timestamptz
	 where k.id = gone.id;
end
$$;
grant execute on function sync_write_as(uuid, bigint), sync_write_as_me(), sync_raise(uuid) to fdvu_office;

-- A conflict with what a person needs to decide it. Rows are looked up one by one (`limit 1`): under row level security, a join on an expression
-- reads all of them.
create view sync_conflict_told with (security_invoker = true) as
select c.id, c.kind, c.severity, c.state, c.field, c.tbl, c.row_id, c.base, c.mine, c.theirs, person_name(c.theirs_by) as theirs_by, c.theirs_at,
       c.chosen, c.policy, c.created_at, c.note, c.resolved_value, person_name(c.resolved_by) as resolved_by, c.resolved_at,
       case c.tbl when 3 then to_jsonb(k) -> case c.field when 'done_at' then 'device_done_at' else c.field end
                  when 27 then to_jsonb(l) -> c.field end as now_is,
       m.op, person_name(case when m.mid is not null then sync_author(m.payload, m.person_id) else d.person_id end) as mine_by,
       case when m.happened_at is not null then m.happened_at else m.captured_at end as mine_at,
       c.device_id, d.name as device_name, k.id as task_id,
       case when k.id is not null then k.number else g.old ->> 'number' end as task_number,
       case when k.id is not null then k.title else g.old ->> 'title' end as task_title,
       p.id as place_id, p.site_id, p.label as place_label,
       case when c.field in ('assignee_id', 'holder_id') then
            (select jsonb_object_agg(v, person_name(uuid_or_null(v)))
               from unnest(array[c.base #>> '{}', c.mine #>> '{}', c.theirs #>> '{}', c.resolved_value #>> '{}', k.assignee_id::text]) v
              where v is not null) end as names
  from sync_conflict c
  join sync_device d on d.id = c.device_id
  left join sync_mutation m on m.mid = c.mid
  left join answer a on c.tbl = 4 and a.id = c.row_id
  left join lateral (select x.*
                       from task x
                      where x.id = case when c.tbl in (0, 3) then c.row_id
                                        when a.id is not null then a.task_id
                                        else uuid_or_null(c.mine ->> 'task_id') end
                      limit 1) k on true
  left join key_loan l on c.tbl = 27 and l.id = c.row_id
  left join lateral sync_deleted('task', case c.tbl when 3 then c.row_id else uuid_or_null(c.mine ->> 'task_id') end) g
         on c.kind = 'edit_after_delete' and k.id is null
  left join lateral (select x.id, x.site_id, x.label
                       from place x
                      where x.id = case when k.id is not null then k.place_id else uuid_or_null(g.old ->> 'place_id') end
                      limit 1) p on true;
grant select on sync_conflict_told to fdvu_office;
