-- Batches that can be taken back, and settlements of the queue that are remembered.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- A row that was here from an earlier batch and has got new content is counted apart from one that is new.
alter table import_batch add column updated   bigint not null default 0;
alter table import_batch add column xid       xid8;
alter table import_batch add column source    text;
update import_batch set source = profile;
alter table import_batch alter column source set not null;
alter table import_batch add column undone_at timestamptz;
alter table import_batch add column undone_by uuid references person;
alter table import_batch drop constraint import_batch_adds_up;
alter table import_batch add constraint import_batch_adds_up
	check (state <> 'done' or rows_read = landed + updated + unchanged + rejected + queued);
comment on column import_batch.xid     is 'the transaction that wrote it: its rows are in audit; null for dry runs and failures';
comment on column import_batch.updated is 'rows that an earlier batch had landed, with new content';

-- What a person said about an uncertain row: the profile's key of it (a building number, an address …) is this place, in every run to come.
create table import_choice (
	id         uuid        primary key default uuidv7(),
	source     text        not null,
	key        text        not null,
	place_id   uuid        references place,
	chosen_by  uuid        references person,
	chosen_at  timestamptz not null default now(),
	row_v      bigint      not null default 1,
	changed    xid8        not null default pg_current_xact_id(),
	constraint import_choice_is_made_once unique (source, key)
);
comment on column import_choice.place_id is 'null: rows with this key are not to be read in';
create trigger stamp before update on import_choice for each row execute function stamp();
select audit_table('import_choice');
alter table import_choice enable row level security;
create policy job    on import_choice to fdvu_job using (true) with check (true);
create policy office on import_choice to fdvu_office
	using ((select has_role('manager')) or (select has_role('admin')))
	with check (((select has_role('manager')) or (select has_role('admin'))) and chosen_by = (select me())
		and (place_id is null or exists (select from place p where p.id = place_id)));
grant select, insert, update, delete on import_choice to fdvu_job;
grant select, insert (id, source, key, place_id, chosen_by), update (place_id, chosen_by, chosen_at), delete on import_choice to fdvu_office;

-- Rows that wait for the same answer have the same key: one answer settles them all.
alter table import_queue add column key text;
update import_queue set key = 'rad:' || md5(raw::text);
alter table import_queue alter column key set not null;
create index import_queue_key on import_queue (key) where state in ('open', 'settled');
alter table import_queue drop constraint import_queue_state_is_known;
alter table import_queue add constraint import_queue_state_is_known check (state in ('open', 'settled', 'resolved', 'dropped'));
comment on column import_queue.state is 'open: waits for a person; settled: answered, lands with the next run; resolved: was in that run; dropped: not to be read in';

-- An answer settles all rows that wait for it. Returns how many.
create function import_settle(of_source text, of_key text, place uuid) returns int language plpgsql security definer
set search_path = fdvu, public, pg_temp as $$
declare
	n int;
begin
	if not (is_program() or has_role('manager') or has_role('admin')) then
		raise exception 'only managers settle the queue' using errcode = '42501';
	end if;
	if place is not null and not exists (select from place p where p.id = place and p.removed_at is null
	                                        and (is_program() or p.area_no is null or p.area_no = any (areas()))) then
		raise exception 'there is no such place' using errcode = 'FD404';
	end if;
	insert into import_choice as c (source, key, place_id, chosen_by) values (of_source, of_key, place, me())
	on conflict (source, key) do update set place_id = excluded.place_id, chosen_by = excluded.chosen_by, chosen_at = now();
	update import_queue q
	   set state = case when place is null then 'dropped' else 'settled' end
	  from import_batch b
	 where b.id = q.batch_id and b.source = of_source and q.key = of_key and q.state in ('open', 'settled');
	get diagnostics n = row_count;
	return n;
end
$$;
grant execute on function import_settle(text, text, uuid) to fdvu_office, fdvu_job;

-- The origin of a row before the batch that has it now: what an undo goes back to.
alter table import_origin add column was jsonb;
create function import_origin_was() returns trigger language plpgsql as $$
begin
	-- An undo says itself what was before.
	if new.batch_id <> old.batch_id and new.was is not distinct from old.was then
		new.was := to_jsonb(old);
	end if;
	return new;
end
$$;
create trigger was before update on import_origin for each row execute function import_origin_was();

-- Who has changed a row of the batch since: a person, or a later batch. What triggers derive does not count.
create function import_changed_since(batch uuid, most int default 100)
returns table (tbl text, row_id uuid, line bigint, label text, by text, at timestamptz, is_person boolean)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select distinct on (a.tbl, a.row_id)
	       a.tbl, a.row_id, (select min(case when o.batch_id = b.id then o.line else (o.was ->> 'line')::bigint end) from import_origin o where o.row_id = a.row_id),
	       coalesce((select p.label from place p where p.id = a.row_id), (select c.name from component c where c.id = a.row_id),
	                (select d.title from document d where d.id = a.row_id)),
	       coalesce(person_name(a.actor), (select l.profile from import_batch l where l.xid = a.xid)), a.at, a.actor is not null
	  from import_batch b
	  join (select distinct t.xid, t.tbl, t.row_id from audit t) touched on touched.xid = b.xid
	  join audit a on a.row_id = touched.row_id and a.tbl = touched.tbl and a.xid > b.xid and a.op in ('U', 'D')
	 where b.id = import_changed_since.batch
	   and (a.actor is not null or exists (select from import_batch l where l.xid = a.xid and l.state = 'done'))
	   and (a.op = 'D' or exists (select from jsonb_object_keys(a.new) k
	                               where k <> all (coalesce(register_derived(a.tbl), '{}'::text[]))))
	 order by a.tbl, a.row_id, a.at desc
	 limit most;
$$;

-- Deletes what the batch made, the deepest first, and puts back what it changed. All or nothing.
create function import_take_back(batch_xid xid8) returns bigint language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	-- what leans on others comes before them
	tables text[] := array['answer', 'case_message', 'case_follower', 'contact', 'task', 'cases', 'document', 'condition', 'component',
	                       'lease_party', 'lease', 'dwelling', 'storey', 'address', 'building', 'property', 'place', 'person_role', 'person'];
	t      text;
	key    text;
	keyset record;
	n      bigint;
	total  bigint := 0;
begin
	if exists (select from audit a where a.xid = batch_xid and a.op = 'D') then
		raise exception 'the batch deleted rows, and cannot be taken back' using errcode = 'FD409';
	end if;
	foreach t in array tables loop
		key := coalesce(register_key(t), 'id');
		-- A row may have been written several times: the first of its old values is what it was.
		for keyset in
			select array_agg(x.row_id) as ids, x.cols
			  from (select a.row_id, array_agg(distinct k.key order by k.key) as cols
			          from audit a
			         cross join lateral jsonb_object_keys(a.old) k (key)
			         where a.xid = batch_xid and a.tbl = t and a.op = 'U' and k.key <> all (coalesce(register_derived(t), '{}'::text[]))
			           and not exists (select from audit i where i.xid = batch_xid and i.tbl = t and i.row_id = a.row_id and i.op = 'I')
			         group by a.row_id) x
			 group by x.cols
		loop
			execute format(
				'update %1$I r set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, w.was))
				   from (select a.row_id, jsonb_object_agg(e.key, e.value order by a.n desc) as was
				           from audit a cross join lateral jsonb_each(a.old) e
				          where a.xid = $1 and a.tbl = %3$L and a.op = ''U'' and a.row_id = any ($2)
				          group by a.row_id) w
				  where r.%4$I = w.row_id',
				t, (select string_agg(quote_ident(c), ', ') from unnest(keyset.cols) c), t, key) using batch_xid, keyset.ids;
			get diagnostics n = row_count;
			total := total + n;
		end loop;
	end loop;
	foreach t in array tables loop
		key := coalesce(register_key(t), 'id');
		execute format('delete from %1$I r using audit a where a.xid = $1 and a.tbl = %1$L and a.op = ''I'' and r.%2$I = a.row_id', t, key)
			using batch_xid;
		get diagnostics n = row_count;
		total := total + n;
		-- What was never meant to be has no history.
		if to_regclass('fdvu.' || t || '_was') is not null and n > 0 then
			execute format('delete from %1$I_was r using audit a where a.xid = $1 and a.tbl = %1$L and a.op = ''I'' and r.%2$I = a.row_id', t, key)
				using batch_xid;
		end if;
	end loop;
	return total;
end
$$;

-- Takes a whole batch back, unless somebody has changed one of its rows since or hung something on one: then all of that is told and
-- nothing is done. Returns how many rows were touched.
create function import_undo(batch uuid) returns bigint language plpgsql as $$
declare
	b       import_batch;
	since   jsonb;
	touched bigint;
	why     text;
begin
	select * into b from import_batch x where x.id = batch for update;
	if not found then
		raise exception 'there is no such batch' using errcode = 'FD404';
	end if;
	if b.state <> 'done' or b.xid is null then
		raise exception 'this batch changed nothing, or is taken back already' using errcode = 'FD409';
	end if;
	select jsonb_agg(to_jsonb(c) order by c.line) into since from import_changed_since(batch) c;
	if since is not null then
		raise exception 'rows of the batch have been changed since' using errcode = 'FD409', detail = jsonb_build_object('changed_since', since)::text;
	end if;
	begin
		touched := import_take_back(b.xid);
	exception when foreign_key_violation then
		get stacked diagnostics why = pg_exception_detail;
		raise exception 'something has been hung on a row of the batch since'
			using errcode = 'FD409', detail = jsonb_build_object('in_use', why)::text;
	end;
	-- Back to the batch before, with what that one had of its own predecessor.
	update import_origin o
	   set tbl = r.tbl, row_id = r.row_id, batch_id = r.batch_id, line = r.line, content_hash = r.content_hash, was = r.was
	  from import_origin x
	 cross join lateral jsonb_populate_record(null::import_origin, x.was) r
	 where x.batch_id = batch and x.was is not null and o.source = x.source and o.source_key = x.source_key;
	delete from import_origin o where o.batch_id = batch;
	delete from import_queue q where q.batch_id = batch and q.state = 'open';
	update import_batch set state = 'undone', undone_at = now(), undone_by = me() where id = batch;
	return touched;
end
$$;

grant execute on function import_changed_since(uuid, int), import_take_back(xid8), import_undo(uuid) to fdvu_job;
