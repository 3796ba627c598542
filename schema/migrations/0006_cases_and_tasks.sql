-- Cases, tasks, the rules that make tasks, and the answers to checklists.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table rule (
	id             uuid     primary key default uuidv7(),
	code           text     not null unique,
	name_nb        text     not null,
	name_nn        text     not null,
	name_en        text     not null,
	legal_basis    text,
	rrule          text     not null,
	starts_on      date     not null,
	lead_days      int      not null default 14,
	applies        text     not null,
	element        text     collate "C" references element,
	building_types smallint[],
	place_id       uuid     references place,
	checklist_id   uuid     references checklist,
	category       text     collate "C" references category,
	title          text     not null,
	priority       smallint not null default 3,
	estimate_min   int,
	is_active      boolean  not null default true,
	row_v          bigint   not null default 1,
	changed        xid8     not null default pg_current_xact_id(),
	constraint rule_applies_is_known           check (applies in ('component', 'building', 'place')),
	constraint rule_for_a_component_names_one  check (applies <> 'component' or element is not null),
	constraint rule_for_a_place_names_one      check (applies <> 'place' or place_id is not null),
	-- The start is starts_on; a rule without frequency would never end.
	constraint rule_rrule_is_rfc_5545          check (rrule ~ '^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9,+-]+)*$'),
	constraint rule_lead_days_is_0_to_365      check (lead_days between 0 and 365),
	constraint rule_priority_is_1_to_4         check (priority between 1 and 4),
	constraint rule_estimate_is_positive       check (estimate_min > 0)
);
comment on column rule.rrule   is 'RFC 5545 recurrence, without DTSTART (that is starts_on)';
comment on column rule.element is 'NS 3451 prefix: 33 takes 331 and 332 too';

-- «case» is a reserved word: the one plural name.
create table cases (
	id           uuid     primary key default uuidv7(),
	number       text     collate "C" not null unique,
	place_id     uuid     not null references place,
	component_id uuid     references component,
	position     geometry(Point, 25832),
	category     text     collate "C" not null references category,
	title        text     not null,
	description  text     not null default '',
	state        text     not null default 'new',
	priority     smallint not null,
	deadline     timestamptz,
	owner_id     uuid     references person,
	reporter_id  uuid     references person,
	channel      text     not null default 'minside',
	area_no      int,
	site_id      uuid     not null,
	created_at   timestamptz not null default now(),
	done_at      timestamptz,
	row_v        bigint   not null default 1,
	changed      xid8     not null default pg_current_xact_id(),
	constraint cases_state_is_known        check (state in ('new', 'in_progress', 'waiting', 'done', 'closed', 'cancelled')),
	constraint cases_priority_is_1_to_4    check (priority between 1 and 4),
	constraint cases_channel_is_known      check (channel in ('minside', 'phone', 'email', 'desk', 'chat', 'qr', 'open311', 'import', 'field', 'office')),
	constraint cases_title_is_not_too_long check (length(title) between 1 and 200),
	constraint cases_description_is_not_too_long check (length(description) <= 20000)
);

create table case_message (
	id          uuid        primary key default uuidv7(),
	case_id     uuid        not null references cases,
	author_id   uuid        references person,
	is_internal boolean     not null default false,
	text        text        not null,
	sent_at     timestamptz not null default now(),
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id(),
	constraint case_message_has_text check (length(text) between 1 and 20000)
);

create table case_follower (
	id        uuid   primary key default uuidv7(),
	case_id   uuid   not null references cases,
	person_id uuid   not null references person,
	row_v     bigint not null default 1,
	changed   xid8   not null default pg_current_xact_id(),
	constraint case_follower_follows_once unique (case_id, person_id)
);

-- Henvendelse: one call, mail, visit or form. It may start, join or answer a case.
create table contact (
	id          uuid        primary key default uuidv7(),
	number      text        collate "C" not null unique,
	channel     text        not null,
	person_id   uuid        references person,
	name        text,
	phone       text,
	text        text        not null default '',
	received_at timestamptz not null default now(),
	case_id     uuid        references cases,
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id(),
	constraint contact_channel_is_known check (channel in ('minside', 'phone', 'email', 'desk', 'chat', 'qr', 'open311', 'import', 'field', 'office'))
);

create table task (
	id             uuid     primary key default uuidv7(),
	number         text     collate "C" not null unique,
	case_id        uuid     references cases,
	rule_id        uuid     references rule,
	occurrence     date,
	place_id       uuid     not null references place,
	component_id   uuid     references component,
	site_id        uuid     not null,
	area_no        int,
	title          text     not null,
	description    text     not null default '',
	category       text     collate "C" references category,
	state          text     not null default 'open',
	priority       smallint not null default 3,
	planned_on     date,
	deadline       timestamptz,
	assignee_id    uuid     references person,
	checklist_id   uuid     references checklist,
	done_at        timestamptz,
	done_by        uuid     references person,
	done_note      text,
	device_done_at timestamptz,
	created_at     timestamptz not null default now(),
	row_v          bigint   not null default 1,
	changed        xid8     not null default pg_current_xact_id(),
	-- done_after_cancel: the tablet had done it before it heard that the office had cancelled it
	constraint task_state_is_known        check (state in ('open', 'in_progress', 'waiting', 'done', 'done_after_cancel', 'cancelled')),
	constraint task_priority_is_1_to_4    check (priority between 1 and 4),
	constraint task_title_is_not_too_long check (length(title) between 1 and 200),
	constraint task_of_a_rule_has_a_day   check (rule_id is null or occurrence is not null)
);

-- Generating twice makes nothing twice: `on conflict (rule_id, place_id, component_id, occurrence) where rule_id is not null`.
create unique index task_of_a_rule_is_made_once on task (rule_id, place_id, component_id, occurrence) nulls not distinct
	where rule_id is not null;

-- Facts: inserts only.
create table answer (
	id          uuid        primary key default uuidv7(),
	task_id     uuid        not null references task,
	item_id     uuid        not null references checklist_item,
	value       text,
	is_ok       boolean,
	note        text,
	answered_by uuid        references person,
	answered_at timestamptz not null default now(),
	captured_at timestamptz,
	row_v       bigint      not null default 1,
	changed     xid8        not null default pg_current_xact_id()
);
comment on column answer.captured_at is 'what the device''s clock said';

-- Work that a supplier may see by an unguessable link; the token itself is in the e-mail, only its hash is here.
create table supplier_link (
	id         uuid        primary key default uuidv7(),
	token_hash bytea       not null unique,
	task_id    uuid        not null references task,
	person_id  uuid        not null references person,
	expires_at timestamptz not null,
	row_v      bigint      not null default 1,
	changed    xid8        not null default pg_current_xact_id(),
	constraint supplier_link_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);

create table notification (
	id         uuid        primary key default uuidv7(),
	person_id  uuid        not null references person,
	case_id    uuid        not null references cases,
	kind       text        not null,
	text_key   text        not null,
	params     jsonb       not null default '{}',
	created_at timestamptz not null default now(),
	read_at    timestamptz,
	constraint notification_kind_is_known check (kind in ('state', 'message'))
);

-- Lists are keyset pages: each index ends in what the page is continued by.
create index cases_by_area       on cases (area_no, created_at, id);
create index cases_by_time       on cases (created_at, id);
create index cases_open          on cases (deadline, id) where state in ('new', 'in_progress', 'waiting');
create index cases_open_by_area  on cases (area_no, deadline, id) where state in ('new', 'in_progress', 'waiting');
create index cases_owner         on cases (owner_id, state, deadline, id);
create index cases_reporter      on cases (reporter_id, created_at, id);
create index cases_place         on cases (place_id);
create index cases_site          on cases (site_id, state);
create index cases_component     on cases (component_id) where component_id is not null;
create index case_message_of     on case_message (case_id, sent_at, id);
create index case_follower_by    on case_follower (person_id);
create index contact_case        on contact (case_id);
create index contact_person      on contact (person_id);
create index contact_time        on contact (received_at, id);
create index contact_phone       on contact (phone) where phone is not null;
create index task_open           on task (deadline, id) where state in ('open', 'in_progress', 'waiting');
create index task_open_by_area   on task (area_no, deadline, id) where state in ('open', 'in_progress', 'waiting');
create index task_assignee       on task (assignee_id, planned_on, id) where state in ('open', 'in_progress', 'waiting');
create index task_by_area        on task (area_no, created_at, id);
create index task_case           on task (case_id) where case_id is not null;
create index task_place          on task (place_id);
create index task_site           on task (site_id, state);
create index task_component      on task (component_id, created_at) where component_id is not null;
create index task_done           on task (done_at) where done_at is not null;
create index answer_task         on answer (task_id, item_id);
create index supplier_link_task  on supplier_link (task_id);
create index supplier_link_who   on supplier_link (person_id, expires_at);
create index notification_who    on notification (person_id, created_at, id);

create function cases_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	cat category;
begin
	if new.place_id is null and new.component_id is not null then
		select c.place_id into new.place_id from component c where c.id = new.component_id;
	end if;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	if not found then
		raise exception 'the place of the case does not exist' using errcode = '23503', constraint = 'cases_place_exists';
	end if;

	select * into cat from category c where c.code = new.category;
	if tg_op = 'INSERT' then
		if not is_program() then
			new.created_at := now();
			new.number     := null;
		end if;
		new.number   := coalesce(new.number, next_number('case', new.created_at));
		new.title    := coalesce(nullif(btrim(new.title), ''), cat.name_nb);
		new.priority := coalesce(new.priority, cat.priority, 3);
		new.deadline := coalesce(new.deadline, working_deadline(new.created_at, cat.sla_hours));
	elsif new.category is distinct from old.category and new.deadline is not distinct from old.deadline then
		new.deadline := coalesce(working_deadline(new.created_at, cat.sla_hours), new.deadline);
	end if;

	if new.state in ('done', 'closed', 'cancelled') then
		new.done_at := coalesce(new.done_at, now());
	else
		new.done_at := null;
	end if;
	return new;
end
$$;

create function contact_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if new.number is null or not is_program() then
		new.number := next_number('contact', new.received_at);
	end if;
	return new;
end
$$;

-- A task lies where its component, its case or its maker says.
create function task_fill() returns trigger language plpgsql security definer as $$
begin
	if new.place_id is null and new.component_id is not null then
		select c.place_id into new.place_id from fdvu.component c where c.id = new.component_id;
	end if;
	if new.place_id is null and new.case_id is not null then
		select c.place_id, c.component_id into new.place_id, new.component_id from fdvu.cases c where c.id = new.case_id;
	end if;
	select p.site_id, p.area_no into new.site_id, new.area_no from fdvu.place p where p.id = new.place_id;
	if not found then
		raise exception 'the place of the task does not exist' using errcode = '23503', constraint = 'task_place_exists';
	end if;

	if tg_op = 'INSERT' then
		if not fdvu.is_program() then
			new.created_at := pg_catalog.now();
			new.number     := null;
		end if;
		new.number := coalesce(new.number, fdvu.next_number('task', new.created_at));
	end if;

	if new.state in ('done', 'done_after_cancel', 'cancelled') then
		new.done_at := coalesce(new.done_at, pg_catalog.now());
		if new.done_by is null and new.state <> 'cancelled' then
			new.done_by := fdvu.me();
		end if;
	else
		new.done_at := null;
		new.done_by := null;
	end if;
	return new;
end
$$;

create trigger fill before insert or update on cases   for each row execute function cases_fill();
create trigger fill before insert           on contact for each row execute function contact_fill();
create trigger fill before insert or update on task    for each row execute function task_fill();
create trigger stamp before update on rule          for each row execute function stamp();
create trigger stamp before update on cases         for each row execute function stamp();
create trigger stamp before update on case_message  for each row execute function stamp();
create trigger stamp before update on case_follower for each row execute function stamp();
create trigger stamp before update on contact       for each row execute function stamp();
create trigger stamp before update on task          for each row execute function stamp();
create trigger stamp before update on answer        for each row execute function stamp();
create trigger stamp before update on supplier_link for each row execute function stamp();

-- When the last open task of a case is closed, the case is done. A case whose tasks were all cancelled waits for a person.
create function task_closes_case() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	touched uuid[];
begin
	select array_agg(distinct n.case_id)
	  into touched
	  from new_rows n
	  join old_rows o using (id)
	 where n.case_id is not null
	   and n.state in ('done', 'done_after_cancel', 'cancelled')
	   and o.state not in ('done', 'done_after_cancel', 'cancelled');
	if touched is null then
		return null;
	end if;

	-- Two people may close a case's last two tasks at once: the second waits here and then sees the first one's.
	perform from cases where id = any (touched) order by id for update;
	update cases c
	   set state = 'done'
	 where c.id = any (touched)
	   and c.state in ('new', 'in_progress', 'waiting')
	   and not exists (select from task t where t.case_id = c.id and t.state in ('open', 'in_progress', 'waiting'))
	   and exists (select from task t where t.case_id = c.id and t.state in ('done', 'done_after_cancel'));
	return null;
end
$$;

create trigger closes_case after update on task
	referencing old table as old_rows new table as new_rows
	for each statement execute function task_closes_case();

-- Tells reporter and followers. Only keys and the case's own number: a text about somebody goes to nobody else.
create function case_notify() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into notification (person_id, case_id, kind, text_key, params)
	select distinct who.person_id, n.id, 'state', 'case_state_' || n.state,
	       jsonb_build_object('number', n.number, 'category', n.category, 'state', n.state)
	  from new_rows n
	  join old_rows o using (id)
	 cross join lateral (select n.reporter_id as person_id
	                     union
	                     select f.person_id from case_follower f where f.case_id = n.id) who
	 where n.state <> o.state
	   and who.person_id is not null
	   and who.person_id is distinct from me();
	return null;
end
$$;

create function case_message_notify() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into notification (person_id, case_id, kind, text_key, params)
	select distinct who.person_id, c.id, 'message', 'case_message',
	       jsonb_build_object('number', c.number, 'category', c.category)
	  from new_rows n
	  join cases c on c.id = n.case_id
	 cross join lateral (select c.reporter_id as person_id
	                     union
	                     select f.person_id from case_follower f where f.case_id = c.id) who
	 where not n.is_internal
	   and who.person_id is not null
	   and who.person_id is distinct from n.author_id;
	return null;
end
$$;

create trigger notify after update on cases
	referencing old table as old_rows new table as new_rows
	for each statement execute function case_notify();
create trigger notify after insert on case_message
	referencing new table as new_rows
	for each statement execute function case_message_notify();

-- What lies on a place follows it when it changes site or area.
create function place_moved() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	-- No join: its plan is kept from the first call, and two rows' nested loop is a quarter of an hour for a hundred thousand.
	if not exists (select id, area_no, site_id from new_rows except select id, area_no, site_id from old_rows) then
		return null;
	end if;
	update property  x set area_no = n.area_no from new_rows n where x.place_id = n.id and x.area_no is distinct from n.area_no;
	update building  x set area_no = n.area_no from new_rows n where x.place_id = n.id and x.area_no is distinct from n.area_no;
	update storey    x set area_no = n.area_no from new_rows n where x.place_id = n.id and x.area_no is distinct from n.area_no;
	update dwelling  x set area_no = n.area_no from new_rows n where x.place_id = n.id and x.area_no is distinct from n.area_no;
	update lease     x set area_no = n.area_no from new_rows n where x.dwelling_id = n.id and x.area_no is distinct from n.area_no;
	update component x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	update cases     x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	update task      x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	update document  x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	return null;
end
$$;

create trigger moved after update on place
	referencing old table as old_rows new table as new_rows
	for each statement execute function place_moved();

-- A component moved to another place takes its open tasks along.
create function component_moved() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not exists (select from new_rows n join old_rows o using (id) where n.place_id <> o.place_id) then
		return null;
	end if;
	update task t
	   set place_id = n.place_id
	  from new_rows n
	  join old_rows o using (id)
	 where n.place_id <> o.place_id
	   and t.component_id = n.id
	   and t.place_id = o.place_id
	   and t.state in ('open', 'in_progress', 'waiting');
	return null;
end
$$;

create trigger moved after update on component
	referencing old table as old_rows new table as new_rows
	for each statement execute function component_moved();
