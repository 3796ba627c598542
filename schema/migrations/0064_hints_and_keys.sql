-- Tablets that wait for a hint (docs/sync-protocol.md, «Hints»).
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
