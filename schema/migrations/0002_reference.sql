-- Reference data: code lists, areas, settings, numbers, and the working calendar.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table setting (
	key   text  primary key,
	value jsonb not null
);

-- Driftsområde: what rights and caretakers are given by.
create table area (
	area_no         int     primary key,
	name            text    not null,
	municipality_no char(4),
	row_v           bigint  not null default 1,
	changed         xid8    not null default pg_current_xact_id(),
	constraint area_number_is_positive          check (area_no > 0),
	constraint area_municipality_has_four_digits check (municipality_no ~ '^[0-9]{4}$')
);

-- Bygningstype (matrikkelen).
create table building_type (
	code smallint primary key,
	name text     not null
);

-- Bygningsdel (NS 3451). Codes are digits: 2, 23, 234; rules match by prefix.
create table element (
	code text collate "C" primary key,
	name text not null,
	constraint element_code_is_digits check (code ~ '^[0-9]{1,4}$')
);

-- Tilstandsgrad (NS 3424). Severity orders them; TGIU (not examined) has none.
create table condition_grade (
	code     text collate "C" primary key,
	name     text not null,
	severity smallint
);

create table category (
	code      text     collate "C" primary key,
	-- Sync feeds name rows by uuid.
	id        uuid     not null generated always as (ref_uuid('category', code)) stored unique,
	name_nb   text     not null,
	name_nn   text     not null,
	name_en   text     not null,
	icon      text     not null,
	priority  smallint not null default 3,
	sla_hours int,
	is_public boolean  not null default false,
	element   text     collate "C" references element,
	row_v     bigint   not null default 1,
	changed   xid8     not null default pg_current_xact_id(),
	constraint category_code_is_plain        check (code ~ '^[a-z][a-z0-9_]{1,39}$'),
	constraint category_priority_is_1_to_4   check (priority between 1 and 4),
	constraint category_sla_hours_is_positive check (sla_hours > 0)
);
comment on column category.sla_hours is 'working hours (Mon-Fri 08-16) from report to deadline';
comment on column category.is_public is 'neighbours may see that there is an active case of this category';

create table checklist (
	id      uuid   primary key default uuidv7(),
	code    text   not null unique,
	name_nb text   not null,
	name_nn text   not null,
	name_en text   not null,
	row_v   bigint not null default 1,
	changed xid8   not null default pg_current_xact_id()
);

create table checklist_item (
	id           uuid     primary key default uuidv7(),
	checklist_id uuid     not null references checklist,
	seq          smallint not null,
	kind         text     not null default 'check',
	text_nb      text     not null,
	text_nn      text     not null,
	text_en      text     not null,
	unit         text,
	is_required  boolean  not null default true,
	min          numeric,
	max          numeric,
	row_v        bigint   not null default 1,
	changed      xid8     not null default pg_current_xact_id(),
	unique (checklist_id, seq),
	constraint checklist_item_kind_is_known    check (kind in ('check', 'number', 'text', 'grade', 'photo')),
	constraint checklist_item_min_is_below_max check (min <= max)
);

create trigger stamp before update on area           for each row execute function stamp();
create trigger stamp before update on category       for each row execute function stamp();
create trigger stamp before update on checklist      for each row execute function stamp();
create trigger stamp before update on checklist_item for each row execute function stamp();

-- Numbers people see: '2026-000123'. One sequence a kind and year, made when first asked for: a counter row would be a queue
-- for everybody who reports a fault, and a million tasks loaded in one transaction would never end. Gaps are harmless.
create function next_number(kind text, at timestamptz default now()) returns text
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	year text := to_char(at at time zone 'Europe/Oslo', 'YYYY');
	name text := 'number_' || kind || '_' || year;
	n    bigint;
begin
	if kind not in ('case', 'task', 'lease', 'contact') then
		raise exception 'there is no number series %', kind using errcode = '22023';
	end if;
	begin
		n := nextval(('fdvu.' || name)::regclass);
	exception when undefined_table then
		begin
			execute format('create sequence %I', name);
		exception when duplicate_table or unique_violation then
			null;  -- somebody else was first
		end;
		n := nextval(('fdvu.' || name)::regclass);
	end;
	return year || '-' || lpad(n::text, greatest(6, length(n::text)), '0');
end
$$;

-- Easter Sunday of a year in the Gregorian calendar (Meeus/Jones/Butcher).
create function easter(year int) returns date immutable strict parallel safe language plpgsql as $$
declare
	a int := year % 19;
	b int := year / 100;
	c int := year % 100;
	h int := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	l int := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	m int := (a + 11 * h + 22 * l) / 451;
	n int := h + l - 7 * m + 114;
begin
	return make_date(year, n / 31, n % 31 + 1);
end
$$;

-- Norwegian public holidays: lov om helligdager § 2 and lov om 1 og 17 mai som høgtidsdager.
create function is_holiday(day date) returns boolean immutable strict parallel safe language plpgsql as $$
declare
	m int := extract(month from day);
	d int := extract(day from day);
begin
	if m in (3, 4, 5, 6) then
		-- Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension, Whit Sunday and Monday
		return (m = 5 and d in (1, 17)) or day - easter(extract(year from day)::int) in (-3, -2, 0, 1, 39, 49, 50);
	end if;
	return (m = 1 and d = 1) or (m = 12 and d in (25, 26));
end
$$;

-- When so many working hours have gone: Monday to Friday 08-16 in Norway, holidays left out. What is reported in the evening
-- starts to count the next working morning.
create function working_deadline("from" timestamptz, hours int) returns timestamptz stable strict parallel safe language plpgsql as $$
declare
	clock     timestamp := "from" at time zone 'Europe/Oslo';
	day       date      := clock::date;
	remaining interval  := make_interval(hours => hours);
	opens     timestamp;
	closes    timestamp;
begin
	if hours < 0 or hours > 20000 then
		raise exception 'a deadline is 0 to 20000 working hours away' using errcode = '22023';
	end if;
	loop
		if extract(isodow from day) < 6 and not is_holiday(day) then
			opens  := greatest(clock, day + time '08:00');
			closes := day + time '16:00';
			if opens < closes then
				if remaining <= closes - opens then
					return (opens + remaining) at time zone 'Europe/Oslo';
				end if;
				remaining := remaining - (closes - opens);
			end if;
		end if;
		day := day + 1;
	end loop;
end
$$;
