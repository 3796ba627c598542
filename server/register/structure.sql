-- name: register_place_split :one
-- Makes parts of a place. $1 id, $2 body
select s.id, s.xid, s.parts from place_split($1::uuid, $2::jsonb) s;

-- name: register_place_merge :one
-- Makes one of several places. $1 id, $2 body
select m.id, m.xid, m.merged from place_merge($1::uuid, $2::jsonb) m;

-- name: register_renumbering :one
-- New numbers for properties or a whole municipality. $1 body
select r.count, r.changes, r.conflicts, r.xid from register_renumber($1::jsonb) r;

-- name: register_templates :list
-- Templates, those for a building type first. $1 building type
select t.id, t.name, t.types, t.items, t.row_v, $1::text is not null and $1 like t.types || '%' as fits
  from component_template t
 order by coalesce($1 like t.types || '%', false) desc, t.name, t.id
 limit 500;

-- name: register_template_put :one
-- Makes or changes a template. $1 id, $2 body
with done as materialized (select template_put($1::uuid, $2::jsonb) as id)
select id from done;

-- name: register_template_remove :one
-- Removes a template; what it laid out stays. $1 id
delete from component_template t where t.id = $1::uuid returning t.id;

-- name: register_template_apply :one
-- Lays out a template's components at a place, or tells which. $1 place, $2 body
select a.count, a.items, a.xid from template_apply($1::uuid, $2::jsonb) a;
