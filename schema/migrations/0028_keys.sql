-- Keys (REG-4): key systems (låssystem), the cylinders in the doors, the keys that open them, who has signed which key out, and what
-- a lost key is charged with.
--
-- A loan is a fact: it is inserted when the key goes out and updated once, when the key comes in or is lost. key.state follows the
-- loans by trigger, so that no path makes them disagree.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table key_system (
	id            uuid    primary key default uuidv7(),
	place_id      uuid    not null references place,
	area_no       int,
	name          text    not null,
	maker         text,
	security_card text,
	lost_key_ore  bigint  not null default 0,
	note          text,
	removed_at    timestamptz,
	row_v         bigint  not null default 1,
	changed       xid8    not null default pg_current_xact_id(),
	constraint key_system_name_is_1_to_200_characters check (length(name) between 1 and 200),
	constraint key_system_lost_key_price_is_positive  check (lost_key_ore >= 0)
);
comment on column key_system.security_card is 'who shows this card may order keys: for the office only';
comment on column key_system.lost_key_ore  is 'what a lost key of the system is charged with unless somebody says otherwise';

create table cylinder (
	id           uuid    primary key default uuidv7(),
	system_id    uuid    not null references key_system,
	mark         text    not null,
	place_id     uuid    not null references place,
	component_id uuid    references component,
	site_id      uuid,
	area_no      int,
	note         text,
	removed_at   timestamptz,
	row_v        bigint  not null default 1,
	changed      xid8    not null default pg_current_xact_id(),
	constraint cylinder_mark_is_1_to_60_characters check (length(mark) between 1 and 60)
);
comment on column cylinder.component_id is 'the door, when it is registered as a component; the place is then the door''s';

create table key (
	id         uuid    primary key default uuidv7(),
	system_id  uuid    not null references key_system,
	mark       text    not null,
	serial     text    not null default '1',
	is_master  boolean not null default false,
	state      text    not null default 'in',
	area_no    int,
	note       text,
	row_v      bigint  not null default 1,
	changed    xid8    not null default pg_current_xact_id(),
	constraint key_mark_and_serial_are_unique_in_the_system unique (system_id, mark, serial),
	constraint key_mark_is_1_to_60_characters               check (length(mark) between 1 and 60),
	constraint key_serial_is_1_to_60_characters             check (length(serial) between 1 and 60),
	constraint key_state_is_known                           check (state in ('in', 'out', 'lost', 'retired'))
);
comment on column key.serial    is 'which copy: two keys of one mark open the same doors';
comment on column key.is_master is 'opens every cylinder of the system';
comment on column key.state     is 'kept by the loans; only lost and retired are set on a key that is in';

create table key_cylinder (
	key_id      uuid not null references key on delete cascade,
	cylinder_id uuid not null references cylinder on delete cascade,
	primary key (key_id, cylinder_id)
);

create table key_loan (
	id             uuid        primary key default uuidv7(),
	key_id         uuid        not null references key,
	holder_id      uuid        not null references person,
	area_no        int,
	out_at         timestamptz not null default now(),
	out_by         uuid        references person,
	due_on         date,
	out_signature  bytea       references file,
	out_name       text,
	out_note       text,
	in_at          timestamptz,
	in_by          uuid        references person,
	in_signature   bytea       references file,
	in_name        text,
	in_note        text,
	lost_at        timestamptz,
	lost_by        uuid        references person,
	lost_note      text,
	row_v          bigint      not null default 1,
	changed        xid8        not null default pg_current_xact_id(),
	constraint key_loan_is_signed_for                   check (out_signature is not null or length(out_name) > 0),
	constraint key_loan_comes_in_after_it_went_out      check (in_at >= out_at),
	constraint key_loan_is_lost_after_it_went_out       check (lost_at >= out_at),
	constraint key_loan_is_due_after_it_went_out        check (due_on >= (out_at at time zone 'Europe/Oslo')::date)
);
comment on column key_loan.out_signature is 'a drawn signature: the picture''s SHA-256 in the content store';
comment on column key_loan.out_name      is 'or the name that the holder wrote instead of drawing';

-- What somebody is to be billed for, read by invoicing (RENT-2). A ledger: a charge is taken back by a new row that reverses it.
create table charge (
	id         uuid        primary key default uuidv7(),
	person_id  uuid        not null references person,
	reason     text        not null,
	amount_ore bigint      not null,
	text       text        not null,
	tbl        text        not null,
	row_id     uuid        not null,
	area_no    int,
	reverses   uuid        unique references charge,
	made_at    timestamptz not null default now(),
	made_by    uuid        references person,
	changed    xid8        not null default pg_current_xact_id(),
	constraint charge_reason_is_known              check (reason in ('lost_key')),
	constraint charge_row_is_known                 check (tbl in ('key_loan', 'key')),
	constraint charge_is_positive_or_reverses_one  check (case when reverses is null then amount_ore > 0 else amount_ore < 0 end)
);

create index key_system_place    on key_system (place_id);
create index key_system_name     on key_system (name, id);
create unique index cylinder_mark_is_unique_in_the_system on cylinder (system_id, mark) where removed_at is null;
create index cylinder_place      on cylinder (place_id);
create index cylinder_site       on cylinder (site_id);
create index cylinder_component  on cylinder (component_id) where component_id is not null;
create index key_by_mark         on key (mark, serial, id);
create index key_state_mark      on key (state, mark, serial, id);
create index key_cylinder_opened on key_cylinder (cylinder_id);
-- A lost key is still somebody's: it cannot go out again before it is found.
create unique index key_is_out_once on key_loan (key_id) where in_at is null;
create index key_loan_of         on key_loan (key_id, out_at desc);
create index key_loan_holder     on key_loan (holder_id, out_at);
create index key_loan_due        on key_loan (due_on, id) where in_at is null and lost_at is null;
create index key_loan_out_signed on key_loan (out_signature) where out_signature is not null;
create index key_loan_in_signed  on key_loan (in_signature) where in_signature is not null;
create index charge_person       on charge (person_id, made_at);
create index charge_row          on charge (row_id);

-- Area and site follow from the place -----------------------------------------------------------------------------------------

create function key_system_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select p.area_no into new.area_no from place p where p.id = new.place_id;
	return new;
end
$$;

create function key_system_follow() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update key k set area_no = new.area_no where k.system_id = new.id and k.area_no is distinct from new.area_no;
	update key_loan l set area_no = new.area_no from key k
	 where k.system_id = new.id and l.key_id = k.id and l.area_no is distinct from new.area_no;
	return null;
end
$$;

create function cylinder_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.component_id is not null then
		select c.place_id into new.place_id from component c where c.id = new.component_id;
	end if;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	return new;
end
$$;

create function key_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select s.area_no into new.area_no from key_system s where s.id = new.system_id;
	return new;
end
$$;

create trigger fill before insert or update of place_id, area_no on key_system for each row execute function key_system_fill();
create trigger follow after update of place_id, area_no on key_system
	for each row when (new.area_no is distinct from old.area_no) execute function key_system_follow();
create trigger fill before insert or update of place_id, component_id, site_id, area_no on cylinder
	for each row execute function cylinder_fill();
create trigger fill before insert or update of system_id, area_no on key for each row execute function key_fill();
create trigger stamp before update on key_system for each row execute function stamp();
create trigger stamp before update on cylinder   for each row execute function stamp();
create trigger stamp before update on key        for each row execute function stamp();
create trigger stamp before update on key_loan   for each row execute function stamp();

-- A place that changes area takes its locks along.
create function place_locks_follow() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not exists (select from new_rows n join old_rows o using (id)
	                where n.area_no is distinct from o.area_no or n.site_id is distinct from o.site_id) then
		return null;
	end if;
	update key_system s set area_no = n.area_no from new_rows n where s.place_id = n.id and s.area_no is distinct from n.area_no;
	update cylinder c set area_no = n.area_no from new_rows n
	 where c.place_id = n.id and (c.area_no, c.site_id) is distinct from (n.area_no, n.site_id);
	return null;
end
$$;
create trigger locks_follow after update on place
	referencing old table as old_rows new table as new_rows
	for each statement execute function place_locks_follow();

-- Invariants ------------------------------------------------------------------------------------------------------------------

create function key_cylinder_check() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if (select k.system_id from key k where k.id = new.key_id) is distinct from
	   (select c.system_id from cylinder c where c.id = new.cylinder_id) then
		raise exception 'a key opens cylinders of its own system' using errcode = '23514',
			constraint = 'key_opens_cylinders_of_its_own_system';
	end if;
	return new;
end
$$;
create trigger same_system before insert or update on key_cylinder for each row execute function key_cylinder_check();

-- Out exactly when there is a loan that is not closed, whoever writes the state.
create function key_state_check() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if (new.state = 'out') <> exists (select from key_loan l where l.key_id = new.id and l.in_at is null and l.lost_at is null) then
		raise exception 'the key is out exactly when it is signed out' using errcode = 'FD409';
	end if;
	return null;
end
$$;
create trigger state_follows_loans after insert or update of state on key
	for each row execute function key_state_check();

create function key_loan_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	k record;
begin
	if tg_op = 'INSERT' then
		select x.state, x.area_no into k from key x where x.id = new.key_id for update;
		if k.state <> 'in' then
			raise exception 'the key is not in: it is %', k.state using errcode = 'FD409';
		end if;
		new.area_no := k.area_no;
	end if;
	if is_program() then
		return new;
	end if;
	if tg_op = 'INSERT' then
		new.out_by := me();
		if new.out_signature is not null and not is_held(new.out_signature, me()) then
			raise exception 'send the signature first' using errcode = 'FD400';
		end if;
		return new;
	end if;
	if old.in_at is not null then
		raise exception 'the key has come in already' using errcode = 'FD409';
	end if;
	if new.in_at is not null then
		new.in_by := me();
	end if;
	if old.lost_at is not null and new.lost_at is distinct from old.lost_at then
		raise exception 'the key is lost already' using errcode = 'FD409';
	end if;
	if new.lost_at is not null and old.lost_at is null then
		new.lost_by := me();
	end if;
	if new.in_signature is distinct from old.in_signature and not is_held(new.in_signature, me()) then
		raise exception 'send the signature first' using errcode = 'FD400';
	end if;
	return new;
end
$$;
create trigger fill before insert or update of in_at, in_signature, in_name, in_note, lost_at, lost_note on key_loan
	for each row execute function key_loan_fill();

create function key_loan_state() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update key k
	   set state = case when new.in_at is not null then 'in' when new.lost_at is not null then 'lost' else 'out' end
	 where k.id = new.key_id;
	return null;
end
$$;
create trigger state after insert or update of in_at, lost_at on key_loan for each row execute function key_loan_state();

create function charge_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.tbl = 'key_loan' then
		select l.area_no into new.area_no from key_loan l where l.id = new.row_id;
	else
		select k.area_no into new.area_no from key k where k.id = new.row_id;
	end if;
	if not found then
		raise exception 'what is charged for does not exist' using errcode = '23503', constraint = 'charge_row_exists';
	end if;
	if not is_program() then
		new.made_by := me();
	end if;
	return new;
end
$$;
create trigger fill before insert on charge for each row execute function charge_fill();

-- Marks a key lost: closes its loan, or, when it was in, the key itself; charges whoever had it (or `person`). Runs with the rights of
-- whoever asks. Returns the charge, null when there is none.
create function key_lost(key_id uuid, amount bigint, person uuid, why text) returns uuid language plpgsql set search_path = fdvu, public, pg_temp as $$
declare
	k      record;
	loan   record;
	made   uuid;
begin
	select x.id, x.state, x.mark, x.serial, s.name, s.lost_key_ore
	  into k
	  from key x
	  join key_system s on s.id = x.system_id
	 where x.id = key_lost.key_id
	   for update of x;
	if not found then
		return null;
	end if;
	if k.state not in ('in', 'out') then
		raise exception 'the key is % already', k.state using errcode = 'FD409';
	end if;
	update key_loan l
	   set lost_at = now(), lost_note = why
	 where l.key_id = k.id and l.in_at is null and l.lost_at is null
	returning l.id, l.holder_id into loan;
	if loan.id is null then
		update key set state = 'lost' where id = k.id;
	end if;
	if coalesce(person, loan.holder_id) is not null and coalesce(amount, k.lost_key_ore) > 0 then
		insert into charge (person_id, reason, amount_ore, text, tbl, row_id)
		values (coalesce(person, loan.holder_id), 'lost_key', coalesce(amount, k.lost_key_ore),
		        'Tapt nøkkel ' || k.mark || '-' || k.serial || ', ' || k.name,
		        case when loan.id is null then 'key' else 'key_loan' end, coalesce(loan.id, k.id))
		returning id into made;
	end if;
	return made;
end
$$;

-- A lost key that turns up is in again, and what was charged for it is taken back. Returns the reversal, null when there was none.
create function key_found(key_id uuid, why text) returns uuid language plpgsql set search_path = fdvu, public, pg_temp as $$
declare
	was  text;
	loan uuid;
	made uuid;
begin
	select x.state into was from key x where x.id = key_found.key_id for update;
	if was is distinct from 'lost' then
		raise exception 'the key is not lost: it is %', was using errcode = 'FD409';
	end if;
	update key_loan l set in_at = now(), in_note = why where l.key_id = key_found.key_id and l.in_at is null returning l.id into loan;
	if loan is null then
		update key set state = 'in' where id = key_found.key_id;
	end if;
	insert into charge (person_id, reason, amount_ore, text, tbl, row_id, reverses)
	select c.person_id, c.reason, -c.amount_ore, 'Funnet igjen: ' || c.text, c.tbl, c.row_id, c.id
	  from charge c
	 where c.row_id = coalesce(loan, key_found.key_id)
	   and c.reverses is null
	   and not exists (select from charge r where r.reverses = c.id)
	 order by c.made_at desc
	 limit 1
	returning id into made;
	return made;
end
$$;

-- Who sees and does what ------------------------------------------------------------------------------------------------------

select audit_table(t::regclass) from unnest(array['key_system', 'cylinder', 'key', 'key_loan', 'charge']) t;
select audit_table('key_cylinder', 'r.key_id');

do $$
declare
	t regclass;
begin
	foreach t in array array['key_system', 'cylinder', 'key', 'key_cylinder', 'key_loan', 'charge']::regclass[] loop
		execute format('alter table %s enable row level security', t);
		execute format('create policy job on %s to fdvu_job using (true) with check (true)', t);
	end loop;
	foreach t in array array['key_system', 'cylinder', 'key', 'key_loan', 'charge']::regclass[] loop
		execute format('create policy office on %s to fdvu_office
			using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))', t);
	end loop;
	-- Caretakers see what opens their doors and who has it; the desk signs out.
	foreach t in array array['key_system', 'cylinder', 'key', 'key_loan']::regclass[] loop
		execute format('create policy field on %s for select to fdvu_field using (area_no = any ((select areas())::int[]))', t);
	end loop;
end
$$;
create policy office on key_cylinder to fdvu_office
	using (exists (select from key k where k.id = key_id) and exists (select from cylinder c where c.id = cylinder_id));
create policy field on key_cylinder for select to fdvu_field using (exists (select from key k where k.id = key_id));

-- Nobody hangs a lock on a place, or a loan or charge on a person, that they may not see.
create policy office_links on key_system as restrictive to fdvu_office using (true)
	with check (exists (select from place p where p.id = place_id));
create policy office_links on cylinder as restrictive to fdvu_office using (true)
	with check (exists (select from place p where p.id = place_id) and exists (select from key_system s where s.id = system_id)
		and (component_id is null or exists (select from component c where c.id = component_id)));
create policy office_links on key as restrictive to fdvu_office using (true)
	with check (exists (select from key_system s where s.id = system_id));
create policy office_links on key_loan as restrictive for insert to fdvu_office
	with check (exists (select from key k where k.id = key_id) and exists (select from person p where p.id = holder_id));
create policy office_links on charge as restrictive for insert to fdvu_office
	with check (exists (select from person p where p.id = person_id));

-- A signature is seen with the loan it is on.
create policy signature on file for select to fdvu_office
	using (exists (select from key_loan l where l.out_signature = file.sha256 or l.in_signature = file.sha256));

grant select on key_system, cylinder, key, key_cylinder, key_loan, charge to fdvu_office;
select grant_columns('insert', 'key_system', 'fdvu_office', 'area_no'),
       grant_columns('update', 'key_system', 'fdvu_office', 'id', 'area_no'),
       grant_columns('insert', 'cylinder', 'fdvu_office', 'site_id', 'area_no'),
       grant_columns('update', 'cylinder', 'fdvu_office', 'id', 'site_id', 'area_no', 'system_id'),
       grant_columns('insert', 'key', 'fdvu_office', 'area_no', 'state'),
       grant_columns('update', 'key', 'fdvu_office', 'id', 'area_no', 'system_id');
grant insert (key_id, cylinder_id), delete on key_cylinder to fdvu_office;
grant insert (id, key_id, holder_id, due_on, out_signature, out_name, out_note),
	update (due_on, in_at, in_signature, in_name, in_note, lost_at, lost_note) on key_loan to fdvu_office;
grant insert (id, person_id, reason, amount_ore, text, tbl, row_id, reverses) on charge to fdvu_office;
grant select (id, place_id, area_no, name, maker, removed_at, row_v) on key_system to fdvu_field;
grant select on cylinder, key, key_cylinder to fdvu_field;
grant select (id, key_id, holder_id, area_no, out_at, due_on, in_at, lost_at) on key_loan to fdvu_field;
grant select, insert, update, delete on key_system, cylinder, key, key_cylinder, key_loan to fdvu_job;
grant select, insert on charge to fdvu_job; -- a ledger: nobody changes what stands there
grant execute on function key_lost(uuid, bigint, uuid, text), key_found(uuid, text) to fdvu_office;

-- A door whose key somebody has, and one that is moved (0026).
select place_use_add('key', $$select c.place_id, c.component_id, k.id, concat_ws(' ', k.mark, k.serial) as label
	  from key_loan l
	  join key k on k.id = l.key_id
	  join key_cylinder o on o.key_id = k.id
	  join cylinder c on c.id = o.cylinder_id
	 where l.in_at is null and l.lost_at is null$$);
insert into place_ref (tbl, col) values ('key_system', 'place_id'), ('cylinder', 'place_id');
