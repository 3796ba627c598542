-- name: push_device :one
-- Locks the tablet, so that the same batch by another way waits here and then finds what this one did. $1 device
select d.state, sync_epoch_now() as epoch, (select p.name from person p where p.id = (select me())) as author, (select me()) as person_id,
       to_json(now()) #>> '{}' as now
  from sync_device d
 where d.id = $1::uuid
   for no key update;

-- name: push_known :list
-- What was answered to a mutation before, and whether it was the same one. $1 mid, $2 hash of its text, $3 device, $4 seq
select m.mid = $1::uuid as is_same_mid, m.payload_sha256 = decode($2, 'hex') and m.device_id = $3::uuid as is_same, m.state, m.result
  from sync_mutation m
 where m.mid = $1::uuid
    or m.device_id = $3::uuid and m.seq = $4::bigint
 order by m.mid = $1::uuid desc
 limit 1;

-- name: push_keep :exec
-- Writes down a mutation and its answer. $1 device, $2 seq, $3 mid, $4 grp, $5 op, $6 hash, $7 payload, $8 state, $9 result, $10 captured_at
insert into sync_mutation (device_id, seq, mid, grp, op, payload_sha256, payload, state, result, person_id, captured_at)
values ($1::uuid, $2::bigint, $3::uuid, $4::uuid, $5, decode($6, 'hex'), $7::jsonb, $8, $9::jsonb, (select me()), $10::timestamptz);

-- name: push_seen :exec
-- How far the tablet has got. $1 device, $2 seq
update sync_device set last_seen = now(), last_seq = greatest(last_seq, $2::bigint) where id = $1::uuid;

-- name: push_missing :list
-- Which of these files have not arrived. $1 hashes as a JSON array
select h.hash
  from json_array_elements_text($1::json) as h(hash)
 where not exists (select from file f where f.sha256 = decode(h.hash, 'hex'));

-- name: push_task_now :one
-- A task as it is, locked. $1 id
select k.row_v, k.title, k.description, k.category, k.state, k.priority, k.planned_on, k.assignee_id, k.done_note,
       k.device_done_at as done_at, k.changed
  from task k
 where k.id = $1::uuid
   for no key update;

-- name: push_task_set :one
-- Writes the fields that came out of the merge. $1 id, $2 fields as JSON
update task k
   set title          = case when j ? 'title'       then j ->> 'title'               else k.title end,
       description    = case when j ? 'description' then coalesce(j ->> 'description', '') else k.description end,
       category       = case when j ? 'category'    then j ->> 'category'            else k.category end,
       state          = case when j ? 'state'       then j ->> 'state'               else k.state end,
       priority       = case when j ? 'priority'    then (j ->> 'priority')::smallint else k.priority end,
       planned_on     = case when j ? 'planned_on'  then (j ->> 'planned_on')::date  else k.planned_on end,
       assignee_id    = case when j ? 'assignee_id' then (j ->> 'assignee_id')::uuid else k.assignee_id end,
       done_note      = case when j ? 'done_note'   then j ->> 'done_note'           else k.done_note end,
       device_done_at = case when j ? 'done_at'     then (j ->> 'done_at')::timestamptz else k.device_done_at end
  from (select $2::jsonb as j) given
 where k.id = $1::uuid
returning k.row_v;

-- name: push_conflict :one
-- Two values met; whose the other one was is read from the trail.
-- $1 device, $2 mid, $3 row, $4 field, $5 base, $6 mine, $7 theirs, $8 chosen, $9 policy, $10 state
with other as (
	select b.actor, b.name, b.at
	  from task_field_by($3::uuid, case $4 when 'done_at' then 'device_done_at' else $4 end) b
), made as (
	insert into sync_conflict (device_id, mid, tbl, row_id, field, base, mine, theirs, theirs_by, theirs_at, chosen, policy, state)
	select $1::uuid, $2::uuid, 3, $3::uuid, $4, to_jsonb($5::text), to_jsonb($6::text), to_jsonb($7::text), o.actor, coalesce(o.at, now()),
	       $8, $9, $10
	  from (select 1) as one
	  left join other o on true
	returning id, theirs_at
)
select m.id, o.name as theirs_by, to_json(m.theirs_at) #>> '{}' as theirs_at from made m left join other o on true;

-- name: push_task :one
-- A task found on the spot. $1 id, $2 fields as JSON, $3 captured_at
insert into task (id, place_id, component_id, title, description, category, state, priority, planned_on, assignee_id, checklist_id, done_note)
select $1::uuid, g.place_id, g.component_id, g.title, coalesce(g.description, ''), g.category, coalesce(g.state, 'open'), coalesce(g.priority, 3),
       g.planned_on, coalesce(g.assignee_id, (select me())), g.checklist_id, g.done_note
  from json_to_record($2::json) as g(place_id uuid, component_id uuid, title text, description text, category text, state text,
                                     priority smallint, planned_on date, assignee_id uuid, checklist_id uuid, done_note text)
 where $3::timestamptz is not null
returning 1 as row_v;

-- name: push_answer :one
-- An answer to a checklist item: a fact. $1 id, $2 fields as JSON, $3 captured_at
insert into answer (id, task_id, item_id, value, is_ok, note, answered_by, captured_at)
select $1::uuid, g.task_id, g.item_id, g.value, g.is_ok, g.note, (select me()), coalesce(g.captured_at, $3::timestamptz)
  from json_to_record($2::json) as g(task_id uuid, item_id uuid, value text, is_ok boolean, note text, captured_at timestamptz)
returning 1 as row_v;

-- name: push_photo :one
-- A photo of a task; its bytes may come later. $1 id, $2 fields as JSON, $3 captured_at
insert into document (id, sha256, title, kind, task_id, place_id, mime, size, captured_at, created_by)
select $1::uuid, decode(g.sha256, 'hex'), coalesce(nullif(g.title, ''), 'Foto'), 'photo', g.task_id, g.place_id, g.mime, g.size,
       coalesce(g.captured_at, $3::timestamptz), (select me())
  from json_to_record($2::json) as g(task_id uuid, place_id uuid, sha256 text, mime text, title text, size bigint, captured_at timestamptz)
returning 1 as row_v;

-- name: push_comment :one
-- A remark for the office on the case that a task came of. $1 id, $2 fields as JSON, $3 captured_at
insert into case_message (id, case_id, author_id, is_internal, text)
select $1::uuid, g.case_id, (select me()), true, g.text
  from json_to_record($2::json) as g(case_id uuid, text text)
 where $3::timestamptz is not null
returning 1 as row_v;
