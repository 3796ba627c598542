-- What tablets were told of somebody by name stays there when that person has left.
drop trigger sync_name_insert on person_role;
drop trigger sync_name_update on person_role;
drop trigger sync_name_delete on person_role;
