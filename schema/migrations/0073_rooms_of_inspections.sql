-- A dwelling is gone through room by room when somebody moves in or out (FIELD-2): what stood in the two checklists was keys, meter and order.
-- No room has to be answered, for not every dwelling has them all.
set local role fdvu_owner;
set local search_path = fdvu, public;

insert into checklist_item (id, checklist_id, seq, kind, text_nb, text_nn, text_en, is_required)
select ref_uuid('checklist_item', c.code || ':' || v.seq), c.id, v.seq, 'check', v.text_nb, v.text_nn, v.text_en, false
  from (values
	(11, 'Gang: gulv, vegger, dør og lås', 'Gang: golv, veggar, dør og lås', 'Hall: floor, walls, door and lock'),
	(12, 'Stue: gulv, vegger, tak og vindu', 'Stove: golv, veggar, tak og vindauge', 'Living room: floor, walls, ceiling and windows'),
	(13, 'Kjøkken: innredning, hvitevarer og avtrekk', 'Kjøkken: innreiing, kvitevarer og avtrekk', 'Kitchen: fittings, appliances and extractor'),
	(14, 'Bad: sluk, fuger, armatur og vifte', 'Bad: sluk, fuger, armatur og vifte', 'Bathroom: drain, joints, taps and fan'),
	(15, 'Soverom: gulv, vegger, tak og vindu', 'Soverom: golv, veggar, tak og vindauge', 'Bedroom: floor, walls, ceiling and windows'),
	(16, 'Bod og balkong: ryddet og uten skade', 'Bod og balkong: rydda og utan skade', 'Storage and balcony: cleared and undamaged')
) v (seq, text_nb, text_nn, text_en)
 cross join checklist c
 where c.code in ('move_in', 'move_out');
