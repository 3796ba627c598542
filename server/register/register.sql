-- name: building_get :one
-- A building. $1 id
select b.place_id as id, b.bygningsnummer
  from building b
 where b.place_id = $1::uuid;
