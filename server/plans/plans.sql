-- name: plan_window :one
-- The days a run looks at, by the calendar in Norway. $1 today, null: really today; $2 days ahead
select d.today, d.today + $2::int as until
  from (select coalesce($1::date, (now() at time zone 'Europe/Oslo')::date) as today) d;

-- name: plan_rules :list
-- The rules that make tasks, by their code.
select id, code, rrule, starts_on, lead_days
  from rule
 where is_active
 order by code
 limit 1000;

-- name: plan_begin :exec
-- Whoever started the run stands in the audit. Another run that makes the same tasks is waited for: it may take longer than a request may.
-- $1 person or null
select set_config('fdvu.person', coalesce($1, ''), true), set_config('lock_timeout', '15min', true);

-- name: plan_make :one
-- Makes what is missing of one rule's tasks. What is there already is left out before the insert, because each row that is tried costs a number
-- and a place look-up; what another server makes meanwhile is caught by the unique index. The order is the same in every run, so that two
-- runs wait for each other and never in a ring. A task is known by what it is about (component, else place): a component that has moved since has
-- its task. $1 rule, $2 days, $3 today, $4 most tasks to make, $5 most combinations of target and day to look at, $6 only count
with the_rule as materialized (
	select * from rule where id = $1::uuid
), inside as materialized (
	-- A rule with a place is for what lies in it.
	with recursive tree as (
		select p.id from place p join the_rule r on r.place_id = p.id
		union all
		select p.id from tree join place p on p.parent_id = tree.id
	)
	select id from tree
), target as materialized (
	select c.id as about, c.place_id, c.id as component_id, c.name as label, c.installed_on
	  from the_rule r
	  join element   e on starts_with(e.code, r.element)
	  join component c on c.element = e.code and c.removed_at is null
	 where r.applies = 'component'
	   and (r.place_id is null or c.place_id in (select id from inside))
	   and (r.building_types is null
	        or exists (select from building b where b.place_id = c.site_id and b.type_code = any (r.building_types)))
	union all
	-- Revet, avlyst, flyttet, utgått: there is nothing to go round in.
	select p.id, p.id, null, p.label, null
	  from the_rule r
	  join building b on r.building_types is null or b.type_code = any (r.building_types)
	  join place    p on p.id = b.place_id and p.removed_at is null
	 where r.applies = 'building'
	   and (b.status is null or b.status not in ('BR', 'BA', 'BF', 'BU'))
	   and (r.place_id is null or p.id in (select id from inside))
	union all
	select p.id, p.id, null, p.label, null
	  from the_rule r
	  join place p on p.id = r.place_id and p.removed_at is null
	 where r.applies = 'place'
), day as materialized (
	select u.day
	  from unnest($2::date[]) with ordinality as u (day, n)
	 where u.n <= greatest(1, $5::bigint / greatest(1, (select count(*) from target)))
), existing as materialized (
	select distinct coalesce(t.component_id, t.place_id) as about, t.occurrence
	  from task t
	 where t.rule_id = $1::uuid
	   and t.occurrence = any ($2::date[])
), wanted as materialized (
	select t.about, t.place_id, t.component_id, t.label, d.day, x.about is not null as is_there
	  from target t
	 cross join day d
	  left join existing x on x.about = t.about and x.occurrence = d.day
	 where t.installed_on is null or t.installed_on <= d.day
), made as (
	insert into task (rule_id, occurrence, place_id, component_id, title, description, category, priority, planned_on, deadline, checklist_id)
	select r.id, w.day, w.place_id, w.component_id, left(r.title || ' – ' || w.label, 200), coalesce('Hjemmel: ' || r.legal_basis, ''),
	       r.category, r.priority, greatest($3::date, w.day - r.lead_days), (w.day + time '16:00') at time zone 'Europe/Oslo', r.checklist_id
	  from wanted w
	 cross join the_rule r
	 where not w.is_there
	 order by w.day, w.place_id, w.component_id
	 limit case when $6::boolean then 0 else $4::bigint end
	on conflict (rule_id, place_id, component_id, occurrence) where rule_id is not null do nothing
	returning 1
)
select (select count(*) from target) as targets,
       (select count(*) from day) as days,
       (select count(*) from made) as made,
       count(*) filter (where not is_there) as missing,
       count(*) filter (where is_there) as existing
  from wanted;

-- name: rule_list :list
-- The rules, for the office; the next dates are worked out from rrule.
select r.id, r.code, r.name_nb, r.name_nn, r.name_en, r.title, r.legal_basis, r.rrule, r.starts_on, r.lead_days, r.applies, r.element,
       e.name as element_name, to_json(r.building_types) as building_types, r.place_id, p.label as place_label, r.checklist_id, r.category,
       r.priority, r.estimate_min, r.is_active, r.row_v
  from rule r
  left join element e on e.code = r.element
  left join place   p on p.id = r.place_id
 order by r.code
 limit 1000;

-- name: plan_may :one
-- Whether the one who asks may start a run: a row, or none.
select me() as person_id
 where has_role('manager') or has_role('admin');
