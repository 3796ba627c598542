-- Leases on dwellings.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table lease (
	id          uuid   primary key default uuidv7(),
	number      text   collate "C" not null unique,
	dwelling_id uuid   not null references place,
	area_no     int,
	starts_on   date   not null,
	ends_on     date,
	rent_ore    bigint not null,
	state       text   not null default 'active',
	row_v       bigint not null default 1,
	changed     xid8   not null default pg_current_xact_id(),
	constraint lease_ends_after_it_starts check (ends_on >= starts_on),
	constraint lease_rent_is_positive     check (rent_ore >= 0),
	-- notice: given notice, still running
	constraint lease_state_is_known       check (state in ('draft', 'active', 'notice', 'ended', 'cancelled')),
	-- Both days are lived in, so a new lease starts the day after the old one ends.
	constraint lease_does_not_overlap     exclude using gist (dwelling_id with =, daterange(starts_on, ends_on, '[]') with &&)
		where (state not in ('draft', 'cancelled'))
);

create table lease_party (
	id        uuid   primary key default uuidv7(),
	lease_id  uuid   not null references lease,
	person_id uuid   not null references person,
	role      text   not null default 'tenant',
	row_v     bigint not null default 1,
	changed   xid8   not null default pg_current_xact_id(),
	constraint lease_party_is_named_once unique (lease_id, person_id),
	constraint lease_party_role_is_known check (role in ('tenant', 'co_tenant', 'guarantor'))
);

create index lease_dwelling     on lease (dwelling_id, starts_on);
create index lease_area         on lease (area_no, number);
create index lease_party_person on lease_party (person_id);

create function lease_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	kind place_kind;
begin
	select p.area_no, p.kind into new.area_no, kind from place p where p.id = new.dwelling_id;
	if kind is distinct from 'dwelling' then
		raise exception 'a lease is on a dwelling' using errcode = '23514', constraint = 'lease_is_on_a_dwelling';
	end if;
	if tg_op = 'INSERT' and (new.number is null or not is_program()) then
		new.number := next_number('lease', new.starts_on);
	end if;
	return new;
end
$$;

create trigger fill  before insert or update of dwelling_id, area_no on lease for each row execute function lease_fill();
create trigger stamp before update on lease       for each row execute function stamp();
create trigger stamp before update on lease_party for each row execute function stamp();

-- The leases a person lives under today, in the municipality's time zone.
create function my_leases() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(l.id), '{}')
	  from lease_party p
	  join lease l on l.id = p.lease_id
	 where p.person_id = me()
	   and p.role in ('tenant', 'co_tenant')
	   and l.state in ('active', 'notice')
	   and (now() at time zone 'Europe/Oslo')::date <@ daterange(l.starts_on, l.ends_on, '[]');
$$;

create function my_dwellings() returns uuid[] stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(array_agg(l.dwelling_id), '{}') from lease l where l.id = any (my_leases());
$$;
