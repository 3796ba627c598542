-- The queue of somebody who is not at the tablet now (docs/sync-protocol.md, «Several people»): the tablet's key opens so much of a session
-- that what they wrote there can be sent in their name, and nothing can be read (the token's letters, server/auth/session.c).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Rights are what the person has now, as for what they send themselves. Whoever has none any more, or was never on this tablet, sends
-- nothing: then the queue is handed over for the office to look at.
create function sync_queue_access(device uuid, session_hash bytea, proof uuid) returns text
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
	if not sync_device_has_user(device, d.person_id)
	   or not exists (select from person_role r where r.person_id = d.person_id and r.role = any (audience_roles('field'))) then
		return 'author_left';
	end if;
	perform sync_access(device, session_hash);
	return 'ok';
end
$$;
grant execute on function sync_queue_access(uuid, bytea, uuid) to fdvu_job;
