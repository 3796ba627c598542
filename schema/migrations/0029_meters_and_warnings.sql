-- Meters and their readings (REG-5), degree days; warnings for whoever enters a place (REG-6).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Meters ----------------------------------------------------------------------------------------------------------------------

create table meter (
	id           uuid    primary key default uuidv7(),
	place_id     uuid    not null references place,
	component_id uuid    references component,
	site_id      uuid,
	area_no      int,
	kind         text    not null,
	unit         text    not null,
	serial       text    not null,
	name         text,
	digits       smallint,
	factor       numeric not null default 1,
	heat_share   numeric not null default 0,
	station      text,
	installed_on date    not null default (now() at time zone 'Europe/Oslo')::date,
	removed_on   date,
	replaces     uuid    unique references meter,
	row_v        bigint  not null default 1,
	changed      xid8    not null default pg_current_xact_id(),
	constraint meter_kind_is_known               check (kind in ('electricity', 'heat', 'cooling', 'water', 'hot_water', 'gas', 'oil', 'solar')),
	constraint meter_unit_is_1_to_20_characters  check (length(unit) between 1 and 20),
	constraint meter_serial_is_1_to_60_characters check (length(serial) between 1 and 60),
	constraint meter_digits_is_3_to_12           check (digits between 3 and 12),
	constraint meter_factor_is_positive          check (factor > 0),
	constraint meter_heat_share_is_0_to_1        check (heat_share between 0 and 1),
	constraint meter_is_removed_after_installed  check (removed_on >= installed_on),
	constraint meter_does_not_replace_itself     check (replaces <> id)
);
comment on column meter.digits     is 'whole digits of the counter, which begins at 0 again past its last number; null: never';
comment on column meter.factor     is 'what a step of the counter is worth in the unit (current transformers)';
comment on column meter.heat_share is 'which part of the consumption is heating, and so follows the weather';
comment on column meter.station    is 'whose degree days count; null: the municipality''s number';
comment on column meter.replaces   is 'the meter that hung here before: consumption is counted through both';

create table meter_reading (
	id            uuid        primary key default uuidv7(),
	meter_id      uuid        not null references meter,
	at            timestamptz not null,
	value         numeric     not null,
	source        text        not null default 'manual',
	by_id         uuid        references person,
	note          text,
	flags         text[],
	flag_facts    jsonb       not null default '{}',
	state         text        not null default 'ok',
	reviewed_by   uuid        references person,
	reviewed_at   timestamptz,
	superseded_by uuid        references meter_reading deferrable initially deferred,
	created_at    timestamptz not null default now(),
	row_v         bigint      not null default 1,
	changed       xid8        not null default pg_current_xact_id(),
	constraint meter_reading_value_is_not_negative check (value >= 0),
	constraint meter_reading_source_is_known       check (source in ('manual', 'tenant', 'file', 'tablet', 'automatic', 'install', 'removal')),
	constraint meter_reading_state_is_known        check (state in ('ok', 'flagged', 'accepted', 'superseded')),
	constraint meter_reading_flags_are_known
		check (flags <@ array['negative_step', 'rollover', 'too_high', 'duplicate', 'future', 'outside_life'])
);
comment on column meter_reading.flags      is 'what is implausible about it; a rollover alone is worth telling, and no fault';
comment on column meter_reading.flag_facts is 'the figures behind the flags: previous, next, per_day, normal_per_day, normal_from';
comment on column meter_reading.state      is 'flagged: waits for a person and does not count; accepted: counts though it was flagged; superseded: corrected by another';

create table degree_day (
	station     text    not null,
	day         date    not null,
	mean_c      numeric not null,
	degree_days numeric generated always as (greatest(17 - mean_c, 0)) stored,
	primary key (station, day),
	constraint degree_day_station_is_1_to_20_characters check (length(station) between 1 and 20),
	constraint degree_day_mean_is_plausible check (mean_c between -60 and 45)
);
comment on table degree_day is 'graddager, base 17 °C: the sum of how much colder than 17 the days were on average';

create index meter_place         on meter (place_id);
create index meter_site          on meter (site_id);
create index meter_serial        on meter (lower(serial));
create index meter_list          on meter (serial, id);
create index meter_area          on meter (area_no);
create index meter_reading_at    on meter_reading (meter_id, at desc, id);
create index meter_reading_open  on meter_reading (at desc, id) where state = 'flagged';
create index meter_reading_after on meter_reading (superseded_by) where superseded_by is not null;

create function meter_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.component_id is not null then
		select c.place_id into new.place_id from component c where c.id = new.component_id;
	end if;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	return new;
end
$$;
create trigger fill before insert or update of place_id, component_id, site_id, area_no on meter for each row execute function meter_fill();
create trigger stamp before update on meter         for each row execute function stamp();
create trigger stamp before update on meter_reading for each row execute function stamp();

-- What the counter has moved from one value to the next. Past its last number it begins at 0 again; taken as such when the way over the
-- end is at most a tenth of the counter, because a small step back is somebody's misreading and no million kilowatt hours.
create function meter_step(before numeric, after numeric, digits int) returns numeric immutable language sql
	return case
		when after >= before then after - before
		when digits is not null and before < 10 ^ digits and after + 10 ^ digits - before <= 10 ^ digits / 10
			then after + 10 ^ digits - before
		else after - before
	end;

-- The stretches between neighbouring readings that count: from, to, what was used in the meter's unit. Through the meters that this one
-- replaced. A flagged reading does not count before it is accepted; a step back that was accepted counts as nothing used.
create function meter_stretch(of_meter uuid, since timestamptz default '-infinity', until timestamptz default 'infinity')
returns table (from_at timestamptz, to_at timestamptz, used numeric) stable language sql as $$
	with recursive chain as (
		select m.id, m.replaces, m.digits, m.factor from meter m where m.id = of_meter
		union all
		select m.id, m.replaces, m.digits, m.factor from meter m join chain c on m.id = c.replaces
	), pair as (
		select lag(r.at) over w as from_at, r.at as to_at, lag(r.value) over w as before, r.value as after, c.digits, c.factor
		  from chain c
		  join meter_reading r on r.meter_id = c.id
		 where r.state in ('ok', 'accepted')
		   and r.at >= coalesce((select max(x.at) from meter_reading x
		                          where x.meter_id = c.id and x.state in ('ok', 'accepted') and x.at <= since), '-infinity')
		   and r.at <= coalesce((select min(x.at) from meter_reading x
		                          where x.meter_id = c.id and x.state in ('ok', 'accepted') and x.at >= until), 'infinity')
		window w as (partition by c.id order by r.at, r.created_at, r.id)
	)
	select p.from_at, p.to_at, greatest(meter_step(p.before, p.after, p.digits), 0) * p.factor
	  from pair p
	 where p.from_at < p.to_at;
$$;

-- What was used between two moments, each stretch spread evenly over its time; null unless readings cover all of it.
create function meter_used(of_meter uuid, since timestamptz, until timestamptz) returns numeric stable language sql as $$
	select case when min(s.from_at) <= since and max(s.to_at) >= until
	            then sum(s.used * (extract(epoch from least(s.to_at, until) - greatest(s.from_at, since))
	                               / extract(epoch from s.to_at - s.from_at)))
	       end
	  from meter_stretch(of_meter, since, until) s
	 where s.to_at > since and s.from_at < until;
$$;

-- What is normal a day for the season: the mean of what was used a day in the same stretch of one, two and three years before, as far as
-- readings cover it; without such years, the median of the meter's stretches of a day or more, if there are three. `basis` is 'season'
-- or 'median'; no row when there is nothing to compare with.
create function meter_normal(of_meter uuid, since timestamptz, until timestamptz) returns table (per_day numeric, basis text)
stable language sql as $$
	with days as (
		select extract(epoch from until - since) / 86400 as n
	), season as (
		select avg(u.used / d.n) as per_day
		  from days d
		 cross join generate_series(1, 3) as years(y)
		 cross join lateral (select meter_used(of_meter, since - make_interval(years => y), until - make_interval(years => y)) as used) u
		 where u.used is not null
	), median as (
		select (percentile_cont(0.5) within group (order by s.used * 86400 / extract(epoch from s.to_at - s.from_at)))::numeric as per_day
		  from meter_stretch(of_meter, until => since) s
		 where s.to_at - s.from_at >= interval '20 hours'
		   and s.to_at <= since
		having count(*) >= 3
	)
	select s.per_day, 'season' from season s where s.per_day is not null
	union all
	select m.per_day, 'median' from median m where not exists (select from season s where s.per_day is not null);
$$;

-- What is implausible about a reading, with the figures behind it. In words for people the pages say it; nothing is refused.
--   future         later than an hour from now
--   outside_life   before the meter was put up or after it was taken down
--   duplicate      there is a reading that counts within a minute
--   negative_step  lower than the reading before it, or higher than the one after, and no rollover
--   rollover       the counter has begun again: told, but no fault
--   too_high       more than three times what is normal a day for the season; measured since the last reading that is at least 20 hours
--                  older, so that hourly readings do not flag an ordinary morning
create function meter_check(of_meter uuid, taken_at timestamptz, val numeric, out flags text[], out facts jsonb)
stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	m       meter;
	before  record;
	after   record;
	base    record;
	normal  record;
	rate    numeric;
	day_at  date := (taken_at at time zone 'Europe/Oslo')::date;
begin
	flags := '{}';
	facts := '{}';
	select * into m from meter x where x.id = of_meter;
	if taken_at > now() + interval '1 hour' then
		flags := flags || 'future'::text;
	end if;
	if day_at < m.installed_on or day_at > m.removed_on then
		flags := flags || 'outside_life'::text;
	end if;
	select r.at, r.value into before from meter_reading r
	 where r.meter_id = of_meter and r.state in ('ok', 'accepted') and r.at <= taken_at
	 order by r.at desc, r.id desc limit 1;
	select r.at, r.value into after from meter_reading r
	 where r.meter_id = of_meter and r.state in ('ok', 'accepted') and r.at > taken_at
	 order by r.at, r.id limit 1;
	if before.at > taken_at - interval '1 minute' or after.at < taken_at + interval '1 minute' then
		flags := flags || 'duplicate'::text;
		facts := facts || jsonb_build_object('previous', coalesce(before.value, after.value));
		return;
	end if;
	if before.at is not null then
		facts := facts || jsonb_build_object('previous', before.value, 'previous_at', before.at);
		if meter_step(before.value, val, m.digits) < 0 then
			flags := flags || 'negative_step'::text;
		elsif val < before.value then
			flags := flags || 'rollover'::text;
		end if;
	end if;
	if after.at is not null and meter_step(val, after.value, m.digits) < 0 then
		flags := flags || 'negative_step'::text;
		facts := facts || jsonb_build_object('next', after.value, 'next_at', after.at);
	end if;
	if 'negative_step' = any (flags) then
		return;
	end if;
	select r.at, r.value into base from meter_reading r
	 where r.meter_id = of_meter and r.state in ('ok', 'accepted') and r.at <= taken_at - interval '20 hours'
	 order by r.at desc, r.id desc limit 1;
	if base.at is null then
		return;
	end if;
	rate := meter_step(base.value, val, m.digits) * m.factor * 86400 / extract(epoch from taken_at - base.at);
	select * into normal from meter_normal(of_meter, base.at, taken_at);
	if normal.per_day > 0 and rate > 3 * normal.per_day then
		flags := flags || 'too_high'::text;
		facts := facts || jsonb_build_object('per_day', round(rate, 3), 'normal_per_day', round(normal.per_day, 3), 'normal_from', normal.basis);
	end if;
end
$$;

-- Row by row: the readings of one file are each other's neighbours. Programs may bring flags that they have worked out themselves.
create function meter_reading_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	found_flags record;
begin
	if not is_program() then
		new.by_id := me();
	end if;
	if new.flags is null then
		select * into found_flags from meter_check(new.meter_id, new.at, new.value);
		new.flags := found_flags.flags;
		new.flag_facts := found_flags.facts;
	end if;
	if new.state = 'ok' and new.flags <> '{}' and new.flags <> '{rollover}' then
		new.state := 'flagged';
	end if;
	return new;
end
$$;
create trigger fill before insert on meter_reading for each row execute function meter_reading_fill();

create function reading_manager() returns void stable language plpgsql as $$
begin
	if not (fdvu.has_role('manager') or fdvu.has_role('admin')) then
		raise exception 'only a manager decides on readings' using errcode = 'FD403';
	end if;
end
$$;

-- A manager says that an implausible reading is right after all.
create function reading_accept(reading uuid) returns void language plpgsql set search_path = fdvu, public, pg_temp as $$
begin
	perform reading_manager();
	update meter_reading r
	   set state = 'accepted', reviewed_by = me(), reviewed_at = now()
	 where r.id = reading and r.state = 'flagged';
	if not found then
		raise exception 'the reading does not wait for anybody' using errcode = 'FD409';
	end if;
end
$$;

-- A manager writes what it should have been: a new reading at the same time, the old one stays to be seen.
create function reading_correct(reading uuid, val numeric, taken_at timestamptz, why text) returns uuid
language plpgsql set search_path = fdvu, public, pg_temp as $$
declare
	was  record;
	made uuid := uuidv7();
begin
	perform reading_manager();
	select r.meter_id, r.at, r.state, r.source into was from meter_reading r where r.id = reading for update;
	if not found then
		return null;
	end if;
	if was.state = 'superseded' then
		raise exception 'the reading is corrected already' using errcode = 'FD409';
	end if;
	update meter_reading r
	   set state = 'superseded', superseded_by = made, reviewed_by = me(), reviewed_at = now()
	 where r.id = reading;
	insert into meter_reading (id, meter_id, at, value, source, note)
	values (made, was.meter_id, coalesce(taken_at, was.at), val, 'manual', why);
	return made;
end
$$;

-- A new meter where the old one hung: its last value, the new one's first, and one line of consumption through both.
create function meter_replace(old_id uuid, taken_at timestamptz, end_value numeric, new_serial text, start_value numeric,
	new_digits int, new_factor numeric) returns uuid
language plpgsql set search_path = fdvu, public, pg_temp as $$
declare
	o    meter;
	made uuid := uuidv7();
	day_at date := (taken_at at time zone 'Europe/Oslo')::date;
begin
	select * into o from meter m where m.id = old_id for update;
	if not found then
		return null;
	end if;
	if o.removed_on is not null then
		raise exception 'the meter is taken down already' using errcode = 'FD409';
	end if;
	update meter set removed_on = day_at where id = old_id;
	insert into meter_reading (meter_id, at, value, source) values (old_id, taken_at, end_value, 'removal');
	insert into meter (id, place_id, component_id, kind, unit, serial, name, digits, factor, heat_share, station, installed_on, replaces)
	values (made, o.place_id, o.component_id, o.kind, o.unit, new_serial, o.name, new_digits, coalesce(new_factor, 1), o.heat_share,
	        o.station, day_at, old_id);
	insert into meter_reading (meter_id, at, value, source) values (made, taken_at, start_value, 'install');
	return made;
end
$$;

-- Whose degree days count for a meter.
create function meter_station(of_meter uuid) returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	with recursive up as (
		select p.id, p.parent_id, p.kind from meter m join place p on p.id = m.place_id where m.id = of_meter
		union all
		select p.id, p.parent_id, p.kind from place p join up u on p.id = u.parent_id
	)
	select coalesce((select m.station from meter m where m.id = of_meter),
	                (select r.municipality_no from up join property r on r.place_id = up.id limit 1));
$$;

-- The lease days of whoever asks: what was read before they moved in is others' life.
create function my_meter_since(of_place uuid) returns timestamptz stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select min(l.starts_on)::timestamp at time zone 'Europe/Oslo' from lease l where l.id = any (my_leases()) and l.dwelling_id = of_place;
$$;

-- Warnings --------------------------------------------------------------------------------------------------------------------

create table warning (
	id           uuid        primary key default uuidv7(),
	place_id     uuid        not null references place,
	component_id uuid        references component,
	area_no      int,
	kind         text        not null,
	text         text        not null,
	valid_from   date        not null default (now() at time zone 'Europe/Oslo')::date,
	valid_to     date,
	created_at   timestamptz not null default now(),
	created_by   uuid        references person,
	ended_at     timestamptz,
	ended_by     uuid        references person,
	row_v        bigint      not null default 1,
	changed      xid8        not null default pg_current_xact_id(),
	constraint warning_kind_is_known
		check (kind in ('asbestos', 'dog', 'alarm', 'electric', 'fall', 'confined_space', 'violence_risk', 'other')),
	constraint warning_text_is_1_to_1000_characters check (length(text) between 1 and 1000),
	constraint warning_ends_after_it_begins         check (valid_to >= valid_from)
);
comment on table warning is 'an ended warning is kept: what was known of a place when somebody went there';

create index warning_place     on warning (place_id);
create index warning_component on warning (component_id) where component_id is not null;
create index warning_turns     on warning (valid_from, valid_to) where ended_at is null;

-- Today in Norway.
create function warning_is_active(w warning) returns boolean stable language sql
	return (w).ended_at is null
	   and (now() at time zone 'Europe/Oslo')::date between (w).valid_from and coalesce((w).valid_to, 'infinity');

-- The place and what it lies in, from a property down: a warning on a building is met in its rooms.
create function warning_places(place uuid) returns table (id uuid, depth int) stable language sql security definer
	set search_path = fdvu, public, pg_temp as $$
	with recursive up as (
		select p.id, p.parent_id, 0 as depth from place p where p.id = warning_places.place
		union all
		select p.id, p.parent_id, u.depth + 1 from place p join up u on p.id = u.parent_id where p.kind <> 'municipality'
	)
	select u.id, u.depth from up u;
$$;

create function warning_text(place uuid) returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select string_agg(t.text, E'\n' order by t.depth, t.text)
	  from (select w.text, min(a.depth) as depth
	          from warning_places(warning_text.place) a
	          join warning w on w.place_id = a.id
	         where warning_is_active(w)
	         group by w.text) t;
$$;

-- Writes place.warning again for places and all that lies in them. What is derived is written under fdvu.warnings, so that it is not
-- taken for somebody's words.
create function warning_refresh(roots uuid[]) returns void language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if cardinality(roots) = 0 or roots is null then
		return;
	end if;
	perform set_config('fdvu.warnings', 'derived', true);
	with recursive below as (
		select p.id from place p where p.id = any (roots)
		union
		select c.id from place c join below b on c.parent_id = b.id
	), told as (
		select p.id, warning_text(p.id) as text from place p join below b on b.id = p.id
	)
	update place p set warning = t.text from told t where p.id = t.id and p.warning is distinct from t.text;
	perform set_config('fdvu.warnings', '', true);
end
$$;

create function warning_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.component_id is not null then
		select c.place_id into new.place_id from component c where c.id = new.component_id;
	end if;
	select p.area_no into new.area_no from place p where p.id = new.place_id;
	if (select p.kind from place p where p.id = new.place_id) = 'municipality' then
		raise exception 'a warning is on a property or what lies in it' using errcode = '23514', constraint = 'warning_is_not_on_a_municipality';
	end if;
	if is_program() then
		return new;
	end if;
	if tg_op = 'INSERT' then
		new.created_by := me();
	elsif old.ended_at is not null then
		raise exception 'the warning is ended' using errcode = 'FD409';
	end if;
	if new.ended_at is not null then
		new.ended_at := now();
		new.ended_by := me();
	end if;
	return new;
end
$$;
create trigger fill  before insert or update of place_id, component_id, kind, text, valid_from, valid_to, ended_at on warning
	for each row execute function warning_fill();
create trigger stamp before update on warning for each row execute function stamp();

create function warning_told() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if current_setting('fdvu.warnings', true) = 'typed' then
		return null; -- place_warning_typed() refreshes once, when it is done
	end if;
	perform warning_refresh(array(select distinct n.place_id from new_rows n));
	return null;
end
$$;
create trigger told_insert after insert on warning referencing new table as new_rows for each statement execute function warning_told();
create trigger told_update after update on warning referencing old table as old_rows new table as new_rows
	for each statement execute function warning_told();

-- Whoever writes place.warning itself (an import, the old form) writes a warning of no particular kind; emptying it ends what there is
-- of the place's own. New places have what they lie in warn of; places that move meet the warnings of where they come.
create function place_warning_typed() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	turned uuid[];
begin
	if current_setting('fdvu.warnings', true) = 'derived' then
		return null;
	end if;
	if tg_op = 'UPDATE' then
		if not exists (select from new_rows n join old_rows o using (id)
		                where n.warning is distinct from o.warning or n.parent_id is distinct from o.parent_id
		                   or n.area_no is distinct from o.area_no or n.site_id is distinct from o.site_id) then
			return null;
		end if;
	end if;
	perform set_config('fdvu.warnings', 'typed', true);
	if tg_op = 'INSERT' then
		insert into warning (place_id, kind, text, created_by)
		select n.id, 'other', left(n.warning, 1000), me() from new_rows n where n.warning <> '' and n.kind <> 'municipality';
		select array_agg(n.id) into turned
		  from new_rows n
		  left join place up on up.id = n.parent_id
		 where up.warning is not null and up.kind <> 'municipality';
	else
		update warning w
		   set ended_at = now(), ended_by = me()
		  from new_rows n
		  join old_rows o using (id)
		 where n.warning is distinct from o.warning
		   and w.place_id = n.id and w.ended_at is null and w.component_id is null
		   and position(w.text in coalesce(n.warning, '')) = 0;
		insert into warning (place_id, kind, text, created_by)
		select n.id, 'other', left(n.warning, 1000), me()
		  from new_rows n
		  join old_rows o using (id)
		 where n.warning is distinct from o.warning
		   and n.warning <> ''
		   and n.kind <> 'municipality'
		   and n.warning is distinct from warning_text(n.id);
		select array_agg(n.id) into turned
		  from new_rows n
		  join old_rows o using (id)
		 where (n.warning is distinct from o.warning or n.parent_id is distinct from o.parent_id) and n.kind <> 'municipality';
		update warning w set area_no = n.area_no
		  from new_rows n
		 where w.place_id = n.id and w.area_no is distinct from n.area_no;
		update meter m set area_no = n.area_no
		  from new_rows n
		 where m.place_id = n.id and (m.area_no, m.site_id) is distinct from (n.area_no, n.site_id);
	end if;
	perform set_config('fdvu.warnings', '', true);
	perform warning_refresh(turned);
	return null;
end
$$;

create trigger typed_insert after insert on place referencing new table as new_rows
	for each statement execute function place_warning_typed();
create trigger typed_update after update on place referencing old table as old_rows new table as new_rows
	for each statement execute function place_warning_typed();

-- What there is in place.warning already.
do $$
begin
	insert into warning (place_id, kind, text)
	select p.id, 'other', left(p.warning, 1000) from place p where p.warning <> '' and p.kind <> 'municipality';
end
$$;

-- Warnings that begin or end with the day; for the job after midnight. A week back, so that a server that was down catches up.
create function warning_turn() returns void language sql security definer set search_path = fdvu, public, pg_temp as $$
	select warning_refresh(array(
		select distinct w.place_id
		  from warning w
		 where w.ended_at is null
		   and (w.valid_from between (now() at time zone 'Europe/Oslo')::date - 7 and (now() at time zone 'Europe/Oslo')::date
		        or w.valid_to between (now() at time zone 'Europe/Oslo')::date - 8 and (now() at time zone 'Europe/Oslo')::date - 1)));
$$;

-- The warnings that hold today at a place, nearest first, for those who go there; the same gate as place_warning().
create function place_warnings(place uuid) returns json stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(json_agg(json_build_object('id', w.id, 'kind', w.kind, 'text', w.text, 'place_id', w.place_id, 'place_name', p.name,
	                                           'component_id', w.component_id, 'component_name', c.name, 'valid_from', w.valid_from,
	                                           'valid_to', w.valid_to)
	                         order by a.depth, w.kind, w.id), '[]')
	  from warning_places(place_warnings.place) a
	  join warning w on w.place_id = a.id and warning_is_active(w)
	  join place p on p.id = w.place_id
	  left join component c on c.id = w.component_id
	 where place_warning(place_warnings.place) is not null;
$$;

-- Their kinds, for tablets: «asbestos,dog».
create function place_warning_kinds(place uuid) returns text stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select string_agg(distinct w.kind, ',' order by w.kind)
	  from warning_places(place_warning_kinds.place) a
	  join warning w on w.place_id = a.id and warning_is_active(w)
	 where place_warning(place_warning_kinds.place) is not null;
$$;

-- Suppliers: where their tasks are, and what that lies in.
create function my_warning_places() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(distinct a.id), '{}') from unnest(my_task_places()) t(id) cross join lateral warning_places(t.id) a;
$$;

-- Who sees and does what ------------------------------------------------------------------------------------------------------

select audit_table(t::regclass) from unnest(array['meter', 'meter_reading', 'warning']) t;

do $$
declare
	t regclass;
begin
	foreach t in array array['meter', 'meter_reading', 'degree_day', 'warning']::regclass[] loop
		execute format('alter table %s enable row level security', t);
		execute format('create policy job on %s to fdvu_job using (true) with check (true)', t);
	end loop;
	foreach t in array array['meter', 'warning']::regclass[] loop
		execute format('create policy office on %s to fdvu_office
			using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))', t);
		execute format('create policy field on %s for select to fdvu_field using (area_no = any ((select areas())::int[]))', t);
		execute format('create policy office_links on %s as restrictive to fdvu_office using (true)
			with check (exists (select from place p where p.id = place_id)
				and (component_id is null or exists (select from component c where c.id = component_id)))', t);
	end loop;
end
$$;

create policy office_sees on meter_reading for select to fdvu_office using (exists (select from meter m where m.id = meter_id));
create policy office_adds on meter_reading for insert to fdvu_office with check (exists (select from meter m where m.id = meter_id));
create policy office_reviews on meter_reading for update to fdvu_office
	using (exists (select from meter m where m.id = meter_id) and ((select has_role('manager')) or (select has_role('admin'))));
create policy field_sees on meter_reading for select to fdvu_field using (exists (select from meter m where m.id = meter_id));
create policy field_adds on meter_reading for insert to fdvu_field
	with check (source in ('manual', 'tablet') and exists (select from meter m where m.id = meter_id));
create policy tenant on meter for select to fdvu_tenant
	using (place_id = any ((select my_dwellings())::uuid[])
		and (removed_on is null or removed_on >= (my_meter_since(place_id) at time zone 'Europe/Oslo')::date));
create policy tenant_sees on meter_reading for select to fdvu_tenant
	using (exists (select from meter m where m.id = meter_id and at >= my_meter_since(m.place_id)));
create policy tenant_adds on meter_reading for insert to fdvu_tenant
	with check (source = 'tenant'
		and exists (select from meter m where m.id = meter_id and m.removed_on is null and at >= my_meter_since(m.place_id)));
create policy known on degree_day for select to fdvu_office, fdvu_field, fdvu_tenant using ((select me()) is not null);
create policy office on degree_day to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
-- Tenants, the public and suppliers without a task there learn nothing of alarms, dogs and people.
create policy supplier on warning for select to fdvu_supplier using (place_id = any ((select my_warning_places())::uuid[]));

grant select on meter, meter_reading, degree_day, warning to fdvu_office;
grant insert (id, place_id, component_id, kind, unit, serial, name, digits, factor, heat_share, station, installed_on, replaces),
	update (place_id, component_id, kind, unit, serial, name, digits, factor, heat_share, station, installed_on, removed_on)
	on meter to fdvu_office;
grant insert (id, meter_id, at, value, source, note) on meter_reading to fdvu_office, fdvu_field, fdvu_tenant;
grant update (state, reviewed_by, reviewed_at, superseded_by) on meter_reading to fdvu_office;
grant insert (station, day, mean_c), update (mean_c) on degree_day to fdvu_office;
grant insert (id, place_id, component_id, kind, text, valid_from, valid_to), update (ended_at, valid_to) on warning to fdvu_office;
grant select on meter, meter_reading, degree_day, warning to fdvu_field;
grant select (id, place_id, kind, unit, serial, name, digits, factor, heat_share, station, installed_on, removed_on, replaces)
	on meter to fdvu_tenant;
grant select (id, meter_id, at, value, source, flags, state, created_at) on meter_reading to fdvu_tenant;
grant select on degree_day to fdvu_tenant;
grant select (id, place_id, component_id, kind, text, valid_from, valid_to, ended_at) on warning to fdvu_supplier;
grant select, insert, update, delete on meter, meter_reading, degree_day, warning to fdvu_job;

grant execute on function meter_step(numeric, numeric, int), meter_stretch(uuid, timestamptz, timestamptz), meter_station(uuid)
	to fdvu_office, fdvu_field, fdvu_tenant, fdvu_job;
grant execute on function my_meter_since(uuid) to fdvu_tenant;
grant execute on function reading_accept(uuid), reading_correct(uuid, numeric, timestamptz, text), reading_manager(),
	meter_replace(uuid, timestamptz, numeric, text, numeric, int, numeric) to fdvu_office;
grant execute on function warning_is_active(warning), place_warnings(uuid), place_warning_kinds(uuid)
	to fdvu_office, fdvu_field, fdvu_supplier, fdvu_job;
grant execute on function my_warning_places() to fdvu_supplier;
grant execute on function warning_turn() to fdvu_job;

-- A meter that runs keeps its place (0026); meters and warnings go with what is merged.
select place_use_add('meter', $$select place_id, component_id, id, serial as label from meter where removed_on is null$$);
insert into place_ref (tbl, col) values ('meter', 'place_id'), ('warning', 'place_id');
grant update (place_id) on meter, warning to fdvu_office;
