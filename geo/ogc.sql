-- What each layer gives. All share their first parameters (geo/layer.h):
-- $1-$4 box x1 y1 x2 y2, $5 its system, $6 from, $7 to, $8 after, $9 limit, $10 system of the answer, $11 is it north first,
-- $12 digits, $13 json|wkb|csv, $14 ids, $15 polygon; from $16 the layer's filters, in the order of its table.
-- A shape is compared as `case when …`, as the indexes of 0031 have it: PostgreSQL takes coalesce() for something that leaks, and what
-- leaks finds no index under row level security.
-- They are planned each time they run (:planned): what is not asked for falls away, so that one text has every plan it needs.

-- name: gis_place :list :planned
-- Places of a kind, as everybody may see them. $16 kind, $17 name, $18 area_no, $19 parent_id
select p.id, p.label, p.name, p.parent_id, p.area_no, p.is_public, p.id as _key,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from place p
 where p.kind = $16::place_kind
   and p.removed_at is null
   and (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or p.id > $8::uuid)
   and ($14::uuid[] is null or p.id = any ($14::uuid[]))
   and ($17::text is null or p.name = $17)
   and ($18::int is null or p.area_no = $18)
   and ($19::uuid is null or p.parent_id = $19)
 order by p.id
 limit $9::int;

-- name: gis_property :list :planned
-- Properties. $16 municipality_no, $17 gnr, $18 bnr, $19 area_no
select p.id, p.label, p.name, t.municipality_no, t.gnr, t.bnr, t.fnr, t.snr, p.area_no, p.warning, p.id as _key,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from place p
  join property t on t.place_id = p.id
 where p.kind = 'property'
   and p.removed_at is null
   and (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or p.id > $8::uuid)
   and ($14::uuid[] is null or p.id = any ($14::uuid[]))
   and ($16::text is null or t.municipality_no = $16)
   and ($17::int is null or t.gnr = $17)
   and ($18::int is null or t.bnr = $18)
   and ($19::int is null or p.area_no = $19)
 order by p.id
 limit $9::int;

-- name: gis_building :list :planned
-- Buildings with what the cadastre and the register know.
-- $16 bygningsnummer, $17 type_code, $18 status, $19 energy_grade, $20 is_protected, $21 area_no, $22 parent_id
select p.id, p.label, p.name, b.bygningsnummer, b.type_code, b.status, b.built_year, b.storeys, b.bta_m2 + 0.0 as bta_m2, b.bra_m2 + 0.0 as bra_m2, b.heating,
       b.energy_grade, b.is_protected, b.ownership, b.use, b.responsible_unit, p.parent_id, p.area_no, p.code, p.warning, p.id as _key,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from place p
  join building b on b.place_id = p.id
 where p.kind = 'building'
   and p.removed_at is null
   and (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or p.id > $8::uuid)
   and ($14::uuid[] is null or p.id = any ($14::uuid[]))
   and ($16::bigint is null or b.bygningsnummer = $16)
   and ($17::smallint is null or b.type_code = $17)
   and ($18::text is null or b.status = $18)
   and ($19::text is null or b.energy_grade = $19)
   and ($20::boolean is null or b.is_protected = $20)
   and ($21::int is null or p.area_no = $21)
   and ($22::uuid is null or p.parent_id = $22)
 order by p.id
 limit $9::int;

-- name: gis_storey :list :planned
-- Storeys. $16 plane, $17 number, $18 area_no, $19 parent_id
select p.id, p.label, p.name, s.plane, s.number, p.parent_id, p.area_no, p.id as _key,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from place p
  join storey s on s.place_id = p.id
 where p.kind = 'storey'
   and p.removed_at is null
   and (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or p.id > $8::uuid)
   and ($14::uuid[] is null or p.id = any ($14::uuid[]))
   and ($16::text is null or s.plane = $16)
   and ($17::smallint is null or s.number = $17)
   and ($18::int is null or p.area_no = $18)
   and ($19::uuid is null or p.parent_id = $19)
 order by p.id
 limit $9::int;

-- name: gis_dwelling :list :planned
-- Dwellings; a tenant's own. $16 h_number, $17 kind, $18 rooms, $19 area_no, $20 building_id
select p.id, p.label, p.name, d.h_number, d.kind, d.rooms, d.area_m2 + 0.0 as area_m2, p.site_id as building_id, p.area_no, p.id as _key,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from place p
  join dwelling d on d.place_id = p.id
 where p.kind = 'dwelling'
   and p.removed_at is null
   and (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or p.id > $8::uuid)
   and ($14::uuid[] is null or p.id = any ($14::uuid[]))
   and ($16::text is null or d.h_number = $16)
   and ($17::text is null or d.kind = $17)
   and ($18::smallint is null or d.rooms = $18)
   and ($19::int is null or p.area_no = $19)
   and ($20::uuid is null or p.site_id = $20)
 order by p.id
 limit $9::int;

-- name: gis_component :list :planned
-- Components, wherever they are. $16 element, $17 tag, $18 condition_grade, $19 area_no, $20 place_id, $21 building_id
select c.id, c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on, c.service_life_years, c.quantity + 0.0 as quantity, c.unit,
       c.warranty_until, c.condition_grade, c.code, c.place_id, p.label as place_label, c.site_id as building_id, c.area_no,
       c.id as _key, gis_shape(coalesce(c.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from component c
  join place p on p.id = c.place_id
 where c.removed_at is null
   and coalesce($1::text, $2::text, $3::text, $4::text, $5::text, $15::text) is null
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or c.id > $8::uuid)
   and ($14::uuid[] is null or c.id = any ($14::uuid[]))
   and ($16::text is null or c.element = $16)
   and ($17::text is null or c.tag = $17)
   and ($18::text is null or c.condition_grade = $18)
   and ($19::int is null or c.area_no = $19)
   and ($20::uuid is null or c.place_id = $20)
   and ($21::uuid is null or c.site_id = $21)
 order by c.id
 limit $9::int;

-- name: gis_component_in :list :planned
-- Components on a piece of the map: those with a point of their own there, and those of the places there. Parameters as gis_component
select c.id, c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on, c.service_life_years, c.quantity + 0.0 as quantity, c.unit,
       c.warranty_until, c.condition_grade, c.code, c.place_id, c.place_label, c.site_id as building_id, c.area_no,
       c.id as _key, gis_shape(c.shape, $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select o.*, p.label as place_label, o.geom as shape
          from component o
          join place p on p.id = o.place_id
         where o.geom && gis_region($1, $2, $3, $4, $5, $15)
        union all
        select o.*, p.label, p.point
          from place p
          join component o on o.place_id = p.id
         where case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
           and p.point && gis_region($1, $2, $3, $4, $5, $15)
           and o.geom is null) c
 where c.removed_at is null
   and gis_meets(c.shape, gis_region($1, $2, $3, $4, $5, $15))
   and coalesce($6::text, $7::text, '') is not null -- without a time of its own it is of any time
   and ($8::uuid is null or c.id > $8::uuid)
   and ($14::uuid[] is null or c.id = any ($14::uuid[]))
   and ($16::text is null or c.element = $16)
   and ($17::text is null or c.tag = $17)
   and ($18::text is null or c.condition_grade = $18)
   and ($19::int is null or c.area_no = $19)
   and ($20::uuid is null or c.place_id = $20)
   and ($21::uuid is null or c.site_id = $21)
 order by c.id
 limit $9::int;

-- name: gis_case :list :planned
-- Cases, by when they were reported. $16 number, $17 state, $18 category, $19 priority, $20 area_no, $21 building_id
select c.id, c.number, c.title, c.category, c.state, c.priority, c.deadline, c.created_at, c.done_at, c.channel, c.place_id,
       p.label as place_label, c.component_id, c.site_id as building_id, c.area_no, c.id as _key,
       gis_shape(coalesce(c.position, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from cases c
  join place p on p.id = c.place_id
 where coalesce($1::text, $2::text, $3::text, $4::text, $5::text, $15::text) is null
   and ($6::timestamptz is null or c.created_at >= $6)
   and ($7::timestamptz is null or c.created_at <= $7)
   and ($8::uuid is null or c.id > $8::uuid)
   and ($14::uuid[] is null or c.id = any ($14::uuid[]))
   and ($16::text is null or c.number = $16)
   and ($17::text is null or c.state = $17)
   and ($18::text is null or c.category = $18)
   and ($19::smallint is null or c.priority = $19)
   and ($20::int is null or c.area_no = $20)
   and ($21::uuid is null or c.site_id = $21)
 order by c.id
 limit $9::int;

-- name: gis_case_in :list :planned
-- Cases on a piece of the map. Parameters as gis_case
select c.id, c.number, c.title, c.category, c.state, c.priority, c.deadline, c.created_at, c.done_at, c.channel, c.place_id,
       c.place_label, c.component_id, c.site_id as building_id, c.area_no, c.id as _key,
       gis_shape(c.shape, $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select o.*, p.label as place_label, o.position as shape
          from cases o
          join place p on p.id = o.place_id
         where o.position && gis_region($1, $2, $3, $4, $5, $15)
        union all
        select o.*, p.label, p.point
          from place p
          join cases o on o.place_id = p.id
         where case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
           and p.point && gis_region($1, $2, $3, $4, $5, $15)
           and o.position is null) c
 where gis_meets(c.shape, gis_region($1, $2, $3, $4, $5, $15))
   and ($6::timestamptz is null or c.created_at >= $6)
   and ($7::timestamptz is null or c.created_at <= $7)
   and ($8::uuid is null or c.id > $8::uuid)
   and ($14::uuid[] is null or c.id = any ($14::uuid[]))
   and ($16::text is null or c.number = $16)
   and ($17::text is null or c.state = $17)
   and ($18::text is null or c.category = $18)
   and ($19::smallint is null or c.priority = $19)
   and ($20::int is null or c.area_no = $20)
   and ($21::uuid is null or c.site_id = $21)
 order by c.id
 limit $9::int;

-- name: gis_task :list :planned
-- Tasks, by when they were made. $16 number, $17 state, $18 category, $19 priority, $20 area_no, $21 building_id
select t.id, t.number, t.title, t.category, t.state, t.priority, t.planned_on, t.deadline, t.created_at, t.done_at, t.place_id,
       p.label as place_label, t.component_id, t.case_id, t.site_id as building_id, t.area_no, t.id as _key,
       gis_shape(p.point, $10::int, $11::boolean, $12::int, $13::text) as _geom
  from task t
  join place p on p.id = t.place_id
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and p.point && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(p.point, gis_region($1, $2, $3, $4, $5, $15))))
   and ($6::timestamptz is null or t.created_at >= $6)
   and ($7::timestamptz is null or t.created_at <= $7)
   and ($8::uuid is null or t.id > $8::uuid)
   and ($14::uuid[] is null or t.id = any ($14::uuid[]))
   and ($16::text is null or t.number = $16)
   and ($17::text is null or t.state = $17)
   and ($18::text is null or t.category = $18)
   and ($19::smallint is null or t.priority = $19)
   and ($20::int is null or t.area_no = $20)
   and ($21::uuid is null or t.site_id = $21)
 order by t.id
 limit $9::int;

-- name: gis_extent :one
-- What the municipalities cover, in degrees; the row is there in any case, so that an ended session is noticed.
select st_xmin(b) as x1, st_ymin(b) as y1, st_xmax(b) as x2, st_ymax(b) as y2
  from (select st_extent(st_transform(st_setsrid(box2d(p.geom)::geometry, 25832), 4326)) as b
          from place p
         where p.kind = 'municipality' and p.removed_at is null) e;

-- name: gis_system :one
-- A coordinate system as GeoPackage wants it. $1 EPSG code
select s.auth_name, s.auth_srid, s.srtext from public.spatial_ref_sys s where s.srid = $1::int;

-- name: gis_export_begin :one
-- An export may take its time, and is planned with its values. $1 longest time in ms, $2 the clock it tells time by
select set_config('statement_timeout', $1::text, true), set_config('TimeZone', $2::text, true),
       set_config('plan_cache_mode', 'force_custom_plan', true);
