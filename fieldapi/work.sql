-- name: push_mark :one
-- What was drawn over a photo. $1 id, $2 fields as JSON, $3 captured_at
insert into photo_mark (id, document_id, layer, note, person_id, captured_at)
select $1::uuid, g.document_id, g.layer, g.note, (select me()), coalesce(g.captured_at, $3::timestamptz)
  from json_to_record($2::json) as g(document_id uuid, layer jsonb, note text, captured_at timestamptz)
returning 1 as row_v;

-- name: push_reading :one
-- A meter that was read; what is implausible about it is told, and nothing is refused. $1 id, $2 fields as JSON, $3 captured_at, $4 skew
insert into meter_reading (id, meter_id, at, value, source, note)
select $1::uuid, g.meter_id, coalesce(g.at, $3::timestamptz) - make_interval(secs => coalesce($4::float8, 0)), g.value, 'tablet', g.note
  from json_to_record($2::json) as g(meter_id uuid, at timestamptz, value numeric, note text)
returning 1 as row_v, json_build_object('flags', flags, 'review', state) as told;

-- name: push_key_out :one
-- A key that was handed out, at the time it was, by the server's clock. $1 id, $2 fields as JSON, $3 captured_at, $4 skew
insert into key_loan (id, key_id, holder_id, out_at, due_on, out_name, out_note)
select $1::uuid, g.key_id, g.holder_id, least(coalesce(g.out_at, $3::timestamptz) - make_interval(secs => coalesce($4::float8, 0)), now()), g.due_on,
       g.out_name, g.out_note
  from json_to_record($2::json) as g(key_id uuid, holder_id uuid, out_at timestamptz, due_on date, out_name text, out_note text)
returning 1 as row_v;

-- name: push_key_now :list
-- Loans as they are, locked. $1 their ids as a JSON array
select l.id, l.in_at, l.in_name, l.in_note
  from key_loan l
 where l.id = any (array(select v::uuid from jsonb_array_elements_text($1::jsonb) as v))
 order by l.id
   for no key update;

-- name: push_key_in :list
-- The key has come in; never before it went out or after now, whatever the tablet's clock says. $1 [{id, j: fields}]
update key_loan l
   set in_at   = case when j ? 'in_at'   then greatest(least((j ->> 'in_at')::timestamptz, now()), l.out_at) else l.in_at end,
       in_name = case when j ? 'in_name' then j ->> 'in_name' else l.in_name end,
       in_note = case when j ? 'in_note' then j ->> 'in_note' else l.in_note end
  from jsonb_to_recordset($1::jsonb) as g(id uuid, j jsonb)
 where l.id = g.id
returning l.id, l.row_v;

-- name: push_time :one
-- Time that was spent. $1 id, $2 fields as JSON, $3 captured_at
insert into time_entry (id, task_id, place_id, kind, minutes, started_at, note, person_id, captured_at)
select $1::uuid, g.task_id, g.place_id, coalesce(g.kind, 'work'), g.minutes, g.started_at, g.note, (select me()),
       coalesce(g.captured_at, $3::timestamptz)
  from json_to_record($2::json) as g(task_id uuid, place_id uuid, kind text, minutes int, started_at timestamptz, note text, captured_at timestamptz)
returning 1 as row_v;

-- name: push_material :one
-- Material that was used. $1 id, $2 fields as JSON, $3 captured_at
insert into material_use (id, task_id, component_id, place_id, name, quantity, unit, price_ore, note, person_id, captured_at)
select $1::uuid, g.task_id, g.component_id, g.place_id, g.name, g.quantity, coalesce(g.unit, 'stk'), g.price_ore, g.note, (select me()),
       coalesce(g.captured_at, $3::timestamptz)
  from json_to_record($2::json) as g(task_id uuid, component_id uuid, place_id uuid, name text, quantity numeric, unit text, price_ore bigint,
                                     note text, captured_at timestamptz)
returning 1 as row_v;

-- name: push_signature :one
-- A signature on a task, an inspection or a key's loan. $1 id, $2 fields as JSON, $3 captured_at
insert into signature (id, task_id, inspection_id, loan_id, role, name, sha256, person_id, captured_at)
select $1::uuid, g.task_id, g.inspection_id, g.loan_id, g.role, g.name, decode(g.sha256, 'hex'), (select me()),
       coalesce(g.captured_at, $3::timestamptz)
  from json_to_record($2::json) as g(task_id uuid, inspection_id uuid, loan_id uuid, role text, name text, sha256 text, captured_at timestamptz)
returning 1 as row_v;

-- name: push_condition :one
-- A component's grade as somebody saw it, at the time it was, by the server's clock; the newest is the component's.
-- $1 id, $2 fields as JSON, $3 captured_at, $4 skew
insert into condition (id, component_id, grade, consequence, probability, cause, note, measure, due_year, noted_by, noted_at)
select $1::uuid, g.component_id, g.grade, g.consequence, g.probability, g.cause, g.note, g.measure, g.due_year, (select me()),
       least(coalesce(g.noted_at, $3::timestamptz) - make_interval(secs => coalesce($4::float8, 0)), now())
  from json_to_record($2::json) as g(component_id uuid, grade text, consequence smallint, probability smallint, cause text, note text,
                                     measure text, due_year smallint, noted_at timestamptz)
returning 1 as row_v;

-- name: push_inspection :one
-- Somebody moves in or out, and the dwelling is gone through. $1 id, $2 fields as JSON, $3 captured_at
insert into inspection (id, place_id, checklist_id, kind, started_at, started_by, note)
select $1::uuid, g.place_id, g.checklist_id, g.kind, coalesce(g.started_at, $3::timestamptz), (select me()), g.note
  from json_to_record($2::json) as g(place_id uuid, checklist_id uuid, kind text, started_at timestamptz, note text)
returning 1 as row_v;

-- name: push_inspection_now :list
-- Inspections as they are, locked. $1 their ids as a JSON array
select i.id, i.finished_at, i.keys, i.note
  from inspection i
 where i.id = any (array(select v::uuid from jsonb_array_elements_text($1::jsonb) as v))
 order by i.id
   for no key update;

-- name: push_inspection_set :list
-- Writes the fields that came out of the merge; with its time it is finished. $1 [{id, j: fields}]
update inspection i
   set finished_at = case when j ? 'finished_at' then (j ->> 'finished_at')::timestamptz else i.finished_at end,
       finished_by = case when j ? 'finished_at' then (select me()) else i.finished_by end,
       state       = case when j ? 'finished_at' then 'finished' else i.state end,
       keys        = case when j ? 'keys' then (j ->> 'keys')::smallint else i.keys end,
       note        = case when j ? 'note' then j ->> 'note' else i.note end
  from jsonb_to_recordset($1::jsonb) as g(id uuid, j jsonb)
 where i.id = g.id
returning i.id, i.row_v;

-- name: push_inspection_answer :one
-- What was found on an item; one at a time, as answers of tasks. $1 id, $2 fields as JSON, $3 captured_at
with given as (
	select g.* from json_to_record($2::json) as g(inspection_id uuid, item_id uuid, value text, is_ok boolean, note text, captured_at timestamptz)
), turn as materialized (
	select pg_advisory_xact_lock(hashtextextended('answer:' || g.inspection_id || g.item_id, 0)) from given g
)
insert into inspection_answer (id, inspection_id, item_id, value, is_ok, note, answered_by, captured_at)
select $1::uuid, g.inspection_id, g.item_id, g.value, g.is_ok, g.note, (select me()), coalesce(g.captured_at, $3::timestamptz)
  from given g
 cross join turn
returning 1 as row_v;

-- name: push_inspection_review :list
-- As push_answer_review. $1 device, $2 mid, $3 answer
with made as (
	insert into sync_conflict (device_id, mid, tbl, row_id, field, mine, theirs, theirs_by, theirs_at, chosen, policy, kind, severity)
	select $1::uuid, $2::uuid, 23, a.id, 'answer', jsonb_build_object('value', a.value, 'is_ok', a.is_ok, 'note', a.note),
	       jsonb_build_object('value', b.value, 'is_ok', b.is_ok, 'note', b.note), b.answered_by, b.created_at, 'both', 'review', 'review', 'hard'
	  from inspection_answer a
	 cross join lateral (select o.*
	                       from inspection_answer o
	                      where o.inspection_id = a.inspection_id and o.item_id = a.item_id and o.id <> a.id
	                        and o.answered_by <> a.answered_by
	                      order by o.created_at desc, o.id desc
	                      limit 1) b
	 where a.id = $3::uuid
	   and (a.value, a.is_ok) is distinct from (b.value, b.is_ok)
	returning *
)
select m.id, m.field, null as base, m.mine #>> '{}' as mine, m.theirs #>> '{}' as theirs, person_name(m.theirs_by) as theirs_by,
       to_json(m.theirs_at) #>> '{}' as theirs_at, m.chosen, m.policy, m.severity, m.kind
  from made m;
