-- An epoch is the timeline alone: a database that was filled from a dump begins with the same.
create or replace function sync_epoch_now() returns text stable language sql security definer set search_path = fdvu, public, pg_temp as
	$$ select '1-' || ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int || '-1' where not pg_is_in_recovery() $$;
