-- name: push_device :one
-- Locks the tablet, so that the same batch by another way waits here and then finds what this one did; how fast its clock is; and whether its
-- person's rights may have been others when this was written. $1 device, $2 when the tablet says that it sent the batch, $3 captured_at of each
select d.state, sync_epoch_now() as epoch, (select p.name from person p where p.id = (select me())) as author, (select me()) as person_id,
       to_json(now()) #>> '{}' as now, round(extract(epoch from $2::timestamptz - now()), 3) as skew_s,
       sync_rights_differ((select min(t::timestamptz) from json_array_elements_text($3::json) t)
                          - case when $2::timestamptz is null then interval '0' else $2::timestamptz - now() end) as do_rights_differ
  from sync_device d
 where d.id = $1::uuid
   for no key update;

-- name: push_known :list
-- What was answered to mutations before, and whether they were the same ones. $1 device, $2 [{n, mid, seq, hash}]
select g.n, k.is_same_mid, k.is_same_mid and k.payload_sha256 = decode(g.hash, 'hex') and k.device_id = $1::uuid as is_same, k.result
  from json_to_recordset($2::json) as g(n int, mid uuid, seq bigint, hash text)
 cross join lateral (select m.mid = g.mid as is_same_mid, m.payload_sha256, m.device_id, m.result
                       from sync_mutation m
                      where m.mid = g.mid
                         or m.device_id = $1::uuid and m.seq = g.seq
                      order by m.mid = g.mid desc
                      limit 1) k;

-- name: push_rights :list
-- Which mutations their author may not have written, then or now, and why. $1 [{n, at, ids}], $2 how many seconds the clock of `at` is fast
select r.n, r.reason from sync_rights($1::json, $2::float8) r;

-- name: push_waiting :list
-- What is held of a tablet. $1 device
select m.mid, m.seq, coalesce(m.grp, m.mid) as grp, m.payload #>> '{row,id}' as row_id
  from sync_mutation m
 where m.device_id = $1::uuid
   and m.state = 'held'
 order by m.seq;

-- name: push_needs :list
-- Which of these mutations have come. $1 their names as a JSON array
select n.mid
  from json_array_elements_text($1::json) as n(mid)
 where exists (select from sync_mutation m where m.mid = n.mid::uuid);

-- name: push_ready :list
-- The first held group that need wait no longer: nothing that it needs is missing or held, or what is missing lies below the lowest number that
-- the tablet may still send and so never comes; and nothing before it on its rows is held. $1 device
with held as materialized (
	select m.seq, m.mid, coalesce(m.grp, m.mid) as grp, m.payload, m.payload #>> '{row,id}' as row_id, m.happened_at
	  from sync_mutation m
	 where m.device_id = $1::uuid
	   and m.state = 'held'
	   and m.person_id = (select me())
), blocked as (
	select h.grp
	  from held h
	 where exists (select from held e where e.row_id = h.row_id and e.seq < h.seq and e.grp <> h.grp)
	    or exists (select
	                 from jsonb_array_elements_text(case jsonb_typeof(h.payload -> 'needs') when 'array' then h.payload -> 'needs' else '[]' end) as n(mid)
	                 left join sync_mutation k on k.mid = n.mid::uuid
	                where case
	                      when k.mid is null then (select d.oldest_seq from sync_device d where d.id = $1::uuid) < h.seq
	                      else k.state = 'held' and coalesce(k.grp, k.mid) <> h.grp
	                      end)
)
select h.seq, h.payload, h.happened_at
  from held h
 where h.grp = (select f.grp from held f where f.grp not in (select b.grp from blocked b) order by f.seq limit 1)
 order by h.seq;

-- name: push_settle :exec
-- The answer to one that was held. $1 device, $2 seq, $3 state, $4 result
update sync_mutation
   set state = $3, result = $4::jsonb, held_for = null, held_until = null, xid = pg_current_xact_id()
 where device_id = $1::uuid
   and seq = $2::bigint;

-- name: push_keep :exec
-- Writes down mutations and their answers. A clock that is five minutes wrong is noted; who waits does so for five days.
-- $1 device, $2 [{seq, mid, grp, op, hash, payload, state, result, captured_at, held_for}], $3 how many seconds the tablet's clock is fast
insert into sync_mutation (device_id, seq, mid, grp, op, payload_sha256, payload, state, result, person_id, captured_at, happened_at, skew_s,
                           held_for, held_until)
select $1::uuid, g.seq, g.mid, g.grp, g.op, decode(g.hash, 'hex'), g.payload, g.state, g.result, (select me()), g.captured_at,
       g.captured_at - make_interval(secs => coalesce($3::float8, 0)),
       case when abs($3::numeric) > 300 then greatest(least($3::numeric, 2147483647), -2147483647)::int end,
       g.held_for, case when g.held_for is not null then now() + interval '5 days' end
  from jsonb_to_recordset($2::jsonb) as g(seq bigint, mid uuid, grp uuid, op text, hash text, payload jsonb, state text, result jsonb,
                                          captured_at timestamptz, held_for text);

-- name: push_clock :exec
-- A clock that is five minutes wrong is a matter of its own, once a day. Parameters as of push_keep
insert into sync_conflict (device_id, mid, tbl, row_id, field, mine, theirs, theirs_at, chosen, policy, kind, severity, state)
select $1::uuid, (g.m ->> 'mid')::uuid, 0, (g.m #>> '{payload,row,id}')::uuid, 'sent_at',
       to_jsonb(to_json(now() + make_interval(secs => $3::float8)) #>> '{}'), to_jsonb(to_json(now()) #>> '{}'), now(), 'theirs', 'clock', 'clock',
       'soft', 'resolved'
  from (select $2::jsonb -> 0 as m) g
 where abs($3::numeric) > 300
   and g.m #>> '{payload,row,id}' ~ '^[0-9A-Fa-f-]{36}$'
   and not exists (select from sync_conflict c
                    where c.device_id = $1::uuid and c.kind = 'clock' and c.created_at > now() - interval '1 day');

-- name: push_aside :exec
-- Keeps the bytes of what cannot be a mutation, for a person to look at. $1 device, $2 reason, $3 the bytes in hex
insert into sync_quarantine (device_id, person_id, reason, raw)
values ($1::uuid, (select me()), $2, decode($3, 'hex'));

-- name: push_seen :exec
-- How far the tablet has got, and what it may still send. $1 device, $2 highest seq of this transaction, $3 lowest seq still to come (null: not said)
update sync_device
   set last_seen = now(), last_seq = greatest(last_seq, $2::bigint), oldest_seq = coalesce($3::bigint, oldest_seq)
 where id = $1::uuid;

-- name: push_missing :list
-- Which of these files have not arrived. $1 hashes as a JSON array
select h.hash
  from json_array_elements_text($1::json) as h(hash)
 where not exists (select from file f where f.sha256 = decode(h.hash, 'hex'));

-- name: push_task_now :list
-- Tasks as they are, locked, always in one order. $1 their ids as a JSON array
select k.id, k.title, k.description, k.category, k.state, k.priority, k.planned_on, k.assignee_id, k.done_note,
       k.device_done_at as done_at, k.started_at, k.progress, k.visits, k.access_note
  from task k
 where k.id = any (array(select v::uuid from jsonb_array_elements_text($1::jsonb) as v))
 order by k.id
   for no key update;

-- name: push_task_set :list
-- Writes the fields that came out of the merge, of many tasks at once. $1 [{id, j: fields}]
update task k
   set title          = case when j ? 'title'       then j ->> 'title'               else k.title end,
       description    = case when j ? 'description' then coalesce(j ->> 'description', '') else k.description end,
       category       = case when j ? 'category'    then j ->> 'category'            else k.category end,
       state          = case when j ? 'state'       then j ->> 'state'               else k.state end,
       priority       = case when j ? 'priority'    then (j ->> 'priority')::smallint else k.priority end,
       planned_on     = case when j ? 'planned_on'  then (j ->> 'planned_on')::date  else k.planned_on end,
       assignee_id    = case when j ? 'assignee_id' then (j ->> 'assignee_id')::uuid else k.assignee_id end,
       done_note      = case when j ? 'done_note'   then j ->> 'done_note'           else k.done_note end,
       device_done_at = case when j ? 'done_at'     then (j ->> 'done_at')::timestamptz else k.device_done_at end,
       started_at     = case when j ? 'started_at'  then (j ->> 'started_at')::timestamptz else k.started_at end,
       progress       = case when j ? 'progress'    then (j ->> 'progress')::smallint else k.progress end,
       visits         = case when j ? 'visits'      then (j ->> 'visits')::int       else k.visits end,
       access_note    = case when j ? 'access_note' then j ->> 'access_note'         else k.access_note end
  from jsonb_to_recordset($1::jsonb) as g(id uuid, j jsonb)
 where k.id = g.id
returning k.id, k.row_v;

-- name: push_conflict :one
-- Two values met; whose the other one was is read from the trail.
-- $1 device, $2 mid, $3 number of the table, $4 its name, $5 row, $6 field, $7 base, $8 mine, $9 theirs, $10 chosen, $11 policy, $12 severity
with other as (
	select b.actor, b.name, b.at
	  from sync_field_by($4, $5::uuid, case $6 when 'done_at' then 'device_done_at' else $6 end) b
), made as (
	insert into sync_conflict (device_id, mid, tbl, row_id, field, base, mine, theirs, theirs_by, theirs_at, chosen, policy, severity, state)
	select $1::uuid, $2::uuid, $3::smallint, $5::uuid, $6, to_jsonb($7::text), to_jsonb($8::text), to_jsonb($9::text), o.actor,
	       coalesce(o.at, now()), $10, $11, $12, case $12 when 'hard' then 'open' else 'resolved' end
	  from (select 1) as one
	  left join other o on true
	returning *
)
select m.id, m.field, m.base #>> '{}' as base, m.mine #>> '{}' as mine, m.theirs #>> '{}' as theirs, o.name as theirs_by,
       to_json(m.theirs_at) #>> '{}' as theirs_at, m.chosen, m.policy, m.severity, m.kind
  from made m
  left join other o on true;

-- name: push_deleted :list
-- When a row was deleted, if it was. $1 table, $2 row
select d.at from sync_deleted($1, $2::uuid) d;

-- name: push_conflict_deleted :one
-- What a tablet wrote about a row that somebody deleted meanwhile.
-- $1 device, $2 mid, $3 number of the table, $4 row, $5 what it set as JSON, $6 the table and $7 the row that is gone
with made as (
	insert into sync_conflict (device_id, mid, tbl, row_id, field, mine, theirs_by, theirs_at, chosen, policy, kind, severity, area_no)
	select $1::uuid, $2::uuid, $3::smallint, $4::uuid, 'row', $5::jsonb, d.actor, d.at, 'theirs', 'edit_after_delete', 'edit_after_delete',
	       'hard', d.area_no
	  from sync_deleted($6, $7::uuid) d
	returning *
)
select m.id, m.field, null as base, m.mine #>> '{}' as mine, null as theirs, person_name(m.theirs_by) as theirs_by,
       to_json(m.theirs_at) #>> '{}' as theirs_at, m.chosen, m.policy, m.severity, m.kind
  from made m;

-- name: push_task :one
-- A task found on the spot. $1 id, $2 fields as JSON, $3 captured_at
insert into task (id, place_id, component_id, title, description, category, state, priority, planned_on, assignee_id, checklist_id, done_note,
                  access_note)
select $1::uuid, g.place_id, g.component_id, g.title, coalesce(g.description, ''), g.category, coalesce(g.state, 'open'), coalesce(g.priority, 3),
       g.planned_on, coalesce(g.assignee_id, (select me())), g.checklist_id, g.done_note, g.access_note
  from json_to_record($2::json) as g(place_id uuid, component_id uuid, title text, description text, category text, state text,
                                     priority smallint, planned_on date, assignee_id uuid, checklist_id uuid, done_note text, access_note text)
 where $3::timestamptz is not null
returning 1 as row_v;

-- name: push_answer :one
-- An answer to a checklist item: a fact. Answers to one item come one at a time, so that each sees the others. $1 id, $2 fields as JSON,
-- $3 captured_at
with given as (
	select g.* from json_to_record($2::json) as g(task_id uuid, item_id uuid, value text, is_ok boolean, note text, captured_at timestamptz)
), turn as materialized (
	select pg_advisory_xact_lock(hashtextextended('answer:' || g.task_id || g.item_id, 0)) from given g
)
insert into answer (id, task_id, item_id, value, is_ok, note, answered_by, captured_at)
select $1::uuid, g.task_id, g.item_id, g.value, g.is_ok, g.note, (select me()), coalesce(g.captured_at, $3::timestamptz)
  from given g
 cross join turn
returning 1 as row_v;

-- name: push_answer_review :list
-- Another person has answered the same item otherwise: both stand, and somebody must look. $1 device, $2 mid, $3 answer
with made as (
	insert into sync_conflict (device_id, mid, tbl, row_id, field, mine, theirs, theirs_by, theirs_at, chosen, policy, kind, severity)
	select $1::uuid, $2::uuid, 4, a.id, 'answer', jsonb_build_object('value', a.value, 'is_ok', a.is_ok, 'note', a.note),
	       jsonb_build_object('value', b.value, 'is_ok', b.is_ok, 'note', b.note), b.answered_by, b.answered_at, 'both', 'review', 'review', 'hard'
	  from answer a
	 cross join lateral (select o.*
	                       from answer o
	                      where o.task_id = a.task_id and o.item_id = a.item_id and o.id <> a.id
	                        and o.answered_by is distinct from a.answered_by
	                      order by o.answered_at desc, o.id desc
	                      limit 1) b
	 where a.id = $3::uuid
	   and (a.value, a.is_ok) is distinct from (b.value, b.is_ok)
	returning *
)
select m.id, m.field, null as base, m.mine #>> '{}' as mine, m.theirs #>> '{}' as theirs, person_name(m.theirs_by) as theirs_by,
       to_json(m.theirs_at) #>> '{}' as theirs_at, m.chosen, m.policy, m.severity, m.kind
  from made m;

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
