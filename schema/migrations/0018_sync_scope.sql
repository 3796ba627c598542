-- Which buckets a tablet was last told that it holds, by the hash that it sends back (docs/sync-protocol.md, section 3.3); and the key that
-- cursors are signed with.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table sync_device_scope (
	device_id uuid        not null references sync_device on delete cascade,
	h         text        not null,
	buckets   text[]      not null,
	told_at   timestamptz not null default now(),
	primary key (device_id, h)
);

alter table sync_device_scope enable row level security;
create policy job on sync_device_scope to fdvu_job using (true) with check (true);
create policy field on sync_device_scope to fdvu_field using (device_id = any ((select my_devices())::uuid[]));
grant select, insert, update, delete on sync_device_scope to fdvu_field, fdvu_job;

insert into setting (key, value) values ('cursor_key', to_jsonb(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex')));

-- Notes the new scope and forgets all but the last three: an answer that was lost may be asked for again.
create function sync_scope_note(device uuid, hash text, held text[]) returns void language sql as $$
	insert into sync_device_scope (device_id, h, buckets) values (device, hash, held)
	on conflict (device_id, h) do update set told_at = now();
	delete from sync_device_scope s
	 where s.device_id = device
	   and s.h not in (select r.h from sync_device_scope r where r.device_id = device order by r.told_at desc limit 3)
	   and s.h <> hash;
$$;
grant execute on function sync_scope_note(uuid, text, text[]) to fdvu_field;
