-- name: task_list_open :list
-- Open tasks, the most urgent first.
-- $1 category, $2 assignee, $3 area, $4 words, $5 bbox, $6 late, $7 limit, $8 after
select k.id, k.number, k.title, k.category, k.state, k.priority, k.planned_on, k.deadline, k.deadline < now() as is_late, k.place_id,
       p.label as place_label, k.area_no, k.component_id, k.assignee_id, w.name as assignee_name, k.case_id, k.rule_id, k.created_at,
       k.done_at, k.row_v, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, k.id as _key
  from task k
  join place p on p.id = k.place_id
  left join person w on w.id = k.assignee_id
 where k.state in ('open', 'in_progress', 'waiting')
   and ($1::text is null or k.category = $1)
   and ($2::uuid is null or k.assignee_id = $2::uuid)
   and ($3::int is null or k.area_no = $3::int)
   and ($4::text is null or exists (
        select from search s
         where s.tbl = 'task' and s.row_id = k.id
           and (s.text like '%' || search_form($4) || '%' or s.tsv @@ websearch_to_tsquery('norwegian', $4)))
        or p.label ilike '%' || $4 || '%')
   and ($5::text is null
        or p.point && st_makeenvelope(split_part($5, ',', 1)::float8, split_part($5, ',', 2)::float8,
                                      split_part($5, ',', 3)::float8, split_part($5, ',', 4)::float8, 25832))
   and ($6::boolean is not true or k.deadline < now())
   and ($8::uuid is null or (k.deadline, k.id) > (select a.deadline, a.id from task a where a.id = $8::uuid))
 order by k.deadline, k.id
 limit $7::int;

-- name: task_list :list
-- Tasks of any state, the newest first. $1 state (null: all), $2 category, $3 assignee, $4 area, $5 words, $6 limit, $7 after
select k.id, k.number, k.title, k.category, k.state, k.priority, k.planned_on, k.deadline, false as is_late, k.place_id,
       p.label as place_label, k.area_no, k.component_id, k.assignee_id, w.name as assignee_name, k.case_id, k.rule_id, k.created_at,
       k.done_at, k.row_v, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, k.id as _key
  from task k
  join place p on p.id = k.place_id
  left join person w on w.id = k.assignee_id
 where ($1::text is null or k.state = $1)
   and ($2::text is null or k.category = $2)
   and ($3::uuid is null or k.assignee_id = $3::uuid)
   and ($4::int is null or k.area_no = $4::int)
   and ($5::text is null or exists (
        select from search s
         where s.tbl = 'task' and s.row_id = k.id
           and (s.text like '%' || search_form($5) || '%' or s.tsv @@ websearch_to_tsquery('norwegian', $5))))
   and ($7::uuid is null or (k.created_at, k.id) < (select a.created_at, a.id from task a where a.id = $7::uuid))
 order by k.created_at desc, k.id desc
 limit $6::int;

-- name: task_get :one
-- A task with its checklist, answers and photos. $1 id
select k.id, k.number, k.title, k.description, k.category, k.state, k.priority, k.planned_on, k.deadline,
       k.deadline < now() and k.done_at is null as is_late, k.place_id, p.label as place_label, p.warning as place_warning,
       k.component_id, m.name as component_name, k.area_no, k.assignee_id, w.name as assignee_name, k.case_id, c.number as case_number,
       k.rule_id, r.name_nb as rule_name, r.legal_basis, k.checklist_id, k.done_at, d.name as done_by_name, k.done_note,
       k.device_done_at, k.created_at, k.row_v, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select coalesce(json_agg(json_build_object('id', i.id, 'seq', i.seq, 'kind', i.kind, 'text_nb', i.text_nb, 'text_nn', i.text_nn,
                                                   'text_en', i.text_en, 'unit', i.unit, 'is_required', i.is_required)
                                 order by i.seq), '[]')
          from checklist_item i
         where i.checklist_id = k.checklist_id) as items,
       (select coalesce(json_agg(json_build_object('id', a.id, 'item_id', a.item_id, 'value', a.value, 'is_ok', a.is_ok, 'note', a.note,
                                                   'answered_at', a.answered_at, 'captured_at', a.captured_at)
                                 order by a.answered_at, a.id), '[]')
          from answer a
         where a.task_id = k.id) as answers,
       (select coalesce(json_agg(json_build_object('id', f.id, 'sha256', encode(f.sha256, 'hex'), 'mime', f.mime,
                                                   'has_arrived', exists (select from file x where x.sha256 = f.sha256))
                                 order by f.created_at), '[]')
          from document f
         where f.kind = 'photo' and (f.task_id = k.id or f.case_id = k.case_id)) as photos
  from task k
  join place p on p.id = k.place_id
  left join component m on m.id = k.component_id
  left join person w on w.id = k.assignee_id
  left join person d on d.id = k.done_by
  left join cases c on c.id = k.case_id
  left join rule r on r.id = k.rule_id
 where k.id = $1::uuid;

-- name: task_add :one
-- Makes a task. $1 body
insert into task (place_id, component_id, title, description, category, priority, assignee_id, planned_on, deadline, checklist_id)
select g.place, g.component, g.title, coalesce(g.description, ''), g.category, coalesce(g.priority, 3), g.assignee, g.planned_on,
       g.deadline, k.id
  from json_to_record($1::json) as g(place uuid, component uuid, title text, description text, category text, priority int,
                                     assignee uuid, planned_on date, deadline timestamptz, checklist text)
  left join checklist k on k.code = g.checklist
returning id, number, title, state, assignee_id, planned_on, deadline, row_v;

-- name: task_change :one
-- Changes what the body names, if nobody else has since. $1 id, $2 body
with given as (
	select * from json_to_record($2::json)
	           as g(state text, assignee uuid, priority int, planned_on date, deadline timestamptz, done_note text, row_v bigint)
), now_is as materialized (
	select k.id, expect_version(k.row_v, g.row_v) from task k, given g where k.id = $1::uuid for update of k
)
update task k
   set state       = coalesce(g.state, k.state),
       assignee_id = case when ($2::jsonb) ? 'assignee' then g.assignee else k.assignee_id end,
       priority    = coalesce(g.priority, k.priority),
       planned_on  = case when ($2::jsonb) ? 'planned_on' then g.planned_on else k.planned_on end,
       deadline    = coalesce(g.deadline, k.deadline),
       done_note   = coalesce(g.done_note, k.done_note)
  from given g, now_is n
 where k.id = n.id
returning k.id, k.number, k.state, k.assignee_id, k.priority, k.planned_on, k.deadline, k.row_v;

-- name: people_list :list
-- People with a role, for choosing who gets the work. $1 role
select p.id, p.name, p.is_organisation, to_json(array_agg(distinct r.area_no) filter (where r.area_no is not null)) as areas
  from person p
  join person_role r on r.person_id = p.id
 where r.role = $1::text
 group by p.id
 order by p.name, p.id
 limit 500;

-- name: checklist_list :list
-- The checklists there are.
select k.id, k.code, k.name_nb, k.name_nn, k.name_en from checklist k order by k.code;

-- name: area_list :list
-- The areas a person may see.
select a.area_no, a.name from area a order by a.area_no;
