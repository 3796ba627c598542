-- name: archive_cases :list
-- Cases of archives about a place and what lies in it, the newest first; of a municipality only its own. $1 place, $2 limit, $3 after
with recursive below as (
	select p.id, p.kind from place p where p.id = $1::uuid
	union all
	select p.id, p.kind from place p join below b on p.parent_id = b.id where b.kind <> 'municipality'
)
select k.id, k.number, k.title, k.kind, k.state, k.started_on, k.ended_on, k.unit, k.is_restricted, k.restriction,
       (select string_agg(p.label, ', ' order by p.id <> k.place_id, p.label) from place p
         where p.id = k.place_id or p.id = any (array(select x.place_id from archive_case_place x where x.archive_case_id = k.id))) as place_label,
       (select count(*) from document d where d.archive_case_id = k.id)::int as document_count, k.id as _key
  from archive_case k
 where k.id = any (array(select c.id from archive_case c where c.place_id = any (array(select b.id from below b))
                         union
                         select x.archive_case_id from archive_case_place x where x.place_id = any (array(select b.id from below b))))
   and ($3::uuid is null
        or (case when k.started_on is null then '-infinity' else k.started_on end, k.id)
           < (select case when a.started_on is null then '-infinity' else a.started_on end, a.id from archive_case a where a.id = $3::uuid))
 order by case when k.started_on is null then '-infinity' else k.started_on end desc, k.id desc
 limit $2::int;

-- name: archive_documents :list
-- Documents of a case of an archive, by day. $1 case, $2 limit, $3 after
select d.id, d.title, d.mime, d.size, encode(d.sha256, 'hex') as sha256, d.archive_ref, d.doc_date, d.id as _key
  from document d
 where d.archive_case_id = $1::uuid
   and ($3::uuid is null
        or (case when d.doc_date is null then 'infinity' else d.doc_date end, d.id)
           > (select case when a.doc_date is null then 'infinity' else a.doc_date end, a.id from document a where a.id = $3::uuid))
 order by case when d.doc_date is null then 'infinity' else d.doc_date end, d.id
 limit $2::int;
