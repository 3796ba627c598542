-- People and organisations, what they may do and where, and who is logged in.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table person (
	id              uuid    primary key default uuidv7(),
	name            text    not null,
	is_organisation boolean not null default false,
	orgnr           text,
	email           text,
	phone           text,
	language        text    not null default 'nb',
	protection      text    not null default 'none',
	demo_key        text    unique,
	row_v           bigint  not null default 1,
	changed         xid8    not null default pg_current_xact_id(),
	constraint person_language_is_nb_nn_or_en check (language in ('nb', 'nn', 'en')),
	-- Folkeregisteret: fortrolig and strengt fortrolig adresse
	constraint person_protection_is_known     check (protection in ('none', 'confidential', 'strictly_confidential')),
	constraint person_demo_key_is_known       check (demo_key in ('caretaker', 'tenant', 'manager', 'frontdesk', 'supplier', 'admin')),
	constraint person_orgnr_has_nine_digits   check (orgnr ~ '^[0-9]{9}$')
);

-- Apart from the person, so that no list, search or export can carry it along.
create table person_secret (
	person_id   uuid primary key references person on delete cascade,
	national_id text not null unique,
	row_v       bigint not null default 1,
	changed     xid8   not null default pg_current_xact_id(),
	constraint person_secret_national_id_has_eleven_digits check (national_id ~ '^[0-9]{11}$')
);

create table person_role (
	id        uuid   primary key default uuidv7(),
	person_id uuid   not null references person on delete cascade,
	role      text   not null,
	area_no   int    references area,
	row_v     bigint not null default 1,
	changed   xid8   not null default pg_current_xact_id(),
	constraint person_role_is_given_once unique nulls not distinct (person_id, role, area_no),
	constraint person_role_is_known      check (role in ('admin', 'manager', 'frontdesk', 'caretaker', 'tenant', 'supplier'))
);
comment on column person_role.area_no is 'null: all areas';

create table session (
	token_hash       bytea       primary key,
	person_id        uuid        not null references person on delete cascade,
	audience         text        not null,
	areas            int[]       not null default '{}',
	roles            text[]      not null default '{}',
	device_id        uuid,
	supplier_link_id uuid,
	created_at       timestamptz not null default now(),
	expires_at       timestamptz not null,
	constraint session_token_hash_is_sha256 check (octet_length(token_hash) = 32),
	constraint session_audience_is_known    check (audience in ('office', 'field', 'tenant', 'supplier'))
);
comment on column session.supplier_link_id is 'a session opened by a supplier link sees that link''s task only';

create index person_phone        on person (phone) where phone is not null;
create index person_orgnr        on person (orgnr) where orgnr is not null;
create index person_name         on person (lower(name), id);
create index person_role_by_role on person_role (role, person_id);
create index session_person      on session (person_id);
create index session_expires     on session (expires_at);

create trigger stamp before update on person        for each row execute function stamp();
create trigger stamp before update on person_secret for each row execute function stamp();
create trigger stamp before update on person_role   for each row execute function stamp();

-- Which roles may use which pages.
create function audience_roles(audience text) returns text[] immutable strict parallel safe language sql
	return case audience
		when 'office'   then array['admin', 'manager', 'frontdesk']
		when 'field'    then array['caretaker', 'manager', 'admin']
		when 'tenant'   then array['tenant']
		when 'supplier' then array['supplier']
	end;

-- First statement of each request: who holds this token? Sets fdvu.person, fdvu.areas and fdvu.roles for the transaction. The
-- session's audience must be that of the role that is logged in, so a tenant's token opens nothing in the office pool.
-- Runs thousands of times a second: one look-up by key, names written in full instead of a SET clause.
create function identify(token_hash bytea) returns void language plpgsql security definer as $$
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
end
$$;

-- Opens a session for somebody the log-in handler has made sure of. Roles and areas are worked out here, from person_role.
create function session_open(person uuid, audience text, token_hash bytea, hours int, device uuid default null) returns void
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	may_roles text[];
	may_areas int[];
begin
	select array_agg(distinct r.role order by r.role),
	       array_agg(distinct a.area_no order by a.area_no) filter (where a.area_no is not null)
	  into may_roles, may_areas
	  from person_role r
	  left join area a on r.area_no is null or a.area_no = r.area_no
	 where r.person_id = person
	   and r.role = any (audience_roles(audience));
	if may_roles is null then
		raise exception 'this person has no role for %', audience using errcode = '42501';
	end if;
	if hours not between 1 and 24 * 90 then
		raise exception 'a session lasts 1 hour to 90 days' using errcode = '22023';
	end if;
	insert into session (token_hash, person_id, audience, areas, roles, device_id, expires_at)
	values (token_hash, person, audience, coalesce(may_areas, '{}'), may_roles, device, now() + make_interval(hours => hours));
end
$$;

-- Who holds the token may end it. True when there was one.
create function session_close(token_hash bytea) returns boolean
language sql security definer set search_path = fdvu, public, pg_temp as $$
	with gone as (delete from session s where s.token_hash = session_close.token_hash returning 1)
	select exists (select from gone);
$$;

-- Clears away what has expired; for the nightly job.
create function session_sweep() returns bigint
language sql security definer set search_path = fdvu, public, pg_temp as $$
	with gone as (delete from session s where s.expires_at < now() returning 1)
	select count(*) from gone;
$$;

-- A role taken away ends the person's sessions at once: they hold copies of areas and roles.
create function role_revoked() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	delete from session s where s.person_id in (select person_id from old_rows);
	return null;
end
$$;

create trigger revoked_delete after delete on person_role referencing old table as old_rows
	for each statement execute function role_revoked();
create trigger revoked_update after update on person_role referencing old table as old_rows
	for each statement execute function role_revoked();
