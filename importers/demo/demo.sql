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
