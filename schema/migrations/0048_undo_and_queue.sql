-- Taking a batch back when rows of its queue have been answered since: an answer is no change of the register.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- As before, but what imports note about themselves does not count.
create or replace function import_changed_since(batch uuid, most int default 100)
returns table (tbl text, row_id uuid, line bigint, label text, by text, at timestamptz, is_person boolean)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select distinct on (a.tbl, a.row_id)
	       a.tbl, a.row_id, (select min(case when o.batch_id = b.id then o.line else (o.was ->> 'line')::bigint end) from import_origin o where o.row_id = a.row_id),
	       coalesce((select p.label from place p where p.id = a.row_id), (select c.name from component c where c.id = a.row_id),
	                (select d.title from document d where d.id = a.row_id)),
	       coalesce(person_name(a.actor), (select l.profile from import_batch l where l.xid = a.xid)), a.at, a.actor is not null
	  from import_batch b
	  join (select distinct t.xid, t.tbl, t.row_id from audit t) touched on touched.xid = b.xid
	  join audit a on a.row_id = touched.row_id and a.tbl = touched.tbl and a.xid > b.xid and a.op in ('U', 'D')
	 where b.id = import_changed_since.batch
	   and a.tbl not in ('import_queue', 'import_batch', 'import_choice')
	   and (a.actor is not null or exists (select from import_batch l where l.xid = a.xid and l.state = 'done'))
	   and (a.op = 'D' or exists (select from jsonb_object_keys(a.new) k
	                               where k <> all (coalesce(register_derived(a.tbl), '{}'::text[]))))
	 order by a.tbl, a.row_id, a.at desc
	 limit most;
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
