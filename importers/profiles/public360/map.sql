-- Public 360's GetCases and GetDocuments: a case, a document (a journal entry) and its files. The archive keeps the files; they are only
-- referred to. What is common to archives comes after (archive.sql).

-- section: nodes
-- Rows of the queue come from several batches, whose numbers begin anew (`part`); the one around a row is of the same.
create temp table node on commit drop as
select s.line, lower(s.nivaa) as level, s.nummer::bigint as number, s.forelder::bigint as parent,
       sum(case when s.nummer::bigint <= s.before then 1 else 0 end) over (order by s.line) as part
  from (select t.*, lag(t.nummer::bigint) over (order by t.line) as before from staged t where t.fault is null) s;
create index on node (part, number);
create index on node (part, parent);
analyze node;

-- U is what is not graded. A paragraph is of the law that keeps it from people.
create or replace function pg_temp.p360_access(code text, paragraph text) returns text immutable parallel safe language sql as $$
	select case when pg_temp.clean(paragraph) is not null then 'restricted'
	            when lower(pg_temp.clean(code)) in ('u', 'ugradert', 'offentlig') then 'open'
	            when pg_temp.clean(code) is not null then 'restricted' end;
$$;

-- section: cook
create temp table archive_case_row on commit drop as
select s.line, pg_temp.clean(s.sak) as key, true as is_own, pg_temp.clean(s.sak) as number,
       case when s.sak ~ '^[0-9]{2}/' then case when left(s.sak, 2)::int > 60 then 1900 else 2000 end + left(s.sak, 2)::int end as year,
       pg_temp.clean(s.sakstype) as kind, coalesce(pg_temp.clean(s.uoffisiell_tittel), s.tittel) as title,
       coalesce(pg_temp.clean(s.offisiell_tittel), s.tittel) as official_title,
       coalesce(pg_temp.clean(s.statustekst), s.status) as state, s.dato as started, s.ansvarlig_enhet as unit,
       pg_temp.p360_access(s.tilgangskode, s.paragraf) as access, coalesce(pg_temp.clean(s.paragraf), case when lower(pg_temp.clean(s.tilgangskode)) <> 'u' then pg_temp.clean(s.tilgangskode) end) as restriction,
       s.kontakt as names,
       substring(e.cadastral from '^\s*([0-9]{4})-') as municipality_no, e.cadastral,
       -- fields of a municipality's own: a building number by its name, when none of them is without a value
       (select v.value from rows from (string_to_table(s.egne_felt, ' | '), string_to_table(s.egne_verdier, ' | ')) v (name, value)
         where v.name ~* '^bygg(ning)?s?\s?n(umme)?r$'
           and cardinality(string_to_array(s.egne_felt, ' | ')) = cardinality(string_to_array(s.egne_verdier, ' | ')) limit 1) as bygningsnummer
  from staged s
  join node n using (line)
 cross join lateral (select coalesce(pg_temp.clean(s.eiendom),
	(select string_agg(a.code, ' | ') from rows from (string_to_table(s.arkivkode, ' | '), string_to_table(s.arkivkodetype, ' | ')) a (code, type)
	  where a.type ~* 'g.*nr|matrik|eiendom' and a.code ~ '^\s*([0-9]{4}-)?[0-9]+/[0-9]+')) as cadastral) e
 where n.level = 'cases';

-- A document's files: one with the same title, in another format, is a variant. Without files the entry itself is referred to.
create temp table archive_document_row on commit drop as
select coalesce(f.line, d.line) as line,
       coalesce(min(f.line) over same, d.line) as doc_line,
       concat_ws(':', coalesce(pg_temp.clean(d.dokument), d.recno), lower(pg_temp.clean(f.tittel))) as key,
       coalesce(pg_temp.clean(c.sak), pg_temp.clean(d.sak), regexp_replace(pg_temp.clean(d.dokument), '-[0-9]+$', '')) as case_key,
       true as needs_case,
       coalesce(pg_temp.clean(d.uoffisiell_tittel), pg_temp.clean(d.tittel)) || t.part as title,
       coalesce(pg_temp.clean(d.offisiell_tittel), pg_temp.clean(d.tittel)) || t.part as official_title,
       initcap(pg_temp.clean(d.dokumenttype)) as category, coalesce(pg_temp.clean(d.dato), d.journaldato) as doc_date,
       coalesce(pg_temp.clean(f.url), 'fil ' || pg_temp.clean(f.recno), pg_temp.clean(d.dokument)) as reference,
       case upper(pg_temp.clean(f.versjonsformat)) when 'A' then 0 when 'P' then 1 else 2 end as rank,
       case when 'restricted' in (pg_temp.p360_access(d.tilgangskode, d.paragraf), pg_temp.p360_access(f.tilgangskode, f.paragraf)) then 'restricted'
            else coalesce(pg_temp.p360_access(d.tilgangskode, d.paragraf), pg_temp.p360_access(f.tilgangskode, f.paragraf)) end as access,
       concat_ws(' | ', c.kontakt, d.kontakt) as names,
       'Dokument ' || pg_temp.clean(d.dokument) as note
  from node dn
  join staged d on d.line = dn.line
  left join node cn on cn.part = dn.part and cn.number = dn.parent and cn.level = 'cases'
  left join staged c on c.line = cn.line
  left join node fn on fn.part = dn.part and fn.parent = dn.number and fn.level = 'files'
  left join staged f on f.line = fn.line
 -- of several, each also by its own title
 cross join lateral (select case when exists (select from node o where o.part = dn.part and o.parent = dn.number and o.level = 'files' and o.line <> f.line)
                                 then coalesce(' – ' || pg_temp.clean(f.tittel), '') else '' end as part) t
 where dn.level = 'documents'
window same as (partition by d.line, lower(pg_temp.clean(f.tittel)));

create temp table archive_line on commit drop as
select line, key as case_key, null::bigint as doc_line from archive_case_row
 union all
select line, null, doc_line from archive_document_row
 union
-- the entry ends as its files do
select d.line, null, r.doc_line
  from archive_document_row r
  join node fn on fn.line = r.line and fn.level = 'files'
  join node d on d.part = fn.part and d.number = fn.parent;
