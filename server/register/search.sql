-- name: search_lines :list
-- Things whose name, address or number begins with what is written; the first of each kind. What a place had before (`former`) comes after
-- what is so now, but before what goes on with more digits.
-- $1 words, $2 kinds, $3 most of a kind
with found as (
	select f.kind, l.row_id, replace(f.match, 'was_', '') as match, l.form, l.was,
	       case when starts_with(f.match, 'was_') then case when l.form = f.form then 72 else 62 end
	            when l.form <> f.form then case when substr(l.form, length(f.form) + 1, 1) between '0' and 'z' then 70 else 75 end
	            when f.match = 'text' then 80
	            when f.match = 'address' then 90
	            else 100 end as score
	  from search_forms($1::text) f
	 cross join lateral (
	       select l.row_id, l.form, l.was
	         from search_line l
	        where l.kind = f.kind
	          and l.match = f.match
	          and l.form >= f.form
	          and l.form < f.form || chr(1114111)
	        order by l.form
	        limit $3::int * 4) l
	 where f.kind = any (string_to_array($2::text, ','))
), best as (
	select distinct on (kind, row_id) kind, row_id, match, form, score, was from found order by kind, row_id, score desc, form
), ranked as (
	select b.*, row_number() over (partition by kind order by score desc, form, row_id) as place from best b
)
select kind, row_id as id, match, score, was as former from ranked where place <= $3::int + 1 order by score desc, form, row_id;

-- name: search_code :list
-- What a QR label is on. $1 words, $2 kinds, $3 most (unused: a code is on one thing)
select coalesce(case l.target when 'component' then 'component' end, l.place_kind::text) as kind, l.id, 'number' as match, 100 as score
  from resolve_code(upper(btrim($1::text))) l
 where coalesce(case l.target when 'component' then 'component' end, l.place_kind::text) = any (string_to_array($2::text, ','))
 limit $3::int;

-- name: search_case_number :list
-- Cases by number: with its year, or the number alone and then the newest. $1 words, $2 kinds, $3 most
select 'case' as kind, c.id, 'number' as match, 100 as score
  from cases c
 where c.number = any (search_numbers($1::text))
   and 'case' = any (string_to_array($2::text, ','))
 order by c.number desc
 limit $3::int;

-- name: search_task_number :list
-- Tasks by number. $1 words, $2 kinds, $3 most
select 'task' as kind, k.id, 'number' as match, 100 as score
  from task k
 where k.number = any (search_numbers($1::text))
   and 'task' = any (string_to_array($2::text, ','))
 order by k.number desc
 limit $3::int;

-- name: search_case_words :list
-- Cases by their words, the newest first: among the newest, where a common word is soon found, else by the index of words.
-- $1 words, $2 kinds, $3 most
with newest as (
	select n.row_id, n.title
	  from (select s.row_id, s.title, s.tsv from search s where s.tbl = 'cases' order by s.row_id desc limit 300) n
	 where n.tsv @@ (select search_text_words($1::text))
	 limit $3::int + 1
), rest as (
	select s.row_id, s.title
	  from search s
	 where (select count(*) from newest) <= $3::int
	   and s.tbl = 'cases'
	   and s.tsv @@ (select search_text_words($1::text))
	 limit 100
), found as (
	select n.row_id, n.title from newest n union select r.row_id, r.title from rest r
)
select 'case' as kind, f.row_id as id, 'text' as match,
       case when strpos(lower(f.title), lower($1::text)) > 0 then 55 else 45 end as score
  from found f
 where 'case' = any (string_to_array($2::text, ','))
 order by f.row_id desc
 limit $3::int + 1;

-- name: search_task_words :list
-- Tasks by their words, the newest first: among the newest, where a common word is soon found, else by the index of words.
-- $1 words, $2 kinds, $3 most
with newest as (
	select n.row_id, n.title
	  from (select s.row_id, s.title, s.tsv from search s where s.tbl = 'task' order by s.row_id desc limit 300) n
	 where n.tsv @@ (select search_text_words($1::text))
	 limit $3::int + 1
), rest as (
	select s.row_id, s.title
	  from search s
	 where (select count(*) from newest) <= $3::int
	   and s.tbl = 'task'
	   and s.tsv @@ (select search_text_words($1::text))
	 limit 100
), found as (
	select n.row_id, n.title from newest n union select r.row_id, r.title from rest r
)
select 'task' as kind, f.row_id as id, 'text' as match,
       case when strpos(lower(f.title), lower($1::text)) > 0 then 55 else 45 end as score
  from found f
 where 'task' = any (string_to_array($2::text, ','))
 order by f.row_id desc
 limit $3::int + 1;

-- name: search_document_words :list
-- Documents by their words, the newest first: among the newest, where a common word is soon found, else by the index of words.
-- $1 words, $2 kinds, $3 most
with newest as (
	select n.row_id, n.title
	  from (select s.row_id, s.title, s.tsv from search s where s.tbl = 'document' order by s.row_id desc limit 300) n
	 where n.tsv @@ (select search_text_words($1::text))
	 limit $3::int + 1
), rest as (
	select s.row_id, s.title
	  from search s
	 where (select count(*) from newest) <= $3::int
	   and s.tbl = 'document'
	   and s.tsv @@ (select search_text_words($1::text))
	 limit 100
), found as (
	select n.row_id, n.title from newest n union select r.row_id, r.title from rest r
)
select 'document' as kind, f.row_id as id, 'text' as match,
       case when strpos(lower(f.title), lower($1::text)) > 0 then 55 else 45 end as score
  from found f
 where 'document' = any (string_to_array($2::text, ','))
 order by f.row_id desc
 limit $3::int + 1;

-- name: search_archive_words :list
-- Cases of archives by their numbers and words, the newest first: among the newest, where a common word is soon found, else by the index of words.
-- $1 words, $2 kinds, $3 most
with newest as (
	select n.row_id, n.title
	  from (select s.row_id, s.title, s.tsv from search s where s.tbl = 'archive_case' order by s.row_id desc limit 300) n
	 where n.tsv @@ (select search_text_words($1::text))
	 limit $3::int + 1
), rest as (
	select s.row_id, s.title
	  from search s
	 where (select count(*) from newest) <= $3::int
	   and s.tbl = 'archive_case'
	   and s.tsv @@ (select search_text_words($1::text))
	 limit 100
), found as (
	select n.row_id, n.title from newest n union select r.row_id, r.title from rest r
)
select 'archive_case' as kind, f.row_id as id, 'text' as match,
       case when strpos(lower(f.title), lower($1::text)) > 0 then 55 else 45 end as score
  from found f
 where 'archive_case' = any (string_to_array($2::text, ','))
 order by f.row_id desc
 limit $3::int + 1;

-- name: search_place_words :list
-- Places by words in the midst of their names. $1 words, $2 kinds, $3 most of a kind
select p.kind::text as kind, p.id, 'text' as match, 50 as score
  from (select s.row_id
          from search s
         where s.tbl = 'place'
           and s.tsv @@ (select search_words($1::text))
         limit 400) s
  join place p on p.id = s.row_id
 where p.kind::text = any (string_to_array($2::text, ','))
 order by p.kind, length(p.name), p.label, p.id
 limit $3::int * 3;

-- name: search_component_words :list
-- Components by words of their names, makers and tags: a word that a hundred thousand have is soon found among any thousand of them.
-- $1 words, $2 kinds, $3 most
with sample as (
	select n.row_id
	  from (select s.row_id, s.tsv from search s where s.tbl = 'component' order by s.row_id desc limit 1000) n
	 where n.tsv @@ (select search_words($1::text))
	 limit $3::int + 1
), rest as (
	select s.row_id
	  from search s
	 where (select count(*) from sample) <= $3::int
	   and s.tbl = 'component'
	   and s.tsv @@ (select search_words($1::text))
	 limit $3::int + 1
)
select 'component' as kind, f.row_id as id, 'text' as match, 50 as score
  from (select m.row_id from sample m union select r.row_id from rest r) f
 where 'component' = any (string_to_array($2::text, ','))
 limit $3::int + 1;

-- name: search_inside :list
-- What lies in a building, when the box tells both: «brannslukker kirkegata 4», «kirkegata 4 gymsal». $1 words, $2 kinds, $3 most of a kind
select x.kind, x.id, 'text' as match, 60 as score
  from search_sites($1::text) s
 cross join lateral (
       select r.kind::text as kind, r.id
         from place r
        where r.site_id = s.site_id
          and r.kind in ('building', 'outdoor_area', 'dwelling', 'room')
          and r.removed_at is null
          and name_form(r.name) like '%' || s.thing || '%'
        order by r.kind, r.label
        limit $3::int) x
 where x.kind = any (string_to_array($2::text, ','));

-- name: search_components_inside :list
-- Components in a building, as search_inside. $1 words, $2 kinds, $3 most
select 'component' as kind, x.id, 'text' as match, 60 as score
  from search_sites($1::text) s
 cross join lateral (
       select c.id
         from component c
        where c.site_id = s.site_id
          and c.removed_at is null
          and name_form(concat_ws(' ', c.name, c.tag)) like '%' || s.thing || '%'
        order by c.name, c.id
        limit $3::int) x
 where 'component' = any (string_to_array($2::text, ','));

-- name: search_people_like :list
-- People whose names are alike. $1 words, $2 kinds, $3 most
select 'person' as kind, a.row_id as id, 'text' as match, 30 as score
  from (select s.row_id, s.title, s.text
          from search s
         where s.tbl = 'person'
           and (select search_form($1::text)) <% s.text
         limit 200) a
 where 'person' = any (string_to_array($2::text, ','))
 order by word_similarity(search_form($1::text), a.text) desc, a.title, a.row_id
 limit $3::int;

-- name: search_mine :list
-- A tenant's own home. $1 words, $2 kinds, $3 most
select p.kind::text as kind, p.id, 'address' as match, 90 as score
  from place p
 where p.id = any ((select my_dwellings())::uuid[])
   and p.kind::text = any (string_to_array($2::text, ','))
   and (street_form(p.label) like '%' || street_form($1::text) || '%' or name_form(p.label) like '%' || name_form($1::text) || '%')
 order by p.label, p.id
 limit $3::int;

-- name: search_guess :list
-- The words, mended. $1 words
select g.guess from search_guesses($1::text) g where g.guess is not null;

-- name: search_show_place :list
-- What an answer shows of the places found. $1 found, as [{id, match, score, former}] in order
select f.id, p.kind, case when p.kind = 'room' then p.name else p.label end as title, null::text as subtitle, place_path(p.id) as path,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, p.area_no, f.match, f.score, f.former
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int, former text)) with ordinality as f (id, match, score, former, at)
  join place p on p.id = f.id
 where p.removed_at is null
 order by f.at;

-- name: search_show_component :list
-- $1 found
select f.id, 'component' as kind, c.name as title, nullif(concat_ws(' · ', c.tag, nullif(concat_ws(' ', c.maker, c.model), ''), c.serial), '') as subtitle,
       case when p.id is null then '[]' else place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) end as path,
       st_x(coalesce(c.geom, p.point))::numeric(12,3) as x, st_y(coalesce(c.geom, p.point))::numeric(12,3) as y, c.area_no, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join component c on c.id = f.id
  left join place p on p.id = c.place_id
 where c.removed_at is null
 order by f.at;

-- name: search_show_person :list
-- $1 found
select f.id, 'person' as kind, n.name as title, nullif(concat_ws(' · ', n.orgnr, n.phone, n.email), '') as subtitle, '[]'::json as path,
       null::numeric as x, null::numeric as y, null::int as area_no, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join person n on n.id = f.id
 order by f.at;

-- name: search_show_case :list
-- $1 found
select f.id, 'case' as kind, c.title, c.number as subtitle, c.state, place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) as path,
       st_x(coalesce(c.position, p.point))::numeric(12,3) as x, st_y(coalesce(c.position, p.point))::numeric(12,3) as y, c.area_no, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join cases c on c.id = f.id
  join place p on p.id = c.place_id
 order by f.at;

-- name: search_show_task :list
-- $1 found
select f.id, 'task' as kind, k.title, k.number as subtitle, k.state, place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) as path,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, k.area_no, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join task k on k.id = f.id
  join place p on p.id = k.place_id
 order by f.at;

-- name: search_show_document :list
-- (No coalesce() in the join: under row level security PostgreSQL takes it for one that may leak, and leaves the index.) $1 found
select f.id, 'document' as kind, d.title, nullif(concat_ws(' · ', d.file_name, d.doc_date), '') as subtitle,
       case when p.id is null then '[]' else place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) end as path,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, d.area_no, d.case_id, d.task_id, d.component_id, d.place_id, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join document d on d.id = f.id
  left join place p on p.id = case when d.place_id is null then d.site_id else d.place_id end
 order by f.at;

-- name: search_show_archive :list
-- Cases of archives, where they lie: at the first of their places that whoever asks may see. $1 found
select f.id, 'archive_case' as kind, concat_ws(' ', k.number, k.title) as title, nullif(concat_ws(' · ', k.unit, k.started_on), '') as subtitle,
       case when p.id is null then '[]' else place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) end as path,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, k.area_no, p.id as place_id, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
  join archive_case k on k.id = f.id
  left join lateral (select p.* from place p
                      where p.id = k.place_id or p.id = any (array(select x.place_id from archive_case_place x where x.archive_case_id = k.id))
                      order by p.id <> k.place_id, p.label limit 1) p on true
 order by f.at;

-- name: search_show_key :list
-- Keys, cylinders and key systems. $1 found
select f.id, 'key' as kind, t.tbl, t.title, t.subtitle, t.system_id,
       case when p.id is null then '[]' else place_path(p.id)::jsonb || jsonb_build_object('id', p.id, 'name', p.name, 'kind', p.kind) end as path,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y, t.area_no, f.match, f.score
  from rows from (json_to_recordset($1::json) as (id uuid, match text, score int)) with ordinality as f (id, match, score, at)
 cross join lateral (
       select 'key' as tbl, k.mark || '-' || k.serial as title, s.name as subtitle, k.system_id, s.place_id, k.area_no
         from key k join key_system s on s.id = k.system_id
        where k.id = f.id
       union all
       select 'cylinder', c.mark, s.name, c.system_id, c.place_id, c.area_no
         from cylinder c join key_system s on s.id = c.system_id
        where c.id = f.id and c.removed_at is null
       union all
       select 'key_system', s.name, s.maker, s.id, s.place_id, s.area_no
         from key_system s
        where s.id = f.id and s.removed_at is null) t
  left join place p on p.id = t.place_id
 order by f.at;
