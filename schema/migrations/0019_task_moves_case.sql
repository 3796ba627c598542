-- What a task does to its case, and a deadline for every task.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- A task without a deadline would never be late and stand last in every list: the category's time, or two working weeks.
create function task_deadline() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.deadline := working_deadline(coalesce(new.created_at, now()),
	                                 coalesce((select c.sla_hours from category c where c.code = new.category), 80));
	return new;
end
$$;
create trigger fill_deadline before insert on task for each row when (new.deadline is null) execute function task_deadline();

-- Work has begun when somebody has been given it: the reporter is told so.
create function task_opens_case() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update cases c
	   set state = 'in_progress'
	 where c.id in (select n.case_id from new_rows n where n.state in ('open', 'in_progress', 'waiting'))
	   and c.state = 'new';
	return null;
end
$$;
create trigger opens_case after insert on task
	referencing new table as new_rows
	for each statement execute function task_opens_case();
