-- eByggWeb's list: a row is a document with its case, or a case without documents. What is common to archives comes after (archive.sql).

-- section: cook
create temp table archive_case_row on commit drop as
select s.line, pg_temp.clean(s.mappe_id) as key, false as is_own, pg_temp.clean(s.mappe_id) as number, pg_temp.clean(s.tiltakstype) as kind,
       s.tittel as title, s.saksstatus as state, s.saksdato as started, s.avsluttet_dato as ended, x.access, pg_temp.clean(s.hjemmel) as restriction,
       concat_ws(' | ', pg_temp.clean(s.tiltakshaver), pg_temp.clean(s.ansvarlig_soeker)) as names, s.kommunenummer as municipality_no, s.bygningsnummer,
       pg_temp.clean(s.matrikkelnummer) as cadastral, s.gardsnummer as gnr, s.bruksnummer as bnr, s.festenummer as fnr, s.seksjonsnummer as snr,
       s.adresse as address
  from staged s
 cross join lateral (select case when lower(pg_temp.clean(s.tilgang)) in ('u', 'åpen', 'offentlig', 'nei') and pg_temp.clean(s.hjemmel) is null then 'open'
                                 when coalesce(pg_temp.clean(s.tilgang), pg_temp.clean(s.hjemmel)) is not null then 'restricted' end as access) x
 where s.fault is null;

-- ArkivLett's types of documents, as they are called here.
create temp table known_document on commit drop as
select * from (values ('SØKNAD', 'Søknad'), ('MELDING', 'Melding'), ('KORR', 'Korrespondanse'), ('KART', 'Kart'), ('FOTO', 'Bilder'),
	('TEGNING', 'Tegning'), ('ANSVKONT', 'Ansvar og kontroll'), ('TILSYN', 'Tilsyn'), ('AVTALE', 'Avtaler'), ('VEDTAK', 'Vedtak')) d (code, name);

create temp table archive_document_row on commit drop as
select s.line, s.line as doc_line, pg_temp.clean(s.system_id) as key, c.key as case_key, true as needs_case, s.dokument_tittel as title,
       k.name as category, s.dokument_dato as doc_date, s.fil as path, pg_temp.clean(s.system_id) as reference, c.access, c.restriction, c.names
  from staged s
  join archive_case_row c using (line)
  left join known_document k on k.code = upper(pg_temp.clean(s.dokumenttype))
 where coalesce(pg_temp.clean(s.dokument_tittel), pg_temp.clean(s.fil), pg_temp.clean(s.system_id)) is not null;
insert into flagged (line, col, reason)
select s.line, 'dokumenttype', 'ukjent dokumenttype: lest inn uten'
  from staged s
 where s.fault is null and pg_temp.clean(s.dokumenttype) is not null
   and not exists (select from known_document k where k.code = upper(pg_temp.clean(s.dokumenttype)));

create temp table archive_line on commit drop as
select line, key as case_key, null::bigint as doc_line from archive_case_row
 union all
select line, null, doc_line from archive_document_row;
