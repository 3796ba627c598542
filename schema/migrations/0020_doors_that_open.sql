-- What the API's route tables promise and the grants forgot: caretakers read the buildings and the areas that they work in, and a QR label
-- opens for whoever is logged in as it does for whoever is not.
set local role fdvu_owner;
set local search_path = fdvu, public;

create policy field on building for select to fdvu_field using (area_no = any ((select areas())::int[]));
create policy field on dwelling for select to fdvu_field using (area_no = any ((select areas())::int[]));
create policy field on area     for select to fdvu_field using ((select me()) is not null);
grant select on building, dwelling, area to fdvu_field;

-- Without words, dwelling or reporter: see the view.
grant select on public_case to fdvu_field, fdvu_supplier;
