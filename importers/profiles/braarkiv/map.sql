-- BraArkiv's spreadsheet of FDV documents: gnr/bnr, building number, location code, disciplines, building part, a second
-- building part, document categories, file path, note.

-- section: cook
create temp table known_discipline on commit drop as
select lower(name) as key, name from unnest(array[
	'Alarmer', 'Arkitekt', 'Automasjon', 'Blikkenslager', 'Brannslokking', 'Brannvern', 'Byggdata', 'Byggeteknisk', 'Dokumentasjon',
	'Elkraft', 'Glassmester', 'Grunn og betong', 'Grøntanlegg', 'Heis', 'Konsulent', 'Lås Beslag og Smed', 'Maler/Gulvlegging',
	'Murer', 'Renhold', 'Sanering', 'Skadebegrensninger', 'Skadedyr', 'Tømrer', 'Utendørsanlegg', 'Vaktmestertjenester',
	'Ventilasjon', 'Vintervedlikehold', 'VVS']) name;

-- is_of_a_thing: the document is about an installation that stands there.
create temp table known_category on commit drop as
select lower(name) as key, name,
       name in ('Bruksanvisninger', 'Drifts- og systeminformasjon', 'Teknisk informasjon', 'Tilsyn og vedlikehold') as is_of_a_thing
  from unnest(array[
	'Avtaler', 'Beskrivelser', 'Bilder', 'Brosjyrer', 'Bruksanvisninger', 'Drifts- og systeminformasjon', 'Fargekoder',
	'Garantibefaring', 'Generell orientering', 'Innholdsfortegnelse', 'Kart', 'Låseplaner', 'Prosjekt- og entreprenørlister',
	'Rapport', 'Skjema', 'Tegning', 'Tegning fasade', 'Tegning plan', 'Tegning snitt', 'Teknisk informasjon', 'Tilsyn og vedlikehold']) name;

-- The file types that the archive takes.
create temp table known_type on commit drop as
select * from file_type where ext not in ('png', 'txt');

-- A list «a; b;» as its parts.
create or replace function pg_temp.parts(t text) returns text[] immutable parallel safe language sql
	return (select coalesce(array_agg(p order by n), '{}')
	          from (select pg_temp.clean(u.p) as p, n from unnest(string_to_array(t, ';')) with ordinality u (p, n)) q where p is not null);

create temp table cooked on commit drop as
select s.line,
       s.gnr_bnr                                                   as cadastral,
       s.bygningsnummer                                            as bygningsnummer,
       s.lokasjonskode                                             as location_code,
       pg_temp.parts(s.fag)                                        as disciplines,
       s.bygningsdel                                               as element_text,
       s.bygningsdel_2                                             as element_2_text,
       substring(s.bygningsdel from '^([0-9]{1,4})\s*(?:-.*)?$')   as element,
       substring(s.bygningsdel_2 from '^([0-9]{1,4})\s*(?:-.*)?$') as element_2,
       pg_temp.parts(s.dokumentkategori)                           as categories,
       regexp_replace(translate(s.fil, '\', '/'), '^(\./)+', '')   as path,
       s.merknad                                                   as note,
       run.municipality_no
  from staged s
 cross join run
 where s.fault is null;
alter table cooked add file_name text, add ext text, add row_key text, add content_hash bytea;
update cooked
   set file_name       = regexp_replace(path, '^.*/', ''),
       ext             = lower(substring(path from '\.([A-Za-z0-9]{1,5})$')),
       row_key         = lower(path),
       content_hash    = sha256(convert_to(concat_ws(E'\x1f', coalesce(cadastral, ''), coalesce(bygningsnummer::text, ''),
		coalesce(location_code, ''), disciplines::text, coalesce(element_text, ''), coalesce(element_2_text, ''), categories::text,
		path, coalesce(note, '')), 'utf8'));

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
 cross join lateral (values
	(num_nonnulls(c.cadastral, c.bygningsnummer) = 0 and not exists (select from rejected r where r.line = c.line and r.col = 'bygningsnummer'),
	                                                                      'gnr_bnr', 'både gnr/bnr og bygningsnummer mangler'),
	(c.cadastral ~ '^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}', 'gnr_bnr', 'er blitt en dato i regnearket'),
	(c.cadastral is not null and cadastral_form(c.cadastral) is null
	 and c.cadastral !~ '^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}',              'gnr_bnr', 'er ikke på formen gnr/bnr'),
	(c.element_text is not null and not exists (select from element e where e.code = c.element), 'bygningsdel', 'ukjent bygningsdel'),
	(c.element_2_text is not null and not exists (select from element e where e.code = c.element_2), 'bygningsdel_2', 'ukjent bygningsdel'),
	(exists (select from unnest(c.disciplines) d where not exists (select from known_discipline k where k.key = lower(d))), 'fag', 'ukjent fag'),
	(cardinality(c.categories) = 0,                     'dokumentkategori', 'mangler'),
	(exists (select from unnest(c.categories) d where not exists (select from known_category k where k.key = lower(d))), 'dokumentkategori', 'ukjent dokumentkategori'),
	(c.path ~ '(^|/)\.\.(/|$)|^/|^[A-Za-z]:',           'fil', 'er ikke en sti inne i eksporten'),
	(length(c.file_name) > 250,                         'fil', 'filnavnet er for langt'),
	(c.path is not null and not exists (select from known_type t where t.ext = c.ext), 'fil', 'filtypen tas ikke imot')
 ) f (is_fault, col, reason)
 where f.is_fault;

-- Windows does not tell «Tegning.PDF» from «tegning.pdf».
select pg_temp.reject_twice('''fil''', 'samme fil');

-- section: files
insert into wanted_file select path from cooked;

-- section: look
-- Only after the files are read: a file whose bytes are of another type than its name says.
insert into rejected (line, col, reason)
select c.line, 'fil', 'innholdet er ikke det filendelsen sier'
  from cooked c join taken_file f using (path) join known_type t using (ext)
 where f.family <> t.family;
delete from cooked c using rejected r where r.line = c.line;

-- Unchanged: the same nine cells as last time, and no bytes that were not here then.
insert into outcome (line, state)
select c.line, 'unchanged'
  from cooked c
 cross join run
  join import_origin o on o.source = run.source and o.source_key = c.row_key and o.content_hash = c.content_hash and o.tbl = 'document'
  join document d on d.id = o.row_id
  left join taken_file f using (path)
 where f.sha256 is null or f.sha256 = d.sha256;
delete from cooked c using outcome o where o.line = c.line;

insert into flagged (line, col, reason)
select c.line, 'fil', 'filen finnes ikke i mappen'
  from cooked c where exists (select from taken_file) and not exists (select from taken_file f where f.path = c.path);

-- section: seek
insert into sought (line, municipality_no, bygningsnummer, cadastral)
select line, municipality_no, bygningsnummer, cadastral from cooked;

-- section: land
insert into file (sha256, size, mime)
select distinct on (f.sha256) f.sha256, f.size, t.mime
  from cooked c join taken_file f using (path) join known_type t using (ext)
 order by f.sha256, t.mime
on conflict (sha256) do nothing;

create temp table landing on commit drop as
select c.line, run.source, c.row_key as source_key, c.path, c.file_name, t.mime, f.sha256, f.size, m.place_id,
       (select array_agg(k.name order by n) from unnest(c.categories) with ordinality u (d, n) join known_category k on k.key = lower(d)) as categories,
       coalesce((select array_agg(k.name order by n) from unnest(c.disciplines) with ordinality u (d, n)
                   join known_discipline k on k.key = lower(d)), '{}') as disciplines,
       c.element, c.element_2,
       nullif(concat_ws(E'\n', c.note, 'Bygningsdel 2: ' || c.element_2_text, 'Lokasjonskode: ' || c.location_code), '') as note,
       c.content_hash,
       exists (select from unnest(c.categories) d join known_category k on k.key = lower(d) where k.is_of_a_thing) as is_of_a_thing
  from cooked c
 cross join run
  join found m using (line)
  join known_type t using (ext)
  left join taken_file f using (path);

insert into document as d (sha256, archive_ref, title, file_name, mime, size, place_id, categories, disciplines, element, note, source, source_key)
select sha256, path, coalesce(nullif(regexp_replace(file_name, '\.[^.]*$', ''), ''), file_name), file_name, mime, size, place_id,
       categories, disciplines, element, note, source, source_key
  from landing
on conflict (source, source_key) do update
   set sha256 = coalesce(excluded.sha256, d.sha256), size = coalesce(excluded.size, d.size), mime = excluded.mime,
       archive_ref = excluded.archive_ref, place_id = excluded.place_id, categories = excluded.categories,
       disciplines = excluded.disciplines, element = excluded.element, note = excluded.note;

-- Installations that the documents show to be there and nobody has registered. One that is more closely told of (365) counts
-- as the wider one (36).
create temp table new_component on commit drop as
select uuidv7() as id, place_id, element, line
  from (select distinct on (l.place_id, e.element) l.place_id, e.element, l.line
          from landing l
         cross join lateral (values (l.element), (l.element_2)) e (element)
          join place p on p.id = l.place_id and p.kind = 'building'
         where l.is_of_a_thing and e.element ~ '^[3-6]' and length(e.element) >= 2
           and not exists (select from component k where k.place_id = l.place_id and k.removed_at is null and k.element like e.element || '%')
         order by l.place_id, e.element, l.line) told;
delete from new_component n
 using new_component closer
 where closer.place_id = n.place_id and closer.element like n.element || '_%';
insert into component (id, place_id, name, element)
select n.id, n.place_id, e.name, n.element from new_component n join element e on e.code = n.element;

-- section: origin
insert into origin (line, source_key, tbl, row_id, content_hash)
select l.line, l.source_key, 'document', d.id, l.content_hash from landing l join document d using (source, source_key);
insert into origin (line, source_key, tbl, row_id)
select line, 'komponent:' || place_id || ':' || element, 'component', id from new_component;

insert into outcome (line, state) select line, 'landed' from landing;
insert into landed_in
select 'dokumenter', count(*) from landing union all
select 'nye komponenter', count(*) from new_component union all
select 'filer i lageret', count(distinct sha256) from landing;
