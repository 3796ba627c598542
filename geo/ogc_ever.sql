-- The layers as they were (datetime), for the office, which sees the register's history. Of the versions of a row that held within the time
-- asked for, the last one counts. Parameters as without _ever.

-- name: gis_place_ever :list :planned
-- As gis_place.
select p.id, p.label, p.name, p.parent_id, p.area_no, p.is_public, p.id as _key,
       nullif(p.since, '-infinity') as _since, p.until as _until,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from place_ever e
         where e.kind = $16::place_kind
           and e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) p
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and ($17::text is null or p.name = $17)
   and ($18::int is null or p.area_no = $18)
   and ($19::uuid is null or p.parent_id = $19)
 order by p.id
 limit $9::int;

-- name: gis_property_ever :list :planned
-- As gis_property.
select p.id, p.label, p.name, t.municipality_no, t.gnr, t.bnr, t.fnr, t.snr, p.area_no, p.warning, p.id as _key,
       nullif(greatest(p.since, t.since), '-infinity') as _since, least(p.until, t.until) as _until,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from place_ever e
         where e.kind = 'property'
           and e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) p
  join lateral (select o.*
                  from property_ever o
                 where o.place_id = p.id
                   and o.since <= coalesce($7::timestamptz, 'infinity')
                   and o.since < coalesce(p.until, 'infinity')
                 order by o.since desc
                 limit 1) t on true
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and ($16::text is null or t.municipality_no = $16)
   and ($17::int is null or t.gnr = $17)
   and ($18::int is null or t.bnr = $18)
   and ($19::int is null or p.area_no = $19)
 order by p.id
 limit $9::int;

-- name: gis_building_ever :list :planned
-- As gis_building.
select p.id, p.label, p.name, b.bygningsnummer, b.type_code, b.status, b.built_year, b.storeys, b.bta_m2 + 0.0 as bta_m2, b.bra_m2 + 0.0 as bra_m2, b.heating,
       b.energy_grade, b.is_protected, b.ownership, b.use, b.responsible_unit, p.parent_id, p.area_no, p.code, p.warning, p.id as _key,
       nullif(greatest(p.since, b.since), '-infinity') as _since, least(p.until, b.until) as _until,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from place_ever e
         where e.kind = 'building'
           and e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) p
  join lateral (select o.*
                  from building_ever o
                 where o.place_id = p.id
                   and o.since <= coalesce($7::timestamptz, 'infinity')
                   and o.since < coalesce(p.until, 'infinity')
                 order by o.since desc
                 limit 1) b on true
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and ($16::bigint is null or b.bygningsnummer = $16)
   and ($17::smallint is null or b.type_code = $17)
   and ($18::text is null or b.status = $18)
   and ($19::text is null or b.energy_grade = $19)
   and ($20::boolean is null or b.is_protected = $20)
   and ($21::int is null or p.area_no = $21)
   and ($22::uuid is null or p.parent_id = $22)
 order by p.id
 limit $9::int;

-- name: gis_storey_ever :list :planned
-- As gis_storey.
select p.id, p.label, p.name, s.plane, s.number, p.parent_id, p.area_no, p.id as _key,
       nullif(greatest(p.since, s.since), '-infinity') as _since, least(p.until, s.until) as _until,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from place_ever e
         where e.kind = 'storey'
           and e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) p
  join lateral (select o.*
                  from storey_ever o
                 where o.place_id = p.id
                   and o.since <= coalesce($7::timestamptz, 'infinity')
                   and o.since < coalesce(p.until, 'infinity')
                 order by o.since desc
                 limit 1) s on true
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and ($16::text is null or s.plane = $16)
   and ($17::smallint is null or s.number = $17)
   and ($18::int is null or p.area_no = $18)
   and ($19::uuid is null or p.parent_id = $19)
 order by p.id
 limit $9::int;

-- name: gis_dwelling_ever :list :planned
-- As gis_dwelling.
select p.id, p.label, p.name, d.h_number, d.kind, d.rooms, d.area_m2 + 0.0 as area_m2, p.site_id as building_id, p.area_no, p.id as _key,
       nullif(greatest(p.since, d.since), '-infinity') as _since, least(p.until, d.until) as _until,
       gis_shape(coalesce(p.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from place_ever e
         where e.kind = 'dwelling'
           and e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) p
  join lateral (select o.*
                  from dwelling_ever o
                 where o.place_id = p.id
                   and o.since <= coalesce($7::timestamptz, 'infinity')
                   and o.since < coalesce(p.until, 'infinity')
                 order by o.since desc
                 limit 1) d on true
 where (($1::float8 is null and $15::text is null)
        or (case when p.geom is null then p.point else p.geom end && gis_region($1, $2, $3, $4, $5, $15)
            and gis_meets(coalesce(p.geom, p.point), gis_region($1, $2, $3, $4, $5, $15))))
   and ($16::text is null or d.h_number = $16)
   and ($17::text is null or d.kind = $17)
   and ($18::smallint is null or d.rooms = $18)
   and ($19::int is null or p.area_no = $19)
   and ($20::uuid is null or p.site_id = $20)
 order by p.id
 limit $9::int;

-- name: gis_component_ever :list :planned
-- As gis_component.
select c.id, c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on, c.service_life_years, c.quantity + 0.0 as quantity, c.unit,
       c.warranty_until, c.condition_grade, c.code, c.place_id, p.label as place_label, c.site_id as building_id, c.area_no,
       c.id as _key, nullif(c.since, '-infinity') as _since,
       c.until as _until, gis_shape(coalesce(c.geom, p.point), $10::int, $11::boolean, $12::int, $13::text) as _geom
  from (select distinct on (e.id) e.*
          from component_ever e
         where e.removed_at is null
           and e.since <= coalesce($7::timestamptz, 'infinity')
           and (e.until is null or e.until > coalesce($6::timestamptz, '-infinity'))
           and (($1::float8 is null and $15::text is null)
                or e.geom && gis_region($1, $2, $3, $4, $5, $15)
                or e.place_id in (select h.id
                                    from place_ever h
                                   where case when h.geom is null then h.point else h.geom end
                                         && gis_region($1, $2, $3, $4, $5, $15)))
           and ($8::uuid is null or e.id > $8::uuid)
           and ($14::uuid[] is null or e.id = any ($14::uuid[]))
         order by e.id, e.since desc) c
  join lateral (select o.*
                  from place_ever o
                 where o.id = c.place_id
                   and o.since <= coalesce($7::timestamptz, 'infinity')
                   and o.since < coalesce(c.until, 'infinity')
                 order by o.since desc
                 limit 1) p on true
 where (($1::float8 is null and $15::text is null)
        or gis_meets(coalesce(c.geom, p.point), gis_region($1, $2, $3, $4, $5, $15)))
   and ($16::text is null or c.element = $16)
   and ($17::text is null or c.tag = $17)
   and ($18::text is null or c.condition_grade = $18)
   and ($19::int is null or c.area_no = $19)
   and ($20::uuid is null or c.place_id = $20)
   and ($21::uuid is null or c.site_id = $21)
 order by c.id
 limit $9::int;

