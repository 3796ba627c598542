-- Tablets are told by name who has a key and whose value met theirs, as long as that is an employee without protection. When somebody begins or
-- ends, is protected or gets another name, what was told of them comes again: else a name stays on tablets that nobody may see any more.
set local role fdvu_owner;
set local search_path = fdvu, public;

create function sync_name_again(people uuid[]) returns void language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 27, l.id, 'P', l.row_v
	  from key_loan l
	  join sync_bucket b on b.kind = 'keys' and b.ref_id = sync_loan_site(l.key_id)
	 where l.holder_id = any (people)
	   and l.in_at is null
	 order by b.bucket_no, l.id
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';

	insert into sync_entry (bucket_no, tbl, row_id, op, row_v)
	select b.bucket_no, 12, c.id, 'P', c.row_v
	  from sync_conflict c
	  join sync_bucket b on b.kind = 'dev' and b.ref_id = c.device_id
	 where c.theirs_by = any (people)
	 order by b.bucket_no, c.id
	on conflict (bucket_no, tbl, row_id) do update set xid = excluded.xid, op = 'P';
end
$$;
revoke execute on function sync_name_again(uuid[]) from public;

create function sync_role_name() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op <> 'INSERT' then
		perform sync_name_again(array(select distinct o.person_id from old_rows o));
	end if;
	if tg_op <> 'DELETE' then
		perform sync_name_again(array(select distinct n.person_id from new_rows n));
	end if;
	return null;
end
$$;
create trigger sync_name_insert after insert on person_role referencing new table as new_rows
	for each statement execute function sync_role_name();
create trigger sync_name_update after update on person_role referencing old table as old_rows new table as new_rows
	for each statement execute function sync_role_name();
create trigger sync_name_delete after delete on person_role referencing old table as old_rows
	for each statement execute function sync_role_name();

create function sync_person_name() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	perform sync_name_again(array(select n.id
	                                from old_rows o
	                                full join new_rows n on n.id = o.id
	                               where n.name is distinct from o.name
	                                  or n.protection is distinct from o.protection));
	return null;
end
$$;
create trigger sync_name after update on person referencing old table as old_rows new table as new_rows
	for each statement execute function sync_person_name();

create index sync_conflict_theirs_by on sync_conflict (theirs_by) where theirs_by is not null;
