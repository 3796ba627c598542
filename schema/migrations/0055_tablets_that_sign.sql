-- Tablets that sign (docs/sync-protocol.md, «Devices»): the key of each, the codes that enrol them, the refresh tokens that follow one
-- another, who has used which, and how long one may go unheard.
--
-- A row of sync_device is one person's use of one tablet, with a queue and numbers of its own. Several people on one tablet are several
-- rows with the same key.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table sync_device
	add column public_key   text,
	add column lease_until  timestamptz,
	add column queue_count  int,
	add column queue_oldest timestamptz,
	add column enrolled_by  uuid references person,
	add column alert_at     timestamptz,
	add column revoked_at   timestamptz,
	add column revoked_by   uuid references person,
	add column is_lost      boolean not null default false,
	add column wiped_at     timestamptz,
	-- An uncompressed point on P-256 (SEC 1, section 2.3.3) in base64url.
	add constraint sync_device_public_key_is_a_point   check (public_key ~ '^B[A-P][A-Za-z0-9_-]{85}$'),
	add constraint sync_device_queue_is_not_negative   check (queue_count >= 0);
comment on column sync_device.public_key is 'of the tablet; null: it has only its person''s session';
comment on column sync_device.lease_until is 'when it locks itself unless it is heard from';
comment on column sync_device.enrolled_by is 'who made the code that it was enrolled with';
comment on column sync_device.alert_at is 'when a spent refresh token came back: somebody else may have had it';

create index sync_device_key         on sync_device (public_key) where public_key is not null;
create index session_device          on session (device_id) where device_id is not null;
create index sync_quarantine_device  on sync_quarantine (device_id);

-- What enrols a tablet, once.
create table sync_device_code (
	id         uuid        primary key default uuidv7(),
	code_hash  bytea       not null unique,
	person_id  uuid        not null references person,
	name       text        not null,
	made_by    uuid        not null references person,
	made_at    timestamptz not null default now(),
	expires_at timestamptz not null,
	used_at    timestamptz,
	device_id  uuid        references sync_device,
	constraint sync_device_code_hash_is_sha256       check (octet_length(code_hash) = 32),
	constraint sync_device_code_name_is_not_too_long check (length(name) between 1 and 100)
);
create index sync_device_code_by on sync_device_code (made_by, expires_at);

-- Refresh tokens. A family is what follows from one enrolment; each token is good once, and names the next one.
create table sync_device_token (
	token_hash  bytea       primary key,
	device_id   uuid        not null references sync_device,
	family      uuid        not null,
	epoch       text        not null,
	made_at     timestamptz not null default now(),
	expires_at  timestamptz not null,
	spent_at    timestamptz,
	ended_at    timestamptz,
	next_hash   bytea,
	next_sealed text,
	constraint sync_device_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);
comment on column sync_device_token.epoch is 'of the database when it was made: after a restore the newest tokens are unknown';
comment on column sync_device_token.next_sealed is 'the next token, readable only to who has this one';
create index sync_device_token_device on sync_device_token (device_id, made_at);

-- Proofs that have been used, for as long as they would be believed.
create table sync_device_proof (
	device_id uuid        not null references sync_device,
	proof_id  uuid        not null,
	used_at   timestamptz not null default now(),
	primary key (device_id, proof_id)
);

create table sync_device_user (
	device_id uuid        not null references sync_device,
	person_id uuid        not null references person,
	from_at   timestamptz not null default now(),
	to_at     timestamptz,
	primary key (device_id, person_id, from_at)
);

alter table sync_device_code  enable row level security;
alter table sync_device_token enable row level security;
alter table sync_device_proof enable row level security;
alter table sync_device_user  enable row level security;
create policy job on sync_device_code  to fdvu_job using (true) with check (true);
create policy job on sync_device_token to fdvu_job using (true) with check (true);
create policy job on sync_device_proof to fdvu_job using (true) with check (true);
create policy job on sync_device_user  to fdvu_job using (true) with check (true);
create policy office on sync_device_code for select to fdvu_office using (made_by = (select me()));
create policy office on sync_device_user for select to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
grant select, insert, update, delete on sync_device_code, sync_device_token, sync_device_proof, sync_device_user to fdvu_job;
grant select (id, person_id, name, made_at, expires_at, used_at, device_id) on sync_device_code to fdvu_office;
grant select on sync_device_user to fdvu_office;
grant insert (public_key) on sync_device to fdvu_field;
grant update (queue_count, queue_oldest) on sync_device to fdvu_field;
select audit_table('sync_device_code', 'r.id', '{code_hash}');

insert into setting (key, value) values
	('device_code_minutes', '15'), ('access_minutes', '15'), ('refresh_days', '60'),
	('lease_warn_hours', '72'), ('lease_lock_days', '14'), ('lease_wipe_days', '90');

create function setting_int(name text) returns int stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select (value #>> '{}')::int from setting where key = name;
$$;

-- How long a tablet may go unheard, in seconds of its own clock: from when it warns, locks itself, and wipes what it has read.
create function sync_lease() returns json stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select json_build_object('warn_s', setting_int('lease_warn_hours') * 3600, 'lock_s', setting_int('lease_lock_days') * 86400,
	                         'wipe_s', setting_int('lease_wipe_days') * 86400);
$$;

-- Whoever notes that a tablet was heard from renews its lease.
create function sync_device_renew() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.lease_until := new.last_seen + make_interval(days => setting_int('lease_lock_days'));
	return new;
end
$$;
create trigger renew before update of last_seen on sync_device for each row execute function sync_device_renew();

-- What happens to a tablet is in the trail; that it was heard from, every minute, is not.
create function sync_device_audit() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into audit (tbl, row_id, op, actor, old, new)
	values ('sync_device', new.id, left(tg_op, 1), coalesce(me(), new.enrolled_by),
	        case when tg_op = 'UPDATE' then jsonb_build_object('state', old.state, 'alert_at', old.alert_at) end,
	        case when tg_op = 'UPDATE' then jsonb_build_object('state', new.state, 'alert_at', new.alert_at) end);
	return null;
end
$$;
create trigger audit_insert after insert on sync_device for each row execute function sync_device_audit();
create trigger audit_update after update on sync_device for each row
	when (old.state <> new.state or old.alert_at is distinct from new.alert_at) execute function sync_device_audit();

-- Ends what a device has: its sessions at once, and its refresh tokens.
create function sync_device_end(device uuid) returns void language sql security definer set search_path = fdvu, public, pg_temp as $$
	delete from session s where s.device_id = device;
	update sync_device_token t set ended_at = now() where t.device_id = device and t.ended_at is null;
	update sync_device_user u set to_at = now() where u.device_id = device and u.to_at is null;
$$;

-- Whether this person has used this tablet, as any of its devices: then what is in its queue under that name may be theirs.
create function sync_device_has_user(device uuid, person uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select
	                 from sync_device d
	                 join sync_device o on o.id = d.id or o.public_key = d.public_key
	                 join sync_device_user u on u.device_id = o.id
	                where d.id = device
	                  and u.person_id = person);
$$;

-- A code for a person's tablet. Who makes it could also use it, so it opens no more than its maker may see already.
create function sync_code_add(code_hash bytea, person uuid, name text)
returns table (id uuid, person_name text, expires_at timestamptz)
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
declare
	their_roles text[];
	their_areas int[];
begin
	if not (has_role('manager') or has_role('admin')) then
		raise exception 'only managers and administrators enrol tablets' using errcode = '42501';
	end if;
	select array_agg(distinct r.role), array_agg(distinct a.area_no) filter (where a.area_no is not null)
	  into their_roles, their_areas
	  from person_role r
	  left join area a on r.area_no is null or a.area_no = r.area_no
	 where r.person_id = person
	   and r.role = any (audience_roles('field'));
	if their_roles is null then
		raise exception 'this person does not work with a tablet' using errcode = 'FD409';
	end if;
	if not has_role('admin') and ('admin' = any (their_roles) or not coalesce(their_areas, '{}') <@ coalesce(areas(), '{}')) then
		raise exception 'this person sees more than you do' using errcode = 'FD403';
	end if;
	if (select count(*) from sync_device_code c where c.made_by = me() and c.used_at is null and c.expires_at > now()) >= 20 then
		raise exception 'at most 20 open codes: use them, or wait until they end' using errcode = 'FD409';
	end if;
	return query
		insert into sync_device_code as c (code_hash, person_id, name, made_by, expires_at)
		values (code_hash, person, sync_code_add.name, me(), now() + make_interval(mins => setting_int('device_code_minutes')))
		returning c.id, (select p.name from person p where p.id = c.person_id), c.expires_at;
end
$$;

-- Opens the session that an access token is, with what the person may do now; returns when it ends.
create function sync_access(device uuid, session_hash bytea) returns timestamptz
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ends timestamptz := now() + make_interval(mins => setting_int('access_minutes'));
begin
	delete from session s where s.device_id = device and s.expires_at < now();
	perform session_open(d.person_id, 'field', session_hash, 1, d.id) from sync_device d where d.id = device;
	update session s set expires_at = ends where s.token_hash = session_hash;
	update sync_device d set last_seen = now() where d.id = device;
	return ends;
end
$$;

-- Begins a family of refresh tokens; one that was there ends.
create function sync_token_begin(device uuid, refresh_hash bytea) returns void
language sql security definer set search_path = fdvu, public, pg_temp as $$
	select sync_device_end(device);
	insert into sync_device_token (token_hash, device_id, family, epoch, expires_at)
	values (refresh_hash, device, uuidv7(), sync_epoch_now(), now() + make_interval(days => setting_int('refresh_days')));
	insert into sync_device_user (device_id, person_id) select d.id, d.person_id from sync_device d where d.id = device;
$$;

-- The device of this person with this key: the one there is, else a new one. Null when the tablet has been revoked.
create function sync_device_of(person uuid, key text, name text, by uuid) returns uuid
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	found_id uuid;
begin
	perform pg_advisory_xact_lock(hashtextextended(key, 55));
	if exists (select from sync_device d where d.public_key = key and d.state <> 'active') then
		return null;
	end if;
	update sync_device d
	   set name = sync_device_of.name, enrolled_by = by, alert_at = null
	 where d.public_key = key and d.person_id = person
	returning d.id into found_id;
	if found_id is null then
		insert into sync_device (person_id, name, public_key, enrolled_by) values (person, name, key, by) returning id into found_id;
	end if;
	return found_id;
end
$$;

-- Gives a person's tablet what it works with: its device, a family of refresh tokens and a session.
create function sync_adopt(person uuid, key text, name text, by uuid, refresh_hash bytea, session_hash bytea)
returns table (outcome text, device uuid) language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	made uuid := sync_device_of(person, key, name, by);
begin
	if made is null then
		return query select 'device_revoked', null::uuid;
		return;
	end if;
	perform sync_token_begin(made, refresh_hash);
	perform sync_access(made, session_hash);
	return query select 'ok', made;
end
$$;

-- Trades a code for a device. The same tablet may ask again until the code ends: an answer can be lost.
create function sync_enrol(code_hash bytea, key text, refresh_hash bytea, session_hash bytea) returns table (outcome text, device uuid)
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
declare
	c sync_device_code;
	a record;
begin
	select * into c from sync_device_code x where x.code_hash = sync_enrol.code_hash and x.expires_at > now() for update;
	if not found or (c.used_at is not null
	                 and not exists (select from sync_device d where d.id = c.device_id and d.public_key = key)) then
		return query select 'code_unknown', null::uuid;
		return;
	end if;
	select * into a from sync_adopt(c.person_id, key, c.name, c.made_by, refresh_hash, session_hash);
	if a.outcome = 'ok' then
		update sync_device_code x set used_at = coalesce(x.used_at, now()), device_id = a.device where x.id = c.id;
	end if;
	return query select a.outcome, a.device;
end
$$;

-- Notes a proof; false when it has been here before.
create function sync_proof_note(device uuid, proof uuid) returns boolean
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	delete from sync_device_proof p where p.device_id = device and p.used_at < now() - interval '10 minutes';
	insert into sync_device_proof (device_id, proof_id) values (device, proof) on conflict do nothing;
	return found;
end
$$;

-- Trades a refresh token for a session and the next refresh token. `sealed` is that next one, readable only to who has the one given.
--
-- A token that was spent comes back in two ways. The answer was lost: then nobody has used the next one, and the same next one is the
-- answer again, however late. Or two hold the same tokens: then the next one has been used, and all of them end.
--
-- After a restore the newest tokens are unknown here: a tablet whose last known one is of another epoch begins anew with its key alone.
create function sync_token_next(device uuid, given bytea, next bytea, sealed text, session_hash bytea, proof uuid)
returns table (outcome text, next_sealed text) language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
declare
	d sync_device;
	t sync_device_token;
	answer text := sealed;
begin
	select * into d from sync_device x where x.id = device for no key update;
	if d.state <> 'active' then
		return query select 'device_revoked', null;
		return;
	end if;
	if not sync_proof_note(device, proof) then
		return query select 'proof_replayed', null;
		return;
	end if;
	select * into t from sync_device_token x where x.token_hash = given and x.device_id = device;
	if not found then
		select * into t from sync_device_token x where x.device_id = device order by x.made_at desc limit 1;
		if not found or t.epoch = sync_epoch_now() or t.ended_at is not null or t.expires_at < now() then
			return query select 'refresh_unknown', null;
			return;
		end if;
		perform sync_token_begin(device, next);
	elsif t.ended_at is not null or t.expires_at < now() then
		return query select 'refresh_ended', null;
		return;
	elsif t.spent_at is null then
		update sync_device_token x set spent_at = now(), next_hash = next, next_sealed = sealed where x.token_hash = given;
		insert into sync_device_token (token_hash, device_id, family, epoch, expires_at)
		values (next, device, t.family, sync_epoch_now(), now() + make_interval(days => setting_int('refresh_days')));
	elsif exists (select from sync_device_token x where x.token_hash = t.next_hash and x.spent_at is null) then
		answer := t.next_sealed;
	else
		perform sync_device_end(device);
		update sync_device x set alert_at = now() where x.id = device;
		return query select 'refresh_reused', null;
		return;
	end if;
	perform sync_access(device, session_hash);
	return query select 'ok', answer;
end
$$;

-- Takes a tablet out of use, for everybody who works with it. Their sessions end at once; it is told to wipe itself when it next asks.
create function sync_device_revoke(device uuid, lost boolean) returns int
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	n int;
begin
	if not (has_role('manager') or has_role('admin')) then
		raise exception 'only managers and administrators revoke tablets' using errcode = '42501';
	end if;
	perform sync_device_end(o.id)
	   from sync_device d join sync_device o on o.id = d.id or o.public_key = d.public_key
	  where d.id = device;
	update sync_device o
	   set state = 'revoked', revoked_at = now(), revoked_by = me(), is_lost = coalesce(lost, false)
	  from sync_device d
	 where d.id = device
	   and (o.id = d.id or o.public_key = d.public_key)
	   and o.state = 'active';
	get diagnostics n = row_count;
	return n;
end
$$;

-- A revoked tablet says that it has wiped itself.
create function sync_device_wiped(device uuid, proof uuid) returns text
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not sync_proof_note(device, proof) then
		return 'proof_replayed';
	end if;
	update sync_device d set state = 'wiped', wiped_at = now() where d.id = device and d.state = 'revoked';
	return (select case d.state when 'wiped' then 'ok' else 'device_active' end from sync_device d where d.id = device);
end
$$;

-- A person leaves the tablet to somebody else. What they wrote stays in its queue.
create function sync_device_sign_out(device uuid, proof uuid) returns text
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not sync_proof_note(device, proof) then
		return 'proof_replayed';
	end if;
	perform sync_device_end(device);
	return 'ok';
end
$$;

-- Keeps what a tablet hands over with its key, unopened; the same thing once, however often it comes.
create function sync_salvage(device uuid, reason text, raw bytea, proof uuid) returns text
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not sync_proof_note(device, proof) then
		return 'proof_replayed';
	end if;
	insert into sync_quarantine (device_id, person_id, reason, raw)
	select d.id, d.person_id, sync_salvage.reason, sync_salvage.raw
	  from sync_device d
	 where d.id = device
	   and not exists (select from sync_quarantine q
	                    where q.device_id = device and q.reason = sync_salvage.reason and q.raw = sync_salvage.raw);
	return 'ok';
end
$$;

-- As in 0004; also what enrolled or proved something and no longer can.
create or replace function session_sweep() returns bigint
language sql security definer set search_path = fdvu, public, pg_temp as $$
	delete from sync_device_proof p where p.used_at < now() - interval '10 minutes';
	delete from sync_device_code c where c.expires_at < now() - interval '30 days';
	delete from sync_device_token t where t.expires_at < now();
	with gone as (delete from session s where s.expires_at < now() returning 1)
	select count(*) from gone;
$$;

grant execute on function setting_int(text) to fdvu_job;
grant execute on function sync_lease() to fdvu_office, fdvu_field, fdvu_job;
grant execute on function sync_device_has_user(uuid, uuid) to fdvu_field, fdvu_job;
grant execute on function sync_code_add(bytea, uuid, text), sync_device_revoke(uuid, boolean) to fdvu_office;
grant execute on function sync_adopt(uuid, text, text, uuid, bytea, bytea), sync_enrol(bytea, text, bytea, bytea), sync_token_next(uuid, bytea, bytea, text, bytea, uuid), sync_device_wiped(uuid, uuid),
	sync_device_sign_out(uuid, uuid), sync_salvage(uuid, text, bytea, uuid) to fdvu_job;
