-- name: demo_copy_area :exec
-- Operating areas.
copy fdvu.area (area_no, name, municipality_no) from stdin;

-- name: demo_copy_place :exec
-- The place tree, parents before children; triggers fill label, site and point.
copy fdvu.place (id, parent_id, kind, name, area_no, code, geom, is_public, warning) from stdin;

-- name: demo_copy_property :exec
copy fdvu.property (place_id, municipality_no, gnr, bnr) from stdin;

-- name: demo_copy_building :exec
copy fdvu.building (place_id, bygningsnummer, type_code, status, built_year, storeys, bta_m2, bra_m2, heating, energy_grade,
	is_protected, ownership, use, responsible_unit) from stdin;

-- name: demo_copy_storey :exec
copy fdvu.storey (place_id, plane, number) from stdin;

-- name: demo_copy_address :exec
copy fdvu.address (id, municipality_no, street_code, street_name, number, letter, postcode, post_town, property_id, building_id,
	geom, key) from stdin;

-- name: demo_copy_dwelling :exec
copy fdvu.dwelling (place_id, h_number, kind, rooms, area_m2, address_id) from stdin;

-- name: demo_copy_component :exec
copy fdvu.component (id, place_id, name, element, tag, maker, model, serial, installed_on, service_life_years, quantity, unit,
	replacement_cost_ore, warranty_until, condition_grade, code) from stdin;

-- name: demo_copy_condition :exec
copy fdvu.condition (id, component_id, grade, consequence, cause, note, noted_by, noted_at) from stdin;

-- name: demo_copy_person :exec
copy fdvu.person (id, name, is_organisation, orgnr, email, phone, language, protection, demo_key) from stdin;

-- name: demo_copy_person_secret :exec
copy fdvu.person_secret (person_id, national_id) from stdin;

-- name: demo_copy_person_role :exec
copy fdvu.person_role (id, person_id, role, area_no) from stdin;

-- name: demo_copy_lease :exec
copy fdvu.lease (id, number, dwelling_id, starts_on, ends_on, rent_ore, state) from stdin;

-- name: demo_copy_lease_party :exec
copy fdvu.lease_party (id, lease_id, person_id, role) from stdin;

-- name: demo_copy_cases :exec
copy fdvu.cases (id, number, place_id, category, title, description, state, priority, deadline, owner_id, reporter_id, channel,
	created_at, done_at) from stdin;

-- name: demo_copy_case_follower :exec
copy fdvu.case_follower (id, case_id, person_id) from stdin;

-- name: demo_copy_case_message :exec
copy fdvu.case_message (id, case_id, author_id, is_internal, text, sent_at) from stdin;

-- name: demo_copy_contact :exec
copy fdvu.contact (id, number, channel, person_id, phone, text, received_at, case_id) from stdin;

-- name: demo_copy_task :exec
copy fdvu.task (id, number, case_id, place_id, component_id, title, description, category, state, priority, planned_on, deadline,
	assignee_id, checklist_id, done_at, done_by, done_note, device_done_at, created_at) from stdin;

-- name: demo_copy_answer :exec
copy fdvu.answer (id, task_id, item_id, value, is_ok, note, answered_by, answered_at, captured_at) from stdin;

-- name: demo_copy_supplier_link :exec
copy fdvu.supplier_link (id, token_hash, task_id, person_id, expires_at) from stdin;

-- name: demo_copy_document :exec
copy fdvu.document (id, archive_ref, title, file_name, mime, size, place_id, categories, disciplines, element, source, source_key,
	doc_date, kind, created_at) from stdin;

-- name: demo_in_use :exec
-- Whether anybody's data is here already.
select exists (select from place) or exists (select from person) or exists (select from area);

-- name: demo_checklists :exec
-- Checklists with their items, in a fixed order.
select c.code, c.id, i.id, i.kind, coalesce(i.min, 0), coalesce(i.max, 100)
  from checklist c
  join checklist_item i on i.checklist_id = c.id
 order by c.code, i.seq;

-- name: demo_categories :exec
select code, priority, coalesce(sla_hours, 0) from category order by code;

-- name: demo_numbers :exec
-- The next number of a kind goes on after those that were loaded. $1 kind, $2 year, $3 last number
select setval(('fdvu.number_' || $1 || '_' || $2)::regclass, $3::bigint)
 where next_number($1, ($2 || '-06-15')::timestamptz) is not null;

-- name: demo_notifications :exec
-- A year's old messages are nobody's news: what the load made is read, but for the last fortnight's open cases.
-- $1 the demo's day
delete from notification n
 using cases c
 where c.id = n.case_id
   and (c.state in ('done', 'closed', 'cancelled') or c.created_at < $1::date - 14);

-- name: demo_prepare :exec
-- For this transaction: triggers that look up one row must use an index even while their table is empty (they keep that plan),
-- and the rows of a statement that a trigger works on stay in memory.
select set_config('enable_seqscan', 'off', true), set_config('work_mem', '256MB', true);

-- name: demo_analyze :exec
-- Also between the tables of a load: triggers keep their plans for the session, and one made for an empty table reads all of it
-- for each row once the table is full.
analyze fdvu.area, fdvu.place, fdvu.property, fdvu.building, fdvu.storey, fdvu.address, fdvu.dwelling, fdvu.person, fdvu.lease,
	fdvu.lease_party, fdvu.component, fdvu.condition, fdvu.cases, fdvu.case_follower, fdvu.case_message, fdvu.contact, fdvu.task,
	fdvu.answer, fdvu.supplier_link, fdvu.document, fdvu.notification, fdvu.sync_bucket, fdvu.sync_entry, fdvu.search,
	fdvu.key_system, fdvu.cylinder, fdvu.key, fdvu.key_cylinder, fdvu.key_loan, fdvu.charge, fdvu.meter, fdvu.meter_reading, fdvu.degree_day,
	fdvu.warning;
