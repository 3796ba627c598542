-- name: related_cases :list
-- Cases of a place and of what lies in it, the newest first; of a municipality only its own. $1 place, $2 limit, $3 after
with recursive below as (
	select p.id, p.kind from place p where p.id = $1::uuid
	union all
	select p.id, p.kind from place p join below b on p.parent_id = b.id where b.kind <> 'municipality'
)
select c.id, c.number, c.title, c.state, c.priority, c.deadline, p.label as place_label, c.created_at, c.done_at, o.name as owner_name,
       c.id as _key
  from cases c
  join place p on p.id = c.place_id
  left join person o on o.id = c.owner_id
 where c.place_id = any (array(select b.id from below b))
   and ($3::uuid is null or (c.created_at, c.id) < (select a.created_at, a.id from cases a where a.id = $3::uuid))
 order by c.created_at desc, c.id desc
 limit $2::int;

-- name: related_tasks :list
-- Tasks of a place and of what lies in it, the newest first. $1 place, $2 limit, $3 after
with recursive below as (
	select p.id, p.kind from place p where p.id = $1::uuid
	union all
	select p.id, p.kind from place p join below b on p.parent_id = b.id where b.kind <> 'municipality'
)
select k.id, k.number, k.title, k.state, k.priority, k.planned_on, k.deadline, p.label as place_label, m.name as component_name,
       w.name as assignee_name, k.created_at, k.done_at, k.done_note, k.id as _key
  from task k
  join place p on p.id = k.place_id
  left join component m on m.id = k.component_id
  left join person w on w.id = k.assignee_id
 where k.place_id = any (array(select b.id from below b))
   and ($3::uuid is null or (k.created_at, k.id) < (select a.created_at, a.id from task a where a.id = $3::uuid))
 order by k.created_at desc, k.id desc
 limit $2::int;

-- name: related_documents :list
-- Documents of a place and of what lies in it, also those of cases of archives that are about it among others, the newest first. $1 place, $2 limit, $3 after
with recursive below as (
	select p.id, p.kind from place p where p.id = $1::uuid
	union all
	select p.id, p.kind from place p join below b on p.parent_id = b.id where b.kind <> 'municipality'
)
select d.id, d.title, d.file_name, d.mime, d.size, encode(d.sha256, 'hex') as sha256, d.archive_ref, p.label as place_label,
       m.name as component_name, d.doc_date, d.created_at, d.id as _key
  from document d
  left join place p on p.id = d.place_id
  left join component m on m.id = d.component_id
 where (d.place_id = any (array(select b.id from below b))
        or d.archive_case_id = any (array(select x.archive_case_id from archive_case_place x where x.place_id = any (array(select b.id from below b)))))
   and ($3::uuid is null or (d.created_at, d.id) < (select a.created_at, a.id from document a where a.id = $3::uuid))
 order by d.created_at desc, d.id desc
 limit $2::int;

-- name: related_component_tasks :list
-- The task history of a component, the newest first. $1 component, $2 limit, $3 after
select k.id, k.number, k.title, k.state, k.priority, k.planned_on, k.deadline, p.label as place_label, m.name as component_name,
       w.name as assignee_name, k.created_at, k.done_at, k.done_note, k.id as _key
  from task k
  join place p on p.id = k.place_id
  join component m on m.id = k.component_id
  left join person w on w.id = k.assignee_id
 where k.component_id = $1::uuid
   and ($3::uuid is null or (k.created_at, k.id) < (select a.created_at, a.id from task a where a.id = $3::uuid))
 order by k.created_at desc, k.id desc
 limit $2::int;

-- name: related_component_documents :list
-- Documents of a component and of the tasks done to it, the newest first. $1 component, $2 limit, $3 after
select d.id, d.title, d.file_name, d.mime, d.size, encode(d.sha256, 'hex') as sha256, d.archive_ref, null::text as place_label,
       null::text as component_name, d.doc_date, d.created_at, d.id as _key
  from document d
 where (d.component_id = $1::uuid or d.task_id = any (array(select k.id from task k where k.component_id = $1::uuid)))
   and ($3::uuid is null or (d.created_at, d.id) < (select a.created_at, a.id from document a where a.id = $3::uuid))
 order by d.created_at desc, d.id desc
 limit $2::int;
