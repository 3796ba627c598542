-- Many places land at once (docs/performance.md, «Importing a million rows»).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- PL/pgSQL plans a statement once for a session: in a register that was empty when its first places came, it went through all of them for each
-- one that followed. By the indexes it takes the same time for the first and the last.
alter function place_fill()     set enable_seqscan = off;
alter function new_code()       set enable_seqscan = off;
alter function extension_fill() set enable_seqscan = off;
alter function component_fill() set enable_seqscan = off;

create index place_warns on place (id) where warning is not null;

do $$
declare
	f   record;
	now text;
begin
	for f in
		select d.name, pg_get_functiondef(d.name) as def, d.piece, d.instead
		  from (values
			-- The parents that warn are few, and are read once, not once for each new place. «is true» keeps it from being made a join.
			('place_warning_typed()'::regprocedure,
			 'left join place up on up\.id = n\.parent_id\s+where up\.warning is not null and up\.kind <> ''municipality''',
			 'where (n.parent_id in (select up.id from place up where up.warning is not null and up.kind <> ''municipality'')) is true'),
			-- A new dwelling or storey has nothing to be found by until it has a number, which writes its lines.
			('search_place_lines()', 'into ids from new_rows n;', 'into ids from new_rows n where n.kind not in (''dwelling'', ''storey'');')
		  ) d (name, piece, instead)
	loop
		now := regexp_replace(f.def, f.piece, f.instead);
		if now = f.def then
			raise exception '% is not as it was', f.name;
		end if;
		execute now;
	end loop;
end
$$;
