-- What a tablet sends is allowed when its author has the right to it and had it when they wrote it (docs/sync-protocol.md, «Rights»;
-- decision 0039). For that, who had which role when.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table role_period (
	id        uuid        primary key default uuidv7(),
	role_id   uuid        not null,
	person_id uuid        not null references person on delete cascade,
	role      text        not null,
	area_no   int,
	since     timestamptz not null default now(),
	until     timestamptz not null default 'infinity',
	constraint role_period_ends_after_it_begins check (until >= since)
);
comment on table  role_period         is 'each row of person_role for as long as it was one';
comment on column role_period.area_no is 'null: all areas';
comment on column role_period.since   is '-infinity: given before anybody noted when';

create index role_period_person on role_period (person_id, until);
create index role_period_open   on role_period (role_id) where until = 'infinity';

alter table role_period enable row level security;
create policy job on role_period to fdvu_job using (true) with check (true);
grant select on role_period to fdvu_job;

insert into role_period (role_id, person_id, role, area_no, since) select r.id, r.person_id, r.role, r.area_no, '-infinity' from person_role r;

create function role_period_note() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op <> 'INSERT' then
		update role_period p set until = now() from old_rows o where p.role_id = o.id and p.until = 'infinity';
	end if;
	if tg_op <> 'DELETE' then
		insert into role_period (role_id, person_id, role, area_no) select n.id, n.person_id, n.role, n.area_no from new_rows n;
	end if;
	return null;
end
$$;
create trigger period_insert after insert on person_role referencing new table as new_rows
	for each statement execute function role_period_note();
create trigger period_update after update on person_role referencing old table as old_rows new table as new_rows
	for each statement execute function role_period_note();
create trigger period_delete after delete on person_role referencing old table as old_rows
	for each statement execute function role_period_note();

-- When a site last came to another area, so that a push need not look for it row by row.
alter table sync_bucket add column moved_at timestamptz;
create index sync_bucket_moved on sync_bucket (moved_at) where moved_at is not null;
comment on column sync_bucket.moved_at is 'when its site last came to another area';

create or replace function sync_bucket_area() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update sync_bucket b
	   set area_no = n.area_no, moved_at = now()
	  from new_rows n
	 where b.ref_id = n.id
	   and b.kind in ('ops', 'keys', 'desk')
	   and b.area_no is distinct from n.area_no;
	return null;
end
$$;

-- How wrong a clock may be after it was corrected: as much as is not told of (fieldapi/take.c).
create function sync_tolerance() returns interval immutable parallel safe language sql return interval '5 minutes';

-- Whether anything was otherwise for whoever asks at this time than it is now: their roles, or where buildings lie.
create function sync_rights_differ(at timestamptz) returns boolean
stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	about constant interval := sync_tolerance();
begin
	return exists (select from role_period p
	                where p.person_id = me() and p.until > at - about and (p.since > at + about or p.until < 'infinity'))
	    or exists (select from sync_bucket b where b.moved_at > at - about);
end
$$;

-- Why what whoever asks wrote is not allowed, of each that is not: `not_allowed_then`, when a row that it names is theirs now and was not at that
-- time, give or take the tolerance (where it lay is in the trail); `not_allowed_now`, when it was and is no more. What was neither is refused by the policies.
-- `given`: [{n, at, ids: what it names}], by a clock that is so many seconds fast.
create function sync_rights(given json, fast_s float8) returns table (n int, reason text)
stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	about constant interval := sync_tolerance();
	roles constant text[]   := audience_roles('field');
	mine  constant int[]    := areas();
begin
	return query
		with named as materialized (
			select g.n, g.at - make_interval(secs => fast_s) as at, i.id
			  from json_to_recordset(given) as g(n int, at timestamptz, ids uuid[])
			 cross join unnest(g.ids) as i(id)
		), moved as materialized (
			select a.row_id, a.at, (a.old ->> 'area_no')::int as area_no
			  from audit a
			 where a.row_id = any (array(select d.id from named d))
			   and a.at > (select min(d.at) from named d) - about
			   and a.op = 'U'
			   and a.old ? 'area_no'
		), lies as (
			select d.n, d.at, d.id, x.area_no
			  from named d
			 cross join lateral (
			       select p.area_no from place p where p.id = d.id
			       union all select k.area_no from task k where k.id = d.id
			       union all select c.area_no from component c where c.id = d.id
			       union all select c.area_no from cases c where c.id = d.id
			       union all select o.area_no from document o where o.id = d.id
			       union all select k.area_no from key k where k.id = d.id
			       union all select l.area_no from key_loan l where l.id = d.id
			       union all select i.area_no from inspection i where i.id = d.id
			       union all select m.area_no from meter m where m.id = d.id) x
			 where x.area_no is not null
		), lay as (
			select l.n, l.at, l.area_no, array(select case when f.row_id is null then l.area_no else f.area_no end
			                                     from (values (l.at - about), (l.at + about)) as t(at)
			                                     left join lateral (select m.row_id, m.area_no
			                                                          from moved m
			                                                         where m.row_id = l.id and m.at > t.at
			                                                         order by m.at
			                                                         limit 1) f on true) as areas_then
			  from lies l
		), judged as (
			select y.n, y.area_no = any (mine) as is_now,
			       exists (select
			                 from role_period p
			                where p.person_id = me()
			                  and p.role = any (roles)
			                  and p.since <= y.at + about
			                  and p.until >= y.at - about
			                  and (p.area_no is null or p.area_no = any (y.areas_then))) as was_then
			  from lay y
		), said as (
			select j.n, case when bool_or(j.is_now and not j.was_then) then 'not_allowed_then'
			                 when bool_or(j.was_then and not j.is_now) then 'not_allowed_now' end as reason
			  from judged j
			 group by j.n
		)
		select s.n, s.reason from said s where s.reason is not null;
end
$$;

revoke execute on function sync_rights_differ(timestamptz), sync_rights(json, float8) from public;
grant execute on function sync_rights_differ(timestamptz), sync_rights(json, float8) to fdvu_field;

-- The queue of who is away, as in 0065; also of who has no right any more. Their session sees nothing, so that what they wrote is answered entry
-- by entry and none of it applied, and their photos come to lie where a document looks for them that the office lets in.
create or replace function sync_queue_access(device uuid, session_hash bytea, proof uuid) returns text
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	d sync_device;
begin
	select * into d from sync_device x where x.id = device for no key update;
	if d.state <> 'active' then
		return 'device_revoked';
	end if;
	if not sync_proof_note(device, proof) then
		return 'proof_replayed';
	end if;
	if exists (select from person_role r where r.person_id = d.person_id and r.role = any (audience_roles('field'))) then
		perform sync_access(device, session_hash);
	else
		insert into session (token_hash, person_id, audience, device_id, expires_at)
		values (session_hash, d.person_id, 'field', device, now() + make_interval(mins => setting_int('access_minutes')));
	end if;
	return 'ok';
end
$$;

-- A device is one person's use of one tablet: nobody else's queue is asked for with it.
drop function sync_device_has_user(uuid, uuid);
