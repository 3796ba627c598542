-- Roles, extensions and the schema itself.
--
-- The migrator runs each file in one transaction, as a superuser: of the private PostgreSQL under var/, or, on a municipality's own
-- cluster, whom the setting `owner` names. It takes one to make roles and extensions, to set what a role has in this database, and to
-- mark functions leakproof (0010). Only `fdvu migrate` and `fdvu demo-data` log in so; the server never does. Nothing here sets a
-- password: how the six roles below log in is for pg_hba.conf to say.
--
-- Every file begins with `set local role fdvu_owner`: all objects get the same owner, who is nobody's login and no superuser.
-- Row level security does not bind an owner, so SECURITY DEFINER functions see all rows and nobody else does.

do $$
declare
	role_name text;
	is_super  boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
	foreach role_name in array array['fdvu_owner', 'fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier', 'fdvu_public', 'fdvu_job'] loop
		-- Roles belong to the cluster: another municipality's database may have made them already.
		if not exists (select from pg_roles where rolname = role_name) then
			if not is_super then
				raise exception 'the role % is missing and % may not make it: see the head of 0001_roles_and_extensions.sql',
					role_name, current_user;
			end if;
			execute format('create role %I %s noinherit', role_name, case role_name when 'fdvu_owner' then 'nologin' else 'login' end);
		end if;
	end loop;
end
$$;

create extension if not exists postgis    with schema public;
create extension if not exists pg_trgm    with schema public;
create extension if not exists btree_gist with schema public;
create extension if not exists unaccent   with schema public;

create schema if not exists fdvu;
alter schema fdvu owner to fdvu_owner;

do $$
declare
	role_name text;
begin
	-- The migrator's own table is made before this file runs.
	if to_regclass('fdvu.migration') is not null then
		alter table fdvu.migration owner to fdvu_owner;
	end if;

	-- Nobody gets in, or makes temporary tables, without being named. Imports stage their rows in temporary tables.
	execute format('revoke all on database %I from public', current_database());
	execute format('grant connect on database %I to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job',
		current_database());
	execute format('grant temporary on database %I to fdvu_job, fdvu_owner', current_database());

	foreach role_name in array array['fdvu_owner', 'fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier', 'fdvu_public', 'fdvu_job'] loop
		execute format('alter role %I in database %I set search_path = fdvu, public', role_name, current_database());
		-- Short statements under row level security: compiling them costs more than running them.
		execute format('alter role %I in database %I set jit = off', role_name, current_database());
		if role_name not in ('fdvu_owner', 'fdvu_job') then
			-- Starting helpers costs more than a search answers in, and many people ask at once.
			execute format('alter role %I in database %I set max_parallel_workers_per_gather = 0', role_name, current_database());
		end if;
	end loop;
end
$$;

revoke create on schema public from public;
grant usage on schema fdvu to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job;

set local role fdvu_owner;

-- A new function is nobody's until it is granted.
alter default privileges for role fdvu_owner revoke execute on functions from public;
alter default privileges for role fdvu_owner revoke usage on types from public;
alter default privileges for role fdvu_owner grant usage on types to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job;

set local search_path = fdvu, public;

-- Who is asking. identify() sets these for the transaction; unset and empty are the same: nobody, nowhere, nothing.
-- Plain SQL bodies without SET clauses, so that the planner puts them in line. In policies they are written `(select me())`,
-- which makes PostgreSQL evaluate them once a statement and not once a row.
create function me() returns uuid stable parallel safe language sql
	return nullif(current_setting('fdvu.person', true), '')::uuid;

create function areas() returns int[] stable parallel safe language sql
	return nullif(current_setting('fdvu.areas', true), '')::int[];

create function has_role(role text) returns boolean stable parallel safe language sql
	return coalesce(role = any (nullif(current_setting('fdvu.roles', true), '')::text[]), false);

-- The programs (jobs, imports, the migrator) may set what people may not: numbers, areas, times of making.
create function is_program() returns boolean stable parallel safe language sql
	return session_user not in ('fdvu_office', 'fdvu_field', 'fdvu_tenant', 'fdvu_supplier', 'fdvu_public');

-- UUID version 7 (RFC 9562): milliseconds first, so that keys made after one another lie beside one another.
create function uuidv7() returns uuid volatile parallel safe language sql
	return encode(
		set_bit(set_bit(
			overlay(uuid_send(gen_random_uuid())
				placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
			52, 1), 53, 1), 'hex')::uuid;

-- The same row of reference data has the same id everywhere (tablets, exports, several databases).
create function ref_uuid(tbl text, code text) returns uuid immutable strict parallel safe language sql
	return md5('fdvu:' || tbl || ':' || code)::uuid;

-- Row version and the transaction that changed the row (see docs/sync-protocol.md): xid8, because the 32-bit xmin wraps.
create function stamp() returns trigger language plpgsql as $$
begin
	new.row_v   := old.row_v + 1;
	new.changed := pg_current_xact_id();
	return new;
end
$$;
