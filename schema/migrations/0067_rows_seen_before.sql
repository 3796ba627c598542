-- A row of a file that is byte for byte what an earlier import checked, under the same rules, needs no second look: it is told by this alone.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table import_origin add column seen uuid;
comment on column import_origin.seen is
	'of the row as it stood in its file and all that decided how it was judged (docs/decisions/0025); null: it must be looked at again';

-- Whoever changes what a row said without saying how it looked, has not seen it. What only tells how it looked changes nothing else.
create or replace function import_origin_was() returns trigger language plpgsql as $$
begin
	-- An undo says itself what was before.
	if new.batch_id <> old.batch_id and new.was is not distinct from old.was then
		new.was := to_jsonb(old) - 'seen';
	end if;
	if new.content_hash <> old.content_hash and new.seen is not distinct from old.seen then
		new.seen := null;
	end if;
	return new;
end
$$;
drop trigger was on import_origin;
create trigger was before update of tbl, row_id, batch_id, line, content_hash, was on import_origin for each row execute function import_origin_was();
