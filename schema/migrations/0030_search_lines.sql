-- One box that finds anything (REG-7): what people write is brought to one form, and what can be found has a line for each form of it.
-- Why so, and why here and not in C: docs/decisions/0014-one-reading-of-addresses-and-numbers.md.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Forms -----------------------------------------------------------------------------------------------------------------------------
-- Pure functions, so that triggers, questions and imports cannot read the same text differently.

-- Small letters a to z and digits, one blank between words; «Ærlig Åse, Øy» is «aerlig ase oy», and so is «AErlig  Aase Oey».
create function name_form(t text) returns text immutable strict parallel safe language sql
	return btrim(regexp_replace(replace(replace(fdvu.search_form(t), 'aa', 'a'), 'oe', 'o'), '[^[:alnum:]]+', ' ', 'g'));

-- A tag or serial number without its signs: «+0027=273.001-IK033» is «0027273001ik033».
create function tag_form(t text) returns text immutable strict parallel safe language sql
	return regexp_replace(fdvu.search_form(t), '[^[:alnum:]]+', '', 'g');

-- The eight digits of a Norwegian telephone number; of any other its digits.
create function phone_form(t text) returns text immutable strict parallel safe language sql
	return regexp_replace(regexp_replace(t, '[^0-9]+', '', 'g'), '^(00)?47(?=[0-9]{8}$)', '');

-- A street's name as one word whose ending is written out: «Kirkegt.», «Kirke gate», «KIRKEGATEN» are «kirkegata»; «St. Olavs v.» and
-- «Sankt Olavs veg» are «stolavsveien».
create function street_form(t text) returns text immutable strict parallel safe language sql
	return replace(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
		regexp_replace(fdvu.search_form(t), '\msankte?\M', 'st', 'g'),
		'(gate|gaten|gata|gt\.?|g\.|\mg)\s*$', 'gata'),
		'(veien|veie|vei|vegen|vege|veg|v\.|vn\.|\mv)\s*$', 'veien'),
		'(plassen|plasse|plass|pl\.?)\s*$', 'plassen'),
		'(alleen|allee|alle|\mal\.)\s*$', 'alleen'),
		'(torget|torvet|torg|torv)\s*$', 'torget'),
		'[^[:alnum:]]+', '', 'g'), 'aa', 'a'), 'oe', 'o');

-- An address: street, number, letter and H-number, as many as there are, a blank between: «Kirkegt. 4 b», «KIRKEGATEN 4B» and «Kirkegata 4B,
-- 6509 Kristiansund» are «kirkegata 4 b»; «H0201 Kirkegata 4b» is «kirkegata 4 b h0201». Sorted, number 4 stands before 4 B, and both before
-- 40. Only a street: its form. Null when there are no letters.
create function address_form(t text) returns text immutable strict parallel safe language plpgsql as $$
declare
	s text := btrim(regexp_replace(fdvu.search_form(t), '([^[:alnum:].]|\mleilighet\M|\mleil\M\.?|\mbolig\M)+', ' ', 'g'));
	h text;
	m text[];
begin
	if s !~ '[[:alpha:]]' then
		return null;
	end if;
	s := regexp_replace(s, '^([kuhl][0-9]{4}) (.+)$', '\2 \1');
	h := substring(s from '[0-9][^0-9]* ?\m([kuhl][0-9]{1,4})$');
	if h is not null then
		s := btrim(left(s, -length(h)));
	end if;
	-- a postcode and town after the number
	if s ~ '[[:alpha:].] ?[0-9]{1,4} ?[a-z]?\M.* [0-9]{4} [[:alpha:]. ]+$' then
		s := regexp_replace(s, ' [0-9]{4} [[:alpha:]. ]+$', '');
	end if;
	-- of «4-6» the first
	m := regexp_match(s, '^(.*[[:alpha:].]) ?([0-9]{1,4}) ?([a-z])?( [0-9]{1,4} ?[a-z]?)?$');
	if m is null then
		return fdvu.street_form(s);
	end if;
	return concat_ws(' ', fdvu.street_form(m[1]), m[2]::int, m[3], h);
end
$$;

-- A property's number: «1505-12/34» with «/fnr» and «/snr» as far as they are not 0, without the municipality where it is not told. Reads
-- «12/34», «gnr. 12 bnr. 34», «gnr 12, bnr 34, fnr 1, snr 2», «12/34 snr 2», «1505-12/34/0/1», «1505-12-34-0-0», «1505 12/34» and «301-1/2»,
-- whose leading nought a spreadsheet took. Null for anything else: also for five numbers parted by «/» only, and for 0 or over 99999.
create function cadastral_form(t text) returns text immutable strict parallel safe language plpgsql as $$
declare
	s   text := lower(btrim(t, E' \t\r\n\u00a0'));
	m   text[];
	fnr int;
	snr int;
begin
	if s !~ '^[0-9g].*[0-9]$' then
		return null;
	end if;
	if s ~ '[a-zå]' then
		s := regexp_replace(s, '\m(?:g\.? ?b\.? ?nr|g\.? ?nr|(?:gård|gaard|gard)s ?(?:nr|nummer))\M[.: ]*', '', 'g');
		s := regexp_replace(s, '[ ,/]*\m(?:b\.? ?nr|bruks ?(?:nr|nummer))\M[.: ]*', '/', 'g');
		s := regexp_replace(s, '[ ,/]*\m(?:f\.? ?nr|feste ?(?:nr|nummer))\M[.: ]*', 'f', 'g');
		s := regexp_replace(s, '[ ,/]*\m(?:s\.? ?nr|seksjons? ?(?:nr|nummer))\M[.: ]*', 's', 'g');
	end if;
	s := regexp_replace(regexp_replace(s, '\s*([-/])\s*', '\1', 'g'), '\s+', ' ', 'g');
	m := regexp_match(s, '^(?:([0-9]{3,4})[- ])?([0-9]{1,5})([-/])([0-9]{1,5})(?:\3([0-9]{1,5})(?:\3([0-9]{1,5}))?)?(?:f([0-9]{1,5}))?(?:s([0-9]{1,5}))?$');
	fnr := coalesce(m[5], m[7], '0');
	snr := coalesce(m[6], m[8], '0');
	if m is null or m[2]::int = 0 or m[4]::int = 0 then
		return null;
	end if;
	return concat(lpad(m[1], 4, '0') || '-', m[2]::int, '/', m[4]::int,
	              case when fnr > 0 or snr > 0 then '/' || fnr end, case when snr > 0 then '/' || snr end);
end
$$;

-- Lines -----------------------------------------------------------------------------------------------------------------------------
-- What is found by the beginning of what people write. A thing has as many as it has names and numbers; sorted by form, what is exactly
-- that comes first, and an index gives the first of each kind without reading the rest.
create table search_line (
	kind         text    collate "C" not null,
	match        text    collate "C" not null,
	form         text    collate "C" not null,
	row_id       uuid    not null,
	area_no      int,
	is_public    boolean not null default false,
	is_protected boolean not null default false,
	constraint search_line_kind_is_known  check (kind in ('municipality', 'property', 'building', 'outdoor_area', 'dwelling', 'room', 'component', 'person')),
	constraint search_line_match_is_known check (match in ('address', 'cadastral', 'number', 'tag', 'serial', 'text'))
);
comment on column search_line.match is 'what its form is: of an address (address_form), a property number (cadastral_form), a number, …';
create index search_line_form on search_line (kind, match, form);
create index search_line_row  on search_line (row_id);

-- Words of names, to mend what is misspelt by. Of places and components only: of people, cases and documents even a word may tell.
create table search_word (
	word      text    collate "C" primary key,
	is_public boolean not null
);
comment on column search_word.is_public is 'stands in the name of a building, street or outdoor area';
create index search_word_like on search_word using gin (word gin_trgm_ops);

-- The beginnings at each word of a name: «kristiansund radhus», «radhus».
create function search_starts(form text) returns setof text immutable strict parallel safe rows 3 language sql as $$
	select left(array_to_string(w.words[i:], ' '), 80)
	  from (select string_to_array(form, ' ') as words) w, generate_series(1, least(cardinality(w.words), 6)) i
	 where i = 1 or w.words[i] ~ '^[[:alpha:]]{2}';
$$;

-- Writes anew what places are found by.
create function search_places(ids uuid[]) returns void language sql security definer
set search_path = fdvu, public, pg_temp set work_mem = '64MB' as $$
	delete from search_line l using unnest(ids) i (id) where l.row_id = i.id;

	with p as materialized (
		select p.id, p.kind::text, p.name, p.area_no, p.site_id,
		       p.kind in ('municipality', 'property', 'building', 'outdoor_area') or (p.kind = 'room' and p.is_public) as is_public
		  from unnest(ids) i (id)
		  join place p on p.id = i.id
		 where p.removed_at is null
	), addressed as materialized (
		select p.id, 'building' as kind, address_form(concat_ws(' ', a.street_name, a.number::text || coalesce(a.letter, ''))) as form, p.area_no, true as is_public
		  from p
		  join address a on a.building_id = p.id
		 where p.kind = 'building'
		union all
		select p.id, 'dwelling', address_form(concat_ws(' ', a.street_name, a.number::text || coalesce(a.letter, ''), d.h_number)), p.area_no, false
		  from p
		  join dwelling d on d.place_id = p.id
		  join address a on a.id = d.address_id
		union all
		select p.id, 'dwelling', address_form(concat_ws(' ', a.street_name, a.number::text || coalesce(a.letter, ''), d.h_number)), p.area_no, false
		  from p
		  join dwelling d on d.place_id = p.id and d.address_id is null
		  join address a on a.building_id = p.site_id
	)
	insert into search_line (kind, match, form, row_id, area_no, is_public)
	select distinct on (x.id, x.match, x.form) x.kind, x.match, x.form, x.id, x.area_no, x.is_public
	  from (select a.id, a.kind, 'address' as match, a.form, a.area_no, a.is_public from addressed a where a.form is not null
	        union all
	        select p.id, p.kind, 'text', s.form, p.area_no, p.is_public
	          from p, search_starts(name_form(p.name)) s (form)
	         where p.kind in ('municipality', 'building', 'outdoor_area') or (p.kind = 'property' and p.name ~ '^[[:alpha:]]')
	        union all
	        select p.id, p.kind, 'text', left(name_form(p.name), 80), p.area_no, p.is_public from p where p.kind = 'room'
	        union all
	        select p.id, p.kind, 'number', b.bygningsnummer::text, p.area_no, p.is_public
	          from p join building b on b.place_id = p.id
	         where b.bygningsnummer is not null
	        union all
	        select p.id, p.kind, 'number', lower(d.h_number), p.area_no, p.is_public
	          from p join dwelling d on d.place_id = p.id
	         where d.h_number is not null
	        union all
	        select p.id, p.kind, 'cadastral', cadastral_form(m.prefix || concat_ws('/', r.gnr, r.bnr, r.fnr, r.snr)), p.area_no, p.is_public
	          from p
	          join property r on r.place_id = p.id
	         cross join (values (true), (false)) w (is_full)
	         cross join lateral (select case when w.is_full then r.municipality_no || '-' else '' end as prefix) m
	         where r.bnr > 0) x
	 where x.form <> '';

	insert into search_word (word, is_public)
	select x.word, bool_or(x.is_public)
	  from (select w.word, p.kind in ('municipality', 'property', 'building', 'outdoor_area') as is_public
	          from unnest(ids) i (id)
	          join place p on p.id = i.id and p.removed_at is null and p.kind <> 'storey' and p.kind <> 'dwelling'
	         cross join regexp_split_to_table(name_form(p.name), ' ') w (word)
	        union all
	        select street_form(a.street_name), true from unnest(ids) i (id) join address a on a.building_id = i.id) x
	 where x.word ~ '^[[:alpha:]]{4,40}$'
	   and not exists (select from search_word k where k.word = x.word and k.is_public >= x.is_public)
	 group by x.word
	 order by x.word
	    on conflict (word) do update set is_public = true where excluded.is_public and not search_word.is_public;
$$;

create function search_components(ids uuid[]) returns void language sql security definer
set search_path = fdvu, public, pg_temp set work_mem = '64MB' as $$
	delete from search_line l using unnest(ids) i (id) where l.row_id = i.id;

	with made as materialized (
		select c.id, c.area_no, left(name_form(c.name), 80) as name, left(tag_form(c.tag), 80) as tag, left(tag_form(c.serial), 80) as serial,
		       -- a tag is also known without the building's part of it
		       left(tag_form(substring(c.tag from '^[^=]*[[:alnum:]][^=]*=(.+)$')), 80) as part
		  from unnest(ids) i (id)
		  join component c on c.id = i.id
		 where c.removed_at is null
	)
	insert into search_line (kind, match, form, row_id, area_no)
	select 'component', f.match, f.form, m.id, m.area_no
	  from made m
	 cross join lateral (values ('text', m.name), ('tag', m.tag), ('tag', m.part), ('serial', m.serial)) f (match, form)
	 where f.form <> '';

	insert into search_word (word, is_public)
	select distinct w.word, false
	  from (select distinct concat_ws(' ', c.name, c.maker) as words
	          from unnest(ids) i (id)
	          join component c on c.id = i.id and c.removed_at is null) n
	 cross join regexp_split_to_table(name_form(n.words), ' ') w (word)
	 where w.word ~ '^[[:alpha:]]{4,40}$'
	   and not exists (select from search_word k where k.word = w.word)
	 order by w.word
	    on conflict (word) do nothing;
$$;

create function search_people(ids uuid[]) returns void language sql security definer
set search_path = fdvu, public, pg_temp set work_mem = '64MB' as $$
	delete from search_line l using unnest(ids) i (id) where l.row_id = i.id;

	insert into search_line (kind, match, form, row_id, is_protected)
	select 'person', f.match, f.form, p.id, p.protection <> 'none'
	  from unnest(ids) i (id)
	  join person p on p.id = i.id
	 cross join lateral (select 'text' as match, s.form from search_starts(name_form(p.name)) s (form)
	                     union all select 'number', phone_form(p.phone)
	                     union all select 'number', p.orgnr) f
	 where f.form <> '';
$$;

-- One trigger function a table; each asks which things' lines are touched and writes those anew. A load of a million rows is one statement.
create function search_place_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(n.id) into ids from new_rows n;
	when 'UPDATE' then
		select array_agg(n.id) into ids
		  from new_rows n join old_rows o using (id)
		 where (n.name, n.kind, n.area_no, n.site_id, n.is_public, n.removed_at)
		       is distinct from (o.name, o.kind, o.area_no, o.site_id, o.is_public, o.removed_at);
	else
		select array_agg(o.id) into ids from old_rows o;
	end case;
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;

create function search_extension_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	if tg_op = 'DELETE' then
		select array_agg(o.place_id) into ids from old_rows o;
	else
		select array_agg(n.place_id) into ids from new_rows n;
	end if;
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;

-- An address is its building's and its dwellings'.
create function search_address_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	address_ids  uuid[];
	building_ids uuid[];
	ids          uuid[];
begin
	if tg_op in ('INSERT', 'UPDATE') then
		select array_agg(n.id), array_agg(n.building_id) into address_ids, building_ids from new_rows n;
	end if;
	if tg_op in ('UPDATE', 'DELETE') then
		select address_ids || array_agg(o.id), building_ids || array_agg(o.building_id) into address_ids, building_ids from old_rows o;
	end if;
	select array_agg(distinct x.id) into ids
	  from (select b.id from unnest(building_ids) b (id) where b.id is not null
	        union all
	        select d.place_id from unnest(address_ids) a (id) join dwelling d on d.address_id = a.id
	        union all
	        select d.place_id
	          from unnest(building_ids) b (id)
	          join place p on p.site_id = b.id and p.kind = 'dwelling'
	          join dwelling d on d.place_id = p.id and d.address_id is null) x (id);
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;

create function search_component_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(n.id) into ids from new_rows n;
	when 'UPDATE' then
		select array_agg(n.id) into ids
		  from new_rows n join old_rows o using (id)
		 where (n.name, n.tag, n.maker, n.serial, n.area_no, n.removed_at) is distinct from (o.name, o.tag, o.maker, o.serial, o.area_no, o.removed_at);
	else
		select array_agg(o.id) into ids from old_rows o;
	end case;
	if ids is not null then
		perform search_components(ids);
	end if;
	return null;
end
$$;

create function search_person_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(n.id) into ids from new_rows n;
	when 'UPDATE' then
		select array_agg(n.id) into ids
		  from new_rows n join old_rows o using (id)
		 where (n.name, n.phone, n.orgnr, n.protection) is distinct from (o.name, o.phone, o.orgnr, o.protection);
	else
		select array_agg(o.id) into ids from old_rows o;
	end case;
	if ids is not null then
		perform search_people(ids);
	end if;
	return null;
end
$$;

do $$
declare
	t record;
begin
	for t in select * from (values ('place', 'search_place_lines'), ('property', 'search_extension_lines'), ('building', 'search_extension_lines'),
	                               ('dwelling', 'search_extension_lines'), ('address', 'search_address_lines'),
	                               ('component', 'search_component_lines'), ('person', 'search_person_lines')) x (tbl, function)
	loop
		execute format('create trigger search_line_insert after insert on %s referencing new table as new_rows
			for each statement execute function %s()', t.tbl, t.function);
		execute format('create trigger search_line_update after update on %s referencing old table as old_rows new table as new_rows
			for each statement execute function %s()', t.tbl, t.function);
		execute format('create trigger search_line_delete after delete on %s referencing old table as old_rows
			for each statement execute function %s()', t.tbl, t.function);
	end loop;
end
$$;

-- Words -----------------------------------------------------------------------------------------------------------------------------
-- Places and components get the words of their names too, also those in the middle, and an index of their own each: a word that a hundred
-- thousand components have must not cost the one who looks for a case.
drop index search_tsv;
drop function search_place() cascade;
drop function search_component() cascade;
select search_table('place',
	$$r.area_no, r.kind in ('municipality', 'property', 'building', 'outdoor_area') or (r.kind = 'room' and r.is_public), false,
	  r.label, search_form(r.label), case when r.kind not in ('storey', 'dwelling') then to_tsvector('norwegian', name_form(r.name)) end$$,
	'r.removed_at is null');
select search_table('component',
	$$r.area_no, false, false, r.name, search_form(concat_ws(' ', r.name, r.tag, r.maker, r.model, r.serial)),
	  to_tsvector('norwegian', name_form(concat_ws(' ', r.name, r.maker, r.model, r.tag)))$$,
	'r.removed_at is null');

update search s set tsv = to_tsvector('norwegian', name_form(p.name))
  from place p where s.tbl = 'place' and s.row_id = p.id and p.kind not in ('storey', 'dwelling');
update search s set tsv = to_tsvector('norwegian', name_form(concat_ws(' ', c.name, c.maker, c.model, c.tag)))
  from component c where s.tbl = 'component' and s.row_id = c.id;

create index search_tsv_place     on search using gin (tsv) where tbl = 'place';
create index search_tsv_component on search using gin (tsv) with (gin_pending_list_limit = 65536) where tbl = 'component';
create index search_tsv_cases     on search using gin (tsv) where tbl = 'cases';
create index search_tsv_task      on search using gin (tsv) where tbl = 'task';
create index search_tsv_document  on search using gin (tsv) where tbl = 'document';
create index search_text_person   on search using gin (text gin_trgm_ops) where tbl = 'person';

select search_places(array_agg(id)) from place having count(*) > 0;
select search_components(array_agg(id)) from component having count(*) > 0;
select search_people(array_agg(id)) from person having count(*) > 0;

-- Questions -------------------------------------------------------------------------------------------------------------------------

-- What the text in the box may mean: the forms to look for, by the kinds of things that have such lines.
create function search_forms(q text) returns table (kind text, match text, form text) immutable strict parallel safe rows 12 language plpgsql as $$
#variable_conflict use_column
begin
	return query
	with w as (
		select left(name_form(q), 80) as name, address_form(q) as address, tag_form(q) as tag, phone_form(q) as digits,
		       case when q ~ '^[^0-9]*$' then regexp_replace(name_form(q), ' ', '', 'g') end as street,
		       coalesce(cadastral_form(q), cadastral_form(substring(q from '^\s*[[:alpha:] ]+ ([0-9]+ ?/ ?[0-9]+.*)$')),
		                substring(btrim(q) from '^([0-9]{1,5}/)$'),
		                substring(lower(q) from '^\s*g(?:b|årds|ards)?\.? ?nr\.? ?([0-9]{1,5})\s*$') || '/') as cadastral
	)
	select k.kind, 'text', w.name
	  from w, unnest(array['building', 'outdoor_area', 'room', 'component', 'person', 'property', 'municipality']) k (kind)
	 where w.name <> ''
	union
	select k.kind, 'address', a.form
	  from w, unnest(array['building', 'dwelling']) k (kind), unnest(array[w.address, w.street]) a (form)
	 where a.form <> '' and (k.kind = 'building' or length(w.name) > 3)
	union all select 'property', 'cadastral', w.cadastral from w where w.cadastral is not null
	union all select 'building', 'number', w.digits from w where q ~ '^[0-9 ]{3,12}$'
	union all select 'person', 'number', w.digits from w where q ~ '^\+?[0-9 ]{3,16}$' and length(w.digits) > 2
	union all select 'dwelling', 'number', w.tag from w where w.tag ~ '^[kuhl][0-9]{1,4}$'
	union all select 'component', m.match, w.tag from w, unnest(array['tag', 'serial']) m (match) where w.tag ~ '[0-9]' and length(w.tag) > 1 and w.cadastral is null;
end
$$;

-- The words in the box as a question to the index of words: all of them, the last perhaps not finished.
create function search_words(q text) returns tsquery immutable strict parallel safe language sql as $$
	select to_tsquery('norwegian', string_agg('''' || w.word || ''':*', ' & '))
	  from regexp_split_to_table(name_form(q), ' ') w (word)
	 where w.word <> '';
$$;

-- As search_words, for texts that keep their accents.
create function search_text_words(q text) returns tsquery immutable strict parallel safe language sql as $$
	select to_tsquery('norwegian', string_agg('''' || w.word || ''':*', ' & '))
	  from regexp_split_to_table(btrim(regexp_replace(lower(q), '[^[:alnum:]]+', ' ', 'g')), ' ') w (word)
	 where w.word <> '';
$$;

-- The text with each word that is not known changed for one that is alike, or that holds it: at most three guesses, the likeliest first.
-- As the one who asks: the words of what all may see, or, for employees, all of them.
create function search_guesses(q text) returns table (guess text) stable strict rows 3 language plpgsql as $$
#variable_conflict use_column
begin
	return query
	with words as (
		select w.word, w.at, w.word ~ '^[[:alpha:]]{4,40}$'
		       and not exists (select from search_word k where k.word >= w.word and k.word < w.word || chr(1114111)) as is_strange
		  from regexp_split_to_table(name_form(q), ' ') with ordinality w (word, at)
		 where w.at <= 8
	), strange as (
		select s.word, s.at from words s where s.is_strange order by length(s.word) desc limit 1
	), alike as (
		select k.word, similarity(k.word, s.word) as likeness
		  from strange s
		 cross join lateral (select k.word from search_word k where k.word % s.word order by similarity(k.word, s.word) desc, k.word limit 3) k
		union
		select k.word, similarity(k.word, s.word)
		  from strange s
		 cross join lateral (select k.word from search_word k where k.word like '%' || s.word || '%' order by length(k.word), k.word limit 3) k
	)
	select (select string_agg(case when w.at = s.at then a.word else w.word end, ' ' order by w.at) from words w)
	  from strange s, alike a
	 order by a.likeness desc, a.word
	 limit 3;
end
$$;

-- The box may tell a thing and where it is, in either order: «brannslukker kirkegata 4», «kirkegata 4 gymsal». The buildings meant, and the
-- words for the thing. As the one who asks.
create function search_sites(q text) returns table (site_id uuid, thing text) stable strict rows 6 language plpgsql as $$
#variable_conflict use_column
begin
	return query
	with word as (
		select w.word, w.at, count(*) over () as n from regexp_split_to_table(name_form(q), ' ') with ordinality w (word, at)
	), part as (
		select string_agg(w.word, ' ' order by w.at) filter (where w.at <= c.at) as head,
		       string_agg(w.word, ' ' order by w.at) filter (where w.at > c.at) as tail
		  from word w, generate_series(1, 7) c (at)
		 where w.n <= 8 and c.at < w.n
		 group by c.at
	), asked as (
		select p.head as thing, p.tail as place from part p
		union all
		select p.tail, p.head from part p
	), site as (
		select distinct on (l.row_id) l.row_id, a.thing, length(a.place) as told
		  from asked a
		 cross join lateral (values ('address', address_form(a.place)), ('text', a.place)) f (match, form)
		 cross join lateral (
		       select l.row_id
		         from search_line l
		        where l.kind = 'building' and l.match = f.match and l.form >= f.form and l.form < f.form || chr(1114111)
		        order by l.form
		        limit 3) l
		 where length(f.form) > 2 and length(a.thing) > 2
		 order by l.row_id, told desc
	)
	select s.row_id, s.thing from site s order by s.told desc, s.row_id limit 6;
end
$$;

-- The numbers of cases and tasks that a text may be: «2026-123», «2026-000123», «#123», which is this year's or one of the five before it.
create function search_numbers(q text) returns text[] stable strict parallel safe language sql as $$
	select array_agg(y.year || '-' || lpad(ltrim(n.m[2], '0'), 6, '0'))
	  from (select regexp_match(q, '^\s*(?:#|nr\.?|sak|saksnr\.?|oppgave|oppgåve|case|task)? ?(?:nr\.? ?)?(?:(20[0-9]{2}) ?[-/ ] ?)?([0-9]{1,9})\s*$', 'i') as m) n
	 cross join lateral (select n.m[1] as year where n.m[1] is not null
	                     union all
	                     select (extract(year from now())::int - i)::text from generate_series(0, 5) i where n.m[1] is null) y
	 where n.m is not null;
$$;

-- The places that a place lies in, from the municipality down, as far as the one who asks may see them.
create function place_path(place uuid) returns json stable strict parallel safe language plpgsql as $$
declare
	up   record;
	path text := '';
begin
	select p.parent_id into up from place p where p.id = place;
	for i in 1..8 loop
		exit when up.parent_id is null;
		select p.id, p.parent_id, p.name, p.kind into up from place p where p.id = up.parent_id;
		exit when not found;
		path := json_build_object('id', up.id, 'name', up.name, 'kind', up.kind)::text || case path when '' then '' else ',' || path end;
	end loop;
	return '[' || path || ']';
end
$$;

-- Who sees what --------------------------------------------------------------------------------------------------------------------
alter table search_line enable row level security;
alter table search_word enable row level security;
create policy job on search_line to fdvu_job using (true) with check (true);
create policy job on search_word to fdvu_job using (true) with check (true);
create policy office on search_line for select to fdvu_office
	using ((area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))
		and (not is_protected or (select has_role('admin'))));
create policy field on search_line for select to fdvu_field
	using (kind <> 'person' and area_no = any ((select areas())::int[]));
create policy tenant on search_line for select to fdvu_tenant using (is_public and (select me()) is not null);
create policy public on search_line for select to fdvu_public
	using (is_public and exists (select from place p where p.id = row_id));
create policy staff on search_word for select to fdvu_office, fdvu_field using ((select me()) is not null);
create policy tenant on search_word for select to fdvu_tenant using (is_public and (select me()) is not null);
create policy public on search_word for select to fdvu_public using (is_public);

grant select on search_line, search_word to fdvu_office, fdvu_field, fdvu_tenant, fdvu_public;
grant select, insert, update, delete on search_line, search_word to fdvu_job;
grant execute on function name_form(text), tag_form(text), phone_form(text), street_form(text), address_form(text), cadastral_form(text),
	search_forms(text), search_words(text), search_text_words(text), search_guesses(text), search_sites(text),
	search_numbers(text), place_path(uuid)
	to fdvu_office, fdvu_field, fdvu_tenant, fdvu_public, fdvu_job;
