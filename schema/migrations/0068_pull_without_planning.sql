-- PostgreSQL parses and plans the body of a function in SQL anew for each statement that calls it (where it cannot be made part of the
-- statement, as with other rights), which was half of what a tablet's pull with nothing new costs. A plan in PL/pgSQL is kept with the connection.
set local role fdvu_owner;
set local search_path = fdvu, public;

create or replace function my_devices() returns uuid[] stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	return (select coalesce(array_agg(d.id), '{}') from sync_device d where d.person_id = me() and d.state = 'active');
end
$$;

-- As in 0053.
create or replace function sync_epoch_now() returns text stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if pg_is_in_recovery() then
		return null;
	end if;
	return (select system_identifier from pg_control_system())
	       || '-' || ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
	       || '-' || (select value #>> '{}' from setting where key = 'restore_gen');
end
$$;
