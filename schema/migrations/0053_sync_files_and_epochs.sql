-- Files of whole bucket classes that tablets begin with (docs/sync-protocol.md, «Snapshot files»), and epochs that know a standby.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- On a standby there is no epoch: it does not see which transactions are under way, so that a cursor of it would miss their rows.
create or replace function sync_epoch_now() returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select case when not pg_is_in_recovery() then
	       (select system_identifier from pg_control_system())
	       || '-' || ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
	       || '-' || (select value #>> '{}' from setting where key = 'restore_gen') end;
$$;

-- A class is what people get together: an area's sites, or what everybody has. hi and running are the snapshot that the rows were read in.
create table sync_snapshot (
	id         uuid        primary key,
	kind       text        not null,
	area_no    int,
	epoch      text        not null,
	schema     int         not null,
	hi         xid8        not null,
	running    xid8[]      not null,
	buckets    int[]       not null,
	rows       int         not null,
	digest     text        not null,
	bytes      bigint      not null,
	zst_sha256 text        not null,
	zst_bytes  bigint      not null,
	gz_sha256  text        not null,
	gz_bytes   bigint      not null,
	built_at   timestamptz not null default now(),
	is_gone    boolean     not null default false,
	constraint sync_snapshot_kind_is_known check (kind in ('ops', 'ref'))
);
comment on column sync_snapshot.is_gone is 'the file is swept; the row stays while a tablet may still be on its way from the file to its first whole pull';
create index sync_snapshot_class on sync_snapshot (kind, area_no, built_at);

-- A file is seen by who sees every bucket in it: a site that has moved to another area since makes it nobody's.
alter table sync_snapshot enable row level security;
create policy job on sync_snapshot to fdvu_job using (true) with check (true);
create policy field on sync_snapshot for select to fdvu_field
	using (not exists (select from unnest(buckets) as n(bucket_no)
	                    where not exists (select from sync_bucket b where b.bucket_no = n.bucket_no)));
grant select on sync_snapshot to fdvu_field;
grant select, insert, update, delete on sync_snapshot to fdvu_job;

-- The highest transaction number that any row has. In a new cluster, which counts from the beginning, it may lie in the future: rows of the
-- feed would be skipped, and the numbers that changes and the audit trail go by would be given twice.
create function xid_highest() returns xid8 language plpgsql stable security definer set search_path = fdvu, public, pg_temp as $$
declare
	c record;
	one xid8;
	highest xid8 := '0';
begin
	for c in
		select a.attrelid::regclass as tbl, a.attname as col
		  from pg_attribute a
		  join pg_class r on r.oid = a.attrelid
		 where r.relnamespace = 'fdvu'::regnamespace
		   and r.relkind in ('r', 'p')
		   and not r.relispartition
		   and a.atttypid = 'xid8'::regtype
		   and not a.attisdropped
	loop
		execute format('select %I from %s where %I is not null order by %I desc limit 1', c.col, c.tbl, c.col, c.col) into one;
		if one > highest then
			highest := one;
		end if;
	end loop;
	return highest;
end
$$;
grant execute on function xid_highest() to fdvu_job;

-- After a restore into a new cluster, when its counter is past xid_highest(): a new history begins.
create or replace function sync_after_restore() returns text language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if xid_highest() >= pg_snapshot_xmax(pg_current_snapshot()) then
		raise exception 'transaction numbers up to % are used in the data, and the cluster is at %: run «fdvu after-restore», which goes past them',
			xid_highest(), pg_snapshot_xmax(pg_current_snapshot()) using errcode = 'FD409';
	end if;
	delete from sync_snapshot;
	update setting set value = to_jsonb((value #>> '{}')::int + 1) where key = 'restore_gen';
	return sync_epoch_note();
end
$$;

-- Queues the making of files, at most once an hour.
create function sync_snapshots_wanted() returns void language sql security definer set search_path = fdvu, public, pg_temp as $$
	insert into job (kind, key, payload) values ('snapshots', 'snapshots:' || to_char(now(), 'YYYY-MM-DD HH24'), '{"least": 2000}')
	on conflict (key) do nothing;
$$;
grant execute on function sync_snapshots_wanted() to fdvu_field;

-- Uses up transaction numbers until they are past those given, an empty transaction each: some fifty thousand a second.
create procedure xid_pass(past xid8) language plpgsql as $$
begin
	while pg_current_xact_id() <= past loop
		commit;
	end loop;
end
$$;
grant execute on procedure xid_pass(xid8) to fdvu_job;
