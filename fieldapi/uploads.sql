-- name: upload_add :one
-- Begins an upload, unless whoever asks has too many open. $1 id, $2 length, $3 metadata, $4 sha256, $5 most open
insert into upload (id, length, metadata, sha256)
select $1::uuid, $2::bigint, $3, decode($4, 'hex')
 where (select count(*) from upload o where o.person_id = (select me()) and o.state = 'open' and o.expires_at > now()) < $5::int
returning http_date(expires_at) as expires;

-- name: upload_whole :one
-- An upload that came whole in one request. $1 id, $2 length, $3 metadata, $4 sha256, $5 media type
with made as (
	insert into upload (id, state, length, off, metadata, sha256)
	values ($1::uuid, 'done', $2::bigint, $2::bigint, $3, decode($4, 'hex'))
	returning sha256, length, expires_at
)
select http_date(m.expires_at) as expires, file_note(m.sha256, m.length, $5) from made m;

-- name: upload_take :one
-- A writer's turn. $1 id, $2 where it believes the upload to stand, $3 the length it tells
select t.verdict, t.off, t.length, t.gen, t.parts[cardinality(t.parts)] as part, t.starts[cardinality(t.starts)] as start,
       t.is_free, t.sha256, http_date(t.expires_at) as expires
  from upload_take($1::uuid, $2::bigint, $3::bigint) t;

-- name: upload_step :one
-- The next bytes are on disk; nothing when it is another writer's turn. $1 id, $2 gen, $3 offset before, $4 bytes, $5 part, $6 length, $7 that was all
update upload u
   set off        = u.off + $4::bigint,
       length     = case when u.length is null then $6::bigint else u.length end,
       parts      = case when u.parts[cardinality(u.parts)] = $5::int or $4::bigint = 0 then u.parts else u.parts || $5::int end,
       starts     = case when u.parts[cardinality(u.parts)] = $5::int or $4::bigint = 0 then u.starts else u.starts || u.off end,
       is_free    = $7::boolean,
       expires_at = now() + interval '7 days'
 where u.id = $1::uuid
   and u.gen = $2::int
   and u.off = $3::bigint
   and u.state = 'open'
returning http_date(u.expires_at) as expires;

-- name: upload_parts :list
-- The files that an upload's bytes lie in. $1 id
select p.part, p.start, lead(p.start) over (order by p.n) as stop
  from upload u
 cross join unnest(u.parts, u.starts) with ordinality as p(part, start, n)
 where u.id = $1::uuid
 order by p.n;

-- name: upload_finish :one
-- The last bytes are in, and all of them in the content store; nothing when it is another writer's turn.
-- $1 id, $2 gen, $3 offset before, $4 length, $5 sha256, $6 media type
with done as (
	update upload u
	   set state = 'done', off = $4::bigint, length = $4::bigint, sha256 = decode($5, 'hex'), expires_at = now() + interval '7 days'
	 where u.id = $1::uuid
	   and u.gen = $2::int
	   and u.off = $3::bigint
	   and u.state = 'open'
	returning u.sha256, u.length, u.expires_at
)
select http_date(d.expires_at) as expires, file_note(d.sha256, d.length, $6) from done d;

-- name: upload_head :one
-- Where an upload stands. Whoever was writing writes no more. $1 id
update upload u
   set gen = u.gen + 1
 where u.id = $1::uuid
returning case when u.expires_at <= now() then 'gone' else u.state end as state, u.off, u.length, u.metadata, http_date(u.expires_at) as expires,
          case u.state when 'done' then encode(u.sha256, 'hex') end as sha256;

-- name: upload_end :one
-- Ended by its sender, or its bytes are refused; what became a file stays one. $1 id
update upload u
   set state = 'gone'
 where u.id = $1::uuid
   and u.state <> 'gone'
returning u.id;

-- name: job_upload_open :list
-- Uploads that still need their files.
select u.id from upload u where u.state = 'open' and u.expires_at > now();

-- name: job_upload_sweep :one
-- What nobody went on with, and what was done a week ago, goes.
with gone as (
	delete from upload where expires_at <= now() returning 1
)
select count(*) as uploads from gone;

-- name: job_documents_outstanding :one
-- Documents whose bytes have stayed away for three days are told to the office, until they come.
with missing as materialized (
	select d.id
	  from document d
	 where d.sha256 is not null
	   and d.created_at < now() - interval '72 hours'
	   and not exists (select from file f where f.sha256 = d.sha256)
), arrived as (
	delete from document_alert a where not exists (select from missing m where m.id = a.document_id)
), told as (
	insert into document_alert (document_id) select m.id from missing m on conflict do nothing
)
select 'documents outstanding: ' || count(*) as said from missing;

-- name: document_alerts :list
-- Documents whose bytes the office should ask for, the longest waiting first. $1 limit, $2 after
select d.id, d.title, d.kind, encode(d.sha256, 'hex') as sha256, d.task_id, k.number as task_number, k.title as task_title, p.label as place_label,
       person_name(d.created_by) as sent_by, d.captured_at, d.created_at, a.raised_at, d.id as _key
  from document_alert a
  join document d on d.id = a.document_id
  left join task k on k.id = d.task_id
  left join place p on p.id = d.place_id
 where $2::uuid is null
    or (d.created_at, d.id) > (select x.created_at, x.id from document x where x.id = $2::uuid)
 order by d.created_at, d.id
 limit $1::int;
