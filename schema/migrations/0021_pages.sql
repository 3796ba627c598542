-- What the pages need of the schema: live conversations and suppliers' files.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Something said on a case is a change of the case to those who look at it. The desk's bucket alone: no tablet reads it.
create function case_message_is_news() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update sync_entry e
	   set xid = pg_current_xact_id()
	  from cases c
	  join sync_bucket b on b.kind = 'desk' and b.ref_id = c.site_id
	 where c.id in (select n.case_id from new_rows n)
	   and e.bucket_no = b.bucket_no
	   and e.tbl = 10
	   and e.row_id = c.id
	   and e.op = 'P';
	return null;
end
$$;
create trigger is_news after insert on case_message
	referencing new table as new_rows
	for each statement execute function case_message_is_news();

-- One statement ties files for all audiences, so it names both columns; the policies of each say which must be empty.
grant insert (case_id) on document to fdvu_supplier;
grant insert (task_id) on document to fdvu_tenant;
