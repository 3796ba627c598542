-- Cases of an archive and their documents into the register: what comes after the sections of a profile's own that read its export
-- (`then = archive archive-land` in the manifest). Those fill three temporary tables; columns that an export does not have need not be there:
--   archive_case_row      a mention of a case: line, key, is_own (the line is the case's record, not a document's that names it), number,
--                         title, and the rest of the first `alter table` below, as text
--   archive_document_row  a file of a document, or a document without one: line, doc_line (the document's own line), key, case_key,
--                         needs_case, title, and the rest of the second
--   archive_line          line, case_key or doc_line: which of them each line is about; it ends as they do
-- access is 'open', 'restricted', or null where the export does not say. Those are the managers' and administrators', unless the setting
-- `import.access.SOURCE` says "open".

-- section: shape
alter table archive_case_row
	add column if not exists year int, add column if not exists kind text, add column if not exists official_title text,
	add column if not exists state text, add column if not exists started text, add column if not exists ended text,
	add column if not exists unit text, add column if not exists access text, add column if not exists restriction text,
	add column if not exists names text, add column if not exists municipality_no text, add column if not exists bygningsnummer text,
	add column if not exists cadastral text, add column if not exists address text, add column if not exists gnr text,
	add column if not exists bnr text, add column if not exists fnr text, add column if not exists snr text;
alter table archive_document_row
	add column if not exists official_title text, add column if not exists category text, add column if not exists disciplines text,
	add column if not exists element text, add column if not exists doc_date text, add column if not exists path text,
	add column if not exists reference text, add column if not exists checksum text, add column if not exists checksum_kind text,
	add column if not exists size text, add column if not exists rank int, add column if not exists version int,
	add column if not exists access text, add column if not exists restriction text, add column if not exists names text,
	add column if not exists note text, add column if not exists municipality_no text, add column if not exists bygningsnummer text,
	add column if not exists cadastral text, add column if not exists address text, add column if not exists folder text;

-- Municipalities that share a database may have the same numbers.
update archive_case_row c
   set key = run.municipality_no || ':' || c.key,
       municipality_no = coalesce(lpad(pg_temp.clean(split_part(c.municipality_no, '|', 1)), 4, '0'), run.municipality_no)
  from run;
update archive_document_row d
   set key = run.municipality_no || ':' || d.key, case_key = run.municipality_no || ':' || d.case_key,
       municipality_no = coalesce(lpad(pg_temp.clean(d.municipality_no), 4, '0'), run.municipality_no)
  from run;
update archive_line l set case_key = run.municipality_no || ':' || l.case_key from run where l.case_key is not null;
create index on rejected (line);

-- Several properties come parted by « | » in each of four columns. They line up only when none of them lacks one: else no number is made.
update archive_case_row c
   set cadastral = p.cadastral
  from (select r.line, string_agg(concat_ws('/', v.gnr, v.bnr, v.fnr, v.snr), ' | ' order by v.n) as cadastral
          from archive_case_row r
         cross join lateral (select string_to_array(r.gnr, '|') as gnrs, string_to_array(r.bnr, '|') as bnrs,
                                    string_to_array(pg_temp.clean(r.fnr), '|') as fnrs, string_to_array(pg_temp.clean(r.snr), '|') as snrs) a
         cross join lateral (select pg_temp.clean(gnr) as gnr, pg_temp.clean(bnr) as bnr, pg_temp.clean(fnr) as fnr, pg_temp.clean(snr) as snr, n
                               from unnest(a.gnrs, a.bnrs, a.fnrs, a.snrs) with ordinality u (gnr, bnr, fnr, snr, n)) v
         where pg_temp.clean(r.gnr) is not null and r.cadastral is null
           and cardinality(a.gnrs) = all (array[cardinality(a.bnrs), coalesce(cardinality(a.fnrs), cardinality(a.gnrs)), coalesce(cardinality(a.snrs), cardinality(a.gnrs))])
         group by r.line) p
 where p.line = c.line;
insert into flagged (line, col, reason)
select line, null, 'saken gjelder flere eiendommer, og det er ikke sikkert hvilke tall som hører sammen: ikke brukt'
  from archive_case_row where pg_temp.clean(gnr) is not null and cadastral is null;

-- The words for a case's state, of Noark 5's list and of the systems' own.
create temp table known_state (word text primary key, state text not null) on commit drop;
insert into known_state values
	('b', 'open'), ('r', 'open'), ('p', 'open'), ('under behandling', 'open'), ('opprettet av saksbehandler', 'open'),
	('unntatt prosesstyring', 'open'), ('åpen', 'open'), ('aktiv', 'open'), ('reservert', 'open'),
	('a', 'closed'), ('s', 'closed'), ('f', 'closed'), ('avsluttet', 'closed'), ('avslutta', 'closed'), ('lukket', 'closed'),
	('avsluttet av saksbehandler', 'closed'), ('ferdig fra saksbehandler', 'closed'), ('ferdigbehandlet', 'closed'),
	('u', 'cancelled'), ('utgår', 'cancelled'), ('utgått', 'cancelled'), ('annullert', 'cancelled');

-- section: check
insert into rejected (line, col, reason)
select c.line, null, 'saksnummeret mangler' from archive_case_row c where c.key is null or pg_temp.clean(c.number) is null
union all
select c.line, null, 'saksnummeret er for langt' from archive_case_row c where length(c.number) > 100
union all
select c.line, null, 'samme sak som linje ' || c.first_line
  from (select line, first_value(line) over (partition by key order by line) as first_line from archive_case_row where is_own and key is not null) c
 where c.line <> c.first_line;

update archive_document_row
   set path = regexp_replace(translate(pg_temp.clean(path), '\', '/'), '^(\./)+', '');
alter table archive_document_row add file_name text, add ext text;
update archive_document_row
   set file_name = regexp_replace(path, '^.*/', ''), ext = lower(substring(path from '\.([A-Za-z0-9]{1,5})$'));

-- Of a document's variants and versions one is its file: the archive format's newest.
create temp table archive_document on commit drop as
select distinct on (doc_line) *, count(*) over (partition by doc_line) as variants
  from archive_document_row
 order by doc_line, rank nulls first, version desc nulls last, line;
create index on archive_line (case_key);
create index on archive_line (doc_line);
create index on archive_line (line);
create index on archive_case_row (key);
create index on archive_document (case_key);
analyze archive_line;
analyze archive_case_row;
analyze archive_document;
insert into flagged (line, col, reason)
select r.line, 'fil', 'annen variant eller versjon av et dokument: arkivformatet eller den nyeste er tatt'
  from archive_document_row r join archive_document d using (doc_line)
 where r.line <> d.line;

insert into rejected (line, col, reason)
select d.line, f.col, f.reason
  from archive_document d
 cross join lateral (values
	(d.key is null and d.path is null,                     null,  'dokumentet har verken nummer eller fil'),
	(d.path ~ '(^|/)\.\.(/|$)|^/|^[A-Za-z]:',               'fil', 'er ikke en sti inne i eksporten'),
	(length(d.file_name) > 250,                            'fil', 'filnavnet er for langt'),
	(d.needs_case and d.case_key is null,                  null,  'dokumentet hører ikke til noen sak'),
	(d.case_key is not null
	 and not exists (select from archive_case_row c where c.key = d.case_key)
	 and not exists (select from archive_case k, run where k.source = run.source and k.source_key = d.case_key), null, 'saken er ikke lest inn')
 ) f (is_fault, col, reason)
 where f.is_fault;

insert into rejected (line, col, reason)
select line, null, 'samme dokument som linje ' || first_line
  from (select line, first_value(line) over (partition by key order by doc_line) as first_line from archive_document where key is not null) twice
 where line <> first_line
union all
select line, 'fil', 'samme fil som linje ' || first_line
  from (select line, key, first_value(line) over same as first_line, first_value(key) over same as first_key
          from archive_document where path is not null
        window same as (partition by lower(path) order by doc_line)) twice
 where line <> first_line and coalesce(key <> first_key, true);

-- A line that is refused takes the document along that it is about, and a document its other lines.
create or replace function pg_temp.spread_rejects() returns void language plpgsql as $$
begin
	-- of a case whose own record is refused
	insert into rejected (line, col, reason)
	select distinct l.line, null, 'saken er avvist (linje ' || c.line || ')'
	  from archive_case_row c
	  join archive_line l on l.case_key = c.key
	 where c.is_own and exists (select from rejected r where r.line = c.line)
	   and not exists (select from archive_case_row o where o.key = c.key and o.is_own and not exists (select from rejected r where r.line = o.line))
	   and not exists (select from rejected r where r.line = l.line);
	insert into rejected (line, col, reason)
	select distinct d.line, null, 'saken er avvist'
	  from archive_document d
	 where exists (select from archive_case_row c where c.key = d.case_key)
	   and not exists (select from archive_case_row c where c.key = d.case_key and not exists (select from rejected r where r.line = c.line))
	   and not exists (select from rejected r where r.line = d.line);
	insert into rejected (line, col, reason)
	select distinct l.line, null, 'dokumentet er avvist (linje ' || d.line || ')'
	  from archive_document d
	  join archive_line l on l.doc_line = d.doc_line
	 where exists (select from rejected r where r.line = d.line)
	   and not exists (select from rejected r where r.line = l.line);
	delete from archive_document d where exists (select from rejected r where r.line in (d.line, d.doc_line));
	delete from archive_case_row c where exists (select from rejected r where r.line = c.line);
end
$$;
select pg_temp.spread_rejects();

insert into rejected (line, col, reason)
select s.line, null, 'hører ikke til noen sak eller noe dokument i filen'
  from staged s
 where s.fault is null
   and not exists (select from archive_line l where l.line = s.line)
   and not exists (select from rejected r where r.line = s.line)
   and not exists (select from outcome o where o.line = s.line);

-- section: names
-- The parties that are no organisations, by the last words of their names: patterns for a title that names one of them.
create temp table named on commit drop as
select n.names, array_agg(distinct '% ' || substring(f.form from '[a-z0-9]+$') || ' %') as patterns
  from (select names from archive_case_row where names <> '' union select names from archive_document where names <> '') n
 cross join regexp_split_to_table(n.names, '\s*\|\s*') p (name)
 cross join lateral (select name_form(p.name) as form) f
 where p.name !~* '\m(AS|ASA|ANS|DA|KF|IKS|SA|BA|NUF|kommune|fylkeskommune|borettslag|sameie)\M'
   and f.form ~ '[a-z]{2}$'
 group by n.names;
create index on named (names);
analyze named;

-- section: cases
-- What a case is: the first line that names it speaks; the others are told of when they say otherwise.
create temp table archive_case_found on commit drop as
select distinct on (c.key) c.*, run.source, known.is_open as unsaid_is_open, k.state as state_known,
       pg_temp.day(c.started) as started_on, pg_temp.day(c.ended) as ended_on,
       coalesce(pg_temp.clean(c.title), pg_temp.clean(c.official_title)) as full_title
  from archive_case_row c
 cross join run
 cross join lateral (select coalesce((select t.value #>> '{}' = 'open' from setting t where t.key = 'import.access.' || run.source), false) as is_open) known
  left join known_state k on k.word = lower(pg_temp.clean(c.state))
 order by c.key, c.is_own desc, c.line;
alter table archive_case_found add is_restricted boolean, add names_somebody boolean, add content_hash bytea, add place_id uuid,
	add known_id uuid, add outcome text;
create unique index on archive_case_found (key);
analyze archive_case_found;

insert into flagged (line, col, reason)
select r.line, null, 'raden sier noe annet om saken enn en tidligere linje: den første gjelder'
  from archive_case_row r join archive_case_found c using (key)
 where r.line <> c.line and not r.is_own
   and (r.title, r.state, r.started, r.ended, r.bygningsnummer, r.cadastral) is distinct from (c.title, c.state, c.started, c.ended, c.bygningsnummer, c.cadastral);
insert into flagged (line, col, reason)
select c.line, f.col, f.reason
  from archive_case_found c
 cross join lateral (values
	(c.full_title is null,                                                   null, 'saken har ingen tittel: saksnummeret er brukt'),
	(length(c.full_title) > 500,                                             null, 'tittelen er lengre enn 500 tegn: resten er ikke tatt med'),
	(pg_temp.clean(c.state) is not null and c.state_known is null,           null, 'ukjent saksstatus'),
	(pg_temp.clean(c.started) is not null and c.started_on is null,          null, 'saksdatoen er ikke en dato: lest inn uten'),
	(pg_temp.clean(c.ended) is not null and c.ended_on is null,              null, 'avsluttet dato er ikke en dato: lest inn uten'),
	(c.ended_on < c.started_on,                                              null, 'saken er avsluttet før den begynte'),
	(pg_temp.clean(c.bygningsnummer) is not null and coalesce(pg_temp.whole(c.bygningsnummer), 0) < 1, 'bygningsnummer', 'er ikke et tall på inntil ni siffer: ikke brukt'),
	(c.access is null,                                                       null, 'eksporten sier ikke hvem som får se saken: ' ||
		case when c.unsaid_is_open then 'åpen etter innstillingen' else 'bare forvaltere og administratorer' end)
 ) f (is_told, col, reason)
 where f.is_told;

update archive_case_found set names_somebody = false;
update archive_case_found c
   set names_somebody = true
  from named n
 where n.names = c.names and ' ' || name_form(c.full_title) || ' ' like any (n.patterns);
update archive_case_found c
   set is_restricted = names_somebody or coalesce(access = 'restricted', not unsaid_is_open);
insert into flagged (line, col, reason)
select line, null, 'tittelen nevner en part: bare forvaltere og administratorer ser den'
  from archive_case_found where names_somebody and access is distinct from 'restricted';
-- Who may see the case at all sees its whole title; of an open one the public title is kept.
update archive_case_found
   set title = left(coalesce(case when is_restricted then full_title else pg_temp.clean(official_title) end, full_title, number), 500),
       year  = coalesce(year, substring(number from '^([12][0-9]{3})\M')::int),
       state = coalesce(state_known, case when pg_temp.clean(state) is null and ended_on is not null then 'closed' else 'unknown' end);
update archive_case_found
   set content_hash = sha256(convert_to(concat_ws(E'\x1f', number, coalesce(kind, ''), title, state, coalesce(started_on::text, ''), coalesce(ended_on::text, ''),
		coalesce(unit, ''), is_restricted::text, coalesce(restriction, ''), coalesce(municipality_no, ''), coalesce(bygningsnummer, ''),
		coalesce(cadastral, ''), coalesce(address, ''), case when cadastral like '%|%' then 'alle' end), 'utf8'));
update archive_case_found c
   set known_id = o.row_id, place_id = k.place_id, outcome = case when o.content_hash = c.content_hash then 'unchanged' end
  from import_origin o join archive_case k on k.id = o.row_id
 where o.source = c.source and o.source_key = 'sak:' || c.key and o.tbl = 'archive_case';

-- section: documents
alter table archive_document add day date, add is_restricted boolean, add names_somebody boolean, add place_id uuid, add known_id uuid,
	add case_id uuid, add is_of_case boolean, add content_hash bytea, add outcome text, add is_same_text boolean, add element_known text;
update archive_document d
   set day = pg_temp.day(d.doc_date),
       element_known = (select e.code from element e where e.code = substring(pg_temp.clean(d.element) from '^([0-9]{1,4})\s*(?:-.*)?$')),
       names_somebody = false,
       is_of_case = d.case_key is not null;
update archive_document d
   set names_somebody = true
  from named n
 where n.names = d.names and ' ' || name_form(d.title) || ' ' like any (n.patterns);
update archive_document d
   set is_restricted = d.names_somebody or coalesce(d.access = 'restricted', false)
		or coalesce(c.is_restricted, k.is_restricted, false)
		or (d.access is null and d.case_key is null and not coalesce((select t.value #>> '{}' = 'open' from setting t where t.key = 'import.access.' || run.source), false)),
       case_id = k.id
  from archive_document x
 cross join run
  left join archive_case_found c on c.key = x.case_key
  left join archive_case k on k.source = run.source and k.source_key = x.case_key
 where x.line = d.line;
insert into flagged (line, col, reason)
select d.line, f.col, f.reason
  from archive_document d
 cross join lateral (values
	(pg_temp.clean(d.title) is null,                                   null, 'dokumentet har ingen tittel: filens navn eller nummeret er brukt'),
	(length(pg_temp.clean(d.title)) > 500,                             null, 'tittelen er lengre enn 500 tegn: resten er ikke tatt med'),
	(pg_temp.clean(d.doc_date) is not null and d.day is null,          null, 'dokumentdatoen er ikke en dato: lest inn uten'),
	(pg_temp.clean(d.element) is not null and d.element_known is null, 'bygningsdel', 'ukjent bygningsdel: lest inn uten'),
	(d.path is not null and not exists (select from file_type t where t.ext = d.ext), 'fil', 'filtypen tas ikke inn i fillageret: dokumentet viser bare til arkivet'),
	(d.names_somebody and d.access is distinct from 'restricted',      null, 'tittelen nevner en part: bare forvaltere og administratorer ser den'),
	(d.case_key is null and d.access is null and d.is_restricted,      null, 'eksporten sier ikke hvem som får se dokumentet: bare forvaltere og administratorer')
 ) f (is_told, col, reason)
 where f.is_told;
update archive_document
   set title = left(coalesce(case when not is_restricted then pg_temp.clean(official_title) end, pg_temp.clean(title),
		nullif(regexp_replace(file_name, '\.[^.]*$', ''), ''), file_name, reference, key), 500),
       key = coalesce(key, (select municipality_no from run) || ':' || lower(path));
update archive_document d
   set content_hash = sha256(convert_to(concat_ws(E'\x1f', coalesce(case_key, ''), title, coalesce(category, ''), coalesce(disciplines, ''), coalesce(element_known, ''),
		coalesce(day::text, ''), coalesce(path, ''), coalesce(reference, ''), coalesce(checksum, ''), coalesce(note, ''), is_restricted::text,
		coalesce(municipality_no, ''), coalesce(bygningsnummer, ''), coalesce(cadastral, ''), coalesce(address, ''), coalesce(folder, '')), 'utf8'));
update archive_document d
   set known_id = o.row_id, place_id = x.place_id, is_same_text = o.content_hash = d.content_hash
  from run, import_origin o, document x
 where o.source = run.source and o.source_key = 'dok:' || d.key and o.tbl = 'document' and x.id = o.row_id;

-- What has no place columns lies where a person has said that its folder belongs, or waits for that, with the houses whose names the
-- folder bears.
create temp table by_folder on commit drop as
select d.line, d.folder, 'mappe:' || lower(d.folder) as key, p.id as place_id, c.key is not null and (c.place_id is null or p.id is not null) as is_answered
  from archive_document d
  left join choice c on c.key = 'mappe:' || lower(d.folder)
  left join place p on p.id = c.place_id and p.removed_at is null
 where d.folder is not null and coalesce(d.is_same_text, false) is false
   and coalesce(pg_temp.clean(d.bygningsnummer), pg_temp.clean(d.cadastral), pg_temp.clean(d.address)) is null;
update archive_document d set place_id = f.place_id from by_folder f where f.line = d.line and f.is_answered;
insert into rejected (line, col, reason)
select line, null, 'valgt bort i køen' from by_folder where is_answered and place_id is null;
insert into waiting (line, key, reason, candidates)
select f.line, f.key, 'uten sted: mappen må knyttes til et', coalesce(
       (select jsonb_agg(jsonb_build_object('tbl', 'place', 'id', x.id, 'label', x.label, 'score', 0.6) order by x.label)
          from (select distinct p.id, p.label
                  from regexp_split_to_table(f.folder, '/') n (name)
                  join place p on name_form(p.name) = name_form(n.name)
                 where p.kind = 'building' and p.removed_at is null limit 10) x), '[]')
  from by_folder f where not f.is_answered;

-- section: seek
-- A case of several properties is sought at each of them, and at its building if it names one, under numbers that no line has.
create temp table archive_case_at on commit drop as
select -row_number() over (order by c.line, p.n) as at, c.line, c.municipality_no, p.n, p.bygningsnummer, p.cadastral, null::uuid as place_id, null::uuid as property_id
  from archive_case_found c
 cross join lateral (select 0 as n, nullif(pg_temp.whole(c.bygningsnummer), 0) as bygningsnummer, null as cadastral
                     union all
                     select u.n, null, pg_temp.clean(u.cadastral) from string_to_table(c.cadastral, '|') with ordinality u (cadastral, n)) p
 where c.outcome is null and c.cadastral like '%|%' and num_nonnulls(p.bygningsnummer, p.cadastral) > 0;
insert into sought (line, municipality_no, bygningsnummer, cadastral, address)
select line, municipality_no, nullif(pg_temp.whole(bygningsnummer), 0), pg_temp.clean(cadastral), pg_temp.clean(address)
  from archive_case_found
 where outcome is null and coalesce(nullif(pg_temp.whole(bygningsnummer), 0)::text, pg_temp.clean(cadastral), pg_temp.clean(address)) is not null
   and coalesce(cadastral not like '%|%', true)
 union all
select at, municipality_no, bygningsnummer, cadastral, null from archive_case_at
 union all
select line, municipality_no, nullif(pg_temp.whole(bygningsnummer), 0), pg_temp.clean(split_part(cadastral, '|', 1)), pg_temp.clean(address)
  from archive_document
 where not is_of_case and coalesce(is_same_text, false) is false
   and coalesce(nullif(pg_temp.whole(bygningsnummer), 0)::text, pg_temp.clean(cadastral), pg_temp.clean(address)) is not null;

-- section: placed
-- A case of several properties lies at all that are here. It waits when one of them is several, or when none is here; the rest is told of.
update archive_case_at a set place_id = f.place_id, property_id = f.property_id from found f where f.line = a.at;
delete from archive_case_at a using archive_case_at b
 where b.line = a.line and (b.place_id = a.place_id and b.n < a.n or b.n = 0 and a.n > 0 and a.place_id = b.property_id);
create temp table archive_case_unplaced on commit drop as
select a.line, a.at, a.n, coalesce(w.reason, r.reason) as reason, w.candidates, w.key, w.reason <> 'ukjent eiendom' as is_unsure, w.line is null as is_refused,
       exists (select from archive_case_at b where b.line = a.line and b.place_id is not null) as lies_elsewhere
  from archive_case_at a
  left join waiting w on w.line = a.at
  left join rejected r on r.line = a.at
 where a.place_id is null;
delete from waiting where line < 0;
delete from rejected where line < 0;
delete from found where line < 0;
update flagged f set line = a.line from archive_case_at a where a.at = f.line;
delete from flagged where line < 0;
insert into waiting (line, reason, candidates, key)
select distinct on (line) line, reason, candidates, key
  from archive_case_unplaced
 where not is_refused and (is_unsure or not lies_elsewhere)
 order by line, is_unsure desc, n;
insert into rejected (line, reason)
select distinct u.line, u.reason from archive_case_unplaced u
 where u.is_refused and not u.lies_elsewhere and not exists (select from archive_case_unplaced o where o.line = u.line and not o.is_refused);
insert into flagged (line, reason)
select line, case when is_refused then 'en av eiendommene er valgt bort i køen: saken ligger på de andre'
                  else 'saken gjelder også en eiendom som ikke er her: den ligger på de andre' end
  from archive_case_unplaced
 where lies_elsewhere and coalesce(not is_unsure, true);
insert into flagged (line, reason)
select line, 'saken gjelder flere eiendommer: den ligger på alle' from archive_case_at where place_id is not null group by line having count(*) > 1;

update archive_case_found c set place_id = f.place_id from found f where f.line = c.line and c.outcome is null;
update archive_case_found c
   set place_id = a.place_id
  from (select distinct on (line) line, place_id from archive_case_at where place_id is not null order by line, n) a
 where a.line = c.line;
update archive_document d set place_id = f.place_id from found f where f.line = d.line and not d.is_of_case;
insert into flagged (line, col, reason)
select c.line, null, 'eksporten sier ikke hvor saken hører til: lest inn uten sted'
  from archive_case_found c
 where c.outcome is null and not exists (select from sought s where s.line = c.line) and not exists (select from archive_case_at a where a.line = c.line)
union all
select d.line, null, 'eksporten sier ikke hvor dokumentet hører til: lest inn uten sted'
  from archive_document d
 where not d.is_of_case and coalesce(d.is_same_text, false) is false and d.place_id is null
   and not exists (select from sought s where s.line = d.line)
   and not exists (select from by_folder f where f.line = d.line);

-- The lines of a case that waits wait with it, and those of its documents; one answer settles them. What a person has set aside goes alike.
create temp table together on commit drop as
select c.line as speaks, l.line from archive_case_found c join archive_line l on l.case_key = c.key
 union
select c.line, l.line from archive_case_found c join archive_document d on d.case_key = c.key join archive_line l on l.doc_line = d.doc_line
 union
select d.line, l.line from archive_document d join archive_line l on l.doc_line = d.doc_line where not d.is_of_case;
insert into rejected (line, col, reason)
select distinct on (t.line) t.line, r.col, r.reason
  from rejected r join together t on t.speaks = r.line
 where t.line <> t.speaks and not exists (select from rejected o where o.line = t.line)
 order by t.line, t.speaks;
insert into waiting (line, reason, candidates, key)
select distinct on (t.line) t.line, w.reason, w.candidates, w.key
  from waiting w join together t on t.speaks = w.line
 where not exists (select from waiting o where o.line = t.line) and not exists (select from rejected r where r.line = t.line)
 order by t.line, t.speaks;
create index on waiting (line);
analyze waiting;
select pg_temp.spread_rejects();
delete from archive_document d where exists (select from waiting w where w.line = d.line);
delete from archive_case_found c where exists (select from waiting w where w.line = c.line)
	or not exists (select from archive_case_row r where r.key = c.key);
