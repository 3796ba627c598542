-- What a row that waits looked like in its file: when it lands after an answer, the next reading of the same file finds it unchanged.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table import_queue add column row_hash bytea;
comment on column import_queue.row_hash is 'as staging told it; null: of a profile whose cells are read in SQL';
