-- Taking a batch back when rows of its queue have been answered since: an answer is no change of the register.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- What imports note about themselves does not count. (Changed where it stands: others have added their tables to it.)
do $$
declare
	was  text := pg_get_functiondef('import_changed_since(uuid,int)'::regprocedure);
	here text := 'where b.id = import_changed_since.batch';
begin
	if strpos(was, here) = 0 then
		raise exception 'import_changed_since() does not ask for the batch where it is looked for';
	end if;
	execute replace(was, here, here || E'\n\t   and a.tbl not in (''import_queue'', ''import_batch'', ''import_choice'')');
end
$$;

-- What of the queue goes with a batch: its own rows that have not landed, answered or not (the answers are remembered). Rows of other
-- batches that it landed wait again.
create function import_queue_follow() returns trigger language plpgsql as $$
begin
	delete from import_queue q where q.batch_id = new.id and q.state in ('open', 'settled');
	update import_queue q
	   set state = 'settled'
	  from audit a
	 where a.xid = new.xid and a.tbl = 'import_queue' and a.op = 'U' and a.row_id = q.id and q.state = 'resolved';
	return null;
end
$$;
create trigger queue_follow after update of state on import_batch
	for each row when (new.state = 'undone' and old.state <> 'undone') execute function import_queue_follow();
