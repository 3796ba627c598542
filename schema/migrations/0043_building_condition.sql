-- Buildings on the map by the worst condition of what is in them: where to find it, and what the kept tiles must hear of (0032).
set local role fdvu_owner;
set local search_path = fdvu, public;

-- The worst grade of a building is the last entry of its stretch of the index.
create index component_site_grade on component (site_id, condition_grade) where removed_at is null and condition_grade <> 'TGIU';

-- A component's grade is drawn on its building too, which is another place on the map when the component has one of its own.
create function tile_building_grade() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	sites  uuid[];
	layers int[];
	boxes  geometry[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(distinct n.site_id) into sites from new_rows n where n.condition_grade <> 'TGIU';
	when 'UPDATE' then
		select array_agg(distinct v.site_id) into sites
		  from old_rows o
		  join new_rows n using (id)
		 cross join lateral (values (o.site_id, o.condition_grade), (n.site_id, n.condition_grade)) v (site_id, grade)
		 where (o.site_id, o.area_no, o.condition_grade, o.removed_at) is distinct from (n.site_id, n.area_no, n.condition_grade, n.removed_at)
		   and v.grade <> 'TGIU';
	else
		select array_agg(distinct o.site_id) into sites from old_rows o where o.condition_grade <> 'TGIU';
	end case;
	if sites is null then
		return null;
	end if;
	select array_agg(8), array_agg(st_envelope(coalesce(p.geom, p.point)))
	  into layers, boxes
	  from place p
	 where p.id = any (sites) and p.kind = 'building' and p.point is not null;
	if layers is not null then
		perform tile_note(layers, boxes);
	end if;
	return null;
end
$$;
create trigger tile_building_insert after insert on component referencing new table as new_rows
	for each statement execute function tile_building_grade();
create trigger tile_building_update after update on component referencing old table as old_rows new table as new_rows
	for each statement execute function tile_building_grade();
create trigger tile_building_delete after delete on component referencing old table as old_rows
	for each statement execute function tile_building_grade();
