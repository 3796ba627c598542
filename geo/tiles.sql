-- Layers of vector tiles. Each gives one row: the layer as MVT (Mapbox Vector Tile 2.1), and when it changes by itself because a deadline
-- passes (seconds since 1970, null: never). All take the same parameters:
--   $1 box in EPSG:25832 to look in, with the tile's rim · $2 the tile's edges in its grid's metres (both west, south, east, north)
--   $3 EPSG of the grid · $4 metres on the ground that a pixel covers
-- A layer of points is one of single things when they are few, and of counts in 16 × 16 cells when they are many: a tile must not grow past
-- 500 kB, and a thousand symbols in a square of 256 pixels say nothing. When there are too many the tile is null, and the layer's
-- query of counts (*_far) answers instead. A thing is in one cell of one tile: cells do not reach into the rim.
-- `e` is materialized so that the parameters are read once and not for each row.

-- name: tile_who :one
-- What the rights of whoever asks depend on.
select me() as person, current_setting('fdvu.areas', true) as areas, current_setting('fdvu.roles', true) as roles;

-- name: tile_municipality :bytes
-- The land.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env)
select coalesce(st_asmvt(t, 'municipality', 4096, 'geom'), '') as tile, null::bigint as until
  from (select p.id, left(p.label, 80) as label,
               st_asmvtgeom(st_transform(st_simplify(p.geom, $4::float8 / 2, true), $3::int), (select env from e), 4096, 64, true) as geom
          from place p
         where p.kind = 'municipality'
           and p.removed_at is null
           and p.geom && (select box from e)
         limit 500) t;

-- name: tile_property :bytes
-- Parcels that have an outline.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env)
select coalesce(st_asmvt(t, 'property', 4096, 'geom'), '') as tile, null::bigint as until
  from (select p.id, left(p.label, 80) as label,
               st_asmvtgeom(st_transform(st_simplify(p.geom, $4::float8 / 2, true), $3::int), (select env from e), 4096, 64, true) as geom
          from place p
         where p.kind = 'property'
           and p.removed_at is null
           and p.geom && (select box from e)
         limit 500) t;

-- name: tile_outdoor_area :bytes
-- Parks, squares, playgrounds: outlines, or points of those that have none.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env)
select coalesce(st_asmvt(t, 'outdoor_area', 4096, 'geom'), '') as tile, null::bigint as until
  from (select p.id, left(p.label, 80) as label,
               st_asmvtgeom(st_transform(st_simplify(coalesce(p.geom, p.point), $4::float8 / 2, true), $3::int), (select env from e), 4096, 64, true) as geom
          from place p
         where p.kind = 'outdoor_area'
           and p.removed_at is null
           and (p.geom && (select box from e) or (p.geom is null and p.point && (select box from e)))
         limit 500) t;

-- name: tile_building :bytes
-- For the office: outlines with type, what is open and the worst condition grade of what is in them.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     hit as materialized (
       select p.id, p.label, coalesce(p.geom, p.point) as geom
         from place p
        where p.kind = 'building'
          and p.removed_at is null
          and (p.geom && (select box from e) or (p.geom is null and p.point && (select box from e)))
        limit 1201)
select case when (select count(*) from hit) <= 1200
       then (select coalesce(st_asmvt(t, 'building', 4096, 'geom'), '')
               from (select h.id, left(h.label, 80) as label, b.type_code::int as type_code, b.status,
                            (select max(c.condition_grade) from component c
                              where c.site_id = h.id and c.removed_at is null and c.condition_grade <> 'TGIU') as condition,
                            (select count(*) from task k
                              where k.site_id = h.id and k.state in ('open', 'in_progress', 'waiting'))::int as open_tasks,
                            (select count(*) from cases c
                              where c.site_id = h.id and c.state in ('new', 'in_progress', 'waiting'))::int as open_cases,
                            st_asmvtgeom(st_transform(st_simplify(h.geom, $4::float8 / 2, true), $3::int), (select env from e), 4096, 64,
                                         true) as geom
                       from hit h
                       left join building b on b.place_id = h.id) t)
       end as tile, null::bigint as until;

-- name: tile_building_field :bytes
-- For caretakers: outlines with type, open tasks and the worst condition grade.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     hit as materialized (
       select p.id, p.label, coalesce(p.geom, p.point) as geom
         from place p
        where p.kind = 'building'
          and p.removed_at is null
          and (p.geom && (select box from e) or (p.geom is null and p.point && (select box from e)))
        limit 1201)
select case when (select count(*) from hit) <= 1200
       then (select coalesce(st_asmvt(t, 'building', 4096, 'geom'), '')
               from (select h.id, left(h.label, 80) as label, b.type_code::int as type_code, b.status,
                            (select max(c.condition_grade) from component c
                              where c.site_id = h.id and c.removed_at is null and c.condition_grade <> 'TGIU') as condition,
                            (select count(*) from task k
                              where k.site_id = h.id and k.state in ('open', 'in_progress', 'waiting'))::int as open_tasks,
                            st_asmvtgeom(st_transform(st_simplify(h.geom, $4::float8 / 2, true), $3::int), (select env from e), 4096, 64,
                                         true) as geom
                       from hit h
                       left join building b on b.place_id = h.id) t)
       end as tile, null::bigint as until;

-- name: tile_building_open :bytes
-- For tenants and everybody: outlines with a label.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     hit as materialized (
       select p.id, p.label, coalesce(p.geom, p.point) as geom
         from place p
        where p.kind = 'building'
          and p.removed_at is null
          and (p.geom && (select box from e) or (p.geom is null and p.point && (select box from e)))
        limit 1201)
select case when (select count(*) from hit) <= 1200
       then (select coalesce(st_asmvt(t, 'building', 4096, 'geom'), '')
               from (select h.id, left(h.label, 80) as label,
                            st_asmvtgeom(st_transform(st_simplify(h.geom, $4::float8 / 2, true), $3::int), (select env from e), 4096, 64,
                                         true) as geom
                       from hit h) t)
       end as tile, null::bigint as until;

-- name: tile_building_far :bytes
-- Counts of buildings.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env,
              ($2::float8[])[1] as x0, ($2::float8[])[2] as y0, (($2::float8[])[3] - ($2::float8[])[1]) / 16 as side),
     hit as (
       select st_transform(p.point, $3::int) as at
         from place p
        where p.kind = 'building'
          and p.removed_at is null
          and p.point && (select box from e)),
     cells as (
       select count(*)::int as count,
              st_asmvtgeom(st_setsrid(st_makepoint(avg(st_x(q.at)), avg(st_y(q.at))), $3::int), (select env from e), 4096, 0, true) as geom
         from (select h.*, floor((st_x(h.at) - e.x0) / e.side) as cx, floor((st_y(h.at) - e.y0) / e.side) as cy from hit h, e) q
        where q.cx between 0 and 15
          and q.cy between 0 and 15
        group by q.cx, q.cy)
select coalesce(st_asmvt(t, 'building', 4096, 'geom'), '') as tile, null::bigint as until
  from cells t;

-- name: tile_component :bytes
-- Those with a place of their own on the map one by one; the rest counted where they are, with the worst condition.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     hit as materialized (
       select c.id, c.name, c.tag, c.element, c.condition_grade, c.geom
         from component c
        where c.removed_at is null
          and c.geom && (select box from e)
        limit 801),
     site as materialized (
       select s.id, s.kind, s.label, s.point
         from place s
        where s.kind in ('property', 'building', 'outdoor_area')
          and s.removed_at is null
          and s.point && (select box from e)
        limit 801),
     held as (
       select s.id, s.label, s.point, count(*) as count, max(nullif(c.condition_grade, 'TGIU')) as condition
         from site s
         join component c on c.site_id = s.id
        where s.kind = 'building' and c.geom is null and c.removed_at is null
        group by s.id, s.label, s.point
       union all
       select s.id, s.label, s.point, count(*), max(nullif(c.condition_grade, 'TGIU'))
         from site s
         join component c on c.place_id = s.id
        where s.kind <> 'building' and c.geom is null and c.removed_at is null
        group by s.id, s.label, s.point)
select case when (select count(*) from hit) <= 800 and (select count(*) from site) <= 800
       then (select coalesce(st_asmvt(t, 'component', 4096, 'geom'), '')
               from (select h.id, null::uuid as place_id, left(h.name, 80) as label, h.tag, h.element, h.condition_grade as condition,
                            null::int as count, st_asmvtgeom(st_transform(h.geom, $3::int), (select env from e), 4096, 64, true) as geom
                       from hit h
                      union all
                     select null, d.id, left(d.label, 80), null, null, d.condition, d.count::int,
                            st_asmvtgeom(st_transform(d.point, $3::int), (select env from e), 4096, 64, true)
                       from held d) t)
       end as tile, null::bigint as until;

-- name: tile_component_far :bytes
-- Counts of components with the worst condition. First by site, so that a million of them need few transforms.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env,
              ($2::float8[])[1] as x0, ($2::float8[])[2] as y0, (($2::float8[])[3] - ($2::float8[])[1]) / 16 as side),
     hit as (
       select c.geom as spot, count(*) as count, max(nullif(c.condition_grade, 'TGIU')) as condition, st_transform(c.geom, $3::int) as at
         from component c
        where c.removed_at is null
          and c.geom && (select box from e)
        group by c.geom
       union all
       select s.point, count(*), max(nullif(c.condition_grade, 'TGIU')), st_transform(s.point, $3::int)
         from place s
         join component c on c.site_id = s.id
        where s.kind = 'building' and s.removed_at is null and s.point && (select box from e)
          and c.geom is null and c.removed_at is null
        group by s.id, s.point
       union all
       select s.point, count(*), max(nullif(c.condition_grade, 'TGIU')), st_transform(s.point, $3::int)
         from place s
         join component c on c.place_id = s.id
        where s.kind in ('property', 'outdoor_area') and s.removed_at is null and s.point && (select box from e)
          and c.geom is null and c.removed_at is null
        group by s.id, s.point),
     cells as (
       select sum(q.count)::int as count,
                       max(q.condition) as condition,
              st_asmvtgeom(st_setsrid(st_makepoint(avg(st_x(q.at)), avg(st_y(q.at))), $3::int), (select env from e), 4096, 0, true) as geom
         from (select h.*, floor((st_x(h.at) - e.x0) / e.side) as cx, floor((st_y(h.at) - e.y0) / e.side) as cy from hit h, e) q
        where q.cx between 0 and 15
          and q.cy between 0 and 15
        group by q.cx, q.cy)
select coalesce(st_asmvt(t, 'component', 4096, 'geom'), '') as tile, null::bigint as until
  from cells t;

-- name: tile_task :bytes
-- Open tasks where their component is, else at their building or outdoor area.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     site as materialized (
       select s.id, s.kind, s.point
         from place s
        where s.kind in ('property', 'building', 'outdoor_area')
          and s.removed_at is null
          and s.point && (select box from e)),
     hit as materialized (
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, c.geom as at
         from component c
         join task k on k.component_id = c.id
        where c.geom && (select box from e) and k.state in ('open', 'in_progress', 'waiting')
       union all
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, s.point
         from site s
         join task k on k.site_id = s.id
         left join component c on c.id = k.component_id
        where s.kind = 'building' and k.state in ('open', 'in_progress', 'waiting') and c.geom is null
       union all
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, s.point
         from site s
         join task k on k.place_id = s.id
         left join component c on c.id = k.component_id
        where s.kind <> 'building' and k.state in ('open', 'in_progress', 'waiting') and c.geom is null
        limit 401)
select case when (select count(*) from hit) <= 400
       then (select coalesce(st_asmvt(t, 'task', 4096, 'geom'), '')
               from (select h.id, h.number, left(h.title, 80) as label, h.category, h.state, h.priority::int as priority,
                            coalesce(h.deadline < now(), false) as is_late, h.place_id,
                            st_asmvtgeom(st_transform(h.at, $3::int), (select env from e), 4096, 64, true) as geom
                       from hit h) t)
       end as tile,
       (select extract(epoch from min(h.deadline) filter (where h.deadline > now()))::bigint + 1 from hit h) as until;

-- name: tile_task_far :bytes
-- Counts of open tasks, and of those that are late.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env,
              ($2::float8[])[1] as x0, ($2::float8[])[2] as y0, (($2::float8[])[3] - ($2::float8[])[1]) / 16 as side),
     hit as materialized (
       select k.deadline, st_transform(coalesce(c.geom, case s.kind when 'building' then s.point else p.point end), $3::int) as at
         from task k
         join place p on p.id = k.place_id
         join place s on s.id = k.site_id
         left join component c on c.id = k.component_id
        where k.state in ('open', 'in_progress', 'waiting')
          and coalesce(c.geom, case s.kind when 'building' then s.point else p.point end) && (select box from e)),
     cells as (
       select count(*)::int as count,
                       count(*) filter (where q.deadline < now())::int as late,
              st_asmvtgeom(st_setsrid(st_makepoint(avg(st_x(q.at)), avg(st_y(q.at))), $3::int), (select env from e), 4096, 0, true) as geom
         from (select h.*, floor((st_x(h.at) - e.x0) / e.side) as cx, floor((st_y(h.at) - e.y0) / e.side) as cy from hit h, e) q
        where q.cx between 0 and 15
          and q.cy between 0 and 15
        group by q.cx, q.cy)
select (select coalesce(st_asmvt(t, 'task', 4096, 'geom'), '') from cells t) as tile,
       (select extract(epoch from min(h.deadline) filter (where h.deadline > now()))::bigint + 1 from hit h) as until;

-- name: tile_case :bytes
-- Open cases where they were reported from, else at their building or outdoor area.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env),
     site as materialized (
       select s.id, s.kind, s.point
         from place s
        where s.kind in ('property', 'building', 'outdoor_area')
          and s.removed_at is null
          and s.point && (select box from e)),
     hit as materialized (
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, k.position as at
         from cases k
        where k.position && (select box from e) and k.state in ('new', 'in_progress', 'waiting')
       union all
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, s.point
         from site s
         join cases k on k.site_id = s.id
        where s.kind = 'building' and k.state in ('new', 'in_progress', 'waiting') and k.position is null
       union all
       select k.id, k.number, k.title, k.category, k.state, k.priority, k.deadline, k.place_id, s.point
         from site s
         join cases k on k.place_id = s.id
        where s.kind <> 'building' and k.state in ('new', 'in_progress', 'waiting') and k.position is null
        limit 401)
select case when (select count(*) from hit) <= 400
       then (select coalesce(st_asmvt(t, 'case', 4096, 'geom'), '')
               from (select h.id, h.number, left(h.title, 80) as label, h.category, h.state, h.priority::int as priority,
                            coalesce(h.deadline < now(), false) as is_late, h.place_id,
                            st_asmvtgeom(st_transform(h.at, $3::int), (select env from e), 4096, 64, true) as geom
                       from hit h) t)
       end as tile,
       (select extract(epoch from min(h.deadline) filter (where h.deadline > now()))::bigint + 1 from hit h) as until;

-- name: tile_case_far :bytes
-- Counts of open cases, and of those that are late.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env,
              ($2::float8[])[1] as x0, ($2::float8[])[2] as y0, (($2::float8[])[3] - ($2::float8[])[1]) / 16 as side),
     hit as materialized (
       select k.deadline, st_transform(coalesce(k.position, case s.kind when 'building' then s.point else p.point end), $3::int) as at
         from cases k
         join place p on p.id = k.place_id
         join place s on s.id = k.site_id
        where k.state in ('new', 'in_progress', 'waiting')
          and coalesce(k.position, case s.kind when 'building' then s.point else p.point end) && (select box from e)),
     cells as (
       select count(*)::int as count,
                       count(*) filter (where q.deadline < now())::int as late,
              st_asmvtgeom(st_setsrid(st_makepoint(avg(st_x(q.at)), avg(st_y(q.at))), $3::int), (select env from e), 4096, 0, true) as geom
         from (select h.*, floor((st_x(h.at) - e.x0) / e.side) as cx, floor((st_y(h.at) - e.y0) / e.side) as cy from hit h, e) q
        where q.cx between 0 and 15
          and q.cy between 0 and 15
        group by q.cx, q.cy)
select (select coalesce(st_asmvt(t, 'case', 4096, 'geom'), '') from cells t) as tile,
       (select extract(epoch from min(h.deadline) filter (where h.deadline > now()))::bigint + 1 from hit h) as until;

-- name: tile_case_mine :bytes
-- A tenant's own open cases and those they follow, as the view gives them.
with e as materialized (
       select st_makeenvelope(($1::float8[])[1], ($1::float8[])[2], ($1::float8[])[3], ($1::float8[])[4], 25832) as box,
              st_makeenvelope(($2::float8[])[1], ($2::float8[])[2], ($2::float8[])[3], ($2::float8[])[4], $3::int) as env)
select coalesce(st_asmvt(t, 'case', 4096, 'geom'), '') as tile, null::bigint as until
  from (select c.id, c.number, left(c.title, 80) as label, c.category, c.state, c.is_mine,
               st_asmvtgeom(st_transform(st_setsrid(st_makepoint(c.x, c.y), 25832), $3::int), (select env from e), 4096, 64, true) as geom
          from my_case c
         where c.state in ('new', 'in_progress', 'waiting')
           and st_setsrid(st_makepoint(c.x, c.y), 25832) && (select box from e)
         limit 400) t;

-- name: tile_extent :one
-- The box of the municipalities' land in EPSG:25832; nulls where none is drawn.
select st_xmin(x.box) as west, st_ymin(x.box) as south, st_xmax(x.box) as east, st_ymax(x.box) as north
  from (select st_extent(p.geom) as box
          from place p
         where p.parent_id is null -- a municipality; by its kind there is no index under row level security
           and p.removed_at is null) x;
