-- What an import leaves behind: rounds that the plan has made since on what is taken back, and answered rows with what they said of people.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Rounds -------------------------------------------------------------------------------------------------------------------------------
-- A round that no person has touched is the machine's own, and goes with what it is about.
do $$
declare
	was  text := pg_get_functiondef('import_take_back(xid8)'::regprocedure);
	here text := '	insert into archive_case_place';
begin
	if strpos(was, here) = 0 then
		raise exception 'import_take_back() does not say «%»', here;
	end if;
	execute replace(was, here, $body$	delete from task t
	 using audit a
	 where a.xid = batch_xid and a.op = 'I' and a.tbl in ('component', 'place') and a.row_id in (t.component_id, t.place_id)
	   and t.rule_id is not null
	   and not exists (select from audit x where x.tbl = 'task' and x.row_id = t.id and x.actor is not null);
$body$ || here);
end
$$;

-- The queue ----------------------------------------------------------------------------------------------------------------------------
alter table import_queue add column ended_at timestamptz;
comment on column import_queue.ended_at is 'when it was read in or set aside; some days after, the sweep empties raw';
update import_queue set ended_at = now() where state in ('resolved', 'dropped');

create function import_queue_ended() returns trigger language plpgsql as $$
begin
	new.ended_at := case when new.state in ('resolved', 'dropped') then now() end;
	return new;
end
$$;
create trigger ended before update of state on import_queue for each row when (new.state <> old.state) execute function import_queue_ended();
create index import_queue_ended on import_queue (ended_at) where ended_at is not null and raw <> '{}';

-- What a row says of people is in the queue alone, not also in the audit, which is kept for years.
drop trigger audit_insert on import_queue;
drop trigger audit_update on import_queue;
drop trigger audit_delete on import_queue;
select audit_table('import_queue', 'r.id', '{raw}');
update audit set old = old - 'raw', new = new - 'raw' where tbl = 'import_queue' and (old ? 'raw' or new ? 'raw');

-- Rows that another batch's undo brings back wait again, unless nothing is left to read of them: their file tells it again.
create or replace function import_queue_follow() returns trigger language plpgsql as $$
begin
	delete from import_queue q where q.batch_id = new.id and q.state in ('open', 'settled');
	update import_queue q
	   set state = 'settled'
	  from audit a
	 where a.xid = new.xid and a.tbl = 'import_queue' and a.op = 'U' and a.row_id = q.id and q.state = 'resolved' and q.raw <> '{}';
	return null;
end
$$;

-- Who may import is asked for all that the office shows.
grant execute on function import_may() to fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public;
