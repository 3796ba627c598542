-- A condition survey (NS 3424): each row is a finding on a building part. It lands as a condition of the building's component of that part,
-- which is made when there is none. A row without an amount is a finding all the same.

-- section: cook
create temp table cooked on commit drop as
select s.line,
       run.municipality_no,
       s.bygningsnummer                      as bygningsnummer,
       s.matrikkelnummer                     as cadastral,
       pg_temp.element_code(s.building_part) as element,
       s.title                               as title,
       s.descr                               as descr,
       s.proposed_measures                   as measure,
       s.condition_type                      as theme,
       pg_temp.grade(s.condition_degree)     as grade,
       substring(upper(s.consequence) from '^(?:KG ?)?([0-3])(?:\.0+)?$')::smallint as consequence,
       s.probability::smallint               as probability,
       pg_temp.amount(s.amount_investment)   as investment,
       pg_temp.amount(s.amount_operation)    as operation,
       s.amount_potential_grants             as grants,
       pg_temp.whole(s.due_year)             as due_year,
       null::text                            as row_key,
       null::bytea                           as content_hash
  from staged s cross join run
 where s.fault is null;
update cooked
   set row_key = 'funn:' || concat_ws('|', bygningsnummer, cadastral_form(cadastral), element, name_form(title), coalesce(name_form(descr), '-'), coalesce(name_form(theme), '-')),
       content_hash = sha256(convert_to(concat_ws(E'\x1f', coalesce(measure, ''), grade, coalesce(consequence::text, ''), coalesce(probability::text, ''),
		coalesce(investment::text, ''), coalesce(operation::text, ''), coalesce(grants, ''), coalesce(due_year::text, '')), 'utf8'));

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
 cross join lateral (values
	(num_nonnulls(c.bygningsnummer, c.cadastral) = 0 and not exists (select from rejected r where r.line = c.line and r.col = 'bygningsnummer'),
	                                                                  'bygningsnummer', 'raden sier ikke hvilken bygning'),
	(c.cadastral is not null and cadastral_form(c.cadastral) is null, 'matrikkelnummer', 'er ikke på formen gnr/bnr'),
	(s.building_part is not null and not exists (select from element e where e.code = c.element), 'building_part', 'ukjent bygningsdel'),
	(s.condition_degree is not null and c.grade is null,              'condition_degree', 'er ikke TG0 til TG3 eller TGIU'),
	(s.consequence is not null and c.consequence is null,             'consequence', 'er ikke et tall fra 0 til 3'),
	(s.amount_investment is not null and coalesce(c.investment, -1) not between 0 and 90000000000, 'amount_investment', 'er ikke et entydig beløp'),
	(s.amount_operation is not null and coalesce(c.operation, -1) not between 0 and 90000000000, 'amount_operation', 'er ikke et entydig beløp'),
	(s.due_year is not null and coalesce(c.due_year, 0) not between 1950 and 2200, 'due_year', 'er ikke et årstall fra 1950 til 2200')
 ) f (is_fault, col, reason)
 where f.is_fault;
select pg_temp.reject_twice('''title''', 'samme funn');
select pg_temp.leave_unchanged();

-- section: seek
insert into sought (line, municipality_no, bygningsnummer, cadastral)
select line, municipality_no, bygningsnummer, cadastral from cooked;

-- section: land
-- The component: the one of an earlier survey, else the building's only one of the part, else one for the part as a whole.
create temp table part on commit drop as
select f.place_id, c.element, min(c.line) as line, run.source,
       'bygningsdel:' || f.place_id || ':' || c.element as source_key, null::uuid as component_id, 0 as rivals
  from cooked c join found f using (line) cross join run
 group by f.place_id, c.element, run.source;
update part p set component_id = k.id
  from import_origin o join component k on k.id = o.row_id and k.removed_at is null
 where o.source = p.source and o.source_key = p.source_key and o.tbl = 'component';
update part p set component_id = case when k.n = 1 then k.ids[1] end, rivals = k.n
  from (select p.source_key, count(*) as n, array_agg(k.id) as ids
          from part p
          join place site on site.id = p.place_id
          join component k on k.site_id = site.site_id and k.element = p.element and k.removed_at is null
         group by 1) k
 where k.source_key = p.source_key and p.component_id is null;
create temp table new_part on commit drop as
select uuidv7() as id, p.* from part p where p.component_id is null;
insert into component (id, place_id, name, element)
select n.id, n.place_id, e.name, n.element from new_part n join element e on e.code = n.element;
update part p set component_id = n.id from new_part n where n.source_key = p.source_key;

insert into flagged (line, col, reason)
select n.line, 'building_part', case when n.rivals > 1 then 'flere komponenter av bygningsdelen: funnet er ført på en ny for hele bygningsdelen'
                                     else 'bygningen hadde ingen komponent av bygningsdelen: den er laget' end from new_part n
 union all
select c.line, 'amount_investment', case when c.grade = 'TG3' then 'tilstandsgrad 3 uten beløp' else 'uten beløp' end
  from cooked c join found using (line) where c.investment is null and c.operation is null and c.grade in ('TG2', 'TG3')
 union all
select c.line, 'amount_investment', 'beløp bare i investeringskolonnen: ført som investering, ingenting på drift'
  from cooked c join found using (line) where c.investment > 0 and coalesce(c.operation, 0) = 0
 union all
select c.line, 'amount_potential_grants', 'tilskudd står i merknaden' from cooked c join found using (line) where c.grants is not null;

create temp table landing on commit drop as
select c.*, run.source, p.component_id, o.row_id as known_id, coalesce(o.row_id, uuidv7()) as condition_id,
       nullif(concat_ws(E'\n', c.descr, 'Mulig tilskudd: ' || c.grants), '') as note
  from cooked c
  join found f using (line)
 cross join run
  join part p on p.place_id = f.place_id and p.element = c.element
  left join import_origin o on o.source = run.source and o.source_key = c.row_key and o.tbl = 'condition'
                           and exists (select from condition h where h.id = o.row_id and h.grade = c.grade);
-- A finding whose grade is another than last time is a new line of the history. The worst of the file is noted last, so that it is what the
-- component is graded by.
insert into condition (id, component_id, grade, consequence, probability, cause, note, theme, measure, due_year, investment_ore, operation_ore, noted_at)
select condition_id, component_id, grade, consequence, probability, title, note, theme, measure, due_year, round(investment * 100), round(operation * 100),
       now() + coalesce(g.severity, -1) * interval '1 millisecond'
  from landing l join condition_grade g on g.code = l.grade where known_id is null;
update condition h
   set component_id = l.component_id, grade = l.grade, consequence = l.consequence, probability = l.probability, cause = l.title, note = l.note, theme = l.theme,
       measure = l.measure, due_year = l.due_year, investment_ore = round(l.investment * 100), operation_ore = round(l.operation * 100)
  from landing l where h.id = l.known_id;

-- section: origin
insert into origin (line, source_key, tbl, row_id) select line, source_key, 'component', id from new_part;
insert into origin (line, source_key, tbl, row_id, content_hash) select line, row_key, 'condition', condition_id, content_hash from landing;
insert into outcome (line, state) select line, 'landed' from landing;
insert into landed_in
select 'nye tilstander', count(*) from landing where known_id is null union all
select 'nye komponenter', count(*) from new_part;
