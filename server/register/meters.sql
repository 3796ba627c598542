-- name: meter_list :list
-- Meters by serial, with the last reading that counts and how many wait for a decision.
-- $1 place (and what lies in it when it is a building), $2 kind, $3 words, $4 flagged only, $5 limit, $6 after
select m.id, m.place_id, p.label as place_label, m.component_id, m.kind, m.unit, m.serial, m.name, m.digits, m.factor, m.heat_share,
       m.station, m.installed_on, m.removed_on, m.replaces, m.row_v, l.value as last_value, l.at as last_at,
       (select count(*) from meter_reading f where f.meter_id = m.id and f.state = 'flagged') as flagged, m.id as _key
  from meter m
  join place p on p.id = m.place_id
  left join lateral (select r.value, r.at
                       from meter_reading r
                      where r.meter_id = m.id and r.state in ('ok', 'accepted')
                      order by r.at desc, r.id
                      limit 1) l on true
 where ($1::uuid is null or m.place_id = $1::uuid or m.site_id = $1::uuid)
   and ($2::text is null or m.kind = $2)
   and ($3::text is null
        or concat_ws(' ', m.serial, m.name, p.label) ilike '%' || replace(replace(replace($3, '\', '\\'), '%', '\%'), '_', '\_') || '%')
   and ($4::boolean is not true or exists (select from meter_reading f where f.meter_id = m.id and f.state = 'flagged'))
   and ($6::uuid is null or (m.serial, m.id) > (select a.serial, a.id from meter a where a.id = $6::uuid))
 order by m.serial, m.id
 limit $5::int;

-- name: meter_list_mine :list
-- The meters of my dwellings.
select m.id, m.place_id, p.label as place_label, m.kind, m.unit, m.serial, m.name, m.digits, m.installed_on, m.removed_on,
       l.value as last_value, l.at as last_at
  from meter m
  join place p on p.id = m.place_id
  left join lateral (select r.value, r.at
                       from meter_reading r
                      where r.meter_id = m.id and r.state in ('ok', 'accepted')
                      order by r.at desc, r.id
                      limit 1) l on true
 order by m.kind, m.serial, m.id
 limit 100;

-- name: meter_get :one
-- A meter, with the one that hung there before and the one that came after. $1 id
select m.id, m.place_id, p.label as place_label, m.component_id, c.name as component_name, m.kind, m.unit, m.serial, m.name, m.digits,
       m.factor, m.heat_share, m.station, meter_station(m.id) as station_used, m.installed_on, m.removed_on, m.replaces,
       (select o.serial from meter o where o.id = m.replaces) as replaces_serial,
       (select n.id from meter n where n.replaces = m.id) as replaced_by, m.row_v
  from meter m
  join place p on p.id = m.place_id
  left join component c on c.id = m.component_id
 where m.id = $1::uuid;

-- name: meter_add :one
-- A meter and, when the body says what it stood on, its first reading. $1 body
with given as (
	select uuidv7() as id, g.*
	  from json_to_record($1::json) as g(place uuid, component uuid, kind text, unit text, serial text, name text, digits int,
	                                     factor numeric, heat_share numeric, station text, installed_on date, start_value numeric)
), made as (
	insert into meter (id, place_id, component_id, kind, unit, serial, name, digits, factor, heat_share, station, installed_on)
	select g.id, coalesce(c.place_id, g.place), g.component, g.kind, g.unit, g.serial, g.name, g.digits, coalesce(g.factor, 1),
	       coalesce(g.heat_share, case g.kind when 'heat' then 1 else 0 end), g.station,
	       coalesce(g.installed_on, (now() at time zone 'Europe/Oslo')::date)
	  from given g
	  left join component c on c.id = g.component
	returning id, place_id, kind, unit, serial, installed_on, row_v
)
select * from made;

-- name: meter_start :exec
-- What a new meter stood on when it was put up. $1 meter, $2 body
insert into meter_reading (meter_id, at, value, source)
select m.id, least(m.installed_on::timestamp at time zone 'Europe/Oslo', now()), g.start_value, 'install'
  from json_to_record($2::json) as g(start_value numeric)
  join meter m on m.id = $1::uuid
 where g.start_value is not null;

-- name: meter_change :one
-- $1 id, $2 body
with given as (
	select * from json_to_record($2::json)
	           as g(row_v bigint, place uuid, component uuid, kind text, unit text, serial text, name text, digits int, factor numeric,
	                heat_share numeric, station text, installed_on date, removed_on date)
), now_is as materialized (
	select m.id, expect_version(m.row_v, g.row_v) from meter m, given g where m.id = $1::uuid for update of m
)
update meter m
   set place_id     = coalesce(g.place, m.place_id),
       component_id = case when ($2::jsonb) ? 'component' then g.component else m.component_id end,
       kind         = coalesce(g.kind, m.kind),
       unit         = coalesce(g.unit, m.unit),
       serial       = coalesce(g.serial, m.serial),
       name         = case when ($2::jsonb) ? 'name' then g.name else m.name end,
       digits       = case when ($2::jsonb) ? 'digits' then g.digits else m.digits end,
       factor       = coalesce(g.factor, m.factor),
       heat_share   = coalesce(g.heat_share, m.heat_share),
       station      = case when ($2::jsonb) ? 'station' then g.station else m.station end,
       installed_on = coalesce(g.installed_on, m.installed_on),
       removed_on   = case when ($2::jsonb) ? 'removed_on' then g.removed_on else m.removed_on end
  from given g, now_is n
 where m.id = n.id
returning m.id, m.serial, m.kind, m.unit, m.removed_on, m.row_v;

-- name: meter_swap :one
-- A new meter where an old one hung. $1 old meter, $2 body
select r.id, $1::uuid as replaces
  from (select meter_replace($1::uuid, coalesce(g.at, now()), g.end_value, g.serial, coalesce(g.start_value, 0), g.digits, g.factor) as id
          from json_to_record($2::json) as g(at timestamptz, end_value numeric, serial text, start_value numeric, digits int,
                                             factor numeric)
        offset 0) r
 where r.id is not null;

-- name: reading_list :list
-- Readings of a meter, the newest first. $1 meter, $2 limit, $3 after
select r.id, r.at, r.value, r.source, person_name(r.by_id) as by_name, r.note, to_json(r.flags) as flags, r.flag_facts, r.state,
       person_name(r.reviewed_by) as reviewed_by_name, r.reviewed_at, r.superseded_by, r.created_at, r.row_v, r.id as _key
  from meter_reading r
 where r.meter_id = $1::uuid
   and ($3::uuid is null or (r.at, r.id) < (select a.at, a.id from meter_reading a where a.id = $3::uuid))
 order by r.at desc, r.id desc
 limit $2::int;

-- name: reading_list_mine :list
-- Readings of a meter of my dwelling since I moved in. $1 meter, $2 limit, $3 after
select r.id, r.at, r.value, r.source, to_json(r.flags) as flags, r.state, r.created_at, r.id as _key
  from meter_reading r
 where r.meter_id = $1::uuid
   and ($3::uuid is null or (r.at, r.id) < (select a.at, a.id from meter_reading a where a.id = $3::uuid))
 order by r.at desc, r.id desc
 limit $2::int;

-- name: reading_flagged :list
-- Readings that wait for somebody to say whether they are right, the newest first. $1 limit, $2 after
select r.id, r.meter_id, m.serial, m.kind, m.unit, m.place_id, p.label as place_label, r.at, r.value, r.source,
       person_name(r.by_id) as by_name, r.note, to_json(r.flags) as flags, r.flag_facts, r.created_at, r.row_v, r.id as _key
  from meter_reading r
  join meter m on m.id = r.meter_id
  join place p on p.id = m.place_id
 where r.state = 'flagged'
   and ($2::uuid is null or (r.at, r.id) < (select a.at, a.id from meter_reading a where a.id = $2::uuid))
 order by r.at desc, r.id desc
 limit $1::int;

-- name: reading_add :one
-- Takes a reading, whatever it is; says what is implausible about it. $1 meter, $2 source, $3 body
insert into meter_reading (id, meter_id, at, value, source, note)
select coalesce(g.id, uuidv7()), $1::uuid, coalesce(g.at, now()), g.value, $2::text, g.note
  from json_to_record($3::json) as g(id uuid, at timestamptz, value numeric, note text)
returning id, meter_id, at, value, source, to_json(flags) as flags, state, created_at;

-- name: reading_accept :one
-- $1 reading
select r.id, 'accepted' as state
  from (select reading_accept($1::uuid)) done
 cross join (select $1::uuid as id) r;

-- name: reading_correct :one
-- What it should have been: a new reading that supersedes the old one. $1 reading, $2 body
select r.id, $1::uuid as supersedes
  from (select reading_correct($1::uuid, g.value, g.at, g.note) as id
          from json_to_record($2::json) as g(value numeric, at timestamptz, note text)
        offset 0) r
 where r.id is not null;

-- name: reading_file :one
-- Takes the lines of a file that could be read; a line whose meter is not found, or is not one only, is told back.
-- $1 lines as JSON: line, text, serial, at, has_offset, value, reason (why it could not be read)
with given as materialized (
	select * from json_to_recordset($1::json)
	           as g(line int, text text, serial text, at text, has_offset boolean, value numeric, reason text)
), placed as materialized (
	select g.line, g.text, f.id as meter_id, g.value,
	       case when g.reason is not null then null
	            when g.has_offset then g.at::timestamptz
	            else g.at::timestamp at time zone 'Europe/Oslo' end as at,
	       case when g.reason is not null then g.reason
	            when f.n is null then 'unknown_meter'
	            when f.n > 1 then 'several_meters' end as reason
	  from given g
	  left join lateral (select (array_agg(m.id))[1] as id, count(*) as n
	                       from meter m
	                      where lower(m.serial) = lower(g.serial) and m.removed_on is null
	                     having count(*) > 0) f on g.reason is null
), made as (
	insert into meter_reading (meter_id, at, value, source)
	select p.meter_id, p.at, p.value, 'file' from placed p where p.reason is null order by p.at, p.line
	returning state, flags, meter_id, at, value
)
select (select count(*) from made) as taken,
       (select count(*) from made m where m.state = 'flagged') as flagged,
       (select coalesce(json_agg(json_build_object('line', p.line, 'text', p.text, 'reason', p.reason) order by p.line), '[]')
          from placed p
         where p.reason is not null) as rejects;

-- name: degree_day_file :one
-- Takes mean temperatures; a day that is there already is put right.
-- $1 lines as JSON: line, text, station, day, mean, reason (why it could not be read)
with given as materialized (
	select * from json_to_recordset($1::json) as g(line int, text text, station text, day date, mean numeric, reason text)
), judged as materialized (
	select g.line, g.text, g.station, g.day, g.mean,
	       case when g.reason is not null then g.reason
	            when g.mean not between -60 and 45 then 'temperature'
	            when length(g.station) > 20 then 'station'
	            when count(*) filter (where g.reason is null) over (partition by g.station, g.day) > 1 then 'twice' end as reason
	  from given g
), made as (
	insert into degree_day (station, day, mean_c)
	select j.station, j.day, j.mean from judged j where j.reason is null
	on conflict (station, day) do update set mean_c = excluded.mean_c
	returning 1
)
select (select count(*) from made) as taken,
       (select coalesce(json_agg(json_build_object('line', j.line, 'text', j.text, 'reason', j.reason) order by j.line), '[]')
          from judged j
         where j.reason is not null) as rejects;

-- name: degree_day_months :list
-- Degree days by month. $1 station, $2 from, $3 to
select to_char(d.day, 'YYYY-MM') as month, sum(d.degree_days) as degree_days, count(*)::int as days, round(avg(d.mean_c), 1) as mean_c
  from degree_day d
 where d.station = $1::text
   and d.day >= coalesce($2::date, (now() - interval '3 years')::date)
   and d.day <= coalesce($3::date, now()::date)
 group by 1
 order by 1
 limit 500;

-- name: meter_consumption :one
-- What was used by day or month: each stretch between two readings that count is spread evenly over its time, through the meters that
-- this one replaced. `covered` is how much of the period readings cover. A whole month is also corrected for the weather as Enova does:
-- what is not heating, plus heating times normal degree days over actual ones; normal is the mean of the station's same months that are
-- whole. Months with fewer than 30 degree days are not corrected: what little there is says nothing of heating.
-- $1 meter, $2 from, $3 to, $4 by
with asked as (
	select coalesce($4::text, 'month') as by, ('1 ' || coalesce($4::text, 'month'))::interval as step,
	       coalesce($2::date, (now() at time zone 'Europe/Oslo')::date - interval '24 months') as since,
	       least(coalesce($3::date, (now() at time zone 'Europe/Oslo')::date), (now() at time zone 'Europe/Oslo')::date + 1) as until
), period as (
	select s as start, s at time zone 'Europe/Oslo' as from_at, (s + a.step) at time zone 'Europe/Oslo' as to_at, (s + a.step)::date - s::date as days
	  from asked a
	 cross join generate_series(date_trunc(a.by, a.since::timestamp), a.until::timestamp, a.step) s
	 limit 1200
), stretch as materialized (
	select s.*
	  from (select min(from_at) as since, max(to_at) as until from period) b
	 cross join meter_stretch($1::uuid, b.since, b.until) s
), used as (
	select p.start, p.days, sum(s.used * v.seconds / extract(epoch from s.to_at - s.from_at)) as used,
	       coalesce(sum(v.seconds), 0) / extract(epoch from p.to_at - p.from_at) as covered
	  from period p
	  left join stretch s on s.to_at > p.from_at and s.from_at < p.to_at
	  left join lateral (select extract(epoch from least(s.to_at, p.to_at) - greatest(s.from_at, p.from_at)) as seconds) v
	    on s.to_at is not null
	 group by p.start, p.days, p.from_at, p.to_at
), station as materialized (
	select meter_station($1::uuid) as code
), month as (
	select date_trunc('month', d.day::timestamp) as start, sum(d.degree_days) as degree_days, count(*) as days
	  from degree_day d
	  join station s on s.code = d.station
	 group by 1
), whole as (
	select m.start, m.degree_days from month m where m.days = extract(day from m.start + interval '1 month' - interval '1 day')
), normal as (
	select extract(month from w.start) as number, avg(w.degree_days) as degree_days, count(*) as years from whole w group by 1
), told as (
	select u.start, u.days, u.used, u.covered, w.degree_days, n.degree_days as normal_degree_days,
	       case when u.covered > 0.999 and w.degree_days >= 30 and n.years >= 2
	            then u.used * (1 - m.heat_share) + u.used * m.heat_share * n.degree_days / w.degree_days end as corrected
	  from used u
	 cross join asked a
	  join meter m on m.id = $1::uuid
	  left join whole w on a.by = 'month' and w.start = u.start
	  left join normal n on a.by = 'month' and n.number = extract(month from u.start)
)
select m.id, m.kind, m.unit, m.heat_share, a.by, (select s.code from station s) as station,
       (select coalesce(json_agg(json_build_object('start', t.start::date, 'used', round(t.used, 3), 'per_day', round(t.used / nullif(t.days * t.covered, 0), 3),
                                                   'covered', round(t.covered, 3), 'degree_days', round(t.degree_days, 1),
                                                   'normal_degree_days', round(t.normal_degree_days, 1), 'corrected', round(t.corrected, 3))
                                 order by t.start), '[]')
          from told t) as periods
  from meter m
 cross join asked a
 where m.id = $1::uuid;
