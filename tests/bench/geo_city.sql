-- A city to cut tiles of, in a few set operations with the triggers off: :buildings houses with outlines in a lattice of 40 m, fifty
-- components in each, of which five are drawn where they stand, and tasks and cases. Only what tiles show is filled.
set session_replication_role = replica;
set synchronous_commit = off;

create temp table house as
select n, uuidv7() as id, 424000 + (n % 200) * 40.0 as x, 6990000 + (n / 200) * 40.0 as y, 1 + n % 3 as area_no
  from generate_series(0, :buildings - 1) n;

insert into area (area_no, name) select n, 'Område ' || n from generate_series(1, 3) n on conflict do nothing;
insert into place (id, parent_id, kind, name, label, area_no, site_id, geom, point)
select h.id, (select id from place where kind = 'property' limit 1), 'building', 'Hus ' || h.n, 'Lyngveien ' || h.n || ', hus ' || h.n, h.area_no, h.id,
       st_setsrid(st_makeenvelope(h.x, h.y, h.x + 12, h.y + 9), 25832), st_setsrid(st_makepoint(h.x + 6, h.y + 4), 25832)
  from house h;
insert into building (place_id, type_code, status, area_no)
select h.id, (select min(code) from building_type), 'TB', h.area_no from house h;
insert into component (place_id, site_id, area_no, name, element, condition_grade, geom)
select h.id, h.id, h.area_no, 'Komponent ' || c, '32', 'TG' || c % 4,
       case when c <= 5 then st_setsrid(st_makepoint(h.x + c * 2, h.y + c), 25832) end
  from house h, generate_series(1, 50) c;
insert into task (number, place_id, site_id, area_no, title, category, state, deadline)
select 'B-' || h.n, h.id, h.id, h.area_no, 'Rens filter i ventilasjonsanlegget', (select min(code) from category), 'open',
       now() + make_interval(hours => h.n % 400 - 100)
  from house h;
insert into cases (number, place_id, site_id, area_no, category, title, state, priority, deadline, position)
select 'B-' || h.n, h.id, h.id, h.area_no, (select min(code) from category), 'Knust rute i oppgangen', 'new', 3, now() + interval '3 days',
       case when h.n % 8 = 0 then st_setsrid(st_makepoint(h.x + 3, h.y + 3), 25832) end
  from house h
 where h.n % 4 = 0;
reset session_replication_role;
analyze;
