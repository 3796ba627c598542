-- What the API's queries lean on beyond the tables.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Somebody else has changed the row since the caller read it: 409, never a silent overwrite.
create function expect_version(have bigint, want bigint) returns boolean language plpgsql immutable as $$
begin
	if have is distinct from want then
		raise exception 'changed since: it is now version %, not %', have, want using errcode = 'FD409';
	end if;
	return true;
end
$$;

-- What became of a case, for the tenant who reported it.
create function my_case_tasks(of_case uuid) returns json
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(json_agg(json_build_object('id', k.id, 'number', k.number, 'state', k.state, 'done_at', k.done_at,
	                                           'done_note', k.done_note) order by k.created_at), '[]')
	  from task k
	  join cases c on c.id = k.case_id
	 where k.case_id = of_case
	   and c.reporter_id = me();
$$;

-- Notes bytes that whoever asks has just sent. A function, because `on conflict do nothing` would ask for the right to see a row whose
-- sender is noted by the same statement.
create function file_note(hash bytea, bytes bigint, media text) returns void
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if me() is null then
		raise exception 'nobody sends nothing' using errcode = '42501';
	end if;
	insert into file (sha256, size, mime, created_by) values (hash, bytes, media, me()) on conflict (sha256) do nothing;
end
$$;

-- A place that is gone is nobody's answer; that it is gone is no secret.
grant select (removed_at) on place to fdvu_tenant, fdvu_supplier, fdvu_public;

grant execute on function expect_version(bigint, bigint) to fdvu_office;
grant execute on function file_note(bytea, bigint, text) to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;
grant execute on function my_case_tasks(uuid)            to fdvu_tenant;
