-- A SharePoint library: each row is a file, and there are no cases. What is common to archives comes after (archive.sql).

-- section: cook
create temp table archive_case_row (line bigint, key text, is_own boolean, number text, title text) on commit drop;

create temp table archive_document_row on commit drop as
select s.line,
       -- rows of several versions of a file are one document
       case when v.version is null then s.line else min(s.line) over (partition by lower(x.path), v.version is null) end as doc_line,
       lower(x.path) as key, null::text as case_key, false as needs_case,
       coalesce(pg_temp.clean(s.tittel), regexp_replace(pg_temp.clean(s.navn), '\.[^.]*$', '')) as title, pg_temp.clean(s.kategori) as category,
       pg_temp.clean(s.fag) as disciplines, s.bygningsdel as element, s.endret as doc_date, x.path, x.path as reference, s.filstoerrelse as size, v.version,
       case when lower(pg_temp.clean(s.tilgang)) in ('u', 'åpen', 'offentlig', 'public', 'general') then 'open'
            when pg_temp.clean(s.tilgang) is not null then 'restricted' end as access,
       s.bygningsnummer, s.matrikkelnummer as cadastral, s.adresse as address, nullif(f.folder, '') as folder
  from staged s
 cross join lateral (select regexp_replace(translate(coalesce(pg_temp.clean(s.sti), ''), '\', '/'), '(^/+|/+$)', '', 'g') as folder) f
 cross join lateral (select case when pg_temp.clean(s.navn) is not null then concat_ws('/', nullif(f.folder, ''), pg_temp.clean(s.navn)) end as path) x
 -- «3.0» is 3000, «2.12» is 2012
 cross join lateral (select m[1]::int * 1000 + coalesce(m[2]::int, 0) as version
                       from (select regexp_match(s.versjon, '^\s*([0-9]{1,5})(?:\.([0-9]{1,3}))?\s*$') as m) n) v
 where s.fault is null
   and coalesce(s.elementtype, '') !~* '^\s*(mappe|folder)\s*$' and coalesce(s.innholdstype, '') !~* '^\s*(mappe|folder)\s*$';

create temp table archive_line on commit drop as
select line, null::text as case_key, doc_line from archive_document_row;

insert into outcome (line, state)
select s.line, 'unchanged' from staged s where s.fault is null and not exists (select from archive_document_row d where d.line = s.line);
insert into flagged (line, col, reason)
select o.line, null, 'mappe: ikke et dokument, og leses ikke inn' from outcome o;
