-- name: floor_plan_list :list
-- Drawings of a storey, the newest first. $1 storey
select f.id, f.storey_id, f.kind, d.title, encode(d.sha256, 'hex') as sha256, f.page, f.width, f.height, to_json(f.transform) as transform,
       f.control_points::json as control_points, f.opacity, f.valid_from, f.created_at, f.row_v
  from floor_plan f
  join document d on d.id = f.document_id
 where f.storey_id = $1::uuid
   and f.removed_at is null
 order by f.created_at desc, f.id desc
 limit 50;

-- name: floor_plan_document :one
-- The document of a drawing that was sent before. $1 storey, $2 body
insert into document (sha256, title, file_name, kind, place_id, mime, size, created_by)
select f.sha256, g.title, g.file_name, 'document', p.id, f.mime, f.size, (select me())
  from json_to_record($2::json) as g(sha256 text, title text, file_name text)
  join file f on f.sha256 = decode(g.sha256, 'hex')
  join place p on p.id = $1::uuid and p.kind = 'storey' and p.removed_at is null
returning id;

-- name: floor_plan_add :one
-- Puts a drawing on its storey. $1 storey, $2 body, $3 document
insert into floor_plan (storey_id, document_id, kind, page, width, height, transform, control_points, opacity, valid_from, created_by)
select $1::uuid, $3::uuid, g.kind, coalesce(g.page, 1), g.width, g.height, g.transform, coalesce(g.control_points, '[]'), coalesce(g.opacity, 0.7),
       g.valid_from, (select me())
  from json_to_record($2::json) as g(kind text, page int, width float8, height float8, transform float8[], control_points jsonb, opacity float8,
                                     valid_from date)
returning id, storey_id, document_id, kind, page, to_json(transform) as transform, opacity, valid_from, created_at, row_v;

-- name: floor_plan_change :one
-- Changes what the body names, if nobody else has since. $1 id, $2 body
with g as materialized (
	select * from json_to_record($2::json) as g(row_v bigint, page int, width float8, height float8, transform float8[], control_points jsonb,
	                                            opacity float8, valid_from date)
), now_is as materialized (
	select f.id, expect_version(f.row_v, g.row_v) from floor_plan f, g where f.id = $1::uuid and f.removed_at is null for update of f
)
update floor_plan f
   set page           = coalesce(g.page, f.page),
       width          = coalesce(g.width, f.width),
       height         = coalesce(g.height, f.height),
       transform      = coalesce(g.transform, f.transform),
       control_points = coalesce(g.control_points, f.control_points),
       opacity        = coalesce(g.opacity, f.opacity),
       valid_from     = case when ($2::jsonb) ? 'valid_from' then g.valid_from else f.valid_from end
  from g, now_is n
 where f.id = n.id
returning f.id, f.storey_id, f.page, to_json(f.transform) as transform, f.control_points::json as control_points, f.opacity, f.valid_from, f.row_v;

-- name: floor_plan_remove :one
-- Takes a drawing off its storey; its document stays. $1 id, $2 row_v
with now_is as materialized (
	select f.id, expect_version(f.row_v, $2::bigint) from floor_plan f where f.id = $1::uuid and f.removed_at is null for update of f
)
update floor_plan f set removed_at = now() from now_is n where f.id = n.id returning f.id, f.row_v;

-- name: storey_rooms :list
-- Rooms and dwellings of a storey with their outlines and what stands in them. $1 storey
select p.id, p.kind, p.name, st_asgeojson(p.geom, 3)::json as geometry, coalesce(p.area_m2, round(st_area(p.geom)::numeric, 1)) as area_m2,
       (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'grade', c.condition_grade,
                                                   'x', st_x(coalesce(c.geom, p.point))::numeric(12,3),
                                                   'y', st_y(coalesce(c.geom, p.point))::numeric(12,3)) order by c.id), '[]')
          from component c
         where c.place_id = p.id
           and c.removed_at is null
           and coalesce(c.geom, p.geom) is not null) as components
  from place p
 where p.removed_at is null
   and p.kind in ('room', 'dwelling')
   and p.parent_id = any (array(select $1::uuid
                                union all
                                select q.id from place q where q.parent_id = $1::uuid and q.kind = 'dwelling' and q.removed_at is null))
 order by p.name, p.id
 limit 2000;

-- name: storey_rooms_make :one
-- Makes rooms of a drawing's outlines; one that is there already by that name gets the outline. $1 storey, $2 json [{name, outline: GeoJSON}]
with g as materialized (
	select r.name, st_collectionextract(st_makevalid(st_setsrid(st_geomfromgeojson(r.outline::text), 25832)), 3) as geom
	  from json_to_recordset($2::json) as r(name text, outline json)
), storey as materialized (
	select p.id from place p where p.id = $1::uuid and p.kind = 'storey' and p.removed_at is null
), moved as (
	update place p
	   set geom = g.geom, area_m2 = round(st_area(g.geom)::numeric, 1)
	  from g, storey s
	 where p.parent_id = $1::uuid and p.kind = 'room' and p.name = g.name and p.removed_at is null
	returning p.id
), made as (
	insert into place (parent_id, kind, name, geom, area_m2)
	select s.id, 'room', g.name, g.geom, round(st_area(g.geom)::numeric, 1)
	  from g, storey s
	 where not exists (select from place p where p.parent_id = $1::uuid and p.kind = 'room' and p.name = g.name and p.removed_at is null)
	returning id
)
select (select count(*) from made) as made, (select count(*) from moved) as moved from storey;
