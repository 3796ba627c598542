-- The place tree: municipality > property > building > storey > dwelling or room, with outdoor areas and components on it.
set local role fdvu_owner;
set local search_path = fdvu, public;

create type place_kind as enum ('municipality', 'property', 'building', 'storey', 'dwelling', 'room', 'outdoor_area');

create table place (
	id         uuid       primary key default uuidv7(),
	parent_id  uuid       references place,
	kind       place_kind not null,
	name       text       not null,
	label      text       not null,
	area_no    int        references area,
	site_id    uuid       not null,
	code       text,
	geom       geometry(Geometry, 25832),
	point      geometry(Point, 25832),
	is_public  boolean    not null default false,
	warning    text,
	removed_at timestamptz,
	row_v      bigint     not null default 1,
	changed    xid8       not null default pg_current_xact_id(),
	constraint place_code_is_eight_crockford_characters check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
	constraint place_only_a_municipality_has_no_parent  check ((parent_id is null) = (kind = 'municipality'))
);
comment on column place.label   is 'what people call it in full: address of the building and own name; kept by trigger';
comment on column place.site_id is 'nearest building, else property, else municipality (self or ancestor); kept by trigger; key of the sync buckets';
comment on column place.geom    is 'own geometry; null: inherits';
comment on column place.point   is 'a point of the own geometry or of the nearest ancestor with one; kept by trigger, for maps and lists';
comment on column place.code    is 'what the QR label holds';

create table property (
	place_id        uuid     primary key references place,
	municipality_no char(4)  not null,
	gnr             int      not null,
	bnr             int      not null,
	fnr             int      not null default 0,
	snr             int      not null default 0,
	area_no         int,
	row_v           bigint   not null default 1,
	changed         xid8     not null default pg_current_xact_id(),
	constraint property_cadastral_number_is_unique      unique (municipality_no, gnr, bnr, fnr, snr),
	constraint property_municipality_has_four_digits    check (municipality_no ~ '^[0-9]{4}$'),
	constraint property_gnr_is_1_to_99999               check (gnr between 1 and 99999),
	constraint property_bnr_is_0_to_99999               check (bnr between 0 and 99999),
	constraint property_fnr_is_0_to_99999               check (fnr between 0 and 99999),
	constraint property_snr_is_0_to_99999               check (snr between 0 and 99999)
);

create table building (
	place_id         uuid     primary key references place,
	bygningsnummer   bigint   unique,
	type_code        smallint references building_type,
	status           text,
	built_year       smallint,
	storeys          smallint,
	bta_m2           numeric,
	bra_m2           numeric,
	heating          text,
	energy_grade     char(1),
	is_protected     boolean  not null default false,
	ownership        text,
	use              text,
	responsible_unit text,
	area_no          int,
	row_v            bigint   not null default 1,
	changed          xid8     not null default pg_current_xact_id(),
	constraint building_bygningsnummer_has_at_most_nine_digits check (bygningsnummer between 1 and 999999999),
	-- Kartverket's BygningsstatusKode
	constraint building_status_is_known    check (status in ('RA', 'IG', 'MB', 'FA', 'TB', 'MT', 'MF', 'GR', 'IP', 'BR', 'BA', 'BF', 'BU')),
	constraint building_year_is_plausible  check (built_year between 1000 and 2200),
	constraint building_storeys_is_plausible check (storeys between 0 and 200),
	constraint building_bta_is_positive    check (bta_m2 >= 0),
	constraint building_bra_is_positive    check (bra_m2 >= 0),
	constraint building_energy_grade_is_a_to_g check (energy_grade ~ '^[A-G]$')
);

create table storey (
	place_id uuid     primary key references place,
	plane    char(1)  not null,
	number   smallint not null,
	area_no  int,
	row_v    bigint   not null default 1,
	changed  xid8     not null default pg_current_xact_id(),
	constraint storey_plane_is_k_u_h_or_l   check (plane in ('K', 'U', 'H', 'L')),
	constraint storey_number_is_0_to_99     check (number between 0 and 99)
);

create table address (
	id              uuid   primary key default uuidv7(),
	municipality_no char(4) not null,
	street_code     int,
	street_name     text   not null,
	number          int,
	letter          text,
	postcode        char(4),
	post_town       text,
	property_id     uuid   references place,
	building_id     uuid   references place,
	geom            geometry(Point, 25832),
	key             text   not null unique,
	row_v           bigint not null default 1,
	changed         xid8   not null default pg_current_xact_id(),
	constraint address_municipality_has_four_digits check (municipality_no ~ '^[0-9]{4}$'),
	constraint address_postcode_has_four_digits     check (postcode ~ '^[0-9]{4}$'),
	constraint address_letter_is_one_capital        check (letter ~ '^[A-ZÆØÅ]$')
);

create table dwelling (
	place_id   uuid     primary key references place,
	h_number   text,
	kind       char(1)  not null default 'B',
	rooms      smallint,
	area_m2    numeric,
	address_id uuid     references address,
	area_no    int,
	row_v      bigint   not null default 1,
	changed    xid8     not null default pg_current_xact_id(),
	constraint dwelling_h_number_is_letter_and_four_digits check (h_number ~ '^[KUHL][0-9]{4}$'),
	constraint dwelling_kind_is_b_i_f_a_or_u               check (kind in ('B', 'I', 'F', 'A', 'U')),
	constraint dwelling_rooms_is_plausible                 check (rooms between 0 and 200),
	constraint dwelling_area_is_positive                   check (area_m2 >= 0)
);

create table component (
	id                   uuid    primary key default uuidv7(),
	place_id             uuid    not null references place,
	site_id              uuid    not null,
	area_no              int,
	name                 text    not null,
	element              text    collate "C" references element,
	tag                  text,
	maker                text,
	model                text,
	serial               text,
	installed_on         date,
	service_life_years   int,
	quantity             numeric,
	unit                 text,
	replacement_cost_ore bigint,
	warranty_until       date,
	condition_grade      text    collate "C",
	code                 text,
	geom                 geometry(Point, 25832),
	removed_at           timestamptz,
	row_v                bigint  not null default 1,
	changed              xid8    not null default pg_current_xact_id(),
	-- Not a foreign key: the standard's five grades do not change, and a million look-ups in a load cost.
	constraint component_condition_grade_is_known           check (condition_grade in ('TG0', 'TG1', 'TG2', 'TG3', 'TGIU')),
	constraint component_code_is_eight_crockford_characters check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
	constraint component_service_life_is_1_to_500_years     check (service_life_years between 1 and 500),
	constraint component_quantity_is_positive               check (quantity >= 0),
	constraint component_replacement_cost_is_positive       check (replacement_cost_ore >= 0)
);

-- History of condition; the newest sets component.condition_grade.
create table condition (
	id           uuid        primary key default uuidv7(),
	component_id uuid        not null references component,
	grade        text        collate "C" not null references condition_grade,
	consequence  smallint,
	cause        text,
	note         text,
	noted_by     uuid,
	noted_at     timestamptz not null default now(),
	row_v        bigint      not null default 1,
	changed      xid8        not null default pg_current_xact_id(),
	constraint condition_consequence_is_0_to_3 check (consequence between 0 and 3)
);

create unique index place_code_is_unique     on place (code)     where code is not null;
create unique index component_code_is_unique on component (code) where code is not null;
create index place_parent     on place (parent_id);
create index place_site       on place (site_id);
create index place_area_kind  on place (area_no, kind, label, id);
create index place_kind_label on place (kind, label, id);
create index place_geom       on place using gist (geom) where geom is not null;
-- Dwellings and rooms share their building's point: as thousands of equal boxes they would only spoil the index.
create index place_point      on place using gist (point) where kind in ('property', 'building', 'outdoor_area');
create index property_area    on property (area_no);
create index building_area    on building (area_no);
create index building_type_of on building (type_code);
create index dwelling_address on dwelling (address_id);
create index address_building on address (building_id);
create index address_property on address (property_id);
create index address_street   on address (municipality_no, lower(street_name), number, letter);
create index address_geom     on address using gist (geom);
create index component_place  on component (place_id, element);
create index component_site   on component (site_id, element);
create index component_area   on component (area_no, element, id);
create index component_geom   on component using gist (geom) where geom is not null;
create index condition_of     on condition (component_id, noted_at desc);

-- Eight characters of Crockford's base 32 (no I, L, O, U: nobody misreads them on a label), at random.
create function new_code() returns text volatile language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	made text;
begin
	loop
		made := left(translate(upper(encode(uuid_send(gen_random_uuid()), 'base64')), 'ILOU+/=', ''), 8);
		exit when length(made) = 8
			and not exists (select from place p where p.code = made)
			and not exists (select from component c where c.code = made);
	end loop;
	return made;
end
$$;

-- Fills what follows from the tree. Row by row, because the next row of the same load may be a child of this one.
create function place_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	up   record;
	addr text;
begin
	if new.parent_id is not null then
		select p.kind, p.label, p.area_no, p.site_id, p.point, s.label as site_label
		  into up
		  from place p
		  join place s on s.id = p.site_id
		 where p.id = new.parent_id;
		if not found then
			raise exception 'the parent place does not exist' using errcode = '23503', constraint = 'place_parent_exists';
		end if;
		-- Kinds only ever go down the tree, so that it cannot hold a ring.
		if not (case new.kind
			when 'municipality' then false
			when 'property'     then up.kind = 'municipality'
			when 'building'     then up.kind in ('municipality', 'property')
			when 'outdoor_area' then up.kind in ('municipality', 'property', 'building')
			when 'storey'       then up.kind = 'building'
			-- the matrikkel tells a dwelling's property, but not always its building
			when 'dwelling'     then up.kind in ('property', 'building', 'storey')
			when 'room'         then up.kind in ('building', 'storey', 'dwelling', 'outdoor_area')
		end) then
			raise exception 'a % cannot lie in a %', new.kind, up.kind using errcode = '23514', constraint = 'place_parent_fits';
		end if;
	end if;

	if new.parent_id is null then
		select null::int as area_no, null::geometry as point into up;
	end if;
	if new.kind in ('municipality', 'property', 'building') then
		new.site_id := new.id;
	else
		new.site_id := up.site_id;
	end if;
	if new.kind in ('storey', 'dwelling', 'room') then
		new.area_no := up.area_no;
	elsif new.area_no is null then
		new.area_no := up.area_no;
	end if;
	new.point := coalesce(st_pointonsurface(new.geom), up.point);

	case new.kind
	when 'building' then
		select a.street_name || coalesce(' ' || a.number, '') || coalesce(a.letter, '')
		  into addr
		  from address a
		 where a.building_id = new.id
		 order by a.street_name, a.number, a.letter nulls first
		 limit 1;
		new.label := case when addr is null or starts_with(new.name, addr) then new.name else addr || ', ' || new.name end;
	when 'storey', 'room' then
		new.label := up.label || ', ' || new.name;
	when 'dwelling' then
		new.label := up.site_label || ', ' || new.name;
	else
		new.label := new.name;
	end case;

	if tg_op = 'INSERT' and new.code is null and new.kind in ('building', 'dwelling', 'room', 'outdoor_area') then
		new.code := new_code();
	end if;
	return new;
end
$$;

create trigger fill  before insert or update on place for each row execute function place_fill();
create trigger stamp before update on place for each row execute function stamp();

-- What follows from a place follows down the tree: label, area, site and point.
create function place_cascade() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	-- A statement that changes no row fires its triggers too: without this the recursion would never end.
	if not exists (select from new_rows n join old_rows o using (id)
	                where n.label is distinct from o.label or n.area_no is distinct from o.area_no
	                   or n.site_id is distinct from o.site_id or n.point is distinct from o.point) then
		return null;
	end if;
	update place c
	   set area_no = case when c.area_no is not distinct from o.area_no then n.area_no else c.area_no end
	  from new_rows n
	  join old_rows o on o.id = n.id
	 where c.parent_id = n.id
	   and (n.label is distinct from o.label or n.area_no is distinct from o.area_no
	        or n.site_id is distinct from o.site_id or n.point is distinct from o.point);
	return null;
end
$$;

create trigger cascade after update on place
	referencing old table as old_rows new table as new_rows
	for each statement execute function place_cascade();

-- The address is part of the building's label.
create function address_labels() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op = 'INSERT' then
		update place p set name = p.name where p.id in (select building_id from new_rows);
	elsif tg_op = 'DELETE' then
		update place p set name = p.name where p.id in (select building_id from old_rows);
	else
		update place p set name = p.name
		 where p.id in (select n.building_id from new_rows n join old_rows o using (id)
		                 where (n.building_id, n.street_name, n.number, n.letter) is distinct from (o.building_id, o.street_name, o.number, o.letter)
		                union
		                select o.building_id from new_rows n join old_rows o using (id)
		                 where n.building_id is distinct from o.building_id);
	end if;
	return null;
end
$$;

create trigger labels_insert after insert on address referencing new table as new_rows
	for each statement execute function address_labels();
create trigger labels_update after update on address referencing old table as old_rows new table as new_rows
	for each statement execute function address_labels();
create trigger labels_delete after delete on address referencing old table as old_rows
	for each statement execute function address_labels();

-- Area of the rows that extend a place; names are written in full because this runs a million times in a load.
create function extension_fill() returns trigger language plpgsql security definer as $$
begin
	select p.area_no into new.area_no from fdvu.place p where p.id = new.place_id;
	return new;
end
$$;

create function component_fill() returns trigger language plpgsql security definer as $$
begin
	select p.site_id, p.area_no into new.site_id, new.area_no from fdvu.place p where p.id = new.place_id;
	if not found then
		raise exception 'the place of the component does not exist' using errcode = '23503', constraint = 'component_place_exists';
	end if;
	return new;
end
$$;

create trigger fill  before insert or update of place_id, area_no on property for each row execute function extension_fill();
create trigger fill  before insert or update of place_id, area_no on building for each row execute function extension_fill();
create trigger fill  before insert or update of place_id, area_no on storey   for each row execute function extension_fill();
create trigger fill  before insert or update of place_id, area_no on dwelling for each row execute function extension_fill();
create trigger fill  before insert or update of place_id, site_id, area_no on component for each row execute function component_fill();
create trigger stamp before update on property  for each row execute function stamp();
create trigger stamp before update on building  for each row execute function stamp();
create trigger stamp before update on storey    for each row execute function stamp();
create trigger stamp before update on dwelling  for each row execute function stamp();
create trigger stamp before update on address   for each row execute function stamp();
create trigger stamp before update on component for each row execute function stamp();
create trigger stamp before update on condition for each row execute function stamp();

-- The newest condition is the component's grade; an older one that arrives late (a tablet that was offline) changes nothing.
create function condition_newest() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update component c
	   set condition_grade = newest.grade
	  from (select distinct on (h.component_id) h.component_id, h.grade
	          from condition h
	         where h.component_id in (select component_id from new_rows)
	         order by h.component_id, h.noted_at desc, h.id desc) newest
	 where c.id = newest.component_id
	   and c.condition_grade is distinct from newest.grade;
	return null;
end
$$;

create trigger newest_insert after insert on condition referencing new table as new_rows
	for each statement execute function condition_newest();
create trigger newest_update after update on condition referencing new table as new_rows
	for each statement execute function condition_newest();
