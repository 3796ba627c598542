-- name: session_demo :one
-- Opens a session for one of the demo's people. $1 demo_key, $2 audience, $3 token hash, $4 hours
select p.id, p.name, p.language, $2::text as audience,
       (select to_json(array_agg(distinct r.role)) from person_role r where r.person_id = p.id) as roles
  from person p,
       lateral (select session_open(p.id, $2::text, $3::bytea, $4::int)) as opened
 where p.demo_key = $1;

-- name: session_supplier :one
-- Opens a session of a supplier's link. $1 hash of the link's token, $2 hash of the session's
select p.id, p.name, p.language, 'supplier' as audience, s.task_id, l.expires_at
  from (select supplier_session($1::bytea, $2::bytea) as task_id) s
  join supplier_link l on l.token_hash = $1::bytea
  join person p on p.id = l.person_id;

-- name: session_get :one
-- Who am I. $1 is it a demo
select me() as person_id, p.name, p.language, replace(session_user, 'fdvu_', '') as audience,
       to_json(nullif(current_setting('fdvu.roles', true), '')::text[]) as roles,
       to_json(nullif(current_setting('fdvu.areas', true), '')::int[]) as areas,
       import_may() as may_import, $1::boolean as demo
  from (select 1) as one
  left join person p on p.id = (select me())
 where me() is not null;

-- name: session_close :exec
-- Ends a session. $1 token hash
select session_close($1::bytea);

-- name: gis_token_add :one
-- A token for a GIS program. $1 hash, $2 name, $3 days
select t.id, $2::text as name, t.created_at, t.expires_at from gis_token_add($1::bytea, $2::text, $3::int) t;

-- name: gis_token_list :list
-- The asker's tokens.
select t.id, t.name, t.created_at, t.used_at, t.expires_at from gis_token_list() t;

-- name: gis_token_end :one
-- Ends one. $1 id
select gis_token_end($1::uuid) as id;
