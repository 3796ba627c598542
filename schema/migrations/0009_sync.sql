-- The change feed of tablets and live screens: docs/sync-protocol.md, sections 1 and 3.1.
--
-- sync_entry holds, for each row and bucket, the latest transaction that changed it; a cursor is a PostgreSQL snapshot. It is kept by
-- statement-level triggers. Buckets have stable keys ('site:<uuid>/ops'): when a building changes area, only the bucket's area_no does.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table sync_epoch (
	epoch       text        primary key,
	system_id   text        not null,
	timeline    int         not null,
	restore_gen int         not null,
	seen_at     timestamptz not null default now()
);

create table sync_bucket (
	bucket_no int  primary key generated always as identity,
	bucket    text not null unique,
	kind      text not null,
	ref_id    uuid not null,
	area_no   int,
	min_xid   xid8 not null default '0',
	constraint sync_bucket_kind_is_known      check (kind in ('ops', 'desk', 'ref', 'dev')),
	constraint sync_bucket_is_one_of_its_kind unique (kind, ref_id)
);
comment on column sync_bucket.area_no is 'area of the site; null for ref (everybody) and dev (the device)';
comment on column sync_bucket.min_xid is 'tombstones older than this are gone: a cursor from before must load the bucket anew';

create table sync_entry (
	bucket_no int      not null references sync_bucket,
	tbl       smallint not null,
	row_id    uuid     not null,
	xid       xid8     not null default pg_current_xact_id(),
	op        "char"   not null,
	row_v     bigint   not null,
	primary key (bucket_no, tbl, row_id),
	constraint sync_entry_op_is_p_or_d check (op in ('P', 'D'))
) with (fillfactor = 90);
comment on column sync_entry.tbl is '1 place, 2 component, 3 task, 4 answer, 5 document, 6 checklist, 7 checklist_item, 8 category, 9 mutation, 10 cases, 12 conflict';

create index sync_entry_window on sync_entry (bucket_no, xid);
create index sync_entry_xid    on sync_entry (xid);

create table sync_device (
	id            uuid        primary key default uuidv7(),
	person_id     uuid        not null references person,
	name          text        not null,
	state         text        not null default 'active',
	last_seen     timestamptz,
	last_seq      bigint      not null default 0,
	acked_through bigint      not null default 0,
	app_version   text,
	scope_hash    text,
	created_at    timestamptz not null default now(),
	constraint sync_device_state_is_known        check (state in ('active', 'revoked', 'wiped')),
	constraint sync_device_name_is_not_too_long  check (length(name) between 1 and 100)
);

create table sync_mutation (
	device_id      uuid        not null references sync_device,
	seq            bigint      not null,
	mid            uuid        not null unique,
	grp            uuid,
	op             text        not null,
	payload_sha256 bytea       not null,
	payload        jsonb       not null,
	state          text        not null,
	result         jsonb       not null default '{}',
	person_id      uuid        references person,
	captured_at    timestamptz,
	received_at    timestamptz not null default now(),
	xid            xid8        not null default pg_current_xact_id(),
	primary key (device_id, seq),
	constraint sync_mutation_state_is_known check (state in ('applied', 'merged', 'held', 'quarantined'))
);

create table sync_conflict (
	id          uuid        primary key default uuidv7(),
	device_id   uuid        not null references sync_device,
	mid         uuid        not null,
	tbl         smallint    not null,
	row_id      uuid        not null,
	field       text        not null,
	base        jsonb,
	mine        jsonb,
	theirs      jsonb,
	theirs_by   uuid,
	theirs_at   timestamptz,
	chosen      text        not null,
	policy      text        not null,
	state       text        not null default 'open',
	area_no     int,
	resolved_by uuid,
	resolved_at timestamptz,
	created_at  timestamptz not null default now(),
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id(),
	constraint sync_conflict_state_is_known check (state in ('open', 'resolved'))
);

create table sync_quarantine (
	id          uuid        primary key default uuidv7(),
	device_id   uuid        references sync_device,
	person_id   uuid        references person,
	reason      text        not null,
	raw         bytea       not null,
	received_at timestamptz not null default now(),
	state       text        not null default 'open',
	constraint sync_quarantine_state_is_known     check (state in ('open', 'resolved')),
	constraint sync_quarantine_raw_is_at_most_8mb check (octet_length(raw) <= 8388608)
);

create index sync_bucket_area   on sync_bucket (area_no, kind);
create index sync_bucket_ref    on sync_bucket (ref_id);
create index sync_device_person on sync_device (person_id);
create index sync_conflict_row  on sync_conflict (row_id);
create index sync_conflict_dev  on sync_conflict (device_id, created_at);
create index sync_conflict_open on sync_conflict (area_no, created_at, id) where state = 'open';

create trigger stamp before update on sync_conflict for each row execute function stamp();
select audit_table('sync_conflict');

insert into setting (key, value) values ('restore_gen', '0');
-- The bucket that everybody has. Its reference is the nil uuid and not null, so that one equality finds any bucket.
insert into sync_bucket (bucket, kind, ref_id) values ('ref', 'ref', '00000000-0000-0000-0000-000000000000');

-- A cursor is worth something only within one history of the database: system id, timeline (a fail-over begins a new one) and how
-- many times it was restored from a dump. On the primary only.
create function sync_epoch_now() returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select (select system_identifier from pg_control_system())
	       || '-' || ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
	       || '-' || (select value #>> '{}' from setting where key = 'restore_gen');
$$;

-- Writes the epoch down when it is new, and returns it; called when the server starts.
create function sync_epoch_note() returns text language sql security definer set search_path = fdvu, public, pg_temp as $$
	with parts as (select sync_epoch_now() as epoch)
	insert into sync_epoch (epoch, system_id, timeline, restore_gen)
	select epoch, split_part(epoch, '-', 1), split_part(epoch, '-', 2)::int, split_part(epoch, '-', 3)::int from parts
	on conflict (epoch) do update set seen_at = now()
	returning epoch;
$$;

-- After a restore from a dump into a new cluster: transaction numbers start again there, so stored ones may lie in the future.
create function sync_after_restore() returns text language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update sync_entry set xid = pg_current_xact_id();
	update sync_bucket set min_xid = pg_current_xact_id();
	update setting set value = to_jsonb((value #>> '{}')::int + 1) where key = 'restore_gen';
	return sync_epoch_note();
end
$$;

-- Buckets of sites, made when first needed. Sites come as an array, so that it is one statement for a load of any size.
create function sync_buckets(bucket_kind text, sites uuid[]) returns void
language sql security definer set search_path = fdvu, public, pg_temp as $$
	insert into sync_bucket (bucket, kind, ref_id, area_no)
	select 'site:' || p.id || '/' || bucket_kind, bucket_kind, p.id, p.area_no
	  from place p
	 where p.id = any (sites)
	   and not exists (select from sync_bucket b where b.kind = bucket_kind and b.ref_id = p.id)
	 order by p.id
	on conflict do nothing;
$$;

-- Tablets hold, of finished tasks, those of the last 90 days.
create function sync_recent(done_at timestamptz) returns boolean stable parallel safe language sql
	return done_at is null or done_at > now() - interval '90 days';

-- A document of a case alone is the reporter's and the office's; it becomes the caretaker's when the case gets a task.
create function sync_document(case_id uuid, task_id uuid) returns boolean stable language sql
	return case_id is null or task_id is not null or exists (select from task t where t.case_id = sync_document.case_id);

-- Makes the trigger function and triggers of a table. One template, so that the rule of moving (a 'D' where the row was and a 'P' where it
-- is, in one transaction) is written once. Rows are r (new) and o (old); `ref` and `old_ref` say which bucket of the kind; `held` which rows
-- are in the feed at all; `key` is the row's uuid.
create function sync_table(tbl regclass, number int, bucket_kind text, held text default 'true',
	ref text default 'r.site_id', old_ref text default 'o.site_id', key text default 'id', version text default 'row_v') returns void
language plpgsql as $make$
begin
	execute format($function$
create function sync_%1$s() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op = 'DELETE' then
		insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
		select b.bucket_no, %2$s, o.%7$s, 'D', o.%8$s
		  from old_rows o
		  join sync_bucket b on b.kind = %3$L and b.ref_id = %6$s
		  join sync_entry  e on e.bucket_no = b.bucket_no and e.tbl = %2$s and e.row_id = o.%7$s and e.op = 'P'
		 order by b.bucket_no, o.%7$s
		on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'D', row_v = excluded.row_v;
		return null;
	end if;

	if tg_op = 'UPDATE' then
		insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
		select b.bucket_no, %2$s, r.%7$s, 'D', r.%8$s
		  from old_rows o
		  join new_rows r on r.%7$s = o.%7$s
		  join sync_bucket b on b.kind = %3$L and b.ref_id = %6$s
		  join sync_entry  e on e.bucket_no = b.bucket_no and e.tbl = %2$s and e.row_id = o.%7$s and e.op = 'P'
		 where %5$s is distinct from %6$s
		    or not (%4$s)
		 order by b.bucket_no, r.%7$s
		on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'D', row_v = excluded.row_v;
	end if;

	perform sync_buckets(%3$L, (select array_agg(distinct %5$s) from new_rows r));
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, %2$s, r.%7$s, 'P', r.%8$s
	  from new_rows r
	  join sync_bucket b on b.kind = %3$L and b.ref_id = %5$s
	 where %4$s
	 order by b.bucket_no, r.%7$s
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P', row_v = excluded.row_v;
	return null;
end
$$;
create trigger sync_insert after insert on %1$s referencing new table as new_rows
	for each statement execute function sync_%1$s();
create trigger sync_update after update on %1$s referencing old table as old_rows new table as new_rows
	for each statement execute function sync_%1$s();
create trigger sync_delete after delete on %1$s referencing old table as old_rows
	for each statement execute function sync_%1$s();
$function$, tbl, number, bucket_kind, held, ref, old_ref, key, version);
end
$make$;

select sync_table('place',     1,  'ops', 'r.removed_at is null');
select sync_table('component', 2,  'ops', 'r.removed_at is null');
select sync_table('task',      3,  'ops', 'sync_recent(r.done_at)');
select sync_table('document',  5,  'ops', 'r.site_id is not null and sync_document(r.case_id, r.task_id)');
select sync_table('cases',     10, 'desk');
select sync_table('checklist',      6, 'ref', 'true', $$'00000000-0000-0000-0000-000000000000'::uuid$$, $$'00000000-0000-0000-0000-000000000000'::uuid$$);
select sync_table('checklist_item', 7, 'ref', 'true', $$'00000000-0000-0000-0000-000000000000'::uuid$$, $$'00000000-0000-0000-0000-000000000000'::uuid$$);
select sync_table('category',       8, 'ref', 'true', $$'00000000-0000-0000-0000-000000000000'::uuid$$, $$'00000000-0000-0000-0000-000000000000'::uuid$$);
select sync_table('sync_mutation',  9, 'dev', 'true', 'r.device_id', 'o.device_id', 'mid', 'seq');
select sync_table('sync_conflict', 12, 'dev', 'true', 'r.device_id', 'o.device_id');

-- Answers lie where their task lies. They are inserts only.
create function sync_answer() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	perform sync_buckets('ops', (select array_agg(distinct t.site_id) from new_rows r join task t on t.id = r.task_id));
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 4, r.id, 'P', r.row_v
	  from new_rows r
	  join task t on t.id = r.task_id
	  join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
	 where sync_recent(t.done_at)
	 order by b.bucket_no, r.id
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P', row_v = excluded.row_v;
	return null;
end
$$;
create trigger sync_insert after insert on answer referencing new table as new_rows
	for each statement execute function sync_answer();

-- What hangs on a task: its answers move with it between sites and come and go with it; a case's documents come with the case's first task.
create function sync_task_follow() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op = 'UPDATE' then
		insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
		select b.bucket_no, 4, a.id, 'D', a.row_v
		  from old_rows o
		  join new_rows r using (id)
		  join answer a on a.task_id = o.id
		  join sync_bucket b on b.kind = 'ops' and b.ref_id = o.site_id
		  join sync_entry e on e.bucket_no = b.bucket_no and e.tbl = 4 and e.row_id = a.id and e.op = 'P'
		 where r.site_id <> o.site_id or (sync_recent(o.done_at) and not sync_recent(r.done_at))
		on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'D';

		insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
		select b.bucket_no, 4, a.id, 'P', a.row_v
		  from old_rows o
		  join new_rows r using (id)
		  join answer a on a.task_id = r.id
		  join sync_bucket b on b.kind = 'ops' and b.ref_id = r.site_id
		 where sync_recent(r.done_at) and (r.site_id <> o.site_id or not sync_recent(o.done_at))
		on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';

		-- Documents of a task are placed by it.
		if exists (select from old_rows o join new_rows r using (id) where r.place_id <> o.place_id) then
			update document d
			   set place_id = r.place_id
			  from old_rows o
			  join new_rows r using (id)
			 where d.task_id = r.id and r.place_id <> o.place_id;
		end if;
	end if;

	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 5, d.id, 'P', d.row_v
	  from new_rows r
	  join document d on d.case_id = r.case_id and d.task_id is null
	  join sync_bucket b on b.kind = 'ops' and b.ref_id = d.site_id
	 where r.case_id is not null
	   and not exists (select from sync_entry e where e.bucket_no = b.bucket_no and e.tbl = 5 and e.row_id = d.id and e.op = 'P')
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';
	return null;
end
$$;
create trigger sync_zfollow_insert after insert on task referencing new table as new_rows
	for each statement execute function sync_task_follow();
create trigger sync_zfollow_update after update on task referencing old table as old_rows new table as new_rows
	for each statement execute function sync_task_follow();

-- A site's buckets have its area.
create function sync_bucket_area() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update sync_bucket b
	   set area_no = n.area_no
	  from new_rows n
	 where b.ref_id = n.id
	   and b.kind in ('ops', 'desk')
	   and b.area_no is distinct from n.area_no;
	return null;
end
$$;
create trigger sync_area after update on place referencing new table as new_rows
	for each statement execute function sync_bucket_area();

-- A device's bucket is made with it.
create function sync_device_bucket() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into sync_bucket (bucket, kind, ref_id) select 'dev:' || n.id, 'dev', n.id from new_rows n;
	return null;
end
$$;
create trigger sync_bucket after insert on sync_device referencing new table as new_rows
	for each statement execute function sync_device_bucket();

-- A revoked device's sessions end at once.
create function sync_device_revoked() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	delete from session s using new_rows n where s.device_id = n.id and n.state <> 'active';
	return null;
end
$$;
create trigger revoked after update on sync_device referencing new table as new_rows
	for each statement execute function sync_device_revoked();

-- Nightly: finished tasks older than 90 days, and their answers, leave the tablets. Returns how many rows left.
create function sync_retire() returns bigint language sql security definer set search_path = fdvu, public, pg_temp as $$
	with old_task as (
		select t.id, t.site_id from task t where not sync_recent(t.done_at)
	), gone as (
		select b.bucket_no, 3::smallint as tbl, t.id as row_id from old_task t join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
		union all
		select b.bucket_no, 4::smallint, a.id from old_task t join answer a on a.task_id = t.id join sync_bucket b on b.kind = 'ops' and b.ref_id = t.site_id
	), done as (
		update sync_entry e
		   set op = 'D', xid = pg_current_xact_id()
		  from gone g
		 where (e.bucket_no, e.tbl, e.row_id) = (g.bucket_no, g.tbl, g.row_id) and e.op = 'P'
		returning 1
	)
	select count(*) from done;
$$;

-- Monthly: tombstones no cursor can still need. A cursor from before min_xid must load the bucket anew (410 cursor_expired).
create function sync_purge(before xid8) returns bigint language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	n bigint;
begin
	update sync_bucket b
	   set min_xid = before
	 where b.min_xid < before
	   and exists (select from sync_entry e where e.bucket_no = b.bucket_no and e.op = 'D' and e.xid < before);
	delete from sync_entry e where e.op = 'D' and e.xid < before;
	get diagnostics n = row_count;
	return n;
end
$$;
