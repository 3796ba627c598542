-- Who a tablet's value met: the last to change a field of a task, for the conflict that is shown (FIELD-4).
set local role fdvu_owner;
set local search_path = fdvu, public;

create function task_field_by(task_id uuid, field text) returns table (actor uuid, name text, at timestamptz)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select a.actor, person_name(a.actor), a.at
	  from audit a
	  join task k on k.id = a.row_id
	 where a.row_id = task_field_by.task_id
	   and a.tbl = 'task'
	   and a.op = 'U'
	   and a.new ? task_field_by.field
	   and k.area_no = any (areas())
	 order by a.at desc
	 limit 1;
$$;
grant execute on function task_field_by(uuid, text) to fdvu_field;
