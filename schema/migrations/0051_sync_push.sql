-- The push side of the tablet's protocol in full (FIELD-3, FIELD-4): what waits for a predecessor, how grave a conflict is, whose clock is
-- wrong; and fields of a task in which two tablets' values meet by other rules than «the office wins».
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Tasks -----------------------------------------------------------------------------------------------------------------------------

alter table task add column started_at timestamptz,
	add column progress    smallint constraint task_progress_is_0_to_100 check (progress between 0 and 100),
	add column visits      int not null default 0 constraint task_visits_is_not_negative check (visits >= 0),
	add column access_note text constraint task_access_note_is_not_too_long check (length(access_note) <= 1000);
comment on column task.started_at  is 'when work on the spot began, by the clock of whoever was first';
comment on column task.progress    is 'how far the work has got, in per cent';
comment on column task.visits      is 'how many times somebody went there: tablets add to it';
comment on column task.access_note is 'how to get in, as the last one who stood there says';
grant insert (started_at, progress, access_note), update (started_at, progress, visits, access_note) on task to fdvu_office, fdvu_field;

-- Mutations -------------------------------------------------------------------------------------------------------------------------

alter table sync_mutation add column held_for text,
	add column held_until  timestamptz,
	add column happened_at timestamptz,
	add column skew_s      int;
comment on column sync_mutation.held_for    is 'what it waits for: the name (mid) of a mutation that has not come, or that waits itself';
comment on column sync_mutation.held_until  is 'a mutation whose predecessor has not come by then is quarantined';
comment on column sync_mutation.captured_at is 'as the device''s clock said';
comment on column sync_mutation.happened_at is 'captured_at, corrected by how wrong that clock was when the batch was sent';
comment on column sync_mutation.skew_s      is 'by how many seconds the clock was fast (negative: slow), when by more than five minutes';
alter table sync_mutation add constraint sync_mutation_held_waits_for_something
	check (state <> 'held' or held_for is not null and held_until is not null);
create index sync_mutation_held on sync_mutation (device_id, seq) where state = 'held';
create index sync_mutation_late on sync_mutation (held_until) where state = 'held';
grant update (held_for, held_until) on sync_mutation to fdvu_field;

alter table sync_device add column oldest_seq bigint not null default 0;
comment on column sync_device.oldest_seq is 'the lowest number that the tablet may still send: what is missing below it never comes';
grant update (oldest_seq) on sync_device to fdvu_field;

-- Conflicts -------------------------------------------------------------------------------------------------------------------------

alter table sync_conflict
	add column severity text,
	add column kind     text not null default 'field'
		constraint sync_conflict_kind_is_known check (kind in ('field', 'edit_after_delete', 'review', 'clock'));
update sync_conflict set severity = case when state = 'open' or resolved_by is not null then 'hard' else 'soft' end;
alter table sync_conflict alter column severity set not null,
	add constraint sync_conflict_severity_is_known check (severity in ('soft', 'hard')),
	add constraint sync_conflict_hard_is_closed_by_a_person check (severity = 'soft' or state = 'open' or resolved_by is not null);
comment on column sync_conflict.severity is 'hard: what somebody wrote does not stand, and a person must look; soft: a rule has settled it';
create index sync_conflict_mid on sync_conflict (mid);

create function sync_conflict_stays_hard() returns trigger language plpgsql as $$
begin
	raise exception 'a hard conflict stays hard' using errcode = '23514', constraint = 'sync_conflict_is_never_downgraded';
end
$$;
create trigger stays_hard before update of severity on sync_conflict
	for each row when (old.severity = 'hard' and new.severity <> 'hard') execute function sync_conflict_stays_hard();

-- Who changed a field of a row last, for the one whose value met theirs.
drop function task_field_by(uuid, text);
create function sync_field_by(tbl text, row_id uuid, field text, out actor uuid, out name text, out at timestamptz)
returns setof record stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select a.actor, person_name(a.actor), a.at
	  from audit a
	 where a.row_id = sync_field_by.row_id
	   and a.tbl = sync_field_by.tbl
	   and a.op = 'U'
	   and a.new ? sync_field_by.field
	   and case a.tbl
	       when 'task'     then (select k.area_no from task k where k.id = a.row_id) = any (areas())
	       when 'key_loan' then (select l.area_no from key_loan l where l.id = a.row_id) = any (areas())
	       end
	 order by a.at desc
	 limit 1;
$$;

-- Who deleted a row that a tablet has changed meanwhile, if it lay in the areas of whoever asks.
create function sync_deleted(tbl text, row_id uuid, out actor uuid, out name text, out at timestamptz, out area_no int, out old jsonb)
returns setof record stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select a.actor, person_name(a.actor), a.at, (a.old ->> 'area_no')::int, a.old
	  from audit a
	 where a.row_id = sync_deleted.row_id
	   and a.tbl = sync_deleted.tbl
	   and a.op = 'D'
	   and (a.old ->> 'area_no')::int = any (areas())
	 order by a.at desc
	 limit 1;
$$;

-- A conflict belongs where its row lies, so that the right office sees it; that of a deleted row where it lay.
create or replace function sync_conflict_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.area_no := coalesce(case new.tbl
		when 1 then (select p.area_no from place p where p.id = new.row_id)
		when 2 then (select c.area_no from component c where c.id = new.row_id)
		when 3 then (select t.area_no from task t where t.id = new.row_id)
		when 4 then (select t.area_no from answer a join task t on t.id = a.task_id where a.id = new.row_id)
		when 5 then (select d.area_no from document d where d.id = new.row_id)
		when 27 then (select l.area_no from key_loan l where l.id = new.row_id)
	end, new.area_no);
	return new;
end
$$;

-- Nightly: what has waited too long is quarantined, and the office told by an open matter of its own. Returns how many.
create function sync_held_end() returns bigint language sql security definer set search_path = fdvu, public, pg_temp as $$
	with late as (
		update sync_mutation m
		   set state = 'quarantined',
		       xid = pg_current_xact_id(),
		       result = m.result || jsonb_build_object('state', 'quarantined', 'reason', 'held_too_long')
		 where m.state = 'held'
		   and m.held_until < now()
		returning m.*
	), told as (
		insert into sync_conflict (device_id, mid, tbl, row_id, field, mine, chosen, policy, kind, severity, area_no)
		select l.device_id, l.mid, 0, (l.payload #>> '{row,id}')::uuid, 'row', l.payload -> 'set', 'theirs', 'held_too_long', 'review', 'hard',
		       (select k.area_no from task k where k.id = (l.payload #>> '{row,id}')::uuid)
		  from late l
		returning 1
	)
	select count(*) from told;
$$;

grant execute on function sync_field_by(text, uuid, text), sync_deleted(text, uuid) to fdvu_field;
grant execute on function sync_held_end() to fdvu_job;
