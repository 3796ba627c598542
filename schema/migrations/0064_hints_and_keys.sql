-- What tablets were still without (docs/sync-protocol.md): hints while they wait, an end of tombstones, and keys, meters and readings.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Of waiting tablets, each by its session and device, those that may go on, and for which areas. Nothing of a session leaves but that.
create function sync_waiters(tokens bytea[], devices uuid[]) returns table (n bigint, areas int[])
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select w.n, s.areas
	  from unnest(tokens, devices) with ordinality as w(token_hash, device, n)
	  join session s on s.token_hash = w.token_hash
	  join sync_device d on d.id = w.device
	 where s.audience = 'field'
	   and s.expires_at > now()
	   and d.person_id = s.person_id
	   and d.state = 'active';
$$;
grant execute on function sync_waiters(bytea[], uuid[]) to fdvu_job;

-- Which transaction numbers are how old: a mark each night. What is below a mark's number was committed, or undone, before its time.
create table sync_mark (
	at  timestamptz primary key default now(),
	xid xid8        not null
);
alter table sync_mark enable row level security;
create policy job on sync_mark to fdvu_job using (true) with check (true);
grant select on sync_mark to fdvu_job;

-- Nightly: tombstones of more than 120 days. A cursor from before must load the bucket anew; a tablet that is as old has wiped itself (90 days).
-- Returns how many went.
create function sync_purge_old() returns bigint language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	past sync_mark;
begin
	insert into sync_mark (xid) values (pg_snapshot_xmin(pg_current_snapshot()));
	select * into past from sync_mark m where m.at < now() - interval '120 days' order by m.at desc limit 1;
	if not found then
		return 0;
	end if;
	delete from sync_mark m where m.at < past.at;
	return sync_purge(past.xid);
end
$$;
grant execute on function sync_purge_old() to fdvu_job;

-- Keys, who has them, meters and what they showed ------------------------------------------------------------------------------------

comment on column sync_entry.tbl is '1 place, 2 component, 3 task, 4 answer, 5 document, 6 checklist, 7 checklist_item, 8 category, 9 mutation, 10 cases, 12 conflict, 20 time_entry, 21 material_use, 22 inspection, 23 inspection_answer, 24 signature, 25 photo_mark, 26 meter_reading, 27 key_loan, 28 key, 29 meter';

-- Keys are a class of their own beside `ops`: who has which key tells of people, and what opens a building is nobody's who does not need it.
alter table sync_bucket drop constraint sync_bucket_kind_is_known,
	add constraint sync_bucket_kind_is_known check (kind in ('ops', 'keys', 'desk', 'ref', 'dev'));
alter policy field on sync_bucket
	using ((kind in ('ops', 'keys') and area_no = any ((select areas())::int[]))
		or (kind = 'ref' and (select me()) is not null)
		or (kind = 'dev' and ref_id = any ((select my_devices())::uuid[])));

create or replace function sync_bucket_area() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update sync_bucket b
	   set area_no = n.area_no
	  from new_rows n
	 where b.ref_id = n.id
	   and b.kind in ('ops', 'keys', 'desk')
	   and b.area_no is distinct from n.area_no;
	return null;
end
$$;

-- What a tablet is told of a borrower who is not employed here: which kind of person it is, and no name. The office knows who.
create function key_holder_kind(person uuid) returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select case when me() is null and not is_program() then null
	       when is_employee(person) then 'employee'
	       when exists (select from person_role r where r.person_id = person and r.role = 'supplier') then 'supplier'
	       else 'tenant' end;
$$;
grant execute on function key_holder_kind(uuid) to fdvu_field, fdvu_job;

-- Tablets hold the readings that people made in the last 400 days, so that last year's stands beside this year's; not those of machines.
create function sync_reading(source text, state text, at timestamptz) returns boolean stable parallel safe language sql
	return source <> 'automatic' and state <> 'superseded' and at > now() - interval '400 days';

create function sync_key_site(system uuid) returns uuid stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select p.site_id from key_system s join place p on p.id = s.place_id where s.id = system;
$$;
create function sync_loan_site(key uuid) returns uuid stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select p.site_id from key k join key_system s on s.id = k.system_id join place p on p.id = s.place_id where k.id = sync_loan_site.key;
$$;
create function sync_meter_site(meter uuid) returns uuid stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select m.site_id from meter m where m.id = sync_meter_site.meter;
$$;

-- A loan is on the tablets while the key is out.
select sync_table('meter_reading', 26, 'ops',  'sync_reading(r.source, r.state, r.at)', 'sync_meter_site(r.meter_id)', 'sync_meter_site(o.meter_id)');
select sync_table('key_loan',      27, 'keys', 'r.in_at is null', 'sync_loan_site(r.key_id)', 'sync_loan_site(o.key_id)');
select sync_table('key',           28, 'keys', $$r.state <> 'retired'$$, 'sync_key_site(r.system_id)', 'sync_key_site(o.system_id)');
select sync_table('meter',         29, 'ops',  'r.removed_on is null and r.site_id is not null');

-- Readings go with their meter to another site.
create function sync_meter_follow() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 26, r.id, 'D', r.row_v
	  from old_rows o
	  full join new_rows n on n.id = o.id
	  join meter_reading r on r.meter_id = o.id
	  join sync_bucket b on b.kind = 'ops' and b.ref_id = o.site_id
	  join sync_entry  e on e.bucket_no = b.bucket_no and e.tbl = 26 and e.row_id = r.id and e.op = 'P'
	 where n.site_id is distinct from o.site_id
	 order by b.bucket_no, r.id
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'D';

	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 26, r.id, 'P', r.row_v
	  from old_rows o
	  full join new_rows n on n.id = o.id
	  join meter_reading r on r.meter_id = n.id
	  join sync_bucket b on b.kind = 'ops' and b.ref_id = n.site_id
	 where n.site_id is distinct from o.site_id
	   and sync_reading(r.source, r.state, r.at)
	 order by b.bucket_no, r.id
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';
	return null;
end
$$;
create trigger sync_zfollow after update on meter referencing old table as old_rows new table as new_rows
	for each statement execute function sync_meter_follow();

-- Keys and their loans of these systems: away from the site where each lay (`sites`, in the same order), and to where it lies now.
create function sync_keys_settle(systems uuid[], sites uuid[]) returns void language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, e.tbl, e.row_id, 'D', e.row_v
	  from unnest(systems, sites) as w(system, site)
	  join key k on k.system_id = w.system
	  join sync_bucket b on b.kind = 'keys' and b.ref_id = w.site
	  join sync_entry  e on e.bucket_no = b.bucket_no and e.op = 'P'
	                    and (e.tbl = 28 and e.row_id = k.id
	                         or e.tbl = 27 and e.row_id in (select l.id from key_loan l where l.key_id = k.id))
	 where w.site is distinct from sync_key_site(w.system)
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'D';

	perform sync_buckets('keys', array(select sync_key_site(w.system) from unnest(systems) as w(system)));
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, t.tbl, t.id, 'P', t.row_v
	  from unnest(systems) as w(system)
	  join sync_bucket b on b.kind = 'keys' and b.ref_id = sync_key_site(w.system)
	  join key k on k.system_id = w.system
	  join lateral (select 28::smallint as tbl, k.id, k.row_v where k.state <> 'retired'
	                union all
	                select 27::smallint, l.id, l.row_v from key_loan l where l.key_id = k.id and l.in_at is null) t on true
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';
end
$$;

-- A system that is moved or named otherwise, and a place that comes to another site, take their keys along.
create function sync_keys_follow() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	systems uuid[];
	sites   uuid[];
begin
	if tg_table_name = 'place' then
		select array_agg(s.id), array_agg(o.site_id)
		  into systems, sites
		  from old_rows o
		  full join new_rows n on n.id = o.id
		  join key_system s on s.place_id = n.id
		 where n.site_id is distinct from o.site_id;
	else
		select array_agg(n.id), array_agg(p.site_id)
		  into systems, sites
		  from old_rows o
		  full join new_rows n on n.id = o.id
		  join place p on p.id = o.place_id
		 where (n.place_id, n.name) is distinct from (o.place_id, o.name);
	end if;
	if systems is not null then
		perform sync_keys_settle(systems, sites);
	end if;
	return null;
end
$$;
create trigger sync_keys_follow after update on place      referencing old table as old_rows new table as new_rows
	for each statement execute function sync_keys_follow();
create trigger sync_keys_follow after update on key_system referencing old table as old_rows new table as new_rows
	for each statement execute function sync_keys_follow();

-- Nightly: readings of more than 400 days leave the tablets. Returns how many.
create function sync_retire_readings() returns bigint language sql security definer set search_path = fdvu, public, pg_temp as $$
	with done as (
		update sync_entry e
		   set op = 'D', xid = pg_current_xact_id()
		  from meter_reading r
		 where e.tbl = 26
		   and e.op = 'P'
		   and r.id = e.row_id
		   and not sync_reading(r.source, r.state, r.at)
		returning 1
	)
	select count(*) from done;
$$;
revoke execute on function sync_keys_settle(uuid[], uuid[]), sync_key_site(uuid), sync_loan_site(uuid), sync_meter_site(uuid) from public;
grant execute on function sync_retire_readings() to fdvu_job;

-- What there is already.
select sync_keys_settle(array_agg(s.id), array_agg(null::uuid)) from key_system s having count(*) > 0;
select sync_buckets('ops', array_agg(distinct m.site_id)) from meter m;
insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
select b.bucket_no, 29, m.id, 'P', m.row_v
  from meter m
  join sync_bucket b on b.kind = 'ops' and b.ref_id = m.site_id
 where m.removed_on is null;
insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
select b.bucket_no, 26, r.id, 'P', r.row_v
  from meter_reading r
  join meter m on m.id = r.meter_id
  join sync_bucket b on b.kind = 'ops' and b.ref_id = m.site_id
 where sync_reading(r.source, r.state, r.at);
