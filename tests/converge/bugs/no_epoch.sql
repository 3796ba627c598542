-- The cursor knows nothing of the history that it belongs to: every epoch has the same name.
create or replace function sync_epoch_now() returns text stable language sql security definer set search_path = fdvu, public, pg_temp as
	$$ select 'one'::text $$;
