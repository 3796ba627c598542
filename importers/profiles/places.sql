-- Where rows belong, for all profiles: run by the program after a map's section `seek`, which has filled `sought` (see common.sql).

-- section: find
-- The place of each row of `sought`, after the section `seek` of a map.sql. What is certain comes into `found`; the rest waits, or is
-- rejected when a person has set it aside. Rows that say the same are one question, and so are «Kirkegt. 4 b» and «KIRKEGATEN 4B».
create temp table sought_asked on commit drop as
select g.raw, f.*,
       coalesce(nullif(concat_ws(' ', 'bygg:' || f.bygningsnummer, 'eiendom:' || f.property_no, 'adresse:' || f.prefix || f.address,
                                 'bruksenhet:' || case when f.has_two_h_numbers then 'ulike:' else '' end || f.h_number, 'navn:' || case when f.property_no is null then f.prefix else '' end || f.name), ''),
                'rad:' || md5(g.raw)) collate "C" as key
  from (select s.raw, s.municipality_no, s.bygningsnummer, s.cadastral, s.address, s.h_number, s.name
          from sought s group by 1, 2, 3, 4, 5, 6, 7) g
 cross join lateral (select case when btrim(g.municipality_no) ~ '^[0-9]{3,4}$' then lpad(btrim(g.municipality_no), 4, '0') end as knr,
                            cadastral_form(g.cadastral) as cadastral, address_form(g.address) as address,
                            lower(translate(g.h_number, E' \t\u00a0-.', '')) as h_number) r
 cross join lateral (select r.knr, coalesce(r.knr || '-', '') as prefix, g.bygningsnummer,
                            (case when r.cadastral not like '%-%' and r.knr is not null then r.knr || '-' || r.cadastral
                                  else coalesce(r.cadastral, g.cadastral) end) collate "C" as property_no,
                            g.cadastral is not null and r.cadastral is null as is_unreadable,
                            regexp_replace(r.address, ' [kuhl][0-9]{4}$', '') collate "C" as address,
                            coalesce(nullif(r.h_number, ''), substring(r.address from ' ([kuhl][0-9]{4})$')) collate "C" as h_number,
                            substring(r.address from ' ([kuhl][0-9]{4})$') <> r.h_number as has_two_h_numbers,
                            nullif(name_form(g.name), '') collate "C" as name) f;
analyze sought_asked;

-- What an answer of a person says goes before what it looks like.
create temp table sought_question on commit drop as
select distinct on (a.key) a.*,
       array[a.knr] || (select array_agg(m.now) from municipality_now m where m.was = a.knr) as knrs,
       c.key is not null and c.place_id is null as is_set_aside,
       c.place_id as chosen_id, null::uuid as number_id, null::uuid as number_property_id,
       null::uuid[] as property_ids, null::uuid[] as houses, null::uuid[] as address_ids, null::uuid[] as site_ids, null::uuid[] as name_ids,
       null::uuid as place_id, null::text as reason, '{}'::text[] as notes
  from sought_asked a
  left join choice c on c.key = a.key
 order by a.key;
update sought_question q set chosen_id = null where chosen_id is not null and not exists (select from place p where p.id = q.chosen_id and p.removed_at is null);
alter table sought_question add primary key (key);
analyze sought_question;

-- A place that was merged into another is that; null for one that is gone.
create or replace function pg_temp.place_now(place uuid) returns uuid stable language sql as $$
	with recursive now (id, removed_at, merged_into, depth) as (
		select p.id, p.removed_at, p.merged_into, 1 from place p where p.id = place
		 union all
		select p.id, p.removed_at, p.merged_into, n.depth + 1 from now n join place p on p.id = n.merged_into where n.removed_at is not null and n.depth < 8)
	select id from now where removed_at is null
$$;

-- Building numbers, the present ones first.
update sought_question q set number_id = b.place_id
  from building b join place p on p.id = b.place_id
 where b.bygningsnummer = q.bygningsnummer and p.removed_at is null and q.chosen_id is null;
update sought_question q set number_id = w.ids[1], notes = q.notes || 'funnet med et tidligere bygningsnummer'::text
  from (select q.key, array_agg(distinct n.id) as ids
          from sought_question q
          join (select x.bygningsnummer, x.place_id from building_was x
                 union select x.bygningsnummer, x.place_id from building x) x on x.bygningsnummer = q.bygningsnummer
         cross join lateral (select pg_temp.place_now(x.place_id) as id) n
         where q.number_id is null and q.chosen_id is null and n.id is not null
         group by 1) w
 where w.key = q.key and cardinality(w.ids) = 1;
update sought_question q set number_property_id = p.parent_id from place p where p.id = q.number_id;

-- Properties, by what they are called now, else by what they were called.
update sought_question q set property_ids = l.ids
  from (select form, array_agg(row_id) as ids from search_line where kind = 'property' and match = 'cadastral' group by form) l
 where l.form = q.property_no and q.chosen_id is null;
update sought_question q
   set property_ids = coalesce(q.property_ids, w.ids),
       notes = q.notes || case when q.property_ids is null then 'funnet med et tidligere matrikkelnummer' else 'matrikkelnummeret har også vært en annen eiendoms' end::text
  from (select q.key, array_agg(distinct n.id) as ids
          from sought_question q
          join (select property_name(x.municipality_no::text, x.gnr, x.bnr, x.fnr, x.snr) as form, x.place_id from property_was x
                 union
                select property_name(x.municipality_no::text, x.gnr, x.bnr, x.fnr, x.snr), x.place_id
                  from property x join place p on p.id = x.place_id where p.merged_into is not null) x
               on x.form = q.property_no
         cross join lateral (select pg_temp.place_now(x.place_id) as id) n
         where q.chosen_id is null and n.id is not null and n.id <> all (coalesce(q.property_ids, '{}'))
         group by 1) w
 where w.key = q.key;
update sought_question q set houses = h.ids
  from (select p.parent_id, array_agg(p.id) as ids from place p where p.kind = 'building' and p.removed_at is null group by 1) h
 where h.parent_id = q.property_ids[1] and cardinality(q.property_ids) = 1;

-- Addresses of buildings; of a property that has two at one address, if it is said, only its own.
update sought_question q set address_ids = l.ids
  from (select q.key, array_agg(distinct l.row_id) as ids
          from sought_question q
          join search_line l on l.kind = 'building' and l.match = 'address' and l.form = q.address
         where q.chosen_id is null
           and (q.knr is null or exists (select from address a where a.building_id = l.row_id and a.municipality_no::text = any (q.knrs)))
         group by 1) l
 where l.key = q.key;

-- Addresses that have no building here are their property's.
create temp table sought_street on commit drop as
select s.street_name, street_form(s.street_name) collate "C" as form
  from (select distinct a.street_name from address a) s
 where exists (select from sought_question q where q.address is not null and q.address_ids is null and q.chosen_id is null);
update sought_question q set site_ids = l.ids
  from (select q.key, array_agg(distinct a.property_id) as ids
          from sought_question q
          join sought_street s on s.form = split_part(q.address, ' ', 1) collate "C"
          join address a on a.street_name = s.street_name
                        and concat_ws(' ', s.form, a.number, lower(a.letter)) = q.address collate "C"
                        and a.building_id is null and a.property_id is not null
         where q.chosen_id is null and q.address_ids is null and (q.knr is null or a.municipality_no::text = any (q.knrs))
         group by 1) l
 where l.key = q.key;

-- Names. A line has at most 80 letters, so the whole name is looked at too.
update sought_question q set name_ids = n.ids
  from (select q.key, array_agg(distinct p.id) as ids
          from sought_question q
          join search_line l on l.kind = 'building' and l.match = 'text' and l.form = left(q.name, 80) collate "C"
          join place p on p.id = l.row_id and name_form(p.name) = q.name collate "C"
          left join property x on x.place_id = p.parent_id
         where q.chosen_id is null
           and case when q.property_no is not null then p.parent_id = any (q.property_ids)
                    else q.knr is null or x.municipality_no is null or x.municipality_no::text = any (q.knrs) end
         group by 1) n
 where n.key = q.key;

-- What they say together.
update sought_question q set
       address_ids = (select array_agg(i) from unnest(q.address_ids) i where i = any (q.houses))
 where q.address_ids && q.houses;
update sought_question q
   set reason = case
	when q.has_two_h_numbers                                              then 'adressen har et annet bruksenhetsnummer enn raden'
	when q.is_unreadable                                                  then 'matrikkelnummeret lar seg ikke lese'
	when q.bygningsnummer is not null and q.number_id is null             then 'ukjent bygningsnummer'
	when q.property_no is not null and q.property_ids is null             then
		case when q.number_id is not null then 'bygningsnummeret er kjent, men eiendommen er ukjent'
		     when q.address_ids is not null or q.site_ids is not null then 'adressen er kjent, men eiendommen er ukjent'
		     else 'ukjent eiendom' end
	when cardinality(q.property_ids) > 1                                  then 'flere eiendommer har eller har hatt matrikkelnummeret'
	when q.number_id is not null and q.property_ids is not null and q.number_property_id is distinct from q.property_ids[1]
		then 'bygningsnummeret hører til en annen eiendom enn gnr/bnr'
	when q.number_id is not null and q.number_id <> all (q.address_ids)   then 'bygningsnummeret og adressen hører til hver sin bygning'
	when q.number_id is not null                                          then null
	when q.property_ids is not null and (not q.address_ids <@ coalesce(q.houses, '{}') or q.property_ids[1] <> all (q.site_ids))
		then 'adressen hører til en annen eiendom enn gnr/bnr'
	when cardinality(q.address_ids) > 1                                   then 'flere bygninger har adressen'
	when q.address_ids is not null                                        then null
	when q.property_ids is null and cardinality(q.site_ids) > 1           then 'flere eiendommer har adressen'
	when q.property_ids is not null and q.name is not null and cardinality(q.houses) > 1 and q.name_ids is null
		then 'eiendommen har flere bygninger, og ingen med navnet'
	when q.property_ids is not null and cardinality(q.name_ids) > 1       then 'flere bygninger har navnet'
	when q.property_ids is not null or q.site_ids is not null             then null
	when q.address is not null                                            then 'ukjent adresse'
	when cardinality(q.name_ids) > 1                                      then 'flere bygninger har navnet'
	when q.name_ids is not null                                           then null
	when q.name is not null                                               then 'ingen bygning har navnet'
	else 'raden sier ikke hvilken bygning' end
 where q.chosen_id is null;
update sought_question q
   set place_id = case
	when q.chosen_id is not null        then q.chosen_id
	when q.number_id is not null        then q.number_id
	when q.address_ids is not null      then q.address_ids[1]
	when q.property_ids is not null     then coalesce(q.name_ids[1], case when cardinality(q.houses) = 1 then q.houses[1] end, q.property_ids[1])
	when q.site_ids is not null         then q.site_ids[1]
	else q.name_ids[1] end,
       notes = q.notes || array_remove(array[
	case when q.address is not null and q.address_ids is null and q.site_ids is null and q.chosen_id is null then 'adressen er ukjent her: nummeret er fulgt' end,
	case when q.number_id is null and q.site_ids is not null and q.property_ids is null then 'adressen har ingen bygning her: eiendommen er valgt' end,
	case when q.number_id is null and q.address_ids is null and cardinality(q.houses) = 1 and q.name is not null and q.name_ids is null
		then 'eiendommens eneste bygning heter noe annet her' end], null)
 where q.reason is null;

-- A bruksenhetsnummer narrows to the dwelling: the one that has the address too, else of the place that was found.
create temp table sought_unit on commit drop as
select q.key, d.place_id, p.site_id
  from sought_question q
  join search_line l on l.kind = 'dwelling' and l.match = 'address' and l.form = (q.address || ' ' || q.h_number) collate "C"
  join dwelling d on d.place_id = l.row_id
  join place p on p.id = d.place_id
  left join address a on a.id = d.address_id
 where q.chosen_id is null and (q.knr is null or a.municipality_no is null or a.municipality_no::text = any (q.knrs));
insert into sought_unit (key, place_id, site_id)
select q.key, d.place_id, p.site_id
  from sought_question q
 cross join lateral (select q.place_id as id union select unnest(q.houses) where q.place_id = q.property_ids[1]) site
  join place p on p.site_id = site.id and p.kind = 'dwelling' and p.removed_at is null
  join dwelling d on d.place_id = p.id and lower(d.h_number) = q.h_number collate "C"
 where q.chosen_id is null and q.reason is null and q.h_number is not null and not exists (select from sought_unit u where u.key = q.key);
update sought_question q
   set place_id = case when u.is_elsewhere or u.n <> 1 then null else u.ids[1] end,
       reason   = case when u.n > 1 then 'flere bruksenheter har nummeret'
                       when u.is_elsewhere then 'bruksenheten med adressen hører til en annen bygning eller eiendom'
                       when u.n = 1 then null
                       else 'ukjent bruksenhet' end,
       notes    = case when u.n = 1 then array_remove(q.notes, 'adressen har ingen bygning her: eiendommen er valgt') else q.notes end
  from (select q.key, count(u.place_id) as n, array_agg(u.place_id) as ids,
               bool_or(s.kind = 'building' and s.id <> q.number_id
                       or q.property_ids is not null and (x.municipality_no, x.gnr, x.bnr) is distinct from (y.municipality_no, y.gnr, y.bnr)) as is_elsewhere
          from sought_question q
          left join sought_unit u on u.key = q.key
          left join place s on s.id = u.site_id
          left join property x on x.place_id = case when s.kind = 'property' then s.id else s.parent_id end
          left join property y on y.place_id = q.property_ids[1]
         where q.h_number is not null and q.chosen_id is null and (q.reason is null or q.reason in ('ukjent adresse', 'flere eiendommer har adressen', 'flere bygninger har adressen') and u.key is not null)
         group by 1) u
 where u.key = q.key;

insert into rejected (line, reason)
select s.line, 'valgt bort i køen' from sought s join sought_asked a using (raw) join sought_question q using (key) where q.is_set_aside;
delete from sought_question where is_set_aside;

insert into found (line, place_id, kind, property_id, building_id, key)
select s.line, p.id, p.kind, case site.kind when 'property' then site.id when 'building' then up.id end, case when site.kind = 'building' then site.id end, q.key
  from sought s
  join sought_asked a using (raw)
  join sought_question q using (key)
  join place p on p.id = q.place_id
  join place site on site.id = p.site_id
  left join place up on up.id = site.parent_id and up.kind = 'property'
 where q.reason is null;
insert into flagged (line, reason)
select s.line, n.note
  from sought s join sought_asked a using (raw) join sought_question q using (key) cross join lateral unnest(q.notes) n (note)
 where q.reason is null;
analyze found;

-- Candidates of those that wait, with a score from 0 to 1: how much of what the row says they agree with.
delete from sought_question where reason is null;
create temp table sought_candidate (key text collate "C", place_id uuid, score numeric) on commit drop;
insert into sought_candidate
select q.key, i.id, i.score
  from sought_question q
 cross join lateral (select q.number_id, 0.7
                      union all select unnest(q.address_ids), 0.6
                      union all select unnest(q.name_ids), 0.5
                      union all select unnest(q.site_ids), 0.3
                      union all select unnest(q.property_ids), 0.3
                      union all select unnest(q.houses), 0.4 + case when cardinality(q.houses) = 1 then 0.2 else 0 end) i (id, score)
 where i.id is not null;
insert into sought_candidate
select q.key, p.id, 0.4 + case when cardinality(q.houses) = 1 then 0.2 else 0 end
       + 0.3 * greatest(similarity(coalesce(b.bygningsnummer::text, ''), coalesce(q.bygningsnummer::text, '')),
                        similarity(name_form(p.name), coalesce(q.name, '')))
  from sought_question q
 cross join unnest(q.houses) h (id)
  join place p on p.id = h.id
  left join building b on b.place_id = p.id
 where q.bygningsnummer is not null or q.name is not null;

-- A building number with one figure wrong, missing or too many, or two that changed places.
insert into sought_candidate
select distinct q.key, b.place_id, 0.2 + 0.4 * similarity(b.bygningsnummer::text, q.bygningsnummer::text)
  from sought_question q
 cross join lateral (select q.bygningsnummer::text as t) s
 cross join lateral generate_series(1, length(s.t)) i
 cross join lateral (select overlay(s.t placing d::text from i for 1) from generate_series(0, 9) d
                      union select overlay(s.t placing '' from i for 1)
                      union select overlay(s.t placing d::text from i for 0) from generate_series(0, 9) d
                      union select s.t || d from generate_series(0, 9) d
                      union select overlay(s.t placing reverse(substr(s.t, i, 2)) from i for 2)) v (t)
  join building b on b.bygningsnummer = nullif(v.t, '')::bigint
 where q.number_id is null;

-- A section's property, and the same number in another municipality.
insert into sought_candidate
select q.key, l.row_id, 0.3
  from sought_question q
 cross join lateral (select regexp_replace(q.property_no, '^([^/]*/[0-9]+)/.*$', '\1')
                      union select regexp_replace(q.property_no, '^[0-9]{4}-', '')) f (form)
  join search_line l on l.kind = 'property' and l.match = 'cadastral' and l.form = f.form collate "C"
 where q.property_ids is null and q.property_no is not null and not q.is_unreadable;

-- The same house with another letter, and streets that are nearly called so.
insert into sought_candidate
select q.key, l.row_id, s.score
  from sought_question q
 cross join lateral (select split_part(q.address, ' ', 1) as street, split_part(q.address, ' ', 2) as number) a
 cross join lateral (select a.street as word, 0.6 as score
                      union all
                     (select w.word, 0.2 + 0.4 * similarity(w.word, a.street) from search_word w
                       where w.word % a.street and w.word <> a.street order by similarity(w.word, a.street) desc, w.word limit 5)) s
  join search_line l on l.kind = 'building' and l.match = 'address' and l.form >= (s.word || ' ' || a.number) collate "C"
                    and l.form < (s.word || ' ' || a.number || '!') collate "C"
 where q.address_ids is null and a.number <> '';
insert into sought_candidate
select q.key, l.row_id, 0.2 + 0.4 * similarity(l.form, q.name)
  from sought_question q
 cross join lateral (select w.word from regexp_split_to_table(q.name, ' ') w (word) order by length(w.word) desc limit 1) longest
 cross join lateral (select w.word from search_word w where w.word % longest.word order by similarity(w.word, longest.word) desc, w.word limit 5) s
 cross join lateral (select l.row_id, l.form from search_line l
                      where l.kind = 'building' and l.match = 'text' and l.form >= s.word and l.form < (s.word || chr(1114111)) collate "C" limit 20) l
 where q.name is not null and q.name_ids is null and length(longest.word) > 2;

-- Dwellings of the place, the likeliest numbers first.
insert into sought_candidate
select q.key, p.id, case when u.key is not null then 0.8 else 0.4 + 0.4 * similarity(lower(coalesce(d.h_number, '')), q.h_number) end
  from sought_question q
 cross join lateral (select q.number_id as id union select unnest(q.address_ids) union select unnest(q.site_ids)
                      union select unnest(q.houses) union select unnest(q.property_ids)
                      union select u.site_id from sought_unit u where u.key = q.key) site
  join place p on p.site_id = site.id and p.kind = 'dwelling' and p.removed_at is null
  join dwelling d on d.place_id = p.id
  left join sought_unit u on u.key = q.key and u.place_id = p.id
 where q.h_number is not null;

insert into waiting (line, key, reason, candidates)
select s.line, q.key, q.reason, coalesce(c.list, '[]')
  from sought s
  join sought_asked a using (raw)
  join sought_question q using (key)
  left join (select x.key, jsonb_agg(jsonb_build_object('tbl', 'place', 'id', x.place_id, 'label', x.label, 'score', x.score) order by x.score desc, x.label) as list
               from (select c.key, c.place_id, p.label, round(max(c.score), 2) as score,
                            row_number() over (partition by c.key order by max(c.score) desc, p.label) as nth
                       from sought_candidate c join place p on p.id = c.place_id and p.removed_at is null
                      group by c.key, c.place_id, p.label) x
              where x.nth <= 10 group by x.key) c on c.key = q.key;
