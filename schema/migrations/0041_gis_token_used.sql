-- When a GIS program's token was last used: its owner sees which ones may go.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table session add column used_at timestamptz;
comment on column session.used_at is 'of a named token: when it was last used, to the hour';

grant select (used_at) on session to fdvu_job;

-- As in 0031; a token's use is noted before it makes the transaction read only. Once an hour, and never behind another who notes it: a
-- program asks for many tiles at once, and an export holds its transaction for minutes.
create or replace function identify(token_hash bytea) returns void language plpgsql security definer as $$
declare
	s fdvu.session;
begin
	select * into s
	  from fdvu.session x
	 where x.token_hash = identify.token_hash
	   and x.expires_at > pg_catalog.now()
	   and 'fdvu_' || x.audience = session_user;
	if not found then
		raise exception 'no such session' using errcode = 'FD401';
	end if;
	perform pg_catalog.set_config('fdvu.person', s.person_id::text, true),
	        pg_catalog.set_config('fdvu.areas', s.areas::text, true),
	        pg_catalog.set_config('fdvu.roles', s.roles::text, true);
	if s.audience = 'supplier' then
		perform pg_catalog.set_config('fdvu.link', coalesce(s.supplier_link_id::text, ''), true);
	end if;
	if s.is_read_only then
		if s.used_at is null or s.used_at < pg_catalog.now() - interval '1 hour' then
			perform from fdvu.session x where x.token_hash = s.token_hash for update skip locked;
			if found then
				update fdvu.session x set used_at = pg_catalog.now() where x.token_hash = s.token_hash;
			end if;
		end if;
		perform pg_catalog.set_config('transaction_read_only', 'on', true);
	end if;
end
$$;

drop function gis_token_list();
create function gis_token_list() returns table (id uuid, name text, created_at timestamptz, used_at timestamptz, expires_at timestamptz)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select s.id, s.name, s.created_at, s.used_at, s.expires_at
	  from session s
	 where s.person_id = me()
	   and s.name is not null
	   and s.expires_at > now()
	 order by s.created_at desc, s.id
	 limit 50;
$$;
grant execute on function gis_token_list() to fdvu_office;
