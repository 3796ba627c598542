-- Triggers that compare the rows of an update with what they were: in one pass, also when there are many.
-- PL/pgSQL reads a statement once for a session, and with it the number of rows that its first update had. Planned for one row, an update of
-- ten thousand compared each of them with all the others. A full join cannot be a nested loop; the rows are the same, as keys do not change.
-- (It is taken for an inner join where the rest of the condition cannot hold for a row that has no other; coalesce() keeps it from that.)
set local role fdvu_owner;
set local search_path = fdvu, public;

do $$
declare
	f record;
	n int := 0;
begin
	for f in
		select p.oid::regprocedure as name, pg_get_functiondef(p.oid) as def
		  from pg_proc p
		 where p.pronamespace = 'fdvu'::regnamespace
		   and p.prosrc ~ '(new_rows|old_rows)\s+\w+\s+join\s+(new_rows|old_rows)\s+\w+'
	loop
		f.def := regexp_replace(f.def, '((?:new_rows|old_rows)\s+\w+\s+)join(\s+(?:new_rows|old_rows)\s+\w+)', '\1full join\2', 'g');
		f.def := replace(f.def, 'where n.since > o.since', 'where coalesce(n.since > o.since, false)');
		if f.name = 'tile_place()'::regprocedure then
			f.def := regexp_replace(f.def, '(lateral \(values .*?where )(n\.kind in \([^)]*\))', '\1coalesce(\2, false)');
		end if;
		execute f.def;
		n := n + 1;
	end loop;
	if n < 33 then
		raise exception 'only % functions compare rows with what they were', n;
	end if;
end
$$;
