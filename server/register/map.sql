-- name: map_selection :list
-- What lies within a polygon, of the kinds asked for, at most 500 of each, with how many there are (counted to 5000). $1 body
with g as materialized (
	select st_makevalid(st_setsrid(st_geomfromgeojson(b.polygon::text), 25832)) as area, b.kinds
	  from json_to_record($1::json) as b(polygon json, kinds text[])
), site as materialized (
	select p.id, p.kind, p.label, p.point
	  from g
	  join place p on p.point && g.area and st_intersects(p.point, g.area)
	 where p.kind in ('property', 'building', 'outdoor_area')
	   and p.removed_at is null
	 limit 20000
), found as (
	(select s.kind::text as kind, s.id, s.label, null::text as state, false as is_late, null::text as grade, s.point
	   from site s, g
	  where s.kind::text = any (g.kinds)
	  limit 5000)
	union all
	(select 'component', c.id, c.name, null, false, c.condition_grade, c.geom
	   from g
	   join component c on c.geom && g.area and st_intersects(c.geom, g.area)
	  where 'component' = any (g.kinds)
	    and c.removed_at is null
	  limit 5000)
	union all
	(select 'component', c.id, c.name, null, false, c.condition_grade, s.point
	   from g
	  cross join site s
	   join component c on c.site_id = s.id
	  where 'component' = any (g.kinds)
	    and c.geom is null
	    and c.removed_at is null
	  limit 5000)
	union all
	(select 'task', k.id, k.title, k.state, coalesce(k.deadline < now(), false), null, s.point
	   from g
	  cross join site s
	   join task k on k.site_id = s.id
	  where 'task' = any (g.kinds)
	    and k.state in ('open', 'in_progress', 'waiting')
	  limit 5000)
	union all
	(select 'case', c.id, c.number || ' ' || c.title, c.state, coalesce(c.deadline < now(), false), null, s.point
	   from g
	  cross join site s
	   join cases c on c.site_id = s.id
	  where 'case' = any (g.kinds)
	    and c.state in ('new', 'in_progress', 'waiting')
	  limit 5000)
), numbered as (
	select f.*, count(*) over (partition by f.kind) as total, row_number() over (partition by f.kind order by f.is_late desc, f.label, f.id) as n
	  from found f
)
select n.kind, n.id, n.label, n.state, n.is_late, n.grade, n.total,
       st_x(n.point)::numeric(12,3) as x, st_y(n.point)::numeric(12,3) as y
  from numbered n
 where n.n <= 500
 order by n.kind, n.n;

-- name: map_extent :one
-- Where the asker's buildings are, without those that lie far off.
select percentile_disc(0.05) within group (order by e.x)::numeric(12,3) as xmin,
       percentile_disc(0.05) within group (order by e.y)::numeric(12,3) as ymin,
       percentile_disc(0.95) within group (order by e.x)::numeric(12,3) as xmax,
       percentile_disc(0.95) within group (order by e.y)::numeric(12,3) as ymax
  from (select st_x(p.point) as x, st_y(p.point) as y
          from place p
         where p.kind = 'building'
           and p.removed_at is null
           and p.point is not null
         limit 5000) e;

-- name: map_settings :one
-- The background of all maps.
select s.value ->> 'type' as type, s.value ->> 'url' as url, s.value ->> 'layer' as layer, (s.value -> 'matrix_sets')::json as matrix_sets,
       s.value ->> 'attribution' as attribution, has_role('admin') as may_change
  from setting s
 where s.key = 'map_background';

-- name: map_settings_set :one
-- Changes it: administrators alone. $1 body
update setting s
   set value = jsonb_build_object('type', g.type, 'url', coalesce(g.url, ''), 'layer', coalesce(g.layer, ''),
                                  'matrix_sets', coalesce(g.matrix_sets, '{}'), 'attribution', coalesce(g.attribution, ''))
  from json_to_record($1::json) as g(type text, url text, layer text, matrix_sets jsonb, attribution text)
 where s.key = 'map_background'
returning s.value ->> 'type' as type, s.value ->> 'url' as url, s.value ->> 'layer' as layer, (s.value -> 'matrix_sets')::json as matrix_sets,
          s.value ->> 'attribution' as attribution, true as may_change;
