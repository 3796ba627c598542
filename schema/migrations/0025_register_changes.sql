-- Changes of the register: named, seen by those who see the row, and taken back.
--
-- A change is a transaction; its rows are in audit, by transaction number. What it was (moved, split, renumbered …) is register_change.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table register_change (
	xid        xid8        primary key,
	at         timestamptz not null default now(),
	actor      uuid,
	op         text        not null,
	note       text,
	valid_from timestamptz not null,
	undoes     xid8,
	undone_by  xid8,
	constraint register_change_op_is_known check (op in ('create', 'change', 'delete', 'restore', 'move', 'split', 'merge', 'renumber',
		'copy_storey', 'template', 'bulk', 'undo')),
	constraint register_change_note_is_not_too_long check (length(note) <= 1000)
);
alter table register_change enable row level security;
create policy job    on register_change to fdvu_job using (true) with check (true);
create policy office on register_change for select to fdvu_office using ((select me()) is not null);
grant select on register_change to fdvu_office;
grant select, insert, update, delete on register_change to fdvu_job;

-- Rows of one transaction come in the order they were written; now() is the same for all of them.
create sequence audit_n;
alter table audit add column n bigint not null default nextval('fdvu.audit_n');
create index audit_xid on audit (xid, tbl);

-- As in 0008, but that a version began (0024) is not a change of its own.
create or replace function audit_rows() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	key    text := tg_argv[0];
	hidden text := quote_literal(tg_argv[1]);
begin
	if tg_op = 'INSERT' then
		execute format('insert into audit (tbl, row_id, op, actor) select %L, %s, ''I'', me() from new_rows r', tg_table_name, key);
	elsif tg_op = 'DELETE' then
		execute format('insert into audit (tbl, row_id, op, actor, old)
			select %L, %s, ''D'', me(), to_jsonb(r) - ''changed'' - %s::text[] from old_rows r', tg_table_name, key, hidden);
	else
		execute format('insert into audit (tbl, row_id, op, actor, old, new)
			select %L, x.key, ''U'', me(), d.old, d.new
			  from (select %s as key, to_jsonb(r) as j from new_rows r) x
			  join (select %s as key, to_jsonb(r) as j from old_rows r) y using (key)
			 cross join lateral (select jsonb_object_agg(n.key, o.value) as old, jsonb_object_agg(n.key, n.value) as new
			                       from jsonb_each(x.j) n
			                       join jsonb_each(y.j) o on o.key = n.key and o.value <> n.value
			                      where n.key <> all (%s::text[] || array[''changed'', ''row_v'', ''since''])) d
			 where d.new is not null', tg_table_name, key, key, hidden);
	end if;
	return null;
end
$$;

-- Which tables are the register, and the key of each.
create function register_key(tbl text) returns text immutable parallel safe language sql as $$
	select case when tbl in ('place', 'component') then 'id'
	            when tbl in ('property', 'building', 'storey', 'dwelling') then 'place_id' end;
$$;

-- Who sees a row of the register sees what became of it.
create policy office_register on audit for select to fdvu_office
	using (case when tbl in ('place', 'property', 'building', 'storey', 'dwelling') then exists (select from place p where p.id = row_id)
	            when tbl = 'component' then exists (select from component c where c.id = row_id)
	            else false end);

-- Names the running transaction and sets from when what it writes holds. Once a transaction; returns its number.
create function register_note(op text, note text default null, valid_from timestamptz default null) returns xid8
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if me() is null and not is_program() then
		raise exception 'nobody changes nothing' using errcode = '42501';
	end if;
	if register_note.valid_from > now() then
		raise exception 'a change can hold from today or earlier, not from a day to come' using errcode = 'FD400';
	end if;
	perform set_config('fdvu.valid_from', coalesce(register_note.valid_from::text, ''), true);
	insert into register_change (xid, actor, op, note, valid_from)
	values (pg_current_xact_id(), me(), register_note.op, register_note.note, coalesce(register_note.valid_from, now()))
	on conflict (xid) do nothing;
	return pg_current_xact_id();
end
$$;

-- Sets the named columns of rows: for a form, a bulk edit and an undo alike. With the caller's rights: grants say which columns,
-- policies which rows. Returns how many rows it found.
create function register_set(tbl text, ids uuid[], set_to jsonb) returns int language plpgsql as $$
declare
	cols text;
	bad  text;
	n    int;
begin
	if register_key(tbl) is null then
		raise exception 'there is no register of %', tbl using errcode = 'FD400';
	end if;
	select string_agg(quote_ident(k), ', '),
	       string_agg(k, ', ') filter (where not exists (
	           select from pg_attribute a
	            where a.attrelid = ('fdvu.' || tbl)::regclass and a.attname = k and a.attnum > 0 and not a.attisdropped))
	  into cols, bad
	  from jsonb_object_keys(set_to) k;
	if bad is not null then
		raise exception 'a % has no %', tbl, bad using errcode = 'FD400';
	end if;
	if cols is null then
		return 0;
	end if;
	execute format('update %1$I t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, $2)) where t.%3$I = any ($1)',
		tbl, cols, register_key(tbl)) using ids, set_to;
	get diagnostics n = row_count;
	return n;
end
$$;

-- The columns of `body` that are to be set on a row, whose present values are `now_is` and whose version is `have`. Who began from another
-- version: what they changed and nobody else has goes in (`base` says what they began from); a field both changed is a conflict, all of
-- which are told at once and nothing is written.
create function register_merge(row_ids uuid[], have bigint, now_is jsonb, body jsonb) returns jsonb language plpgsql stable as $$
declare
	wanted    jsonb := body - '{row_v,base,valid_from,note}'::text[];
	base      jsonb := coalesce(body -> 'base', '{}');
	result    jsonb;
	conflicts jsonb;
begin
	select coalesce(jsonb_object_agg(w.key, w.value), '{}') into result
	  from jsonb_each(wanted) w
	 where w.value is distinct from coalesce(now_is -> w.key, 'null');
	if (body ->> 'row_v')::bigint is not distinct from have then
		return result;
	end if;
	select jsonb_agg(jsonb_build_object('field', r.key, 'base', base -> r.key, 'mine', r.value, 'theirs', now_is -> r.key,
	                                    'by', a.name, 'at', a.at) order by r.key)
	  into conflicts
	  from jsonb_each(result) r
	  left join lateral (select person_name(x.actor) as name, x.at
	                       from audit x
	                      where x.row_id = any (row_ids) and x.op = 'U' and x.new ? r.key
	                      order by x.at desc, x.n desc limit 1) a on true
	 where not (base ? r.key and base -> r.key = coalesce(now_is -> r.key, 'null'));
	if conflicts is not null then
		raise exception 'changed since: it is now version %, not %', have, coalesce(body ->> 'row_v', 'none')
			using errcode = 'FD409', detail = jsonb_build_object('conflicts', conflicts, 'row_v', have)::text;
	end if;
	return result;
end
$$;

-- Columns that triggers keep: not for an undo to write.
create function register_derived(tbl text) returns text[] immutable parallel safe language sql as $$
	select case tbl when 'place' then array['label', 'site_id', 'point'] when 'component' then array['site_id', 'area_no', 'condition_grade']
	                else array['area_no'] end;
$$;

-- Takes a change back, with the caller's rights: fields go to what they were where nobody has changed them since, what was made is removed,
-- what was removed comes back. If anything stands in the way all of it is told (FD409) and nothing is done. Returns the undo's own number.
create function register_undo(undo_xid xid8) returns xid8 language plpgsql as $$
declare
	change    register_change;
	a         record;
	now_is    jsonb;
	back      jsonb;
	conflicts jsonb := '[]';
	mine      xid8;
	done      int := 0;
begin
	select * into change from register_change c where c.xid = undo_xid;
	if change.undone_by is not null then
		raise exception 'this change is undone already' using errcode = 'FD409';
	end if;
	mine := register_note('undo');
	for a in select x.* from audit x
	          where x.xid = undo_xid and register_key(x.tbl) is not null
	          order by x.n desc
	loop
		done := done + 1;
		execute format('select to_jsonb(t) from %I t where t.%I = $1', a.tbl, register_key(a.tbl)) into now_is using a.row_id;
		continue when now_is is null;
		if a.op = 'I' then
			continue when not now_is ? 'removed_at' or now_is ->> 'removed_at' is not null;
			if a.tbl = 'place' and exists (select from place p where p.parent_id = a.row_id and p.removed_at is null
			                               union all
			                               select from component c where c.place_id = a.row_id and c.removed_at is null) then
				conflicts := conflicts || jsonb_build_object('tbl', a.tbl, 'id', a.row_id, 'label', now_is ->> 'label', 'field', 'children');
			else
				perform register_set(a.tbl, array[a.row_id], jsonb_build_object('removed_at', now()));
			end if;
		elsif a.op = 'U' then
			select jsonb_object_agg(o.key, o.value) filter (where now_is -> o.key = a.new -> o.key),
			       conflicts || coalesce(jsonb_agg(jsonb_build_object('tbl', a.tbl, 'id', a.row_id,
			           'label', coalesce(now_is ->> 'label', now_is ->> 'name'), 'field', o.key,
			           'base', a.new -> o.key, 'mine', o.value, 'theirs', now_is -> o.key))
			           filter (where now_is -> o.key <> a.new -> o.key and now_is -> o.key <> o.value), '[]')
			  into back, conflicts
			  from jsonb_each(a.old) o
			 where o.key <> all (register_derived(a.tbl));
			if back is not null and conflicts = '[]' then
				perform register_set(a.tbl, array[a.row_id], back);
			end if;
		end if;
		exit when jsonb_array_length(conflicts) >= 50;
	end loop;
	if done = 0 then
		raise exception 'there is no such change of the register' using errcode = 'FD404';
	end if;
	if conflicts <> '[]' then
		raise exception 'changed again since' using errcode = 'FD409', detail = jsonb_build_object('conflicts', conflicts)::text;
	end if;
	perform register_undone(undo_xid);
	return mine;
end
$$;

-- Notes that the running transaction undoes another one; an undo that is undone itself leaves the first change standing again.
create function register_undone(undo_xid xid8) returns void language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update register_change set undoes = undo_xid where xid = pg_current_xact_id() and op = 'undo';
	if not found then
		raise exception 'only an undo undoes' using errcode = '42501';
	end if;
	update register_change set undone_by = pg_current_xact_id() where xid = undo_xid;
	update register_change f set undone_by = null
	  from register_change u where u.xid = undo_xid and u.undoes = f.xid and f.undone_by = u.xid;
end
$$;

grant execute on function register_key(text), register_derived(text), register_note(text, text, timestamptz),
	register_set(text, uuid[], jsonb), register_merge(uuid[], bigint, jsonb, jsonb), register_undo(xid8), register_undone(xid8)
	to fdvu_office, fdvu_job;
