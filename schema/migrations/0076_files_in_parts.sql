-- Snapshot files are of parts that a tablet keeps as they come (docs/decisions/0041-files-kept-in-parts.md).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Those that were made before are followed by new ones in the night, and offered to nobody.
update sync_snapshot set schema = 0;
