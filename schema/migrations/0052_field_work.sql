-- What a caretaker does offline beside tasks (FIELD-2): time and materials, signatures, marks on photos, inspections when tenants move in and
-- out; keys out and in, and condition grades, from the tablet. All are facts with the tablet's own key; each lies where what it is about lies.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table time_entry (
	id          uuid        primary key,
	task_id     uuid        references task,
	place_id    uuid        not null references place,
	site_id     uuid        not null,
	area_no     int,
	kind        text        not null default 'work',
	minutes     int         not null,
	started_at  timestamptz,
	note        text,
	person_id   uuid        not null references person,
	captured_at timestamptz not null,
	created_at  timestamptz not null default now(),
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id(),
	constraint time_entry_kind_is_known      check (kind in ('work', 'travel', 'overtime')),
	constraint time_entry_is_at_most_a_day   check (minutes between 1 and 1440)
);

create table material_use (
	id           uuid        primary key,
	task_id      uuid        references task,
	component_id uuid        references component,
	place_id     uuid        not null references place,
	site_id      uuid        not null,
	area_no      int,
	name         text        not null,
	quantity     numeric     not null,
	unit         text        not null default 'stk',
	price_ore    bigint,
	note         text,
	person_id    uuid        not null references person,
	captured_at  timestamptz not null,
	created_at   timestamptz not null default now(),
	row_v        bigint      not null default 1,
	changed      xid8        not null default pg_current_xact_id(),
	constraint material_use_name_is_1_to_200_characters check (length(name) between 1 and 200),
	constraint material_use_quantity_is_positive        check (quantity > 0),
	constraint material_use_price_is_not_negative       check (price_ore >= 0)
);
comment on column material_use.price_ore is 'of all of it; null: the office knows';

create table inspection (
	id           uuid        primary key,
	place_id     uuid        not null references place,
	site_id      uuid        not null,
	area_no      int,
	lease_id     uuid        references lease,
	checklist_id uuid        references checklist,
	kind         text        not null,
	state        text        not null default 'started',
	started_at   timestamptz not null,
	started_by   uuid        not null references person,
	finished_at  timestamptz,
	finished_by  uuid        references person,
	keys         smallint,
	note         text,
	created_at   timestamptz not null default now(),
	row_v        bigint      not null default 1,
	changed      xid8        not null default pg_current_xact_id(),
	constraint inspection_kind_is_known        check (kind in ('move_in', 'move_out')),
	constraint inspection_state_is_known       check (state in ('started', 'finished')),
	constraint inspection_is_finished_once     check ((state = 'finished') = (finished_at is not null)),
	constraint inspection_keys_is_plausible    check (keys between 0 and 100)
);
comment on table  inspection          is 'innflyttings- og utflyttingsbefaring of a dwelling';
comment on column inspection.lease_id is 'the lease that begins or ends with it, found by the dwelling and the day';
comment on column inspection.keys     is 'how many keys changed hands';

create table inspection_answer (
	id            uuid        primary key,
	inspection_id uuid        not null references inspection,
	item_id       uuid        not null references checklist_item,
	site_id       uuid        not null,
	area_no       int,
	value         text,
	is_ok         boolean,
	note          text,
	answered_by   uuid        not null references person,
	captured_at   timestamptz not null,
	created_at    timestamptz not null default now(),
	row_v         bigint      not null default 1,
	changed       xid8        not null default pg_current_xact_id()
);

create table signature (
	id            uuid        primary key,
	task_id       uuid        references task,
	inspection_id uuid        references inspection,
	loan_id       uuid        references key_loan,
	site_id       uuid,
	area_no       int,
	role          text        not null,
	name          text        not null,
	sha256        bytea,
	person_id     uuid        not null references person,
	captured_at   timestamptz not null,
	created_at    timestamptz not null default now(),
	row_v         bigint      not null default 1,
	changed       xid8        not null default pg_current_xact_id(),
	constraint signature_role_is_known              check (role in ('landlord', 'tenant', 'holder', 'supplier', 'witness')),
	constraint signature_is_on_one_thing            check (num_nonnulls(task_id, inspection_id, loan_id) = 1),
	constraint signature_name_is_1_to_200_characters check (length(name) between 1 and 200),
	constraint signature_sha256_is_32_bytes         check (octet_length(sha256) = 32)
);
comment on column signature.sha256    is 'the drawn signature''s bytes in the content store; they may arrive after the row';
comment on column signature.person_id is 'on whose tablet it was given';

create table photo_mark (
	id          uuid        primary key,
	document_id uuid        not null references document,
	site_id     uuid,
	area_no     int,
	layer       jsonb       not null,
	note        text,
	person_id   uuid        not null references person,
	captured_at timestamptz not null,
	created_at  timestamptz not null default now(),
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id(),
	constraint photo_mark_layer_is_an_object check (jsonb_typeof(layer) = 'object')
);
comment on table  photo_mark       is 'what was drawn over a photo: a layer of its own, the photo''s bytes stay as they came';
comment on column photo_mark.layer is '{"w", "h": the photo''s size, "shapes": [{"kind": "line|arrow|circle|text", "points": [[x, y], …], "text", "color"}]}';

create index time_entry_task         on time_entry (task_id) where task_id is not null;
create index time_entry_place        on time_entry (place_id);
create index time_entry_person       on time_entry (person_id, captured_at);
create index material_use_task       on material_use (task_id) where task_id is not null;
create index material_use_place      on material_use (place_id);
create index inspection_place        on inspection (place_id, started_at);
create index inspection_lease        on inspection (lease_id) where lease_id is not null;
create index inspection_answer_of    on inspection_answer (inspection_id, item_id);
create index signature_task          on signature (task_id) where task_id is not null;
create index signature_inspection    on signature (inspection_id) where inspection_id is not null;
create index signature_loan          on signature (loan_id) where loan_id is not null;
create index signature_sha256        on signature (sha256) where sha256 is not null;
create index photo_mark_document     on photo_mark (document_id);

-- Where they lie --------------------------------------------------------------------------------------------------------------------

create function field_work_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.task_id is not null then
		select t.place_id into new.place_id from task t where t.id = new.task_id;
	end if;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	return new;
end
$$;

create function inspection_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	at_day date := (new.started_at at time zone 'Europe/Oslo')::date;
	what   place_kind;
begin
	select p.site_id, p.area_no, p.kind into new.site_id, new.area_no, what from place p where p.id = new.place_id;
	if what is distinct from 'dwelling' then
		raise exception 'an inspection is of a dwelling' using errcode = '23514', constraint = 'inspection_is_of_a_dwelling';
	end if;
	if tg_op = 'INSERT' then
		select l.id into new.lease_id
		  from lease l
		 where l.dwelling_id = new.place_id
		   and l.state not in ('draft', 'cancelled')
		 order by abs(at_day - case new.kind when 'move_in' then l.starts_on else coalesce(l.ends_on, at_day) end), l.starts_on desc
		 limit 1;
	end if;
	return new;
end
$$;

create function inspection_answer_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select i.site_id, i.area_no into new.site_id, new.area_no from inspection i where i.id = new.inspection_id;
	return new;
end
$$;

create function signature_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select x.site_id, x.area_no
	  into new.site_id, new.area_no
	  from (select t.site_id, t.area_no from task t where t.id = new.task_id
	        union all
	        select i.site_id, i.area_no from inspection i where i.id = new.inspection_id
	        union all
	        select p.site_id, l.area_no
	          from key_loan l
	          join key k on k.id = l.key_id
	          join key_system s on s.id = k.system_id
	          join place p on p.id = s.place_id
	         where l.id = new.loan_id) x;
	return new;
end
$$;

create function photo_mark_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select d.site_id, d.area_no into new.site_id, new.area_no from document d where d.id = new.document_id;
	return new;
end
$$;

create trigger fill before insert or update of task_id, place_id, site_id, area_no on time_entry   for each row execute function field_work_fill();
create trigger fill before insert or update of task_id, place_id, site_id, area_no on material_use for each row execute function field_work_fill();
create trigger fill before insert or update of place_id, site_id, area_no on inspection            for each row execute function inspection_fill();
create trigger fill before insert or update of site_id, area_no on inspection_answer               for each row execute function inspection_answer_fill();
create trigger fill before insert or update of site_id, area_no on signature                       for each row execute function signature_fill();
create trigger fill before insert or update of site_id, area_no on photo_mark                      for each row execute function photo_mark_fill();
create trigger stamp before update on time_entry        for each row execute function stamp();
create trigger stamp before update on material_use      for each row execute function stamp();
create trigger stamp before update on inspection        for each row execute function stamp();
create trigger stamp before update on inspection_answer for each row execute function stamp();
create trigger stamp before update on signature         for each row execute function stamp();
create trigger stamp before update on photo_mark        for each row execute function stamp();

-- They follow what they are about to another site or area. What hangs on a place, a task or a document is written again, and its trigger
-- finds where that lies now.
create function field_work_moved() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_table_name = 'task' then
		if not exists (select id, place_id, site_id, area_no from new_rows except select id, place_id, site_id, area_no from old_rows) then
			return null;
		end if;
	elsif not exists (select id, site_id, area_no from new_rows except select id, site_id, area_no from old_rows) then
		return null;
	end if;
	if tg_table_name = 'place' then
		update time_entry   x set area_no = n.area_no from new_rows n where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
		update material_use x set area_no = n.area_no from new_rows n where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
		update inspection   x set area_no = n.area_no from new_rows n where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	elsif tg_table_name = 'inspection' then
		update inspection_answer x set area_no = n.area_no from new_rows n where x.inspection_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
		update signature         x set area_no = n.area_no from new_rows n where x.inspection_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	elsif tg_table_name = 'document' then
		update photo_mark x set area_no = n.area_no from new_rows n where x.document_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	else
		update time_entry   x set place_id = n.place_id from new_rows n
		 where x.task_id = n.id and (x.place_id, x.site_id, x.area_no) is distinct from (n.place_id, n.site_id, n.area_no);
		update material_use x set place_id = n.place_id from new_rows n
		 where x.task_id = n.id and (x.place_id, x.site_id, x.area_no) is distinct from (n.place_id, n.site_id, n.area_no);
		update signature    x set area_no = n.area_no from new_rows n where x.task_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	end if;
	return null;
end
$$;
create trigger work_moved after update on place      referencing old table as old_rows new table as new_rows for each statement execute function field_work_moved();
create trigger work_moved after update on task       referencing old table as old_rows new table as new_rows for each statement execute function field_work_moved();
create trigger work_moved after update on document   referencing old table as old_rows new table as new_rows for each statement execute function field_work_moved();
create trigger work_moved after update on inspection referencing old table as old_rows new table as new_rows for each statement execute function field_work_moved();

create or replace function sync_conflict_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.area_no := coalesce(case new.tbl
		when 1  then (select p.area_no from place p where p.id = new.row_id)
		when 2  then (select c.area_no from component c where c.id = new.row_id)
		when 3  then (select t.area_no from task t where t.id = new.row_id)
		when 4  then (select t.area_no from answer a join task t on t.id = a.task_id where a.id = new.row_id)
		when 5  then (select d.area_no from document d where d.id = new.row_id)
		when 20 then (select x.area_no from time_entry x where x.id = new.row_id)
		when 21 then (select x.area_no from material_use x where x.id = new.row_id)
		when 22 then (select x.area_no from inspection x where x.id = new.row_id)
		when 23 then (select x.area_no from inspection_answer x where x.id = new.row_id)
		when 24 then (select x.area_no from signature x where x.id = new.row_id)
		when 25 then (select x.area_no from photo_mark x where x.id = new.row_id)
		when 27 then (select l.area_no from key_loan l where l.id = new.row_id)
	end, new.area_no);
	return new;
end
$$;

-- Keys and readings of whoever is in the field ----------------------------------------------------------------------------------------

-- To whom a caretaker may hand a key: somebody employed, a supplier, or who rents in the caretaker's areas.
create function may_hold_key(person uuid) returns boolean stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select is_employee(person)
	    or exists (select from person_role r where r.person_id = person and r.role = 'supplier')
	    or exists (select
	                 from lease_party y
	                 join lease l on l.id = y.lease_id
	                where y.person_id = may_hold_key.person
	                  and l.state in ('active', 'notice')
	                  and l.area_no = any (areas()));
$$;

create policy field_hands_out on key_loan for insert to fdvu_field
	with check (exists (select from key k where k.id = key_id) and may_hold_key(holder_id) and out_at <= now());
create policy field_takes_in on key_loan for update to fdvu_field using (area_no = any ((select areas())::int[]));
grant insert (id, key_id, holder_id, out_at, due_on, out_name, out_note), update (in_at, in_name, in_note) on key_loan to fdvu_field;
grant select (in_name, in_note, row_v) on key_loan to fdvu_field;

create policy field_sees on condition for select to fdvu_field using (exists (select from component c where c.id = component_id));
create policy field_adds on condition for insert to fdvu_field
	with check (noted_by = (select me()) and exists (select from component c where c.id = component_id));
grant select, insert (id, component_id, grade, consequence, probability, cause, note, measure, due_year, noted_by, noted_at)
	on condition to fdvu_field;

-- Who sees and does what ------------------------------------------------------------------------------------------------------------

select audit_table(t::regclass) from unnest(array['time_entry', 'material_use', 'inspection', 'inspection_answer', 'signature', 'photo_mark']) t;
insert into place_ref (tbl, col) values ('time_entry', 'place_id'), ('material_use', 'place_id'), ('inspection', 'place_id');

do $$
declare
	t regclass;
begin
	foreach t in array array['time_entry', 'material_use', 'inspection', 'inspection_answer', 'signature', 'photo_mark']::regclass[] loop
		execute format('alter table %s enable row level security', t);
		execute format('create policy job on %s to fdvu_job using (true) with check (true)', t);
		execute format('create policy office on %s to fdvu_office
			using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))', t);
		execute format('create policy field on %s for select to fdvu_field using (area_no = any ((select areas())::int[]))', t);
		execute format('grant select on %s to fdvu_office, fdvu_field', t);
		execute format('grant select, insert, update, delete on %s to fdvu_job', t);
	end loop;
end
$$;

create policy field_adds on time_entry for insert to fdvu_field
	with check (person_id = (select me()) and area_no = any ((select areas())::int[])
		and (task_id is null or exists (select from task t where t.id = task_id)));
create policy field_adds on material_use for insert to fdvu_field
	with check (person_id = (select me()) and area_no = any ((select areas())::int[])
		and (task_id is null or exists (select from task t where t.id = task_id))
		and (component_id is null or exists (select from component c where c.id = component_id)));
create policy field_adds on inspection for insert to fdvu_field
	with check (started_by = (select me()) and area_no = any ((select areas())::int[]));
create policy field_ends on inspection for update to fdvu_field using (area_no = any ((select areas())::int[]));
create policy field_adds on inspection_answer for insert to fdvu_field
	with check (answered_by = (select me()) and exists (select from inspection i where i.id = inspection_id));
create policy field_adds on signature for insert to fdvu_field
	with check (person_id = (select me())
		and (task_id is null or exists (select from task t where t.id = task_id))
		and (inspection_id is null or exists (select from inspection i where i.id = inspection_id))
		and (loan_id is null or exists (select from key_loan l where l.id = loan_id)));
create policy field_adds on photo_mark for insert to fdvu_field
	with check (person_id = (select me()) and exists (select from document d where d.id = document_id));

grant insert (id, task_id, place_id, kind, minutes, started_at, note, person_id, captured_at) on time_entry to fdvu_field;
grant insert (id, task_id, component_id, place_id, name, quantity, unit, price_ore, note, person_id, captured_at) on material_use to fdvu_field;
grant insert (id, place_id, checklist_id, kind, started_at, started_by, note), update (state, finished_at, finished_by, keys, note)
	on inspection to fdvu_field;
grant insert (id, inspection_id, item_id, value, is_ok, note, answered_by, captured_at) on inspection_answer to fdvu_field;
grant insert (id, task_id, inspection_id, loan_id, role, name, sha256, person_id, captured_at) on signature to fdvu_field;
grant insert (id, document_id, layer, note, person_id, captured_at) on photo_mark to fdvu_field;
grant update (place_id) on time_entry, material_use, inspection to fdvu_office;
grant execute on function may_hold_key(uuid) to fdvu_field;

-- A drawn signature is seen with what it is on.
create policy signature_drawn on file for select to fdvu_office, fdvu_field
	using (exists (select from signature g where g.sha256 = file.sha256 and is_held(g.sha256, g.person_id)));

create or replace function sync_field_by(tbl text, row_id uuid, field text, out actor uuid, out name text, out at timestamptz)
returns setof record stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select a.actor, person_name(a.actor), a.at
	  from audit a
	 where a.row_id = sync_field_by.row_id
	   and a.tbl = sync_field_by.tbl
	   and a.op = 'U'
	   and a.new ? sync_field_by.field
	   and case a.tbl
	       when 'task'       then (select k.area_no from task k where k.id = a.row_id) = any (areas())
	       when 'key_loan'   then (select l.area_no from key_loan l where l.id = a.row_id) = any (areas())
	       when 'inspection' then (select i.area_no from inspection i where i.id = a.row_id) = any (areas())
	       end
	 order by a.at desc
	 limit 1;
$$;

-- The feed --------------------------------------------------------------------------------------------------------------------------

comment on column sync_entry.tbl is '1 place, 2 component, 3 task, 4 answer, 5 document, 6 checklist, 7 checklist_item, 8 category, 9 mutation, 10 cases, 12 conflict, 20 time_entry, 21 material_use, 22 inspection, 23 inspection_answer, 24 signature, 25 photo_mark';

-- Tablets hold a quarter of a year of them, as of finished tasks.
select sync_table('time_entry',        20, 'ops', 'sync_recent(r.captured_at)');
select sync_table('material_use',      21, 'ops', 'sync_recent(r.captured_at)');
select sync_table('inspection',        22, 'ops', 'sync_recent(r.finished_at)');
select sync_table('inspection_answer', 23, 'ops', 'sync_recent(r.captured_at)');
select sync_table('signature',         24, 'ops', 'r.site_id is not null and sync_recent(r.captured_at)');
select sync_table('photo_mark',        25, 'ops', 'r.site_id is not null');

-- Nightly: finished tasks older than 90 days, their answers, and other facts of the field as old, leave the tablets. Returns how many rows left.
create or replace function sync_retire() returns bigint language sql security definer set search_path = fdvu, public, pg_temp as $$
	with old_task as (
		select t.id, t.site_id from task t where not sync_recent(t.done_at)
	), gone as (
		select b.bucket_no, 3::smallint as tbl, t.id as row_id from old_task t join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
		union all
		select b.bucket_no, 4::smallint, a.id from old_task t join answer a on a.task_id = t.id join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
		union all
		select b.bucket_no, o.tbl, o.id
		  from (select 20::smallint as tbl, x.id, x.site_id from time_entry x where not sync_recent(x.captured_at)
		        union all
		        select 21::smallint, x.id, x.site_id from material_use x where not sync_recent(x.captured_at)
		        union all
		        select 22::smallint, x.id, x.site_id from inspection x where not sync_recent(x.finished_at)
		        union all
		        select 23::smallint, x.id, x.site_id from inspection_answer x where not sync_recent(x.captured_at)
		        union all
		        select 24::smallint, x.id, x.site_id from signature x where not sync_recent(x.captured_at)) o
		  join sync_bucket b on b.kind = 'ops' and b.ref_id = o.site_id
	), done as (
		update sync_entry e
		   set op = 'D', xid = pg_current_xact_id()
		  from gone g
		 where (e.bucket_no, e.tbl, e.row_id) = (g.bucket_no, g.tbl, g.row_id) and e.op = 'P'
		returning 1
	)
	select count(*) from done;
$$;
