-- name: place_search :list
-- Places by words in any part of their label, best match first.
-- $1 words, $2 kind, $3 bbox, $4 limit
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y
  from search s
  join place p on p.id = s.row_id
 where s.tbl = 'place'
   and s.text like '%' || replace(replace(search_form($1::text), '\', '\\'), '%', '\%') || '%'
   and p.removed_at is null
   and ($2::place_kind is null or p.kind = $2::place_kind)
   and ($3::text is null
        or p.point && st_makeenvelope(split_part($3, ',', 1)::float8, split_part($3, ',', 2)::float8,
                                      split_part($3, ',', 3)::float8, split_part($3, ',', 4)::float8, 25832))
 order by similarity(s.text, search_form($1::text)) desc, p.kind, p.label, p.id
 limit $4::int;

-- name: place_near :list
-- Places by distance from a point: those with a point of their own, which have an index. $1 x,y; $2 kind, $3 limit
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y
  from place p
 where p.removed_at is null
   and p.kind = coalesce($2::place_kind, 'building')
   and p.kind in ('property', 'building', 'outdoor_area')
 order by p.point <-> st_setsrid(st_makepoint(split_part($1, ',', 1)::float8, split_part($1, ',', 2)::float8), 25832)
 limit $3::int;

-- name: place_list :list
-- Places of a kind in the order of their labels. $1 kind, $2 bbox, $3 limit, $4 after
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, p.id as _key
  from place p
 where p.removed_at is null
   and p.kind = $1::place_kind
   and ($2::text is null
        or p.point && st_makeenvelope(split_part($2, ',', 1)::float8, split_part($2, ',', 2)::float8,
                                      split_part($2, ',', 3)::float8, split_part($2, ',', 4)::float8, 25832))
   and ($4::uuid is null or (p.label, p.id) > (select a.label, a.id from place a where a.id = $4::uuid))
 order by p.label, p.id
 limit $3::int;

-- name: place_get :one
-- A place with its path from the root. $1 id
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) as warning, p.row_v,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select count(*) from place c where c.parent_id = p.id and c.removed_at is null) as children,
       (with recursive up as (
               select a.id, a.parent_id, a.name, a.kind, 0 as depth from place a where a.id = p.parent_id
               union all
               select a.id, a.parent_id, a.name, a.kind, u.depth + 1 from place a join up u on a.id = u.parent_id where u.depth < 10)
        select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'kind', u.kind) order by u.depth desc), '[]')
          from up u) as path
  from place p
 where p.id = $1::uuid
   and p.removed_at is null;

-- name: place_children :list
-- What lies directly below a place. $1 id, $2 limit, $3 after
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, p.id as _key
  from place p
 where p.parent_id = $1::uuid
   and p.removed_at is null
   and ($3::uuid is null or (p.name, p.id) > (select a.name, a.id from place a where a.id = $3::uuid))
 order by p.name, p.id
 limit $2::int;

-- name: building_get :one
-- A building with its dwellings. $1 id
select b.place_id as id, p.label, p.name, p.code, p.area_no, p.warning, b.bygningsnummer, b.type_code, t.name as type_name,
       b.status, b.built_year, b.storeys, b.bta_m2, b.bra_m2, b.heating, b.energy_grade, b.is_protected, b.ownership, b.use,
       b.responsible_unit, b.row_v, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select coalesce(json_agg(json_build_object('id', d.place_id, 'h_number', d.h_number, 'label', q.label, 'rooms', d.rooms,
                                                   'area_m2', d.area_m2) order by d.h_number, d.place_id), '[]')
          from place q
          join dwelling d on d.place_id = q.id
         where q.site_id = b.place_id
           and q.kind = 'dwelling'
           and q.removed_at is null) as dwellings
  from building b
  join place p on p.id = b.place_id
  left join building_type t on t.code = b.type_code
 where b.place_id = $1::uuid
   and p.removed_at is null;

-- name: building_list :list
-- Buildings in the order of their labels. $1 words, $2 limit, $3 after
select b.place_id as id, p.label, b.bygningsnummer, b.type_code, t.name as type_name, b.built_year, b.bta_m2, p.area_no,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, p.id as _key
  from place p
  join building b on b.place_id = p.id
  left join building_type t on t.code = b.type_code
 where p.kind = 'building'
   and p.removed_at is null
   and ($1::text is null or exists (
        select from search s
         where s.tbl = 'place' and s.row_id = p.id
           and s.text like '%' || replace(replace(search_form($1), '\', '\\'), '%', '\%') || '%')
        or b.bygningsnummer::text = $1)
   and ($3::uuid is null or (p.label, p.id) > (select a.label, a.id from place a where a.id = $3::uuid))
 order by p.label, p.id
 limit $2::int;

-- name: building_map :list
-- Buildings on a piece of the map, with what is open there. $1 bbox, $2 limit
select p.id, p.label, b.type_code, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       st_asgeojson(st_simplify(p.geom, 0.5), 1)::json as outline,
       (select count(*) from cases c where c.site_id = p.id and c.state in ('new', 'in_progress', 'waiting')) as open_cases,
       (select count(*) from task k where k.site_id = p.id and k.state in ('open', 'in_progress', 'waiting')) as open_tasks
  from place p
  join building b on b.place_id = p.id
 where p.kind = 'building'
   and p.removed_at is null
   and p.point && st_makeenvelope(split_part($1, ',', 1)::float8, split_part($1, ',', 2)::float8,
                                  split_part($1, ',', 3)::float8, split_part($1, ',', 4)::float8, 25832)
 limit $2::int;

-- name: land_map :list
-- The land of the municipalities, as the map's plain ground.
select p.id, p.label, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, st_asgeojson(st_simplify(p.geom, 10), 0)::json as outline
  from place p
 where p.kind = 'municipality'
   and p.removed_at is null
   and p.geom is not null
 order by p.label, p.id
 limit 400;

-- name: component_list :list
-- Components at a place or anywhere below it when it is a building. $1 place, $2 limit, $3 after
select c.id, c.place_id, c.name, c.element, e.name as element_name, c.tag, c.maker, c.model, c.installed_on, c.service_life_years,
       c.condition_grade, c.code, c.id as _key
  from component c
  left join element e on e.code = c.element
 where (c.place_id = $1::uuid or c.site_id = $1::uuid)
   and c.removed_at is null
   and ($3::uuid is null or c.id > $3::uuid)
 order by c.id
 limit $2::int;

-- name: component_get :one
-- A component. $1 id
select c.id, c.place_id, p.label as place_label, c.site_id, c.area_no, c.name, c.element, e.name as element_name, c.tag, c.maker,
       c.model, c.serial, c.installed_on, c.service_life_years, c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until,
       c.condition_grade, c.code, c.row_v,
       st_x(coalesce(c.geom, p.point))::numeric(12,3) as x, st_y(coalesce(c.geom, p.point))::numeric(12,3) as y
  from component c
  join place p on p.id = c.place_id
  left join element e on e.code = c.element
 where c.id = $1::uuid
   and c.removed_at is null;

-- name: code_get :one
-- What a QR label is on, and what is already reported there; no personal data. $1 code
select l.target, l.id, l.place_id, l.place_kind, l.name, l.label, l.x::numeric(12,3) as x, l.y::numeric(12,3) as y,
       (select coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'category', c.category, 'state', c.state,
                                                   'created_at', c.created_at) order by c.created_at desc), '[]')
          from public_case c
         where c.site_id = l.site_id
           and (l.target = 'place' or c.component_id = l.id)) as cases
  from resolve_code($1::text) l;

-- name: category_list :list
-- The categories a fault can be reported under. All of them: is_public says what neighbours may see, not what may be reported.
select c.code, c.name_nb, c.name_nn, c.name_en, c.icon, c.priority, c.sla_hours
  from category c
 order by c.code;

-- name: register_building_types :list
-- Types of building.
select t.code, t.name from building_type t order by t.code;

-- name: register_building_statuses :list
-- Kartverket's BygningsstatusKode; those that are gone are none of the building stock.
select s.code, s.name, s.is_gone from building_status s order by s.n;

-- name: register_elements :list
-- Parts of buildings.
select e.code, e.name from element e order by e.code;
