-- Floor plans on the map, and the map that all others lie on.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- A drawing of a storey and where it lies. The bytes are a document's, so that who may not see the document does not get them.
create table floor_plan (
	id             uuid             primary key default uuidv7(),
	storey_id      uuid             not null references place,
	document_id    uuid             not null references document,
	kind           text             not null,
	page           int              not null default 1,
	width          double precision not null,
	height         double precision not null,
	transform      double precision[] not null,
	control_points jsonb            not null default '[]',
	opacity        double precision not null default 0.7,
	valid_from     date,
	removed_at     timestamptz,
	created_at     timestamptz      not null default now(),
	created_by     uuid             references person,
	row_v          bigint           not null default 1,
	changed        xid8             not null default pg_current_xact_id(),
	constraint floor_plan_kind_is_known            check (kind in ('image', 'pdf', 'dxf')),
	constraint floor_plan_page_is_1_to_500         check (page between 1 and 500),
	constraint floor_plan_size_is_plausible        check (width > 0 and width < 1e7 and height > 0 and height < 1e7),
	constraint floor_plan_opacity_is_0_to_1        check (opacity between 0 and 1),
	constraint floor_plan_transform_is_six_numbers check (array_ndims(transform) = 1 and cardinality(transform) = 6 and array_position(transform, null) is null),
	-- A drawing is put down in metres: it is neither flat, nor larger than a town, nor outside the zone.
	constraint floor_plan_transform_is_on_the_map  check (
		abs(transform[1] * transform[4] - transform[2] * transform[3]) > 1e-12
		and greatest(abs(transform[1]), abs(transform[2]), abs(transform[3]), abs(transform[4])) < 1e4
		and transform[5] between -1e6 and 2e6 and transform[6] between 5e6 and 1e7),
	constraint floor_plan_control_points_are_few   check (jsonb_typeof(control_points) = 'array' and jsonb_array_length(control_points) <= 20)
);
comment on column floor_plan.width     is 'of the drawing, in its own units: pixels, or points of a PDF page, or units of a DXF';
comment on column floor_plan.transform is 'a world file''s six numbers: x = t1·u + t3·v + t5, y = t2·u + t4·v + t6, in EPSG:25832';

create index floor_plan_storey   on floor_plan (storey_id, created_at, id);
create index floor_plan_document on floor_plan (document_id);
create trigger stamp before update on floor_plan for each row execute function stamp();
select audit_table('floor_plan');

alter table floor_plan enable row level security;
create policy job on floor_plan to fdvu_job using (true) with check (true);
-- A plan is seen with its storey: the sub-select runs under place's own policies.
create policy office on floor_plan to fdvu_office
	using (exists (select from place p where p.id = storey_id))
	with check (exists (select from place p where p.id = storey_id and p.kind = 'storey')
		and exists (select from document d where d.id = document_id and d.place_id = storey_id));
create policy office_as_me on floor_plan as restrictive for insert to fdvu_office with check (created_by = (select me()));
create policy field on floor_plan for select to fdvu_field using (exists (select from place p where p.id = storey_id));

grant select on floor_plan to fdvu_office, fdvu_field;
grant insert (id, storey_id, document_id, kind, page, width, height, transform, control_points, opacity, valid_from, created_by) on floor_plan to fdvu_office;
grant update (page, width, height, transform, control_points, opacity, valid_from, removed_at) on floor_plan to fdvu_office;
grant select, insert, update, delete on floor_plan to fdvu_job;

-- The background of all maps: Kartverket's open cache, until the municipality says otherwise.
insert into setting (key, value) values ('map_background', '{
	"type": "wmts",
	"url": "https://cache.kartverket.no/v1/wmts/1.0.0/{layer}/default/{matrix_set}/{z}/{y}/{x}.png",
	"layer": "topo",
	"matrix_sets": {"25832": "utm32n", "3857": "webmercator"},
	"attribution": "© Kartverket"}');

-- Of the settings the office reads this one alone, and administrators change it: the others hold secrets.
create policy map_background on setting for select to fdvu_office using (key = 'map_background' and (select me()) is not null);
create policy map_background_admin on setting for update to fdvu_office
	using (key = 'map_background' and (select has_role('admin'))) with check (key = 'map_background');
grant select (key, value), update (value) on setting to fdvu_office;
