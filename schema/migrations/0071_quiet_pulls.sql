-- A tablet's pull with nothing new in one cheap statement: the cursor says which scope it was whole in, and buckets when they last changed.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Who has a bucket, and what it has forgotten, is as it was for as long as no newer transaction than this has written it.
alter table sync_bucket add column changed xid8 not null default pg_current_xact_id();
comment on column sync_bucket.changed is 'the latest transaction that made the bucket or changed its area_no or min_xid';
create index sync_bucket_changed on sync_bucket (changed);

create function sync_bucket_changed() returns trigger language plpgsql as $$
begin
	new.changed := pg_current_xact_id();
	return new;
end
$$;
create trigger changed before update on sync_bucket for each row execute function sync_bucket_changed();

-- As in 0068. A connection's cluster and timeline stay what they are once it is no standby's, and reading them from the disk is dear: they are
-- kept with the connection.
create or replace function sync_epoch_now() returns text stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	history text := current_setting('fdvu.history', true);
begin
	if pg_is_in_recovery() then
		return null;
	end if;
	if coalesce(history, '') = '' then
		history := (select system_identifier from pg_control_system())
		           || '-' || ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int;
		perform set_config('fdvu.history', history, false);
	end if;
	return history || '-' || (select value #>> '{}' from setting where key = 'restore_gen');
end
$$;

-- The facts of a pull that brings nothing, or null when there is more to it: no such session or tablet, another scope, or something that may be new.
-- It looks at the session itself and at no policy, so it must take for new whatever a policy might let through: all that is newer than the cursor
-- but what is the office's, another area's or another tablet's.
-- One moment: it is stable, so that it sees what the statement that calls it sees. Names are qualified, as in identify().
-- `order by … limit 1` and not `exists`, which believes that a third of the table is newer and reads all of it.
create function sync_quiet(token_hash bytea, device uuid, areas int[], hi xid8, running xid8[]) returns json
stable language plpgsql security definer as $$
declare
	low constant xid8 := coalesce(running[1], hi);
begin
	return (
		select json_build_object(
		           'snapshot', pg_current_snapshot()::text,
		           'epoch', fdvu.sync_epoch_now(),
		           'device', d.state,
		           'is_seen_long_ago', d.last_seen is null or d.last_seen < now() - interval '1 minute',
		           'lease', case when d.last_seen is null or d.last_seen < now() - interval '1 minute' then fdvu.sync_lease() end,
		           'is_scope_known', true,
		           'now', now())
		  from fdvu.session s
		  join fdvu.sync_device d on d.id = device and d.person_id = s.person_id and d.state = 'active'
		 where s.token_hash = sync_quiet.token_hash
		   and s.expires_at > now()
		   and 'fdvu_' || s.audience = session_user
		   and s.areas = sync_quiet.areas
		   and (select b.bucket_no
		          from fdvu.sync_bucket b
		         where b.changed >= low
		           and (b.changed >= hi or b.changed = any (running))
		         order by b.changed
		         limit 1) is null
		   and (select e.row_id
		          from fdvu.sync_entry e
		          join fdvu.sync_bucket b on b.bucket_no = e.bucket_no
		         where e.xid >= low
		           and (e.xid >= hi or e.xid = any (running))
		           and b.kind <> 'desk'
		           and (b.area_no is null or b.area_no = any (s.areas))
		           and (b.kind <> 'dev' or b.ref_id = d.id)
		         order by e.xid
		         limit 1) is null);
end
$$;
grant execute on function sync_quiet(bytea, uuid, int[], xid8, xid8[]) to fdvu_field;

-- What each change to a task goes through, for the same reason as in 0068: half of what a tablet's new task cost was planning these anew.
-- As in 0009.
create or replace function sync_buckets(bucket_kind text, sites uuid[]) returns void
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into sync_bucket (bucket, kind, ref_id, area_no)
	select 'site:' || p.id || '/' || bucket_kind, bucket_kind, p.id, p.area_no
	  from place p
	 where p.id = any (sites)
	   and not exists (select from sync_bucket b where b.kind = bucket_kind and b.ref_id = p.id)
	 order by p.id
	on conflict do nothing;
end
$$;

-- As in 0032.
create or replace function tile_note(layers int[], boxes geometry[]) returns void
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
begin
	with box as (
	     select u.layers, st_xmin(u.geom) as west, st_ymin(u.geom) as south, st_xmax(u.geom) as east, st_ymax(u.geom) as north
	       from unnest(tile_note.layers, tile_note.boxes) as u (layers, geom)
	      where not st_isempty(u.geom)),
	cell as (
	     select b.*, floor(b.west / 1000) as x, floor(b.south / 1000) as y from box b),
	many as (
	     select count(*) > 100 as yes from (select distinct c.layers, c.x, c.y from cell c) d)
	insert into tile_change (layers, west, south, east, north)
	select c.layers, min(c.west), min(c.south), max(c.east), max(c.north)
	  from cell c, many m
	 group by c.layers, case when not m.yes then c.x end, case when not m.yes then c.y end;
end
$$;

create or replace function tile_spot(place uuid, site uuid) returns geometry stable language plpgsql as $$
begin
	return (select case s.kind when 'building' then s.point else p.point end
	          from fdvu.place p, fdvu.place s
	         where p.id = tile_spot.place and s.id = tile_spot.site);
end
$$;
