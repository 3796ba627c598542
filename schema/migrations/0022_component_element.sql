-- Rules ask for all components of an element in the whole municipality: at a million components this is 20 ms instead of a scan of 500 ms a rule.
set local role fdvu_owner;
set local search_path = fdvu, public;

create index component_element on component (element) where removed_at is null;
