-- ArkivLett (JSON) and byggesak.xml: a case, its documents, and what the latter tells of buildings, which says where the case belongs and
-- changes nothing in the register. What is common to archives comes after (archive.sql).

-- section: nodes
-- Rows of the queue come from several batches, whose numbers begin anew (`part`); the one around a row is of the same.
create temp table node on commit drop as
select s.line, lower(s.nivaa) as level, s.nummer::bigint as number, s.forelder::bigint as parent,
       sum(case when s.nummer::bigint <= s.before then 1 else 0 end) over (order by s.line) as part
  from (select t.*, lag(t.nummer::bigint) over (order by t.line) as before from staged t where t.fault is null) s;
create index on node (part, number);
analyze node;

-- The case around each row: two steps up at most, from a dwelling by its building.
create temp table inside on commit drop as
select n.line, n.level, case when p.level in ('item', 'byggesak') then p.line when q.level in ('item', 'byggesak') then q.line end as case_line
  from node n
  left join node p on p.part = n.part and p.number = n.parent
  left join node q on q.part = n.part and q.number = p.parent
 where n.level not in ('item', 'byggesak');

-- section: cook
create temp table archive_case_row on commit drop as
select s.line, x.number as key, true as is_own, x.number, pg_temp.whole(s.saksaar) as year, pg_temp.clean(s.tiltakstype) as kind, s.tittel as title,
       s.saksstatus as state, s.saksdato as started, s.avsluttet_dato as ended, s.administrativ_enhet as unit,
       concat_ws(' | ', pg_temp.clean(s.tiltakshaver), pg_temp.clean(s.ansvarlig_soeker)) as names, s.kommunenummer as municipality_no,
       coalesce(pg_temp.clean(s.bygningsnummer), h.bygningsnummer) as bygningsnummer,
       s.gardsnummer as gnr, s.bruksnummer as bnr, s.festenummer as fnr, s.seksjonsnummer as snr,
       concat_ws(' ', pg_temp.clean(s.adresse), pg_temp.clean(s.adressenummer) || coalesce(pg_temp.clean(s.adressebokstav), '')) as address
  from staged s
  join node n using (line)
 cross join lateral (select coalesce(pg_temp.clean(s.mappe_id), pg_temp.whole(s.saksaar) || '/' || pg_temp.whole(s.sakssekvensnummer)) as number) x
  left join lateral (select min(pg_temp.clean(b.bygningsnummer)) as bygningsnummer from inside i join staged b on b.line = i.line
                      where i.case_line = s.line and i.level = 'bygning' having count(distinct pg_temp.clean(b.bygningsnummer)) = 1) h on true
 where n.level in ('item', 'byggesak');

create temp table known_document on commit drop as
select * from (values ('SØKNAD', 'Søknad'), ('MELDING', 'Melding'), ('KORR', 'Korrespondanse'), ('KART', 'Kart'), ('FOTO', 'Bilder'),
	('TEGNING', 'Tegning'), ('ANSVKONT', 'Ansvar og kontroll'), ('TILSYN', 'Tilsyn'), ('AVTALE', 'Avtaler'), ('VEDTAK', 'Vedtak')) d (code, name);

-- A document that takes the place of an earlier one is a version of it: the first of them names it, the last is its file.
create temp table version_of on commit drop as
with recursive chain as (
	select i.line, i.case_line, pg_temp.clean(s.system_id) as id, pg_temp.clean(s.system_id) as first_id, i.line as first_line, 0 as steps
	  from inside i join staged s on s.line = i.line
	 where i.level = 'dokumenter'
	   and not exists (select from inside j join staged o on o.line = j.line
	                    where j.case_line = i.case_line and j.level = 'dokumenter' and pg_temp.clean(o.system_id) = pg_temp.clean(s.erstatter))
	union all
	select i.line, i.case_line, pg_temp.clean(s.system_id), c.first_id, c.first_line, c.steps + 1
	  from chain c
	  join staged s on pg_temp.clean(s.erstatter) = c.id
	  join inside i on i.line = s.line and i.case_line = c.case_line and i.level = 'dokumenter'
	 where c.steps < 100
)
select distinct on (line) * from chain order by line, steps desc;

create temp table archive_document_row on commit drop as
select s.line, v.first_line as doc_line, coalesce(v.first_id, c.number || ':' || v.first_line) as key, c.key as case_key, true as needs_case,
       s.tittel as title, k.name as category, s.dokument_dato as doc_date, s.fil as path, pg_temp.clean(s.system_id) as reference,
       s.filstoerrelse as size, v.steps as version, c.names
  from version_of v
  join staged s on s.line = v.line
  left join archive_case_row c on c.line = v.case_line
  left join known_document k on k.code = upper(pg_temp.clean(s.dokumenttype));
insert into flagged (line, col, reason)
select s.line, 'dokumenttype', 'ukjent dokumenttype: lest inn uten'
  from staged s join version_of using (line)
 where pg_temp.clean(s.dokumenttype) is not null
   and not exists (select from known_document k where k.code = upper(pg_temp.clean(s.dokumenttype)));

create temp table archive_line on commit drop as
select line, key as case_key, null::bigint as doc_line from archive_case_row
 union all
select i.line, c.key, null from inside i join archive_case_row c on c.line = i.case_line where i.level <> 'dokumenter'
 union all
select line, null, doc_line from archive_document_row;
insert into flagged (line, col, reason)
select i.line, null, 'opplysninger om bygningen: de endrer ikke registeret' from inside i where i.level <> 'dokumenter' and i.case_line is not null;
