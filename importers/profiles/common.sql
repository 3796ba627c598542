-- What every import does around its profile's map.sql. The program runs these sections by name; the tables are
-- temporary and end with the transaction.
--
-- A map.sql finds its rows in `staged` (line, the profile's columns as text) and what it runs for in `run`, and must
-- for every line do exactly one of these, or be refused:
--   rejected (line, col, reason)          as many as the row has faults; never personal data in the reason
--   waiting  (line, reason, candidates, key)   the place is not certain: a person decides
--   outcome  (line, state)                'landed' or 'unchanged' (a landed row that an earlier batch had is made 'updated' afterwards)
-- `key` is what of the row the answer depends on («bygg:300171619»): rows with the same key wait for the same answer, and
-- the answers of earlier runs are in `choice` (key, place_id; no place_id: not to be read in). Without a key a row waits alone.
-- It may also fill flagged (line, col, reason): landed, but something was put right or is missing.
-- What it makes or finds in the register it tells in origin (line, source_key, tbl, row_id, content_hash, seen), by which the row is known again.
-- Of a table `cooked` (line, row_key, content_hash, …) that has the rows as they were read, reject_twice() and leave_unchanged() take what goes no further.
-- A section named `seek` fills sought (line, municipality_no, bygningsnummer, cadastral, address, h_number, name): what the row says of its
-- place, as it says it. A row that says nothing must not be put in. After it the program runs `find`, which fills
-- found (line, place_id, kind, property_id, building_id, key) for what is certain, and waiting or rejected for every other row of it.
-- secret (col): columns whose text must not be kept in the queue, such as national identity numbers.
-- landed_in (tbl, n) counts rows of the model, for the report. A section named `files` fills wanted_file (path);
-- after it taken_file holds what was found there.

-- section: open
select set_config('statement_timeout', '0', true), set_config('lock_timeout', '60s', true),
       set_config('idle_in_transaction_session_timeout', '0', true), set_config('work_mem', '128MB', true),
       set_config('default_statistics_target', '10', true); -- the work tables are many and soon gone

create temp table run (
	batch_id        uuid not null,
	profile         text not null,
	source          text not null,
	municipality_no char(4)
) on commit drop;

create temp table rejected    (line bigint not null, col text, reason text not null) on commit drop;
create temp table waiting     (line bigint not null, reason text not null, candidates jsonb not null default '[]', key text) on commit drop;
create temp table choice      (key text primary key, place_id uuid) on commit drop;
create temp table printed     (nth bigint not null, seen uuid) on commit drop;
create temp table unknown     (nth bigint not null) on commit drop;
create temp table outcome     (line bigint not null, state text not null) on commit drop;
create temp table flagged     (line bigint not null, col text, reason text not null) on commit drop;
create temp table origin (
	line         bigint not null,
	source_key   text   not null,
	tbl          text   not null,
	row_id       uuid   not null,
	content_hash bytea  not null default '',
	seen         uuid
) on commit drop;
create temp table tallied (rows_read bigint, landed bigint, updated bigint, unchanged bigint, rejected bigint, queued bigint, files_missing bigint) on commit drop;
create temp table landed_in   (tbl text not null, n bigint not null) on commit drop;
create temp table sought (
	line            bigint primary key,
	municipality_no text,
	bygningsnummer  int,
	cadastral       text,
	address         text,
	h_number        text,
	name            text,
	raw             text not null generated always as (coalesce(municipality_no, '') || E'\x1f' || coalesce(bygningsnummer::text, '') || E'\x1f'
		|| coalesce(cadastral, '') || E'\x1f' || coalesce(address, '') || E'\x1f' || coalesce(h_number, '') || E'\x1f' || coalesce(name, '')) stored,
	constraint sought_says_something check (num_nonnulls(bygningsnummer, cadastral, address, h_number, name) > 0)
) on commit drop;
create temp table found (
	line        bigint primary key,
	place_id    uuid       not null,
	kind        place_kind not null,
	property_id uuid,
	building_id uuid,
	key         text       not null
) on commit drop;
create temp table secret (col text primary key) on commit drop;
create temp table wanted_file (path text not null) on commit drop;
create temp table taken_file  (path text primary key, sha256 bytea not null, size bigint not null, family text not null) on commit drop;

-- The file types that are taken into the store, and what the first bytes of such a file say.
create temp table file_type (ext text primary key, family text not null, mime text not null) on commit drop;
insert into file_type values
	('pdf',  'pdf',  'application/pdf'),
	('jpg',  'jpeg', 'image/jpeg'),
	('jpeg', 'jpeg', 'image/jpeg'),
	('png',  'png',  'image/png'),
	('gif',  'gif',  'image/gif'),
	('tif',  'tiff', 'image/tiff'),
	('tiff', 'tiff', 'image/tiff'),
	('doc',  'ole',  'application/msword'),
	('xls',  'ole',  'application/vnd.ms-excel'),
	('docx', 'zip',  'application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
	('xlsx', 'zip',  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
	('dwg',  'dwg',  'image/vnd.dwg'),
	('dxf',  'text', 'image/vnd.dxf'),
	('txt',  'text', 'text/plain');

-- Text as people mean it: composed letters, no blanks around, nothing instead of empty. Most of it is ASCII, which needs no
-- composing, and is told by its length.
create or replace function pg_temp.clean(t text) returns text immutable parallel safe language sql
	return case when octet_length(t) = length(t) then nullif(btrim(t, E' \t\r\n'), '')
	            else nullif(btrim(normalize(t, nfc), E' \t\r\n\u00a0\ufeff'), '') end;

-- A whole number of at most nine digits, null for anything else. Spreadsheets write 12 as «12.0».
create or replace function pg_temp.whole(t text) returns int immutable parallel safe language sql
	return case when length(t) between 1 and 9 and translate(t, '0123456789', '') = '' then t::int
	            when t ~ '^\s*[0-9]{1,9}(\.0+)?\s*$' then split_part(btrim(t), '.', 1)::int end;

-- A number in Norwegian or English writing: «1 250,50», «1.250,50», «1250.5», «6998536,36». With a comma the dots and
-- blanks before it part thousands; several dots do so too. Null for anything else.
create or replace function pg_temp.number(t text) returns numeric immutable parallel safe language sql
	return case
		when length(t) between 2 and 20 and translate(t, '0123456789', '') in ('', '.', ',') then replace(t, ',', '.')::numeric
		when btrim(t) ~ '^-?[0-9]+(\.[0-9]+)?$' then btrim(t)::numeric
		when btrim(t) ~ '^-?([0-9]+|[0-9]{1,3}([ .\u00a0\u202f][0-9]{3})+)(,[0-9]+)?$'
			then replace(translate(btrim(t), E' .\u00a0\u202f', ''), ',', '.')::numeric
	end;

-- An amount in kroner: «kr 1 250,50», «1.250,-», «1,250.50». Null for «1.250» and «1,250» alone, which may be either, and for anything else.
create or replace function pg_temp.amount(t text) returns numeric immutable parallel safe language sql as $$
	select case when a ~ '^-?[0-9]{1,3}[.,][0-9]{3}$'               then null
	            when a ~ '^-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}$'   then replace(a, ',', '')::numeric
	            else pg_temp.number(regexp_replace(a, ',-$', ',00')) end
	  from btrim(regexp_replace(translate(t, E'\u2212\u2013', '--'), '(^\s*(kr|nok)\M\.?|\m(kr|nok)\M\.?\s*$)', '', 'gi'), E' \t\u00a0') a
$$;

-- The day, if there is one like it.
create or replace function pg_temp.day_of(y int, m int, d int) returns date immutable parallel safe language sql as $$
	select case when y between 1 and 9999 and m between 1 and 12
	             and d between 1 and case when m in (4, 6, 9, 11) then 30 when m <> 2 then 31 when y % 4 = 0 and (y % 100 <> 0 or y % 400 = 0) then 29 else 28 end
	            then make_date(y, m, d) end
$$;

-- A date: «15.06.2020» and «2020-06-15», a time after it or not, and Excel's count of days from 1950 to 2100. A time that says its zone is
-- of the day that it is in Norway. Null for anything else, also for years of two figures.
create or replace function pg_temp.day(t text) returns date stable parallel safe language sql as $$
	select case
		when a ~ '^[0-9]{5}(\.0+)?$' then case when split_part(a, '.', 1)::int between 18264 and 73415 then date '1899-12-30' + split_part(a, '.', 1)::int end
		when a ~ '^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}( [0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?)?$'
			then pg_temp.day_of(substring(a from '\.([0-9]{4})')::int, split_part(a, '.', 2)::int, split_part(a, '.', 1)::int)
		when a ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or a ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-4]):[0-5][0-9](:[0-6][0-9]([.,][0-9]+)?)?$'
			then pg_temp.day_of(left(a, 4)::int, substr(a, 6, 2)::int, substr(a, 9, 2)::int)
		when a ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$'
			then case when pg_temp.day_of(left(a, 4)::int, substr(a, 6, 2)::int, substr(a, 9, 2)::int) is not null
			          then (a::timestamptz at time zone 'Europe/Oslo')::date end
	end
	  from btrim(t, E' \t\u00a0') a
$$;

-- A coordinate that PROJ cannot transform is a fault of its row, not of the whole import.
create or replace function pg_temp.reproject(x float8, y float8, epsg int) returns geometry stable language plpgsql as $$
begin
	return st_transform(st_setsrid(st_makepoint(x, y), epsg), 25832);
exception when others then
	return null;
end
$$;

-- The point in EPSG:25832. x is east or longitude in every system, EPSG:4258 too, as PostGIS has it. Null when there is none like it.
-- Inside these boxes the transformation is safe, and a million rows go quickly.
create or replace function pg_temp.position(x float8, y float8, epsg int) returns geometry(Point, 25832) stable language sql as $$
	select case
		when epsg = 25832 then st_setsrid(st_makepoint(x, y), 25832)
		when epsg in (25833, 25835, 32632, 32633, 32635) and x between -900000 and 1900000 and y between 6000000 and 9500000
		  or epsg in (4258, 4326) and x between -15 and 40 and y between 50 and 85
			then st_transform(st_setsrid(st_makepoint(x, y), epsg), 25832)
		when x is not null and y is not null and epsg is not null then pg_temp.reproject(x, y, epsg) end
$$;

-- Why a position cannot be right: it is outside the bounds (of the country, when none are known). Null when it is inside.
create or replace function pg_temp.misplaced(x float8, y float8, epsg int, bounds geometry) returns text stable language sql as $$
	select case when st_intersects(b, pg_temp.position(x, y, epsg)) then null
	            when st_intersects(b, pg_temp.position(y, x, epsg)) then 'utenfor kommunen: nord og øst ser ut til å være byttet om'
	            else 'utenfor kommunen' end
	  from coalesce(bounds, st_makeenvelope(-100000, 6400000, 1200000, 9000000, 25832)) b
$$;

-- A building part (NS 3451): «364», «36.4», «364 Vifter», «36-Luftbehandling». Whether there is one like it must be asked of `element`.
create or replace function pg_temp.element_code(t text) returns text immutable parallel safe language sql
	return translate(substring(pg_temp.clean(t) from '^([0-9]{1,4}|[0-9]{2}\.[0-9]{1,2})(?:\.0+)?(?:\s*(?:-.*|:.*)|\s+[[:alpha:]].*)?$'), '.', '');

-- A condition grade (NS 3424): «2», «TG 2», «tgiu».
create or replace function pg_temp.grade(t text) returns text immutable parallel safe language sql
	return 'TG' || substring(upper(translate(t, E' \t\u00a0.', '')) from '^(?:TG)?([0-3]|IU)(?:0)?$');

-- Plane and number of a storey as in a bruksenhetsnummer: «H02» for «2. etasje», «Plan 2», «2»; «K01» for «Kjeller», «U01», «L01» for «Loft».
create or replace function pg_temp.storey_code(t text) returns text immutable parallel safe language sql as $$
	select case
		when f ~ '^[kuhl] ?[0-9]{1,2}$'                                     then upper(left(f, 1)) || lpad(substring(f from '[0-9]+$'), 2, '0')
		when f ~ '^[0-9]{1,2}( ?(etg|etasje|etasjen|plan|floor|storey))?$'  then 'H' || lpad(substring(f from '^[0-9]+'), 2, '0')
		when f ~ '^(etg|etasje|plan|floor|storey|level) ?[0-9]{1,2}$'       then 'H' || lpad(substring(f from '[0-9]+$'), 2, '0')
		when f ~ '^(kjeller|kjelleretasje|kjelleren|basement)( ?[0-9]{1,2})?$' then 'K' || lpad(coalesce(substring(f from '[0-9]+$'), '1'), 2, '0')
		when f ~ '^(underetasje|u etg|u etasje|sokkel|sokkeletasje)( ?[0-9]{1,2})?$' then 'U' || lpad(coalesce(substring(f from '[0-9]+$'), '1'), 2, '0')
		when f ~ '^(loft|loftet|loftsetasje)( ?[0-9]{1,2})?$'               then 'L' || lpad(coalesce(substring(f from '[0-9]+$'), '1'), 2, '0') end
	  from name_form(regexp_replace(t, '\.0+$', '')) f
$$;

-- What people write where a field must be filled in: 12345678, 00000000; a@a.no, ikke@oppgitt.no.
create or replace function pg_temp.is_fake_phone(t text) returns boolean immutable parallel safe language sql as $$
	select f ~ '^(.)\1*$' or f in ('12345678', '87654321', '01234567', '23456789', '98765432', '123456789', '1234567890', '12345') from phone_form(t) f where f <> ''
$$;
create or replace function pg_temp.is_filler_email(t text) returns boolean immutable parallel safe language sql as $$
	select e ~ '^[a-z0-9]@[a-z0-9]\.[a-z]+$' or e ~ '^(.+)@\1\.[a-z]+$'
	    or e ~ '@(.*\.)?(example|eksempel|test|invalid|localhost|oppgitt|ukjent|mangler|ingen|ikke|nomail|noemail|tempmail)(\.[a-z]+)?$'
	    or e ~ '^(ikke|ikke[._-]?oppgitt|ingen|ingen[._-]?epost|mangler|ukjent|finnes[._-]?ikke|har[._-]?ikke|test|na|n[._-]?a|xxx+|noreply|no-reply)@'
	  from lower(btrim(t)) e
$$;

-- Of the sound rows of `cooked` with one key the first counts. The rest, and all that are rejected, are taken out. `col` is SQL.
create or replace function pg_temp.reject_twice(col text, what text) returns void language plpgsql as $$
begin
	execute format('insert into rejected (line, col, reason)
		select line, %s, %L || first_line
		  from (select c.*, first_value(c.line) over (partition by c.row_key order by c.line) as first_line
		          from cooked c where not exists (select from rejected r where r.line = c.line)) twice
		 where line <> first_line', col, what || ' som linje ');
	delete from cooked c using rejected r where r.line = c.line;
end
$$;

-- Rows of `cooked` that say what they said when they were read last.
create or replace function pg_temp.leave_unchanged() returns void language plpgsql as $$
begin
	with same as (
		delete from cooked c using run, import_origin o
		 where o.source = run.source and o.source_key = c.row_key and o.content_hash = c.content_hash
		returning c.line
	)
	insert into outcome (line, state) select line, 'unchanged' from same;
end
$$;

-- section: begin
-- $1 profile $2 source $3 file name $4 sha256 hex $5 kommunenummer or null $6 dry run $7 whether it must be known
-- Answers ok, busy (the same import runs already) or municipality (it must be said; second column: those there are).
with
lock as materialized (
	select pg_try_advisory_xact_lock(hashtext('fdvu.import'), hashtext($1)) as is_mine
),
known as materialized (
	select array_agg(distinct m order by m) as all_of
	  from (select municipality_no as m from area where municipality_no is not null
	        union select municipality_no from property) known_numbers
),
chosen as (
	select coalesce($5, case when cardinality(all_of) = 1 then all_of[1] end)::char(4) as municipality_no, all_of from known
),
batch as (
	insert into import_batch (profile, source, file_name, sha256, is_dry_run, xid)
	select $1, $2, $3, decode($4, 'hex'), $6::boolean, pg_current_xact_id() from lock where is_mine
	returning id
),
remembered as (
	insert into choice (key, place_id) select c.key, c.place_id from import_choice c where c.source = $2
),
started as (
	insert into run (batch_id, profile, source, municipality_no)
	select batch.id, $1, $2, chosen.municipality_no from batch, chosen
)
select case when not is_mine then 'busy'
            when $7::boolean and coalesce(municipality_no = any (all_of), false) is false then 'municipality'
            else 'ok' end,
       array_to_string(all_of, ', '), (select id from batch)
  from lock, chosen;

-- section: here
analyze run; -- of one row, which is joined with millions
-- The municipalities that are set up here, and how far out their rows may lie: the outline is drawn coarsely, so 2 km.
-- area_no is where new properties go when nothing better is known: the setting import.area.NNNN, else the lowest number.
-- Outlines stand beside the row and unpacked: they would be unpacked for each row that is compared with them.
create temp table municipality_here (
	municipality_no text primary key,
	area_no         int,
	has_given_area  boolean not null,
	place_id        uuid,
	bounds          geometry
) on commit drop;
alter table municipality_here alter bounds set storage external;
insert into municipality_here (municipality_no, area_no, has_given_area, place_id, bounds)
select known.municipality_no::text as municipality_no, coalesce(given.area_no, known.area_no), given.area_no is not null, root.id,
       st_buffer(root.geom, 2000, 'quad_segs=2')
  from (select municipality_no, min(area_no) as area_no from area where municipality_no is not null group by municipality_no) known
  left join lateral (select x.area_no from setting t join area x on x.area_no::text = t.value #>> '{}'
                      where t.key = 'import.area.' || known.municipality_no) given on true
  left join lateral (select p.id, p.geom
                       from place p
                      where p.kind = 'municipality'
                        and (p.area_no in (select area_no from area x where x.municipality_no = known.municipality_no)
                             or p.id in (select q.parent_id from property r join place q on q.id = r.place_id
                                          where r.municipality_no = known.municipality_no))
                      order by (p.geom is null), p.id limit 1) root on true;

-- What municipalities were called before.
create temp table municipality_now on commit drop as
select distinct w.municipality_no::text as was, x.municipality_no::text as now
  from property_was w join property x using (place_id)
 where w.municipality_no <> x.municipality_no;

-- section: state
-- What judging a row depends on besides the row: with another answer, rows seen before are looked at again. The outlines by themselves, as a row
-- that surely lies within depends on them no more than that: which squares are wholly within, how many metres these have, and where in their grid they begin.
select concat_ws(' ', (select municipality_no from run),
                 (select string_agg(m.municipality_no, ' ' order by m.municipality_no) from municipality_here m),
                 (select md5(string_agg(x.srid || ':' || coalesce(x.proj4text, ''), ' ' order by x.srid)) from spatial_ref_sys x)),
       (select string_agg(m.municipality_no || ':' || coalesce(md5(st_asbinary(m.bounds)), ''), ' ' order by m.municipality_no) from municipality_here m),
       min(s.i), min(s.j), max(s.i) - min(s.i) + 1, min(s.metres), string_agg(s.is_within::int::text, '' order by s.j, s.i)
  from (select g.i, g.j, z.metres, st_contains(w.outlines, g.geom) as is_within
          from (select st_union(m.bounds) as outlines from municipality_here m) w
         cross join (values (500)) z (metres) cross join lateral st_squaregrid(z.metres, w.outlines) g) s;

-- section: has_seen
select exists (select from import_origin o where o.source = (select source from run) and o.seen is not null); -- some may be known again

-- section: copy_printed
copy printed (nth, seen) from stdin (format text)

-- section: unknown
-- Rows of the file that no import had just so; and those that are there twice, for of these only one can be known: first asked of numbers, which sort fast.
analyze printed;
insert into unknown
select p.nth
  from printed p
  left join import_origin o on o.source = (select source from run) and o.seen = p.seen
 where o.seen is null;
insert into unknown
select p.nth
  from printed p where (select count(d.seen) > count(distinct uuid_hash_extended(d.seen, 0)) from printed d)
   and p.seen in (select d.seen from printed d group by d.seen having count(*) > 1)
   and p.nth not in (select u.nth from unknown u);
declare unknown_row no scroll cursor for select u.nth from unknown u;

-- section: rivals
-- Rows that are known, and are the same as another of the file: which of them counts is told by their lines.
close unknown_row;
create temp table rival on commit drop as
select distinct p.nth
  from told t
  join import_origin o on o.source = (select source from run) and o.source_key = t.row_key
  join printed p on p.seen = o.seen
 where p.nth not in (select u.nth from unknown u);
insert into unknown select r.nth from rival r;
declare unknown_row no scroll cursor for select r.nth from rival r;

-- section: unknown_next
fetch 10000 from unknown_row;

-- section: stage
-- $1 names of the file's columns in its order and $2 their types, $3 names and $4 types of columns that the file does not have
-- $5 whether cells are read by the types in the manifest: then row_text has the cells as they stand in the file, as CSV, and row_hash is
-- the SHA-256 of what the row says (columns that are «aside» left out), and row_seen its fingerprint, which a profile may keep in
-- import_origin.seen when nothing but the row and `state` decided how the row was judged. Such a profile makes in its section `cook` a
-- table `told` (line, row_key), anew each time that it is run.
-- Answers the statement that makes `staged`, and the COPY that fills it.
select format('create temp table staged (line bigint not null, fault text, fault_column int, marks text, beyond text, %s%s) on commit drop',
              (select string_agg(format('%I %s', c, t), ', ' order by n) from unnest($1::text[] || $3::text[], $2::text[] || $4::text[]) with ordinality u (c, t, n)),
              case when $5::boolean then ', row_text text, row_hash bytea, row_seen uuid' end),
       format('copy staged (line, fault, fault_column, marks, beyond, %s%s) from stdin (format %s)',
              (select string_agg(format('%I', c), ', ' order by n) from unnest($1::text[]) with ordinality u (c, n)),
              case when $5::boolean then ', row_text, row_hash, row_seen' end, case when $5::boolean then 'text' else 'csv' end);

-- section: misread
copy rejected (line, col, reason) from stdin (format text)

-- section: compose
-- $1 columns of text. Some letters came in pieces, which C does not compose.
select format('update staged set %s where octet_length(row_text) <> length(row_text)', string_agg(format('%1$I = pg_temp.clean(%1$I)', c), ', '))
  from unnest($1::text[]) c;

-- section: staged
-- Faults of the file itself, found by the reader. $columns of staged before the cells: line, fault, fault_column, marks, beyond.
analyze staged;
create temp table noted on commit drop as
select line, fault, fault_column, marks from staged where fault is not null or marks is not null;

insert into rejected (line, col, reason)
select n.line,
       (select a.attname from pg_attribute a
         where a.attrelid = 'pg_temp.staged'::regclass and a.attnum = n.fault_column + 5),
       case n.fault
       when 'open_quote'  then 'anførselstegn som aldri lukkes'
       when 'after_quote' then 'tekst etter avsluttende anførselstegn'
       when 'too_long'    then 'linjen er for lang'
       when 'too_many'    then 'for mange kolonner'
       when 'too_few'     then 'raden har for få kolonner'
       when 'beyond'      then 'raden har flere kolonner enn overskriften'
       when 'nul'         then 'NUL-tegn i teksten'
       when 'control'     then 'styretegn i teksten'
       when 'encoding'    then 'bytes som ikke er tekst i filens tegnsett'
       else 'skadet rad' end
  from noted n
 where n.fault is not null;

-- What a spreadsheet hides is read, and told of: marks are «formula:3 hidden», a word and the cell's place.
insert into flagged (line, col, reason)
select s.line,
       (select a.attname from pg_attribute a
         where a.attrelid = 'pg_temp.staged'::regclass and a.attnum = nullif(split_part(m.mark, ':', 2), '')::int + 5),
       case split_part(m.mark, ':', 1)
       when 'formula'  then 'celle med formel: den lagrede verdien er lest'
       when 'no_value' then 'celle med formel uten lagret verdi: lest som tom'
       when 'merged'   then 'sammenslåtte celler: verdien står bare i den første'
       when 'hidden'   then 'skjult rad: lest'
       when 'error'    then 'celle med feilverdi'
       when 'curve'    then 'kurve lest som rette linjer'
       when 'binary'   then 'binært felt: ikke lest'
       else 'flere merknader enn det er plass til' end
  from noted s
 cross join lateral unnest(string_to_array(s.marks, ' ')) m (mark);

-- section: wanted_files
select distinct path from wanted_file order by path;

-- section: taken_file
-- $1 path $2 sha256 hex $3 size $4 what its first bytes say
insert into taken_file values ($1, decode($2, 'hex'), $3::bigint, $4);

-- section: stage_settled
-- $1 profile $2 its columns $3 their types $4 as $5 of `stage`. Rows of the queue that a person has answered, staged anew instead of a file: without
-- their text as it stood there. Two statements, as in `stage`; the second also notes which rows they are.
select format('create temp table staged (line bigint not null, fault text, fault_column int, marks text, beyond text, %s%s) on commit drop',
              string_agg(format('%I %s', c, t), ', ' order by n), case when $4::boolean then ', row_text text, row_hash bytea, row_seen uuid' end),
       format('with taken as (update import_queue q set state = ''resolved'' from import_batch b
                               where b.id = q.batch_id and b.profile = %L and q.state = ''settled'' returning q.raw, q.row_hash, q.batch_id, q.line)
               insert into staged (line, %s%s) select row_number() over (order by t.batch_id, t.line), %s%s from taken t', $1::text,
              string_agg(format('%I', c), ', ' order by n), case when $4::boolean then ', row_hash' end,
              string_agg(format(case t when 'int' then 'pg_temp.whole(t.raw ->> %L)' when 'text' then 't.raw ->> %L' else 'pg_temp.number(t.raw ->> %L)' end, c), ', ' order by n),
              case when $4::boolean then ', t.row_hash' end)
  from unnest($2::text[], $3::text[]) with ordinality u (c, t, n);

-- section: ended
insert into import_origin as o (source, source_key, tbl, row_id, batch_id, line, content_hash, seen)
select run.source, n.source_key, n.tbl, n.row_id, run.batch_id, n.line, n.content_hash, n.seen from origin n cross join run
on conflict (source, source_key) do update
   set tbl = excluded.tbl, row_id = excluded.row_id, batch_id = excluded.batch_id, line = excluded.line, content_hash = excluded.content_hash,
       seen = excluded.seen;

-- A row whose origin an earlier batch had is not new. Without the index, an extract that has changed everywhere would be compared row by row.
create index on outcome (line) where state = 'landed';
analyze outcome;
update outcome x
   set state = 'updated'
  from import_origin o, run
 where x.state = 'landed' and o.batch_id = run.batch_id and o.line = x.line and o.was is not null;

-- section: tally
-- Rows by how they ended, also for `close`. A row that ended twice is counted twice, so that the sum does not come out.
insert into tallied
select (select count(*) from staged) + k.known, o.landed, o.updated, o.unchanged + k.known,
       (select count(distinct line) from rejected),
       (select count(*) from waiting),
       (select count(*) from (select path from wanted_file except select path from taken_file) missing)
  from (select count(*) filter (where state = 'landed') as landed, count(*) filter (where state = 'updated') as updated,
               count(*) filter (where state = 'unchanged') as unchanged from outcome) o
 cross join (select (select count(*) from printed) - (select count(*) from unknown) as known) k
returning *;

-- section: rejects
-- The program knows the columns by place: the three of the reject, the five before the cells, the cells in file order.
declare reject no scroll cursor for
select r.line as reject_line, r.col as reject_col, r.reason as reject_reason, s.*
  from rejected r join staged s on s.line = r.line
 order by r.line, r.col, r.reason;

-- section: rejects_next
fetch 500 from reject;

-- section: landed_in
select tbl, sum(n) from landed_in group by tbl having sum(n) > 0 order by tbl;

-- section: flags
select reason || ' (linje ' || string_agg(line::text, ', ' order by line) filter (where nth <= 5)
              || case when count(*) > 5 then ' …' else '' end || ')', count(*)
  from (select x.reason, x.line, row_number() over (partition by x.reason order by x.line) as nth
          from flagged x
         where not exists (select from waiting w where w.line = x.line)) f
 group by reason order by count(*) desc, reason;

-- section: reasons
select coalesce(col || ': ', '') || reason, count(*) from rejected group by col, reason order by count(*) desc, 1 limit 20;

-- section: queue_reasons
select reason, count(*) from waiting group by reason order by count(*) desc, reason;

-- section: close
-- A row that waits already, from an earlier run of the same profile, is not put in the queue again.
insert into import_queue (batch_id, line, raw, row_hash, reason, candidates, key)
select run.batch_id, w.line, raw.cells, (raw.staged ->> 'row_hash')::bytea, w.reason, w.candidates, coalesce(w.key, 'rad:' || md5(raw.cells::text))
  from waiting w
  join staged s on s.line = w.line
 cross join run
 cross join lateral (select j.staged, jsonb_strip_nulls(j.staged - '{line,fault,fault_column,marks,beyond,row_text,row_hash,row_seen}'::text[] - array(select col from secret)) as cells
                       from to_jsonb(s) j (staged)) raw
 where not exists (select from import_queue q join import_batch b on b.id = q.batch_id
                    where b.profile = run.profile and q.state = 'open' and md5(q.raw::text) = md5(raw.cells::text));

update import_batch b
   set state     = 'done',
       rows_read = t.rows_read,
       landed    = t.landed,
       updated   = t.updated,
       unchanged = t.unchanged,
       rejected  = t.rejected,
       queued    = t.queued,
       ended_at  = clock_timestamp()
  from run, tallied t
 where b.id = run.batch_id;
