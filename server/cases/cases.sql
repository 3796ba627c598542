-- name: case_list_open :list
-- Open cases, the most urgent first.
-- $1 category, $2 owner, $3 area, $4 words, $5 bbox, $6 mine, $7 late, $8 limit, $9 after
select c.id, c.number, c.title, c.category, c.state, c.priority, c.deadline, c.deadline < now() as is_late, c.place_id,
       p.label as place_label, c.area_no, c.owner_id, o.name as owner_name, r.name as reporter_name, c.created_at, c.done_at, c.row_v,
       st_x(coalesce(c.position, p.point))::numeric(12,3) as x, st_y(coalesce(c.position, p.point))::numeric(12,3) as y,
       (select count(*) from document d where d.case_id = c.id and d.kind = 'photo') as photos, c.id as _key
  from cases c
  join place p on p.id = c.place_id
  left join person o on o.id = c.owner_id
  left join person r on r.id = c.reporter_id
 where c.state in ('new', 'in_progress', 'waiting')
   and ($1::text is null or c.category = $1)
   and ($2::uuid is null or c.owner_id = $2::uuid)
   and ($3::int is null or c.area_no = $3::int)
   and ($4::text is null or exists (
        select from search s
         where s.tbl = 'cases' and s.row_id = c.id
           and (s.text like '%' || search_form($4) || '%' or s.tsv @@ websearch_to_tsquery('norwegian', $4)))
        or p.label ilike '%' || $4 || '%')
   and ($5::text is null
        or coalesce(c.position, p.point) && st_makeenvelope(split_part($5, ',', 1)::float8, split_part($5, ',', 2)::float8,
                                                            split_part($5, ',', 3)::float8, split_part($5, ',', 4)::float8, 25832))
   and ($6::boolean is not true or c.owner_id = (select me()))
   and ($7::boolean is not true or c.deadline < now())
   and ($9::uuid is null or (c.deadline, c.id) > (select a.deadline, a.id from cases a where a.id = $9::uuid))
 order by c.deadline, c.id
 limit $8::int;

-- name: case_list :list
-- Cases of any state, the newest first.
-- $1 state (null: all), $2 category, $3 owner, $4 area, $5 words, $6 mine, $7 limit, $8 after
select c.id, c.number, c.title, c.category, c.state, c.priority, c.deadline, false as is_late, c.place_id,
       p.label as place_label, c.area_no, c.owner_id, o.name as owner_name, r.name as reporter_name, c.created_at, c.done_at, c.row_v,
       st_x(coalesce(c.position, p.point))::numeric(12,3) as x, st_y(coalesce(c.position, p.point))::numeric(12,3) as y,
       (select count(*) from document d where d.case_id = c.id and d.kind = 'photo') as photos, c.id as _key
  from cases c
  join place p on p.id = c.place_id
  left join person o on o.id = c.owner_id
  left join person r on r.id = c.reporter_id
 where ($1::text is null or c.state = $1)
   and ($2::text is null or c.category = $2)
   and ($3::uuid is null or c.owner_id = $3::uuid)
   and ($4::int is null or c.area_no = $4::int)
   and ($5::text is null or exists (
        select from search s
         where s.tbl = 'cases' and s.row_id = c.id
           and (s.text like '%' || search_form($5) || '%' or s.tsv @@ websearch_to_tsquery('norwegian', $5))))
   and ($6::boolean is not true or c.owner_id = (select me()))
   and ($8::uuid is null or (c.created_at, c.id) < (select a.created_at, a.id from cases a where a.id = $8::uuid))
 order by c.created_at desc, c.id desc
 limit $7::int;

-- name: case_list_mine :list
-- The cases a tenant has reported or follows, the newest first. $1 limit, $2 after
select c.id, c.number, c.title, c.category, c.state, c.deadline, c.place_id, c.place_label, c.created_at, c.done_at, c.is_mine,
       c.id as _key
  from my_case c
 where ($2::uuid is null or (c.created_at, c.id) < (select a.created_at, a.id from my_case a where a.id = $2::uuid))
 order by c.created_at desc, c.id desc
 limit $1::int;

-- name: case_similar :list
-- Open cases that a new one may be the same as: in the same building or within 100 m of it, of the same category, from the last 60 days.
-- $1 place, $2 category
select c.id, c.number, c.title, c.category, c.state, c.created_at, c.place_label, c.followers, c.is_following
  from place here,
       public_case c
 where here.id = $1::uuid
   and c.category = $2::text
   and c.created_at > now() - interval '60 days'
   and (c.site_id = here.site_id or here.point && st_expand(st_setsrid(st_makepoint(c.x, c.y), 25832), 100))
 order by c.site_id = here.site_id desc, c.created_at desc
 limit 10;

-- name: case_report :one
-- Makes a case of a report; the same id again gives the case that is there. $1 body
with given as materialized (
	select coalesce(g.id, uuidv7()) as id, g.place, g.component, g.category, g.title, coalesce(g.description, '') as description, g.position
	  from json_to_record($1::json) as g(id uuid, place uuid, component uuid, category text, title text, description text, position json)
), made as (
	insert into cases (id, place_id, component_id, category, title, description, position, reporter_id, channel)
	select g.id, g.place, g.component, g.category, coalesce(g.title, ''), g.description,
	       st_setsrid(st_makepoint((g.position ->> 0)::float8, (g.position ->> 1)::float8), 25832), (select me()),
	       case session_user when 'fdvu_tenant' then 'minside' else 'office' end
	  from given g
	on conflict (id) do nothing
	returning id, number, category, state, priority, deadline, created_at
)
select m.id, m.number, m.category, m.state, m.priority, m.deadline, m.created_at, true as is_new from made m
union all
select c.id, c.number, c.category, c.state, c.priority, c.deadline, c.created_at, false
  from cases c
  join given g on g.id = c.id
 where not exists (select from made);

-- name: case_photos :exec
-- Ties photos that were sent before to a case that was just made; the same photo is tied once. $1 case, $2 hashes as a JSON array
insert into document (sha256, title, kind, case_id, mime, size, created_by)
select f.sha256, 'Foto', 'photo', $1::uuid, f.mime, f.size, (select me())
  from (select distinct decode(h, 'hex') as sha256 from json_array_elements_text($2::json) as h) given
  join file f using (sha256);

-- name: case_get :one
-- A case as the office sees it. $1 id
select c.id, c.number, c.title, c.description, c.category, c.state, c.priority, c.deadline, c.deadline < now() and c.done_at is null as is_late,
       c.place_id, p.label as place_label, p.warning as place_warning, c.component_id, c.area_no, c.owner_id, o.name as owner_name,
       c.reporter_id, r.name as reporter_name, r.phone as reporter_phone, c.channel, c.created_at, c.done_at, c.row_v,
       st_x(coalesce(c.position, p.point))::numeric(12,3) as x, st_y(coalesce(c.position, p.point))::numeric(12,3) as y,
       (select coalesce(json_agg(json_build_object('id', m.id, 'author_name', a.name, 'text', m.text, 'sent_at', m.sent_at,
                                                   'is_internal', m.is_internal, 'is_mine', m.author_id = (select me()))
                                 order by m.sent_at, m.id), '[]')
          from case_message m
          left join person a on a.id = m.author_id
         where m.case_id = c.id) as messages,
       (select coalesce(json_agg(json_build_object('id', d.id, 'sha256', encode(d.sha256, 'hex'), 'mime', d.mime, 'task_id', d.task_id)
                                 order by d.created_at), '[]')
          from document d
         where d.kind = 'photo'
           -- an array, for which both sides of the «or» have an index
           and (d.case_id = c.id or d.task_id = any (array(select k.id from task k where k.case_id = c.id)))) as photos,
       (select coalesce(json_agg(json_build_object('id', k.id, 'number', k.number, 'title', k.title, 'state', k.state, 'done_at', k.done_at,
                                                   'done_note', k.done_note, 'assignee_name', w.name) order by k.created_at), '[]')
          from task k
          left join person w on w.id = k.assignee_id
         where k.case_id = c.id) as tasks
  from cases c
  join place p on p.id = c.place_id
  left join person o on o.id = c.owner_id
  left join person r on r.id = c.reporter_id
 where c.id = $1::uuid;

-- name: case_get_mine :one
-- A case as its reporter or a follower sees it. $1 id
select c.id, c.number, c.title, c.description, c.category, c.state, c.deadline, c.place_id, c.place_label, c.owner_name, c.created_at,
       c.done_at, c.is_mine, c.is_following,
       (select coalesce(json_agg(json_build_object('id', m.id, 'author_name', m.author_name, 'text', m.text, 'sent_at', m.sent_at,
                                                   'is_internal', false, 'is_mine', m.is_mine) order by m.sent_at, m.id), '[]')
          from my_message m
         where m.case_id = c.id) as messages,
       (select coalesce(json_agg(json_build_object('id', d.id, 'sha256', encode(d.sha256, 'hex'), 'mime', d.mime)
                                 order by d.created_at), '[]')
          from document d
         where d.kind = 'photo' and d.case_id = c.id) as photos,
       my_case_tasks(c.id) as tasks
  from my_case c
 where c.id = $1::uuid;

-- name: case_change :one
-- Changes what the body names, if nobody else has since. $1 id, $2 body
with given as (
	select * from json_to_record($2::json) as g(state text, owner uuid, priority int, deadline timestamptz, category text, row_v bigint)
), now_is as materialized (
	select c.id, expect_version(c.row_v, g.row_v) from cases c, given g where c.id = $1::uuid for update of c
)
update cases c
   set state    = coalesce(g.state, c.state),
       owner_id = case when ($2::jsonb) ? 'owner' then g.owner else c.owner_id end,
       priority = coalesce(g.priority, c.priority),
       deadline = coalesce(g.deadline, c.deadline),
       category = coalesce(g.category, c.category)
  from given g, now_is n
 where c.id = n.id
returning c.id, c.number, c.state, c.owner_id, c.priority, c.deadline, c.category, c.row_v;

-- name: case_message_add :one
-- Says something on a case. $1 case, $2 body
insert into case_message (case_id, author_id, is_internal, text)
select $1::uuid, (select me()), coalesce(g.is_internal, false), g.text
  from json_to_record($2::json) as g(text text, is_internal boolean)
returning id, text, sent_at, is_internal;

-- name: case_follow :one
-- Follows a case instead of reporting it again. $1 case
with made as (
	insert into case_follower (case_id, person_id) values ($1::uuid, (select me()))
	on conflict (case_id, person_id) do nothing
	returning case_id
)
select $1::uuid as id, true as is_following, count(*) as is_new from made;

-- name: case_task_add :one
-- Makes a task of a case: it takes over place, category and description. $1 case, $2 body
insert into task (case_id, place_id, component_id, title, description, category, priority, assignee_id, planned_on, deadline, checklist_id)
select c.id, c.place_id, c.component_id, coalesce(g.title, c.title), c.description, c.category, c.priority, g.assignee, g.planned_on,
       coalesce(g.deadline, c.deadline), k.id
  from cases c
 cross join json_to_record($2::json) as g(title text, assignee uuid, planned_on date, deadline timestamptz, checklist text)
  left join checklist k on k.code = g.checklist
 where c.id = $1::uuid
returning id, number, title, state, assignee_id, planned_on, deadline, row_v;

-- name: notification_list :list
-- What a person has been told, the newest first. $1 limit, $2 after
select n.id, n.case_id, n.kind, n.text_key, n.params, n.created_at, n.read_at, n.id as _key
  from notification n
 where n.person_id = (select me())
   and ($2::uuid is null or (n.created_at, n.id) < (select a.created_at, a.id from notification a where a.id = $2::uuid))
 order by n.created_at desc, n.id desc
 limit $1::int;

-- name: notification_read :exec
-- Marks all of them as read.
update notification set read_at = now() where person_id = (select me()) and read_at is null;
