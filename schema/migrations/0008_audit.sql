-- Who changed what, when. One function, one table by months, statement-level triggers: a bulk load costs one insert.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table audit (
	at     timestamptz not null default now(),
	xid    xid8        not null default pg_current_xact_id(),
	tbl    text        not null,
	row_id uuid        not null,
	op     char(1)     not null,
	actor  uuid,
	old    jsonb,
	new    jsonb,
	constraint audit_op_is_i_u_or_d check (op in ('I', 'U', 'D'))
) partition by range (at);
comment on table audit is 'inserts keep the key only (the row is there to be read), updates the changed columns, deletions the whole row';

create table audit_default partition of audit default;
create index audit_row on audit (row_id, at);
create index audit_at  on audit using brin (at);

-- Makes the partitions of this month and the next ones; for the monthly job. Returns how many were made.
create function audit_partitions(months int default 3) returns int
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	month date := date_trunc('month', now() at time zone 'UTC');
	name  text;
	made  int := 0;
begin
	for i in 0..months loop
		name := 'audit_' || to_char(month, 'YYYYMM');
		if to_regclass('fdvu.' || name) is null then
			execute format('create table %I (like audit including defaults including constraints)', name);
			-- What the default partition caught of this month moves over, or attaching would refuse.
			execute format('with moved as (delete from audit_default where at >= %L and at < %L returning *) insert into %I select * from moved',
				month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00', name);
			execute format('alter table audit attach partition %I for values from (%L) to (%L)',
				name, month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
			execute format('alter table %I enable row level security', name);
			made := made + 1;
		end if;
		month := month + interval '1 month';
	end loop;
	return made;
end
$$;

alter table audit_default enable row level security;
select audit_partitions(3);

-- The trigger's arguments: the row's key as SQL on alias r, and the columns that are secret and so never come here.
create function audit_rows() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
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
			                      where n.key <> all (%s::text[] || array[''changed'', ''row_v''])) d
			 where d.new is not null', tg_table_name, key, key, hidden);
	end if;
	return null;
end
$$;

-- Puts the three triggers on a table; used by migrations.
create function audit_table(tbl regclass, key text default 'r.id', hidden text[] default '{}') returns void language plpgsql as $$
begin
	execute format('create trigger audit_insert after insert on %s referencing new table as new_rows
		for each statement execute function audit_rows(%L, %L)', tbl, key, hidden);
	execute format('create trigger audit_update after update on %s referencing old table as old_rows new table as new_rows
		for each statement execute function audit_rows(%L, %L)', tbl, key, hidden);
	execute format('create trigger audit_delete after delete on %s referencing old table as old_rows
		for each statement execute function audit_rows(%L, %L)', tbl, key, hidden);
end
$$;

select audit_table(t::regclass) from unnest(array['checklist', 'checklist_item', 'category', 'place', 'address', 'component', 'condition',
	'person', 'person_role', 'lease', 'lease_party', 'rule', 'cases', 'case_message', 'case_follower', 'contact', 'task', 'answer',
	'document']) t;
select audit_table(t::regclass, 'r.place_id') from unnest(array['property', 'building', 'storey', 'dwelling']) t;
select audit_table('person_secret', 'r.person_id', '{national_id}');
select audit_table('supplier_link', 'r.id', '{token_hash}');
select audit_table('area', 'ref_uuid(''area'', r.area_no::text)');
select audit_table('setting', 'ref_uuid(''setting'', r.key)', '{value}');
