-- Many places land at once (docs/performance.md, «Importing a million rows»).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- PL/pgSQL plans a statement once for a session: in a register that was empty when its first places came, it went through all of them for each
-- one that followed. By the indexes it takes the same time for the first and the last.
alter function place_fill()     set enable_seqscan = off;
alter function new_code()       set enable_seqscan = off;
alter function extension_fill() set enable_seqscan = off;
alter function component_fill() set enable_seqscan = off;

-- New places whose parent warns: those parents are few, and are read once, not once for each place. «is true» keeps it from being made a join.
create index place_warns on place (id) where warning is not null;
do $$
declare
	was text := pg_get_functiondef('place_warning_typed()'::regprocedure);
	now text := regexp_replace(was, 'left join place up on up\.id = n\.parent_id\s+where up\.warning is not null and up\.kind <> ''municipality''',
		'where (n.parent_id in (select up.id from place up where up.warning is not null and up.kind <> ''municipality'')) is true');
begin
	if now = was then
		raise exception 'place_warning_typed() is not as it was';
	end if;
	execute now;
end
$$;

-- As in 0042, but that new dwellings and storeys have nothing to be found by until they have a number, which writes their lines.
create or replace function search_place_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(n.id) into ids from new_rows n where n.kind not in ('dwelling', 'storey');
	when 'UPDATE' then
		-- What another place is merged into, or was, gets its numbers, or loses them.
		select array_agg(distinct x.id) into ids
		  from new_rows n join old_rows o using (id)
		 cross join lateral (values (n.id), (n.merged_into), (o.merged_into)) x (id)
		 where (n.name, n.kind, n.area_no, n.site_id, n.is_public, n.removed_at, n.merged_into)
		       is distinct from (o.name, o.kind, o.area_no, o.site_id, o.is_public, o.removed_at, o.merged_into)
		   and x.id is not null;
	else
		select array_agg(o.id) into ids from old_rows o;
	end case;
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;
