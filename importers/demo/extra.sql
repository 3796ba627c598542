-- What the demo has of keys, meters and warnings besides the register, made from the rows that are there: the same rows give the same keys
-- and readings. Chance is a hash of the row's key and a word.

-- name: demo_key_systems :exec
-- A key system for each of at most 300 buildings with dwellings.
insert into key_system (id, place_id, name, maker, security_card, lost_key_ore)
select md5('key_system' || b.id)::uuid, b.id, 'Låssystem ' || b.name,
       (array['Trioving dp CLIQ', 'DOM ix Teco', 'Assa Desmo', 'Kaba ExpertPlus'])[1 + get_byte(decode(md5('maker' || b.id), 'hex'), 0) % 4],
       'K-' || upper(left(md5('card' || b.id), 6)), 60000 + 5000 * (get_byte(decode(md5('price' || b.id), 'hex'), 0) % 8)
  from place b
 where b.kind = 'building'
   and exists (select from place d where d.site_id = b.id and d.kind = 'dwelling')
 order by b.id
 limit 300;

-- name: demo_cylinders :exec
-- The front door, the cellar, and each dwelling's door.
insert into cylinder (id, system_id, mark, place_id)
select md5('cylinder Y1' || s.id)::uuid, s.id, 'Y1', s.place_id from key_system s
union all
select md5('cylinder K1' || s.id)::uuid, s.id, 'K1', s.place_id from key_system s
union all
select md5('cylinder' || d.id)::uuid, s.id, d.name, d.id
  from key_system s
  join place d on d.site_id = s.place_id and d.kind = 'dwelling'
 where not exists (select from place x where x.site_id = d.site_id and x.kind = 'dwelling' and x.name = d.name and x.id < d.id);

-- name: demo_keys :exec
-- Two master keys and three to the common doors of a system, three to each dwelling.
insert into key (id, system_id, mark, serial, is_master)
select md5('key GHN' || n || s.id)::uuid, s.id, 'GHN', n::text, true from key_system s, generate_series(1, 2) n
union all
select md5('key F' || n || s.id)::uuid, s.id, 'F', n::text, false from key_system s, generate_series(1, 3) n
union all
select md5('key' || n || c.id)::uuid, c.system_id, c.mark, n::text, false
  from cylinder c, generate_series(1, 3) n
 where c.mark not in ('Y1', 'K1');

-- name: demo_key_cylinders :exec
-- A dwelling's key opens its door and the front door; a common one the front door and the cellar.
insert into key_cylinder (key_id, cylinder_id)
select k.id, c.id
  from key k
  join cylinder c on c.system_id = k.system_id and (c.mark = k.mark or c.mark = 'Y1' or (c.mark = 'K1' and k.mark = 'F'))
 where not k.is_master;

-- name: demo_key_loans :exec
-- Tenants have two keys of their dwelling; a craftsman has one to the common doors of every third system, half of them too long; the
-- demo's caretaker has a master key. $1 the demo's day
insert into key_loan (id, key_id, holder_id, out_at, out_by, due_on, out_name)
select md5('loan' || k.id)::uuid, k.id, t.person_id, greatest(t.starts_on, $1::date - 3000) + interval '11 hours', m.id, null, t.name
  from key k
  join cylinder c on c.system_id = k.system_id and c.mark = k.mark and not k.is_master
  join (select distinct on (l.dwelling_id) l.dwelling_id, l.starts_on, p.id as person_id, p.name
          from lease l
          join lease_party lp on lp.lease_id = l.id and lp.role = 'tenant'
          join person p on p.id = lp.person_id
         where l.state in ('active', 'notice') and l.starts_on < $1::date
         order by l.dwelling_id, l.starts_on desc, l.id) t on t.dwelling_id = c.place_id
  join person m on m.demo_key = 'frontdesk'
 where k.serial in ('1', '2')
union all
select md5('loan' || k.id)::uuid, k.id, p.id, $1::date - 20 - h.n % 30 + interval '9 hours', m.id, $1::date - 5 + h.n % 11, p.name
  from key k
 cross join lateral (select get_byte(decode(md5('craftsman' || k.id), 'hex'), 0) as n) h
  join person p on p.demo_key = 'supplier'
  join person m on m.demo_key = 'frontdesk'
 where k.mark = 'F' and k.serial = '1' and h.n % 3 = 0
union all
select md5('loan' || k.id)::uuid, k.id, p.id, $1::date - 900 + interval '8 hours', m.id, null, p.name
  from key k
  join person p on p.demo_key = 'caretaker'
  join person m on m.demo_key = 'manager'
 where k.mark = 'GHN' and k.serial = '1';

-- name: demo_keys_lost :exec
-- One key in two hundred is lost, and charged. $1 the demo's day
with gone as (
	update key_loan l
	   set lost_at = greatest(l.out_at, $1::date - 12 + interval '10 hours'), lost_by = l.out_by, lost_note = 'Mistet'
	 where l.due_on is null
	   and l.in_at is null
	   and get_byte(decode(md5('lost' || l.id), 'hex'), 0) = 7
	   and not exists (select from key k where k.id = l.key_id and k.is_master)
	returning l.id, l.key_id, l.holder_id, l.lost_at, l.lost_by
)
insert into charge (id, person_id, reason, amount_ore, text, tbl, row_id, made_at, made_by)
select md5('charge' || g.id)::uuid, g.holder_id, 'lost_key', s.lost_key_ore, 'Tapt nøkkel ' || k.mark || '-' || k.serial || ', ' || s.name,
       'key_loan', g.id, g.lost_at, g.lost_by
  from gone g
  join key k on k.id = g.key_id
  join key_system s on s.id = k.system_id;

-- name: demo_degree_days :exec
-- Three years of mild winters by the sea, with weather of some days' length. $1 the demo's day
insert into degree_day (station, day, mean_c)
select '1505', d::date, round((7.2 - 6.3 * cos(2 * pi() * (extract(doy from d) - 25) / 365)
                               + 3.5 * sin(extract(epoch from d) / 86400 / 2.7 + sin(extract(epoch from d) / 86400 / 11))
                               + (get_byte(decode(md5('day' || d::date), 'hex'), 0) - 128) / 90.0)::numeric, 1)
  from generate_series(date_trunc('month', $1::timestamp) - interval '37 months', $1::timestamp - interval '1 day', interval '1 day') d
on conflict do nothing;

-- name: demo_meters :exec
-- Electricity and water of at most 300 buildings, district heating of some; electricity and water of the dwellings in the first 30, and of the
-- demo tenant's. $1 the demo's day
with building as (
	select b.place_id as id, coalesce(b.bta_m2, 300) as m2, b.heating, row_number() over (order by b.place_id) as n
	  from building b
	 order by b.place_id
	 limit 300
), home as (
	select l.dwelling_id
	  from lease l
	  join lease_party lp on lp.lease_id = l.id
	  join person p on p.id = lp.person_id and p.demo_key = 'tenant'
), wanted as (
	select b.id as place_id, k.kind, k.unit, b.m2 * k.per_m2 as a_year, k.heat_share, k.name
	  from building b
	 cross join (values ('electricity', 'kWh', 90, 0.35, 'Fellesmåler strøm'), ('water', 'm³', 0.9, 0, 'Vannmåler inntak'),
	                    ('heat', 'kWh', 110, 1, 'Fjernvarme')) k(kind, unit, per_m2, heat_share, name)
	 where k.kind <> 'heat' or get_byte(decode(md5('heat' || b.id), 'hex'), 0) < 60
	union all
	select d.place_id, k.kind, k.unit, coalesce(d.area_m2, 60) * k.per_m2, k.heat_share, null
	  from dwelling d
	  join place p on p.id = d.place_id
	 cross join (values ('electricity', 'kWh', 140, 0.55), ('water', 'm³', 1.1, 0)) k(kind, unit, per_m2, heat_share)
	 where p.site_id in (select b.id from building b where b.n <= 30)
	    or d.place_id in (select h.dwelling_id from home h)
)
insert into meter (id, place_id, kind, unit, serial, name, digits, heat_share, installed_on)
select md5('meter' || w.kind || w.place_id)::uuid, w.place_id, w.kind, w.unit,
       case w.kind when 'electricity' then '6970631' else 'KAM' end || translate(left(md5('serial' || w.kind || w.place_id), 9), 'abcdef', '012345'),
       w.name, case w.kind when 'water' then 5 else 6 end, w.heat_share, $1::date - 2500
  from wanted w;

-- name: demo_readings :exec
-- Two years of readings by the month: heating follows the degree days, the rest is even. Programs bring their flags themselves. $1 the
-- demo's day
with month as (
	select m, m + interval '1 month' as next,
	       (select coalesce(sum(d.degree_days), 0) from degree_day d where d.station = '1505' and d.day >= m and d.day < m + interval '1 month') as cold
	  from generate_series(date_trunc('month', $1::timestamp) - interval '25 months', date_trunc('month', $1::timestamp) - interval '1 month',
	                       interval '1 month') m
), year as (
	select sum(m.cold) / count(*) as cold from month m
), used as (
	select r.id as meter_id, m.next as at, r.digits,
	       round((case when r.kind = 'water' then 1 else 1 end * r.a_year / 12
	              * (1 - r.heat_share + r.heat_share * m.cold / y.cold)
	              * (0.9 + get_byte(decode(md5('use' || r.id || m.m), 'hex'), 0) / 1280.0))::numeric, 0) as step
	  from (select x.id, x.kind, x.heat_share, x.digits,
	               case x.kind when 'water' then 55 when 'heat' then 90000 else 9000 end
	               * (0.5 + get_byte(decode(md5('size' || x.id), 'hex'), 0) / 128.0) as a_year
	          from meter x) r
	 cross join month m
	 cross join year y
)
insert into meter_reading (id, meter_id, at, value, source, flags)
select md5('reading' || u.meter_id || u.at)::uuid, u.meter_id, (u.at + interval '9 hours') at time zone 'Europe/Oslo',
       round((get_byte(decode(md5('first' || u.meter_id), 'hex'), 0) * 90 + sum(u.step) over (partition by u.meter_id order by u.at)) % (10::numeric ^ u.digits)),
       case when get_byte(decode(md5('source' || u.meter_id), 'hex'), 0) < 90 then 'automatic' else 'manual' end, '{}'
  from used u;

-- name: demo_readings_odd :exec
-- One meter in twenty has a last reading that somebody must look at: a digit too many, or the wrong meter. $1 the demo's day
insert into meter_reading (id, meter_id, at, value, source, by_id)
select md5('odd' || m.id)::uuid, m.id, $1::date - 2 + interval '10 hours',
       round(case when get_byte(decode(md5('odd' || m.id), 'hex'), 1) < 128 then l.value * 0.8 else l.value + 40 * (l.value - f.value) / 24 end), 'manual', p.id
  from meter m
  join lateral (select r.value from meter_reading r where r.meter_id = m.id order by r.at desc limit 1) l on true
  join lateral (select r.value from meter_reading r where r.meter_id = m.id order by r.at limit 1) f on f.value < l.value
  join person p on p.demo_key = 'caretaker'
 where get_byte(decode(md5('odd' || m.id), 'hex'), 0) < 13
    or m.id = (select x.id from meter x where x.kind = 'electricity' order by x.serial, x.id limit 1);

-- name: demo_warning_kinds :exec
-- What the load's warnings are about.
update warning
   set kind = case when text like 'Asbest%' then 'asbestos' when text like 'Gassfare%' then 'confined_space' when text like '%alarm%' then 'alarm'
                   else kind end;

-- name: demo_warnings :exec
-- Alarm procedures of public buildings, a dog in one dwelling of 256. $1 the demo's day
insert into warning (id, place_id, kind, text, valid_from)
select md5('alarm' || b.place_id)::uuid, b.place_id, 'alarm',
       'Innbruddsalarm: slå av innen 30 sekunder i panelet ved inngangen. Ring vaktsentralen før du går inn utenom arbeidstid.', $1::date - 200
  from building b
 where b.type_code between 600 and 699
   and get_byte(decode(md5('alarm' || b.place_id), 'hex'), 0) < 90
union all
select md5('dog' || d.place_id)::uuid, d.place_id, 'dog', 'Stor hund. Ring på og vent til eieren åpner.', $1::date - 100
  from dwelling d
 where get_byte(decode(md5('dog' || d.place_id), 'hex'), 0) = 3;
