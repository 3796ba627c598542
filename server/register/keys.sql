-- name: key_system_list :list
-- Key systems with how many keys they have, and how many of them are away.
-- $1 limit, $2 after
select s.id, s.name, s.maker, s.security_card, s.lost_key_ore, s.place_id, p.label as place_label, s.note, s.row_v,
       (select count(*) from cylinder c where c.system_id = s.id and c.removed_at is null) as cylinders,
       n.keys, n.out, n.lost, s.id as _key
  from key_system s
  join place p on p.id = s.place_id
 cross join lateral (select count(*) as keys, count(*) filter (where k.state = 'out') as out, count(*) filter (where k.state = 'lost') as lost
                       from key k
                      where k.system_id = s.id and k.state <> 'retired') n
 where s.removed_at is null
   and ($2::uuid is null or (s.name, s.id) > (select a.name, a.id from key_system a where a.id = $2::uuid))
 order by s.name, s.id
 limit $1::int;

-- name: key_system_get :one
-- A key system with its cylinders; of each, which lost keys open it. $1 id
select s.id, s.name, s.maker, s.security_card, s.lost_key_ore, s.place_id, p.label as place_label, s.note, s.row_v,
       (select coalesce(json_agg(json_build_object('id', c.id, 'mark', c.mark, 'place_id', c.place_id, 'place_label', d.label,
                                                   'component_id', c.component_id, 'note', c.note, 'row_v', c.row_v,
                                                   'lost_keys', (select count(*)
                                                                   from key k
                                                                  where k.system_id = s.id and k.state = 'lost'
                                                                    and (k.is_master or exists (
                                                                         select from key_cylinder o
                                                                          where o.key_id = k.id and o.cylinder_id = c.id))))
                                 order by c.mark, c.id), '[]')
          from cylinder c
          join place d on d.id = c.place_id
         where c.system_id = s.id
           and c.removed_at is null) as cylinders
  from key_system s
  join place p on p.id = s.place_id
 where s.id = $1::uuid
   and s.removed_at is null;

-- name: key_system_add :one
-- $1 body
insert into key_system (place_id, name, maker, security_card, lost_key_ore, note)
select g.place, g.name, g.maker, g.security_card, coalesce(g.lost_key_ore, 0), g.note
  from json_to_record($1::json) as g(place uuid, name text, maker text, security_card text, lost_key_ore bigint, note text)
returning id, name, place_id, row_v;

-- name: key_system_change :one
-- Changes what the body names; `removed` hides a system that is no longer in use. $1 id, $2 body
with given as (
	select * from json_to_record($2::json)
	           as g(row_v bigint, name text, maker text, security_card text, lost_key_ore bigint, note text, place uuid, removed boolean)
), now_is as materialized (
	select s.id, expect_version(s.row_v, g.row_v) from key_system s, given g where s.id = $1::uuid for update of s
)
update key_system s
   set name          = coalesce(g.name, s.name),
       maker         = case when ($2::jsonb) ? 'maker' then g.maker else s.maker end,
       security_card = case when ($2::jsonb) ? 'security_card' then g.security_card else s.security_card end,
       lost_key_ore  = coalesce(g.lost_key_ore, s.lost_key_ore),
       note          = case when ($2::jsonb) ? 'note' then g.note else s.note end,
       place_id      = coalesce(g.place, s.place_id),
       removed_at    = case when g.removed then now() when g.removed is false then null else s.removed_at end
  from given g, now_is n
 where s.id = n.id
returning s.id, s.name, s.removed_at, s.row_v;

-- name: cylinder_list :list
-- Cylinders of a system or of a place and what lies in it. $1 system, $2 place, $3 limit, $4 after
select c.id, c.system_id, s.name as system_name, c.mark, c.place_id, p.label as place_label, c.component_id, c.note, c.row_v, c.id as _key
  from cylinder c
  join key_system s on s.id = c.system_id
  join place p on p.id = c.place_id
 where c.removed_at is null
   and ($1::uuid is null or c.system_id = $1::uuid)
   and ($2::uuid is null or c.place_id = $2::uuid or c.site_id = $2::uuid)
   and ($4::uuid is null or c.id > $4::uuid)
 order by c.id
 limit $3::int;

-- name: cylinder_add :one
-- $1 body
insert into cylinder (system_id, mark, place_id, component_id, note)
select g.system, g.mark, coalesce(g.place, c.place_id), g.component, g.note
  from json_to_record($1::json) as g(system uuid, mark text, place uuid, component uuid, note text)
  left join component c on c.id = g.component
returning id, system_id, mark, place_id, component_id, row_v;

-- name: cylinder_change :one
-- $1 id, $2 body
with given as (
	select * from json_to_record($2::json) as g(row_v bigint, mark text, place uuid, component uuid, note text, removed boolean)
), now_is as materialized (
	select c.id, expect_version(c.row_v, g.row_v) from cylinder c, given g where c.id = $1::uuid for update of c
)
update cylinder c
   set mark         = coalesce(g.mark, c.mark),
       place_id     = coalesce(g.place, c.place_id),
       component_id = case when ($2::jsonb) ? 'component' then g.component else c.component_id end,
       note         = case when ($2::jsonb) ? 'note' then g.note else c.note end,
       removed_at   = case when g.removed then now() when g.removed is false then null else c.removed_at end
  from given g, now_is n
 where c.id = n.id
returning c.id, c.mark, c.place_id, c.removed_at, c.row_v;

-- name: key_list :list
-- Keys by their marks. $1 system, $2 holder, $3 state (null: all but retired), $4 words, $5 limit, $6 after
select k.id, k.system_id, s.name as system_name, k.mark, k.serial, k.is_master, k.state, l.id as loan_id, l.holder_id,
       w.name as holder_name, l.out_at, l.due_on, l.lost_at,
       coalesce(k.state = 'out' and l.due_on < (now() at time zone 'Europe/Oslo')::date, false) as is_overdue, k.row_v, k.id as _key
  from key k
  join key_system s on s.id = k.system_id
  left join key_loan l on l.key_id = k.id and l.in_at is null
  left join person w on w.id = l.holder_id
 where ($1::uuid is null or k.system_id = $1::uuid)
   and ($2::uuid is null or l.holder_id = $2::uuid)
   and case when $3::text is null then k.state <> 'retired' else k.state = $3 end
   and ($4::text is null
        or concat_ws(' ', k.mark || '-' || k.serial, s.name, w.name) ilike
           '%' || replace(replace(replace($4, '\', '\\'), '%', '\%'), '_', '\_') || '%')
   and ($6::uuid is null or (k.mark, k.serial, k.id) > (select a.mark, a.serial, a.id from key a where a.id = $6::uuid))
 order by k.mark, k.serial, k.id
 limit $5::int;

-- name: key_list_overdue :list
-- Keys that should have come in, the longest overdue first. $1 system, $2 holder, $3 words, $4 limit, $5 after
select k.id, k.system_id, s.name as system_name, k.mark, k.serial, k.is_master, k.state, l.id as loan_id, l.holder_id,
       w.name as holder_name, l.out_at, l.due_on, l.lost_at, true as is_overdue, k.row_v, k.id as _key
  from key_loan l
  join key k on k.id = l.key_id
  join key_system s on s.id = k.system_id
  left join person w on w.id = l.holder_id
 where l.in_at is null
   and l.lost_at is null
   and l.due_on < (now() at time zone 'Europe/Oslo')::date
   and ($1::uuid is null or k.system_id = $1::uuid)
   and ($2::uuid is null or l.holder_id = $2::uuid)
   and ($3::text is null
        or concat_ws(' ', k.mark || '-' || k.serial, s.name, w.name) ilike
           '%' || replace(replace(replace($3, '\', '\\'), '%', '\%'), '_', '\_') || '%')
   and ($5::uuid is null
        or (l.due_on, l.id) > (select a.due_on, a.id from key_loan a where a.key_id = $5::uuid and a.in_at is null))
 order by l.due_on, l.id
 limit $4::int;

-- name: key_get :one
-- A key with what it opens, its loans and what was charged for it. $1 id
select k.id, k.system_id, s.name as system_name, k.mark, k.serial, k.is_master, k.state, k.note, s.lost_key_ore, k.row_v,
       (select coalesce(json_agg(json_build_object('id', c.id, 'mark', c.mark, 'place_id', c.place_id, 'place_label', p.label)
                                 order by c.mark, c.id), '[]')
          from cylinder c
          join place p on p.id = c.place_id
         where c.system_id = k.system_id
           and c.removed_at is null
           and (k.is_master or exists (select from key_cylinder o where o.key_id = k.id and o.cylinder_id = c.id))) as opens,
       (select coalesce(json_agg(json_build_object(
                    'id', l.id, 'holder_id', l.holder_id, 'holder_name', person_name(l.holder_id), 'out_at', l.out_at,
                    'out_by_name', person_name(l.out_by), 'due_on', l.due_on, 'out_signature', encode(l.out_signature, 'hex'),
                    'out_name', l.out_name, 'out_note', l.out_note, 'in_at', l.in_at, 'in_by_name', person_name(l.in_by),
                    'in_signature', encode(l.in_signature, 'hex'), 'in_name', l.in_name, 'in_note', l.in_note, 'lost_at', l.lost_at,
                    'lost_by_name', person_name(l.lost_by), 'lost_note', l.lost_note) order by l.out_at desc, l.id desc), '[]')
          from (select * from key_loan x where x.key_id = k.id order by x.out_at desc, x.id desc limit 50) l) as loans,
       (select coalesce(json_agg(json_build_object('id', h.id, 'person_name', person_name(h.person_id), 'amount_ore', h.amount_ore,
                                                   'text', h.text, 'made_at', h.made_at) order by h.made_at, h.id), '[]')
          from charge h
         where h.row_id = k.id or h.row_id in (select x.id from key_loan x where x.key_id = k.id)) as charges
  from key k
  join key_system s on s.id = k.system_id
 where k.id = $1::uuid;

-- name: key_add :one
-- One key, or `count` of a mark, numbered on from the highest number there is. $1 body
with given as (
	select * from json_to_record($1::json)
	           as g(system uuid, mark text, serial text, count int, is_master boolean, cylinders uuid[], note text)
), highest as (
	select coalesce(max(k.serial::int), 0) as n
	  from given g
	  join key k on k.system_id = g.system and k.mark = g.mark and k.serial ~ '^[0-9]{1,6}$'
), wanted as materialized (
	select uuidv7() as id, g.system, g.mark, coalesce(g.serial, (h.n + i)::text) as serial, coalesce(g.is_master, false) as is_master,
	       g.note, i
	  from given g, highest h, generate_series(1, case when g.serial is null then coalesce(g.count, 1) else 1 end) as i
), made as (
	insert into key (id, system_id, mark, serial, is_master, note)
	select w.id, w.system, w.mark, w.serial, w.is_master, w.note from wanted w
	returning id
)
select (array_agg(w.id order by w.i))[1] as id, count(m.id)::int as count, to_json(array_agg(w.id order by w.i)) as ids,
       to_json(array_agg(w.serial order by w.i)) as serials
  from wanted w
  join made m on m.id = w.id
having count(*) > 0;

-- name: key_opens_set :exec
-- Which cylinders keys open, instead of those before. $1 keys as a JSON array, $2 cylinders as a JSON array
with keys as (
	select value::uuid as id from json_array_elements_text($1::json)
), doors as (
	select distinct value::uuid as id from json_array_elements_text($2::json)
), gone as (
	delete from key_cylinder o using keys k where o.key_id = k.id and o.cylinder_id not in (select d.id from doors d)
)
insert into key_cylinder (key_id, cylinder_id)
select k.id, d.id
  from keys k, doors d
 where not exists (select from key_cylinder o where o.key_id = k.id and o.cylinder_id = d.id);

-- name: key_change :one
-- Changes what the body names. $1 id, $2 body
with given as (
	select * from json_to_record($2::json) as g(row_v bigint, mark text, serial text, is_master boolean, note text, retired boolean)
), now_is as materialized (
	select k.id, expect_version(k.row_v, g.row_v) from key k, given g where k.id = $1::uuid for update of k
)
update key k
   set mark      = coalesce(g.mark, k.mark),
       serial    = coalesce(g.serial, k.serial),
       is_master = coalesce(g.is_master, k.is_master),
       note      = case when ($2::jsonb) ? 'note' then g.note else k.note end,
       state     = case when g.retired and k.state in ('in', 'lost') then 'retired'
                        when g.retired is false and k.state = 'retired' then 'in'
                        else k.state end
  from given g, now_is n
 where k.id = n.id
returning k.id, k.mark, k.serial, k.is_master, k.state, k.row_v;

-- name: key_newcomer :one
-- Somebody who was not known before and gets a key; nobody when the key is not there or not in. $1 key, $2 body
insert into person (name, phone, is_organisation)
select g.holder_name, g.holder_phone, coalesce(g.is_organisation, false)
  from json_to_record($2::json) as g(holder_name text, holder_phone text, is_organisation boolean)
 where exists (select from key k where k.id = $1::uuid and k.state = 'in')
returning id;

-- name: key_out :one
-- Signs a key out. $1 key, $2 holder, $3 body
insert into key_loan (key_id, holder_id, due_on, out_signature, out_name, out_note)
select k.id, $2::uuid, g.due_on, decode(g.signature, 'hex'), g.signed_name, g.note
  from json_to_record($3::json) as g(due_on date, signature text, signed_name text, note text)
  join key k on k.id = $1::uuid
returning id, key_id, holder_id, out_at, due_on, row_v;

-- name: key_in :one
-- Signs a key in. $1 key, $2 body
update key_loan l
   set in_at = now(), in_signature = decode(g.signature, 'hex'), in_name = g.signed_name, in_note = g.note
  from json_to_record($2::json) as g(signature text, signed_name text, note text)
 where l.key_id = $1::uuid
   and l.in_at is null
   and l.lost_at is null
returning l.id, l.key_id, l.holder_id, l.out_at, l.in_at, l.row_v;

-- name: key_mark_lost :one
-- Marks a key lost and charges who had it. Answers with the charge, and the cylinders that the key still opens: they are not safe.
-- $1 key, $2 body
with done as materialized (
	select key_lost($1::uuid, g.amount_ore, g.person, g.note) as charge
	  from json_to_record($2::json) as g(amount_ore bigint, person uuid, note text)
)
select k.id, 'lost' as state, d.charge as charge_id,
       (select coalesce(json_agg(json_build_object('id', c.id, 'mark', c.mark, 'place_id', c.place_id, 'place_label', p.label)
                                 order by c.mark, c.id), '[]')
          from cylinder c
          join place p on p.id = c.place_id
         where c.system_id = k.system_id
           and c.removed_at is null
           and (k.is_master or exists (select from key_cylinder o where o.key_id = k.id and o.cylinder_id = c.id))) as compromised
  from done d
  join key k on k.id = $1::uuid;

-- name: key_mark_found :one
-- A lost key has turned up. $1 key, $2 body
with done as materialized (
	select key_found($1::uuid, g.note) as charge from json_to_record($2::json) as g(note text)
)
select k.id, 'in' as state, d.charge as charge_id from done d join key k on k.id = $1::uuid;

-- name: key_at_place :list
-- Keys that open something at a place, or in it when it is a building or a property. $1 place, $2 limit, $3 after
with doors as (
	select c.id, c.system_id, c.mark from cylinder c where c.place_id = $1::uuid and c.removed_at is null
	union
	select c.id, c.system_id, c.mark from cylinder c where c.site_id = $1::uuid and c.removed_at is null
	union
	select c.id, c.system_id, c.mark
	  from place b
	  join cylinder c on c.site_id = b.id and c.removed_at is null
	 where b.parent_id = $1::uuid and b.kind = 'building'
), opening as (
	select o.key_id, string_agg(d.mark, ', ' order by d.mark) as marks
	  from doors d
	  join key_cylinder o on o.cylinder_id = d.id
	 group by o.key_id
	union all
	select k.id, null from key k where k.is_master and k.system_id in (select d.system_id from doors d)
)
select k.id, k.system_id, s.name as system_name, k.mark, k.serial, k.is_master, k.state, o.marks as opens, l.id as loan_id, l.holder_id,
       person_name(l.holder_id) as holder_name, l.out_at, l.due_on, l.lost_at,
       coalesce(k.state = 'out' and l.due_on < (now() at time zone 'Europe/Oslo')::date, false) as is_overdue, k.row_v, k.id as _key
  from (select p.key_id, max(p.marks) as marks from opening p group by p.key_id) o
  join key k on k.id = o.key_id
  join key_system s on s.id = k.system_id
  left join key_loan l on l.key_id = k.id and l.in_at is null
 where k.state <> 'retired'
   and ($3::uuid is null or (k.mark, k.serial, k.id) > (select a.mark, a.serial, a.id from key a where a.id = $3::uuid))
 order by k.mark, k.serial, k.id
 limit $2::int;

-- name: key_holders :list
-- People and organisations to sign a key out to, by name or number. $1 words
select p.id, p.name, p.is_organisation, p.phone
  from search s
  join person p on p.id = s.row_id
 where s.tbl = 'person'
   and s.text like '%' || replace(replace(search_form($1::text), '\', '\\'), '%', '\%') || '%'
 order by similarity(s.text, search_form($1::text)) desc, p.name, p.id
 limit 20;
