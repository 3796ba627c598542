-- name: matter_counts :one
-- How many matters of tablets wait for a person.
select (select count(*) from sync_conflict c where c.state = 'open' and (select matters_may())) as conflicts,
       (select count(*) from sync_mutation m where m.state = 'held') as held,
       (select count(*) from sync_mutation m where m.state = 'quarantined' and m.handled_as is distinct from 'closed')
       + (select count(*) from sync_quarantine q where q.state = 'open') as quarantined;

-- name: matter_devices :list
-- Tablets of people who work in my areas, those with the most to look at first: when each was heard from, and what waits of it.
select d.id, d.name, person_name(d.person_id) as person, d.state, d.last_seen, d.app_version, d.queue_count, d.queue_oldest, d.lease_until,
       c.conflicts, h.held, m.quarantined + q.opaque as quarantined
  from sync_device d
 cross join lateral (select count(*) as conflicts from sync_conflict c where c.device_id = d.id and c.state = 'open') c
 cross join lateral (select count(*) as held from sync_mutation m where m.device_id = d.id and m.state = 'held') h
 cross join lateral (select count(*) as quarantined
                       from sync_mutation m
                      where m.device_id = d.id and m.state = 'quarantined' and m.handled_as is distinct from 'closed') m
 cross join lateral (select count(*) as opaque from sync_quarantine q where q.device_id = d.id and q.state = 'open') q
 where (select matters_may())
   and (sync_person_areas(d.person_id) && (select areas()) or (select has_role('admin')))
   and (d.state = 'active' or c.conflicts + h.held + m.quarantined + q.opaque > 0)
 order by d.last_seen nulls first, d.id
 limit 500;

-- name: matter_conflict_list :list
-- Conflicts, the newest first. $1 state (null: all), $2 severity, $3 place or site, $4 limit, $5 after
select t.*, t.id as _key
  from sync_conflict_told t
 where (select matters_may())
   and ($1::text is null or t.state = $1)
   and ($2::text is null or t.severity = $2)
   and ($3::uuid is null or $3::uuid in (t.place_id, t.site_id))
   and ($5::uuid is null or t.id < $5::uuid)
 order by t.id desc
 limit $4::int;

-- name: matter_conflict_get :one
-- One conflict. $1 id
select t.* from sync_conflict_told t where t.id = $1::uuid and (select matters_may());

-- name: matter_conflict_lock :list
-- A conflict that is to be resolved, locked, with who wrote what. $1 id
select c.kind, c.policy, c.state, c.tbl, c.row_id, c.field, c.base #>> '{}' as base, c.mine #>> '{}' as mine, c.theirs #>> '{}' as theirs, c.mid,
       person_name(sync_author(m.payload, m.person_id)) as author, to_json(m.captured_at) #>> '{}' as at
  from sync_conflict c
  left join sync_mutation m on m.mid = c.mid
 where c.id = $1::uuid
   and (select matters_may())
   for update of c;

-- name: matter_resolve :exec
-- Writes down how a conflict was resolved, and by whom. $1 id, $2 chosen, $3 what the field became (null: it is not about a field), $4 note
update sync_conflict
   set state = 'resolved', chosen = $2, resolved_by = (select me()), resolved_at = now(), resolved_value = to_jsonb($3::text), note = $4
 where id = $1::uuid;

-- name: matter_raise :exec
-- Raises the row of a conflict from the dead. $1 id
select sync_raise($1::uuid);

-- name: matter_held_list :list
-- What waits for a predecessor, the first to give up first. $1 limit, $2 after
select m.mid as id, m.op, m.payload -> 'set' as fields, m.device_id, d.name as device_name, person_name(sync_author(m.payload, m.person_id)) as person, m.captured_at,
       m.received_at, m.held_for, m.held_until, f.state as held_for_state, m.skew_s, k.id as task_id, k.number as task_number,
       k.title as task_title, p.label as place_label, m.mid as _key
  from sync_mutation m
  join sync_device d on d.id = m.device_id
  left join sync_mutation f on f.mid = uuid_or_null(m.held_for)
  left join lateral (select x.id, x.number, x.title, x.place_id
                       from task x
                      where x.id = case when m.payload #>> '{row,t}' = 'task' then uuid_or_null(m.payload #>> '{row,id}')
                                        else uuid_or_null(m.payload #>> '{set,task_id,n}') end
                      limit 1) k on true
  left join lateral (select x.label
                       from place x
                      where x.id = case when k.id is not null then k.place_id else uuid_or_null(m.payload #>> '{set,place_id,n}') end
                      limit 1) p on true
 where (select matters_may())
   and m.state = 'held'
   and ($2::uuid is null or (m.held_until, m.mid) > (select a.held_until, a.mid from sync_mutation a where a.mid = $2::uuid))
 order by m.held_until, m.mid
 limit $1::int;

-- name: matter_quarantine_list :list
-- What was refused, and what could not be read, the newest first. $1 whether it is closed, $2 limit, $3 after
with refused as (
	select m.mid as id, false as is_opaque, m.op, m.payload -> 'set' as fields, m.result ->> 'reason' as reason, m.result ->> 'field' as field,
	       m.device_id, sync_author(m.payload, m.person_id) as person_id, m.captured_at, m.received_at, octet_length(m.payload::text) as bytes, m.handled_as, m.handled_by,
	       m.handled_at, m.handled_note,
	       case when m.payload #>> '{row,t}' = 'task' then uuid_or_null(m.payload #>> '{row,id}')
	            else uuid_or_null(m.payload #>> '{set,task_id,n}') end as of_task,
	       uuid_or_null(m.payload #>> '{set,place_id,n}') as of_place
	  from sync_mutation m
	 where m.state = 'quarantined'
	   and (m.handled_as is not distinct from 'closed') = coalesce($1::boolean, false)
	   and ($3::uuid is null or (m.received_at, m.mid) < (select a.received_at, a.mid from sync_mutation a where a.mid = $3::uuid
	                                                      union all
	                                                      select a.received_at, a.id from sync_quarantine a where a.id = $3::uuid))
	 order by m.received_at desc, m.mid desc
	 limit $2::int
), opaque as (
	select q.id, true as is_opaque, null::text as op, null::jsonb as fields, q.reason, null::text as field, q.device_id, q.person_id,
	       null::timestamptz as captured_at, q.received_at, octet_length(q.raw) as bytes, q.handled_as, q.handled_by, q.handled_at,
	       q.handled_note, null::uuid as of_task, null::uuid as of_place
	  from sync_quarantine q
	 where (q.state = 'resolved') = coalesce($1::boolean, false)
	   and ($3::uuid is null or (q.received_at, q.id) < (select a.received_at, a.mid from sync_mutation a where a.mid = $3::uuid
	                                                     union all
	                                                     select a.received_at, a.id from sync_quarantine a where a.id = $3::uuid))
	 order by q.received_at desc, q.id desc
	 limit $2::int
)
select a.id, a.is_opaque, a.op, a.fields, a.reason, a.field, a.device_id, d.name as device_name, person_name(a.person_id) as person,
       a.captured_at, a.received_at, a.bytes, a.handled_as, person_name(a.handled_by) as handled_by, a.handled_at, a.handled_note,
       k.id as task_id, k.number as task_number, k.title as task_title, p.label as place_label, a.id as _key
  from (select * from refused union all select * from opaque) a
  left join sync_device d on d.id = a.device_id
  left join lateral (select x.id, x.number, x.title, x.place_id from task x where x.id = a.of_task limit 1) k on true
  left join lateral (select x.label from place x where x.id = case when k.id is not null then k.place_id else a.of_place end limit 1) p on true
 where (select matters_may())
 order by a.received_at desc, a.id desc
 limit $2::int;

-- name: matter_quarantine_get :one
-- One thing in quarantine with its content as it came; bytes that are no UTF-8 as base64. $1 id
select m.mid as id, false as is_opaque, m.state, m.op, jsonb_pretty(m.payload) as raw, false as is_base64, m.result, m.received_at
  from sync_mutation m
 where m.mid = $1::uuid
   and m.state in ('quarantined', 'held')
   and (select matters_may())
union all
select q.id, true, q.state, null, coalesce(text_or_null(q.raw), encode(q.raw, 'base64')), text_or_null(q.raw) is null, null,
       q.received_at
  from sync_quarantine q
 where q.id = $1::uuid
   and (select matters_may());

-- name: matter_opaque_lock :list
-- Bytes that are to be looked into, locked. $1 id
select q.device_id, q.person_id, q.state, text_or_null(q.raw) as text
  from sync_quarantine q
 where q.id = $1::uuid
   and (select matters_may())
   for update;

-- name: matter_unpack :list
-- Makes quarantined mutations of what could be read, those that came before under their own name excepted; under a name of another content they
-- get a new one. Numbers below 0 are the office's: no tablet uses them. $1 id, $2 [{mid, grp, op, hash, payload, captured_at}]
with q as (
	select * from sync_quarantine x where x.id = $1::uuid
), low as (
	select least(0, min(m.seq)) as seq from q join sync_mutation m on m.device_id = q.device_id
), given as (
	select g.*, row_number() over () as n, k.mid is not null as is_used
	  from jsonb_to_recordset($2::jsonb) as g(mid uuid, grp uuid, op text, hash text, payload jsonb, captured_at timestamptz)
	  left join sync_mutation k on k.mid = g.mid
	 where k.mid is null
	    or k.payload_sha256 <> decode(g.hash, 'hex')
)
insert into sync_mutation (device_id, seq, mid, grp, op, payload_sha256, payload, state, result, person_id, captured_at, happened_at)
select q.device_id, coalesce(l.seq, 0) - g.n, case when g.is_used then uuidv7() else g.mid end, g.grp, g.op, decode(g.hash, 'hex'), g.payload,
       'quarantined', jsonb_build_object('state', 'quarantined', 'reason', q.reason), q.person_id, g.captured_at, g.captured_at
  from given g
 cross join q
  left join low l on true
returning mid;

-- name: matter_opaque_end :exec
-- Notes what became of bytes. $1 id, $2 unpacked or closed, $3 note
update sync_quarantine
   set state = 'resolved', handled_as = $2, handled_by = (select me()), handled_at = now(), handled_note = $3
 where id = $1::uuid;

-- name: matter_group :list
-- The group of a mutation that waits or was refused, in its order, locked. $1 mid
select m.device_id, m.seq, m.mid, m.payload, m.skew_s, to_json(now()) #>> '{}' as now
  from sync_mutation m
  join sync_mutation one on one.mid = $1::uuid and one.device_id = m.device_id
 where case when m.grp is not null then m.grp else m.mid end = case when one.grp is not null then one.grp else one.mid end
   and m.state = one.state
   and m.state in ('held', 'quarantined')
   and m.handled_as is distinct from 'closed'
   and (select matters_may())
 order by m.seq
   for no key update of m;

-- name: matter_write_as :one
-- What follows is written by the author of a mutation. $1 device, $2 seq
select w.author, w.name from sync_write_as($1::uuid, $2::bigint) w;

-- name: matter_write_as_me :exec
-- What follows is mine again.
select sync_write_as_me();

-- name: matter_handled :exec
-- What came of a mutation that somebody in the office took up. $1 device, $2 seq, $3 its state, $4 its answer (null: as before), $5 handled as, $6 note
update sync_mutation m
   set state = $3, result = case when $4::jsonb is null then m.result else $4::jsonb end || jsonb_build_object('state', $3::text, 'handled', $5::text),
       held_for = null, held_until = null, xid = pg_current_xact_id(), handled_as = $5, handled_by = (select me()), handled_at = now(),
       handled_note = $6
 where m.device_id = $1::uuid
   and m.seq = $2::bigint;

-- name: matter_settle_said :exec
-- What was told of a mutation as a conflict of its own is settled with it. $1 mid, $2 chosen
update sync_conflict c
   set state = 'resolved', chosen = $2, resolved_by = (select me()), resolved_at = now()
 where c.mid = $1::uuid
   and c.state = 'open'
   and (c.kind = 'edit_after_delete' or c.policy = 'held_too_long');
