-- name: file_add :exec
-- Notes that these bytes are here, and that whoever asks had them. $1 hash, $2 size, $3 media type
select file_note(decode($1, 'hex'), $2::bigint, $3);

-- name: file_get :one
-- Bytes that whoever asks may see. $1 hash
select f.mime, f.size from file f where f.sha256 = decode($1, 'hex');

-- name: document_add :one
-- Ties a file that was sent before to a task or a case. $1 body
insert into document (sha256, title, file_name, kind, task_id, case_id, mime, size, created_by)
select f.sha256, g.title, g.file_name, coalesce(g.kind, 'document'), g.task, g."case", f.mime, f.size, (select me())
  from json_to_record($1::json) as g(sha256 text, title text, file_name text, kind text, task uuid, "case" uuid)
  join file f on f.sha256 = decode(g.sha256, 'hex')
returning id, title, file_name, mime, size, created_at;

-- name: supplier_job :one
-- What a supplier's link leads to: the job, where it is, and what has been sent.
select k.id, k.number, k.title, k.description, k.category, k.state, k.planned_on, k.deadline, p.label as place_label,
       place_warning(p.id) as warning, st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select coalesce(json_agg(json_build_object('id', d.id, 'title', d.title, 'file_name', d.file_name, 'mime', d.mime, 'size', d.size,
                                                   'sha256', encode(d.sha256, 'hex'), 'created_at', d.created_at,
                                                   'is_mine', d.created_by = (select me())) order by d.created_at), '[]')
          from document d
         where d.task_id = k.id) as documents
  from task k
  join place p on p.id = k.place_id
 order by k.created_at desc
 limit 1;
