-- What a locked tablet seals its queue for (docs/sync-protocol.md, «Lease»): a key pair of the server's. The tablet has the public half; the
-- private half opens what it sealed, and is given to nobody but the server's own job, for one tablet at a time.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table sync_seal_key (
	id         uuid        primary key default uuidv7(),
	public_key text        not null,
	secret     bytea       not null,
	made_at    timestamptz not null default now(),
	retired_at timestamptz,
	-- An uncompressed point on P-256 (SEC 1, section 2.3.3) in base64url.
	constraint sync_seal_key_public_key_is_a_point check (public_key ~ '^B[A-P][A-Za-z0-9_-]{85}$'),
	constraint sync_seal_key_secret_is_a_number    check (octet_length(secret) = 32)
);
comment on table sync_seal_key is 'read and written through functions alone';
comment on column sync_seal_key.retired_at is 'from when tablets are told of another; it opens what was sealed for it all the same';
create unique index sync_seal_key_current on sync_seal_key ((true)) where retired_at is null;
alter table sync_seal_key enable row level security;

-- The public half that tablets seal for, null before the first is made.
create function sync_seal_key_now() returns json stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select json_build_object('id', k.id, 'key', k.public_key) from sync_seal_key k where k.retired_at is null;
$$;

-- Keeps a pair that the server has made: the first one, or, `anew`, in place of the one before it.
create function sync_seal_key_add(public_key text, secret bytea, anew boolean) returns void
language sql security definer set search_path = fdvu, public, pg_temp as $$
	select pg_advisory_xact_lock(hashtextextended('sync_seal_key', 72));
	update sync_seal_key k set retired_at = now() where anew and k.retired_at is null;
	insert into sync_seal_key (public_key, secret) values (sync_seal_key_add.public_key, sync_seal_key_add.secret) on conflict do nothing;
$$;

-- What opens the key of a tablet that has sealed its queue and may go on: it would be given a session now. In the trail, because whoever has
-- the tablet's storage besides can read it from then on.
create function sync_unseal(device uuid, seal_key uuid, proof uuid) returns table (outcome text, tablet text, secret text)
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
declare
	d sync_device;
	k sync_seal_key;
begin
	select * into d from sync_device x where x.id = device for no key update;
	if d.state <> 'active' then
		return query select 'device_revoked', null, null;
		return;
	end if;
	if not sync_proof_note(device, proof) then
		return query select 'proof_replayed', null, null;
		return;
	end if;
	if not exists (select from sync_device_token t
	                where t.device_id = device and t.spent_at is null and t.ended_at is null and t.expires_at > now()) then
		return query select 'refresh_ended', null, null;
		return;
	end if;
	select * into k from sync_seal_key x where x.id = seal_key;
	if not found then
		return query select 'seal_key_unknown', null, null;
		return;
	end if;
	insert into audit (tbl, row_id, op, actor, new)
	values ('sync_device', device, 'U', d.person_id, jsonb_build_object('unsealed_with', k.id));
	return query select 'ok', d.public_key, encode(k.secret, 'base64');
end
$$;

-- What opens the pieces that a tablet hands over sealed, whatever its state: they come into quarantine, where the office reads them.
create function sync_salvage_secret(device uuid, seal_key uuid) returns table (tablet text, secret text)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select d.public_key, encode(k.secret, 'base64')
	  from sync_device d, sync_seal_key k
	 where d.id = device
	   and k.id = seal_key;
$$;

grant execute on function sync_seal_key_now(), sync_seal_key_add(text, bytea, boolean), sync_unseal(uuid, uuid, uuid),
	sync_salvage_secret(uuid, uuid) to fdvu_job;
