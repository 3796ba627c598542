-- Noark 5's arkivstruktur.xml into what archive.sql lands: a mappe is a case, a dokumentbeskrivelse with its dokumentobjekter a document, a
-- registrering goes with its case, and a document of none with its own. An extract may be of any size: whole sets at a time.

-- section: nodes
-- Rows of the queue come from several batches, whose numbers begin anew (`part`); the one around a row is of the same.
create temp table node on commit drop as
select s.line, lower(s.nivaa) as level, s.nummer::bigint as number, s.forelder::bigint as parent,
       sum(case when s.nummer::bigint <= s.before then 1 else 0 end) over (order by s.line) as part
  from (select t.*, lag(t.nummer::bigint) over (order by t.line) as before from staged t where t.fault is null) s;
create index on node (part, number);
analyze node;

-- The registrering, dokumentbeskrivelse or mappe around each row, as far as it is whole.
create temp table nested on commit drop as
select n.line, n.level, p.line as parent_line, p.level as parent_level, n.parent is not null and p.line is null as is_torn
  from node n
  left join node p on p.part = n.part and p.number = n.parent;
create index on nested (line);
analyze nested;

create or replace function pg_temp.noark_access(restriction text, law text, grade text) returns text immutable parallel safe language sql as $$
	select case when pg_temp.clean(law) is null and coalesce(lower(pg_temp.clean(restriction)), 'u') in ('u', 'ugradert', 'offentlig', 'åpen')
	             and coalesce(lower(pg_temp.clean(grade)), 'u') in ('u', 'ugradert') then 'open' else 'restricted' end;
$$;

-- section: cook
create temp table archive_case_row on commit drop as
select s.line, pg_temp.clean(s.system_id) as key, true as is_own,
       coalesce(pg_temp.clean(s.mappe_id), pg_temp.whole(s.saksaar) || '/' || pg_temp.whole(s.sakssekvensnummer)) as number,
       pg_temp.whole(s.saksaar) as year, substring(pg_temp.clean(s.mappetype) from '[^:]+$') as kind, s.tittel as title,
       s.offentlig_tittel as official_title, s.saksstatus as state, coalesce(pg_temp.clean(s.saksdato), s.opprettet_dato) as started,
       s.avsluttet_dato as ended, s.administrativ_enhet as unit,
       pg_temp.noark_access(s.tilgangsrestriksjon, s.skjermingshjemmel, s.gradering) as access,
       coalesce(pg_temp.clean(s.skjermingshjemmel), pg_temp.clean(s.tilgangsrestriksjon), pg_temp.clean(s.gradering)) as restriction,
       s.part_navn as names, s.kommunenummer as municipality_no, s.bygningsnummer,
       s.gardsnummer as gnr, s.bruksnummer as bnr, s.festenummer as fnr, s.seksjonsnummer as snr,
       case when s.gardsnummer is null
             and coalesce(s.klassifikasjonstype, 'GBN') ~* 'gbn|gårds|gnr|matrik|eiendom' and s.klasse_id ~ '^\s*([0-9]{4}-)?[0-9]+/[0-9]+' then s.klasse_id end as cadastral
  from staged s
  join node n using (line)
 where n.level = 'mappe';

-- The document of each dokumentobjekt, and documents that have none.
create temp table described on commit drop as
select o.line, o.parent_line as doc_line from nested o where o.level = 'dokumentobjekt' and o.parent_level = 'dokumentbeskrivelse'
 union all
select d.line, d.line from nested d
 where d.level = 'dokumentbeskrivelse' and not exists (select from nested o where o.parent_line = d.line and o.level = 'dokumentobjekt');

create temp table archive_document_row on commit drop as
select x.line, x.doc_line, pg_temp.clean(d.system_id) as key, pg_temp.clean(m.system_id) as case_key,
       -- a registrering may lie outside any mappe, but one whose mappe is damaged does not
       r.line is null or rn.is_torn or rn.parent_line is not null as needs_case,
       d.tittel as title, d.dokumenttype as category,
       coalesce(pg_temp.clean(r.dokumentets_dato), pg_temp.clean(r.journaldato), d.opprettet_dato) as doc_date,
       o.fil as path, d.system_id as reference, o.sjekksum as checksum, o.sjekksum_algoritme as checksum_kind, o.filstoerrelse as size,
       case when lower(btrim(o.variantformat)) in ('a', 'arkivformat') then 0 when lower(btrim(o.variantformat)) in ('p', 'produksjonsformat') then 1 else 2 end as rank,
       pg_temp.whole(o.versjonsnummer) as version,
       case when 'restricted' in (pg_temp.noark_access(o.tilgangsrestriksjon, o.skjermingshjemmel, o.gradering),
                                  pg_temp.noark_access(d.tilgangsrestriksjon, d.skjermingshjemmel, d.gradering),
                                  pg_temp.noark_access(r.tilgangsrestriksjon, r.skjermingshjemmel, r.gradering)) then 'restricted' else 'open' end as access,
       concat_ws(' | ', m.part_navn, r.part_navn, r.korrespondansepart_navn) as names,
       'Journalpost ' || coalesce(pg_temp.clean(r.registrerings_id), pg_temp.clean(r.journalaar) || '/' || pg_temp.clean(r.journalsekvensnummer)) as note,
       d.kommunenummer as municipality_no, d.bygningsnummer,
       case when coalesce(d.klassifikasjonstype, 'GBN') ~* 'gbn|gårds|gnr|matrik|eiendom' and d.klasse_id ~ '^\s*([0-9]{4}-)?[0-9]+/[0-9]+' then d.klasse_id end as cadastral
  from described x
  join staged o on o.line = x.line
  join staged d on d.line = x.doc_line
  join nested dn on dn.line = x.doc_line
  left join staged r on r.line = dn.parent_line and dn.parent_level = 'registrering'
  left join nested rn on rn.line = r.line
  left join staged m on m.line = rn.parent_line and rn.parent_level = 'mappe';

create temp table archive_line on commit drop as
select line, key as case_key, null::bigint as doc_line from archive_case_row
 union all
select n.line, pg_temp.clean(m.system_id), null from nested n join staged m on m.line = n.parent_line where n.level = 'registrering' and n.parent_level = 'mappe'
 union all
select line, null, doc_line from archive_document_row
 union
select doc_line, null, doc_line from archive_document_row
 union all
select dn.parent_line, null, x.doc_line
  from (select distinct doc_line from archive_document_row where case_key is null) x join nested dn on dn.line = x.doc_line where dn.parent_line is not null;

-- A registrering without documents outside any mappe says nothing that is kept here.
insert into outcome (line, state)
select n.line, 'unchanged' from nested n
 where n.level = 'registrering' and n.parent_line is null and not n.is_torn and not exists (select from archive_line l where l.line = n.line);
insert into flagged (line, col, reason)
select o.line, null, 'registrering uten sak og uten dokumenter: ikke lest inn' from outcome o;
