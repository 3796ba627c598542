-- Cases of an archive and their documents into the register, once they are read and placed: the rest of archive.sql (`then = archive archive-land`).

-- section: files
insert into wanted_file select d.path from archive_document d join file_type t using (ext) where d.path is not null;

-- section: look
-- Only after the files are read: what their bytes are, and whether they are the ones that were exported.
insert into rejected (line, col, reason)
select d.line, 'fil', 'innholdet er ikke det filendelsen sier'
  from archive_document d join taken_file f using (path) join file_type t using (ext)
 where f.family <> t.family
union all
select d.line, 'sjekksum', 'sjekksummen stemmer ikke med filen'
  from archive_document d join taken_file f using (path)
 where d.checksum_kind ~* '^\s*sha-?256\s*$' and lower(pg_temp.clean(d.checksum)) <> encode(f.sha256, 'hex');
insert into flagged (line, col, reason)
select d.line, 'sjekksum', 'sjekksummen er ikke SHA-256 og er ikke kontrollert'
  from archive_document d join taken_file f using (path)
 where pg_temp.clean(d.checksum) is not null and coalesce(d.checksum_kind !~* '^\s*sha-?256\s*$', true)
union all
select d.line, 'filstoerrelse', 'filen har en annen størrelse enn eksporten sier'
  from archive_document d join taken_file f using (path)
 where pg_temp.whole(d.size) <> f.size
union all
select d.line, 'fil', 'filen finnes ikke i mappen'
  from archive_document d join file_type t using (ext)
 where exists (select from taken_file) and not exists (select from taken_file f where f.path = d.path);
select pg_temp.spread_rejects();
-- A case that only refused lines named does not land by itself.
delete from archive_case_found c where not exists (select from archive_case_row r where r.key = c.key);
update archive_case_found c
   set line = (select min(r.line) from archive_case_row r where r.key = c.key)
 where not exists (select from archive_case_row r where r.key = c.key and r.line = c.line);

update archive_document d
   set outcome = 'unchanged'
  from document x
 where x.id = d.known_id and d.is_same_text
   and not exists (select from taken_file f where f.path = d.path and f.sha256 is distinct from x.sha256);

-- section: land
insert into archive_case as k (source, source_key, number, year, kind, title, state, started_on, ended_on, unit, place_id, is_restricted, restriction)
select source, key, number, year, pg_temp.clean(kind), title, state, started_on, ended_on, pg_temp.clean(unit), place_id, is_restricted, pg_temp.clean(restriction)
  from archive_case_found
 where outcome is null
 order by line
on conflict (source, source_key) do update
   set number = excluded.number, year = excluded.year, kind = excluded.kind, title = excluded.title, state = excluded.state,
       started_on = excluded.started_on, ended_on = excluded.ended_on, unit = excluded.unit, place_id = excluded.place_id,
       is_restricted = excluded.is_restricted, restriction = excluded.restriction;

-- The further places of a case of several properties.
delete from archive_case_place x
 using archive_case_found c
 where c.outcome is null and x.archive_case_id = c.known_id
   and not exists (select from archive_case_at a where a.line = c.line and a.place_id = x.place_id and a.place_id <> c.place_id);
insert into archive_case_place (archive_case_id, place_id)
select k.id, a.place_id
  from archive_case_found c
  join archive_case k on k.source = c.source and k.source_key = c.key
  join archive_case_at a on a.line = c.line and a.place_id <> c.place_id
 where c.outcome is null
   and not exists (select from archive_case_place x where x.archive_case_id = k.id and x.place_id = a.place_id)
 order by a.line, a.n;

insert into file (sha256, size, mime)
select distinct on (f.sha256) f.sha256, f.size, t.mime
  from archive_document d join taken_file f using (path) join file_type t using (ext)
 where d.outcome is null
 order by f.sha256, t.mime
on conflict (sha256) do nothing;

-- A case's documents lie where it does.
update archive_document d
   set case_id = k.id, place_id = k.place_id
  from run, archive_case k
 where d.is_of_case and k.source = run.source and k.source_key = d.case_key;

insert into document as x (sha256, archive_ref, title, file_name, mime, size, place_id, archive_case_id, is_restricted, categories, disciplines, element,
	note, doc_date, source, source_key)
select f.sha256, coalesce(d.path, d.reference, d.key), d.title, d.file_name, t.mime, coalesce(f.size, pg_temp.whole(d.size)), d.place_id, d.case_id,
       d.is_restricted, case when d.category is null then '{}' else array[d.category] end,
       case when d.disciplines is null then '{}' else array[d.disciplines] end, d.element_known, pg_temp.clean(d.note), d.day, run.source, d.key
  from archive_document d
 cross join run
  left join file_type t using (ext)
  left join taken_file f using (path)
 where d.outcome is null
 order by d.line
on conflict (source, source_key) do update
   set sha256 = coalesce(excluded.sha256, x.sha256), archive_ref = excluded.archive_ref, title = excluded.title, file_name = excluded.file_name,
       mime = excluded.mime, size = coalesce(excluded.size, x.size), place_id = excluded.place_id, archive_case_id = excluded.archive_case_id,
       is_restricted = excluded.is_restricted, categories = excluded.categories, disciplines = excluded.disciplines,
       element = excluded.element, note = excluded.note, doc_date = excluded.doc_date;

-- Also those that this export does not name follow a case that has moved or been closed to most.
update document x
   set place_id = k.place_id, is_restricted = x.is_restricted or k.is_restricted
  from archive_case_found c
  join archive_case k on k.source = c.source and k.source_key = c.key
 where c.outcome is null and c.known_id is not null and x.archive_case_id = k.id
   and (x.place_id is distinct from k.place_id or (k.is_restricted and not x.is_restricted));

-- section: origin
insert into origin (line, source_key, tbl, row_id, content_hash)
select c.line, 'sak:' || c.key, 'archive_case', k.id, c.content_hash
  from archive_case_found c join archive_case k on k.source = c.source and k.source_key = c.key
 where c.outcome is null
 union all
select d.line, 'dok:' || d.key, 'document', x.id, d.content_hash
  from archive_document d cross join run join document x on x.source = run.source and x.source_key = d.key
 where d.outcome is null;

-- A line ends as what it is about; one that is about both, as the one that changed most.
insert into outcome (line, state)
select l.line, case min(case when l.outcome = 'unchanged' then 2 when l.known_id is not null then 1 else 0 end)
               when 0 then 'landed' when 1 then 'updated' else 'unchanged' end
  from (select l.line, c.outcome, c.known_id from archive_line l join archive_case_found c on c.key = l.case_key
         union all
        select l.line, d.outcome, d.known_id from archive_line l join archive_document d using (doc_line)) l
 where not exists (select from rejected r where r.line = l.line)
   and not exists (select from waiting w where w.line = l.line)
 group by l.line;
insert into landed_in
select 'arkivsaker', count(*) from archive_case_found where outcome is null union all
select 'dokumenter', count(*) from archive_document where outcome is null union all
select 'filer i lageret', count(distinct f.sha256) from archive_document d join taken_file f using (path) where d.outcome is null;
