-- name: lease_home :list
-- The dwellings a tenant rents today.
select l.id, l.number, l.dwelling_id, d.label, p.h_number, p.rooms, p.area_m2, d.site_id as building_id, b.label as building_label,
       l.rent_ore, l.deposit_ore, l.deposit_account, l.regulated_on, l.regulation_index, l.notice_months, l.kid, l.starts_on, l.ends_on, l.state, st_x(d.point)::numeric(12,3) as x, st_y(d.point)::numeric(12,3) as y
  from lease l
  join place d on d.id = l.dwelling_id
  join dwelling p on p.place_id = d.id
  left join place b on b.id = d.site_id
 order by l.starts_on desc, l.id;
