-- name: label_get :one
-- What is written on the label of a place or a component. $1 code
select p.label as name, null::text as mark, null::text as place_label, p.code
  from place p
 where p.code = upper($1::text)
   and p.removed_at is null
union all
select c.name, c.tag, p.label, c.code
  from component c
  join place p on p.id = c.place_id
 where c.code = upper($1::text)
   and c.removed_at is null;
