-- Helpers and views that the policies, and the queries of several audiences, lean on.
--
-- They run with the owner's rights, see all rows, and so must say themselves what they give to whom.
set local role fdvu_owner;
set local search_path = fdvu, public;

create function is_employee(person uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select from person_role r
	                where r.person_id = person and r.role in ('admin', 'manager', 'frontdesk', 'caretaker'));
$$;

-- A name as the one who asks may see it, else null: so that one query serves several audiences. Office: everybody but protected
-- persons; others: themselves and employees.
create function person_name(person uuid) returns text
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select p.name
	  from person p
	 where p.id = person
	   and case session_user
	       when 'fdvu_office' then me() is not null and (p.protection = 'none' or has_role('admin') or p.id = me())
	       when 'fdvu_public' then false
	       else is_program() or p.id = me() or (me() is not null and p.protection = 'none' and is_employee(p.id))
	       end;
$$;

-- Tenants. Own dwellings with the storey they are on and the rooms in them.
create function my_places() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(p.id), '{}')
	  from place p
	 where p.id = any (my_dwellings())
	    or p.parent_id = any (my_dwellings())
	    or (p.kind = 'storey' and p.id in (select d.parent_id from place d where d.id = any (my_dwellings())));
$$;

create function my_own_cases() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(c.id), '{}') from cases c where c.reporter_id = me();
$$;

create function my_followed_cases() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(f.case_id), '{}') from case_follower f where f.person_id = me();
$$;

-- May the one who asks follow it? An active case that neighbours may know of, see public_case.
create function is_public_case(case_id uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select
	                 from cases c
	                 join category k on k.code = c.category
	                 left join person p on p.id = c.reporter_id
	                where c.id = is_public_case.case_id
	                  and c.state in ('new', 'in_progress', 'waiting')
	                  and k.is_public
	                  and coalesce(p.protection, 'none') = 'none');
$$;

create function component_place(component uuid) returns uuid
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select c.place_id from component c where c.id = component;
$$;

-- Suppliers: tasks by unexpired links; by one link only when the session was opened by it.
create function my_tasks() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(l.task_id), '{}')
	  from supplier_link l
	 where l.person_id = me()
	   and l.expires_at > now()
	   and l.id = coalesce(nullif(current_setting('fdvu.link', true), '')::uuid, l.id);
$$;

create function my_task_places() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(t.place_id), '{}') from task t where t.id = any (my_tasks());
$$;

-- Warnings (asbestos, dog, alarm) are for those who go there, not for tenants and neighbours.
create function place_warning(place uuid) returns text
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select p.warning
	  from place p
	 where p.id = place_warning.place
	   and case session_user
	       when 'fdvu_office'   then p.area_no = any (areas()) or (p.area_no is null and me() is not null)
	       when 'fdvu_field'    then p.area_no = any (areas())
	       when 'fdvu_supplier' then p.id = any (my_task_places())
	       else is_program()
	       end;
$$;

-- Tablets of the one who asks. A revoked one is nobody's.
create function my_devices() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(d.id), '{}') from sync_device d where d.person_id = me() and d.state = 'active';
$$;

create function case_has_task(case_id uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select from task t where t.case_id = case_has_task.case_id);
$$;

-- Trades an unexpired link for a session of the supplier that ends no later than the link. Returns the task.
create function supplier_session(link_hash bytea, session_hash bytea) returns uuid
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	l supplier_link;
begin
	select * into l from supplier_link x where x.token_hash = link_hash and x.expires_at > now();
	if not found then
		raise exception 'no such link' using errcode = 'FD401';
	end if;
	insert into session (token_hash, person_id, audience, roles, supplier_link_id, expires_at)
	values (session_hash, l.person_id, 'supplier', array['supplier'], l.id, least(l.expires_at, now() + interval '12 hours'));
	return l.task_id;
end
$$;

-- A link that is taken back or shortened ends what was opened by it.
create function supplier_link_ended() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	delete from session s where s.supplier_link_id in (select id from old_rows);
	return null;
end
$$;
create trigger ended_delete after delete on supplier_link referencing old table as old_rows
	for each statement execute function supplier_link_ended();
create trigger ended_update after update on supplier_link referencing old table as old_rows
	for each statement execute function supplier_link_ended();

-- What a QR label opens, for anybody who stands before it. A code for a dwelling gives no more than its building.
create function resolve_code(code text)
returns table (target text, id uuid, name text, place_id uuid, place_kind place_kind, label text, site_id uuid, x float8, y float8)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select 'place', p.id,
	       case p.kind when 'dwelling' then s.name else p.name end,
	       p.id, p.kind,
	       case p.kind when 'dwelling' then s.label else p.label end,
	       p.site_id, st_x(p.point), st_y(p.point)
	  from place p
	  join place s on s.id = p.site_id
	 where p.code = upper(resolve_code.code) and p.removed_at is null
	union all
	select 'component', c.id, c.name, p.id, p.kind,
	       case p.kind when 'dwelling' then s.label else p.label end,
	       p.site_id, st_x(coalesce(c.geom, p.point)), st_y(coalesce(c.geom, p.point))
	  from component c
	  join place p on p.id = c.place_id
	  join place s on s.id = p.site_id
	 where c.code = upper(resolve_code.code) and c.removed_at is null;
$$;

-- Employees, for those who pass work to one another.
create view colleague with (security_barrier) as
	select p.id, p.name
	  from person p
	 where (select me()) is not null
	   and p.protection = 'none'
	   and is_employee(p.id);

-- Active cases as the neighbourhood may see them: no words of people, no dwelling, no reporter; the position is the site's.
create view public_case with (security_barrier) as
	select c.id, c.number, c.category, k.name_nb as title, k.name_nb, k.name_nn, k.name_en, k.icon, c.state, c.created_at,
	       c.site_id, s.label as place_label, st_x(s.point) as x, st_y(s.point) as y,
	       c.component_id,
	       (select count(*) from case_follower f where f.case_id = c.id) as followers,
	       exists (select from case_follower f where f.case_id = c.id and f.person_id = me()) as is_following
	  from cases c
	  join category k on k.code = c.category
	  join place s on s.id = c.site_id
	  left join person p on p.id = c.reporter_id
	 where c.state in ('new', 'in_progress', 'waiting')
	   and k.is_public
	   and s.kind in ('building', 'property')
	   and coalesce(p.protection, 'none') = 'none';

-- A tenant's own cases in full, and those they follow as the neighbourhood sees them, from report to end.
create view my_case with (security_barrier) as
	select c.id, c.number, c.category, c.state, c.priority, c.deadline, c.created_at, c.done_at, c.row_v, c.site_id,
	       mine.yes as is_mine,
	       c.id = any ((select my_followed_cases())::uuid[]) as is_following,
	       case when mine.yes then c.title else k.name_nb end as title,
	       case when mine.yes then c.description end as description,
	       case when mine.yes then c.channel end as channel,
	       case when mine.yes then c.component_id end as component_id,
	       case when mine.yes then p.id else s.id end as place_id,
	       case when mine.yes then p.label else s.label end as place_label,
	       st_x(case when mine.yes then coalesce(c.position, p.point) else s.point end) as x,
	       st_y(case when mine.yes then coalesce(c.position, p.point) else s.point end) as y,
	       person_name(c.owner_id) as owner_name
	  from cases c
	 cross join lateral (select c.reporter_id is not distinct from (select me()) as yes) mine
	  join category k on k.code = c.category
	  join place p on p.id = c.place_id
	  join place s on s.id = c.site_id
	 where c.id = any ((select my_own_cases())::uuid[])
	    or c.id = any ((select my_followed_cases())::uuid[]);

-- The conversation as a tenant sees it. Followers read what employees write and what they wrote themselves, never the reporter's words.
create view my_message with (security_barrier) as
	select m.id, m.case_id, m.text, m.sent_at, m.is_internal, m.author_id is not distinct from (select me()) as is_mine,
	       person_name(m.author_id) as author_name
	  from case_message m
	 where not m.is_internal
	   and (m.case_id = any ((select my_own_cases())::uuid[])
	        or (m.case_id = any ((select my_followed_cases())::uuid[])
	            and (m.author_id = (select me()) or is_employee(m.author_id))));

-- A conflict belongs where its row lies, so that the right office sees it.
create function sync_conflict_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.area_no := case new.tbl
		when 1 then (select p.area_no from place p where p.id = new.row_id)
		when 2 then (select c.area_no from component c where c.id = new.row_id)
		when 3 then (select t.area_no from task t where t.id = new.row_id)
		when 4 then (select t.area_no from answer a join task t on t.id = a.task_id where a.id = new.row_id)
		when 5 then (select d.area_no from document d where d.id = new.row_id)
	end;
	return new;
end
$$;
create trigger fill before insert on sync_conflict for each row execute function sync_conflict_fill();
