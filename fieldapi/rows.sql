-- What a tablet is told of a row: the one place that says it, for pull, reconcile and snapshot files alike.
--
-- A new table of the feed gets its number and name in sync_tables, its fields in sync_rows, and sync_table() in its migration. When the fields
-- of a table become more, its `since` becomes the protocol's new schema number (SYNC_SCHEMA in fieldapi/cursor.h): tablets get its rows again.
-- Fields are only added; what they are called stays.

-- part: sync_tables
-- Number, name on the wire, and the schema in which its fields last became more.
tables (tbl, t, since) as (values
	(1::smallint, 'place',             1),
	(2,           'component',         1),
	(3,           'task',              2),
	(4,           'answer',            1),
	(5,           'document',          1),
	(6,           'checklist',         1),
	(7,           'checklist_item',    1),
	(8,           'category',          1),
	(9,           'mutation',          1),
	(12,          'conflict',          2),
	(20,          'time_entry',        2),
	(21,          'material_use',      2),
	(22,          'inspection',        2),
	(23,          'inspection_answer', 2),
	(24,          'signature',         2),
	(25,          'photo_mark',        2),
	(26,          'meter_reading',     3),
	(27,          'key_loan',          3),
	(28,          'key',               3),
	(29,          'meter',             3)
),

-- part: sync_rows
-- `content`: the rows that `page` (bucket_no, tbl, row_id, op, row_v) names, with their name `t` and fields `d`; a row that the asker may not
-- see is not there, one that has left its bucket (op 'D') has no fields.
content as (
	select r.*, n.t
	  from (
	select p.*, json_build_object('id', x.id, 'parent_id', x.parent_id, 'kind', x.kind, 'name', x.name, 'label', x.label, 'code', x.code,
	            'area_no', x.area_no, 'site_id', x.site_id, 'warning', x.warning,
	            'warning_kinds', case when x.warning is not null then place_warning_kinds(x.id) end,
	            'x', round(st_x(x.point)::numeric, 3), 'y', round(st_y(x.point)::numeric, 3)) as d
	  from page p join place x on x.id = p.row_id where p.tbl = 1 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'place_id', x.place_id, 'name', x.name, 'element', x.element, 'tag', x.tag, 'maker', x.maker,
	            'model', x.model, 'serial', x.serial, 'installed_on', x.installed_on, 'condition_grade', x.condition_grade, 'code', x.code)
	  from page p join component x on x.id = p.row_id where p.tbl = 2 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'number', x.number, 'place_id', x.place_id, 'component_id', x.component_id, 'title', x.title,
	            'description', x.description, 'category', x.category, 'state', x.state, 'priority', x.priority, 'planned_on', x.planned_on,
	            'deadline', x.deadline, 'assignee_id', x.assignee_id, 'checklist_id', x.checklist_id, 'done_at', x.done_at,
	            'done_note', x.done_note, 'case_id', x.case_id, 'started_at', x.started_at, 'progress', x.progress, 'visits', x.visits,
	            'access_note', x.access_note)
	  from page p join task x on x.id = p.row_id where p.tbl = 3 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'task_id', x.task_id, 'item_id', x.item_id, 'value', x.value, 'is_ok', x.is_ok, 'note', x.note,
	            'answered_by', x.answered_by, 'captured_at', x.captured_at)
	  from page p join answer x on x.id = p.row_id where p.tbl = 4 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'task_id', x.task_id, 'case_id', x.case_id, 'place_id', x.place_id, 'title', x.title,
	            'sha256', encode(x.sha256, 'hex'), 'mime', x.mime, 'kind', x.kind, 'captured_at', x.captured_at)
	  from page p join document x on x.id = p.row_id where p.tbl = 5 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'code', x.code, 'name_nb', x.name_nb, 'name_nn', x.name_nn, 'name_en', x.name_en)
	  from page p join checklist x on x.id = p.row_id where p.tbl = 6 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'checklist_id', x.checklist_id, 'seq', x.seq, 'kind', x.kind, 'text_nb', x.text_nb,
	            'text_nn', x.text_nn, 'text_en', x.text_en, 'unit', x.unit, 'is_required', x.is_required, 'min', x.min, 'max', x.max)
	  from page p join checklist_item x on x.id = p.row_id where p.tbl = 7 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'code', x.code, 'name_nb', x.name_nb, 'name_nn', x.name_nn, 'name_en', x.name_en, 'icon', x.icon,
	            'priority', x.priority)
	  from page p join category x on x.id = p.row_id where p.tbl = 8 and p.op = 'P'
	union all
	select p.*, json_build_object('mid', x.mid, 'seq', x.seq, 'state', x.state, 'result', x.result)
	  from page p join sync_mutation x on x.mid = p.row_id where p.tbl = 9 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'mid', x.mid, 'row_id', x.row_id, 'field', x.field, 'base', x.base, 'mine', x.mine,
	            'theirs', x.theirs, 'theirs_by', person_name(x.theirs_by), 'theirs_at', x.theirs_at, 'chosen', x.chosen, 'policy', x.policy, 'state', x.state,
	            'severity', x.severity, 'kind', x.kind)
	  from page p join sync_conflict x on x.id = p.row_id where p.tbl = 12 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'task_id', x.task_id, 'place_id', x.place_id, 'kind', x.kind, 'minutes', x.minutes,
	            'started_at', x.started_at, 'note', x.note, 'person_id', x.person_id, 'captured_at', x.captured_at)
	  from page p join time_entry x on x.id = p.row_id where p.tbl = 20 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'task_id', x.task_id, 'place_id', x.place_id, 'component_id', x.component_id, 'name', x.name,
	            'quantity', x.quantity, 'unit', x.unit, 'price_ore', x.price_ore, 'note', x.note, 'person_id', x.person_id,
	            'captured_at', x.captured_at)
	  from page p join material_use x on x.id = p.row_id where p.tbl = 21 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'place_id', x.place_id, 'checklist_id', x.checklist_id, 'kind', x.kind, 'state', x.state,
	            'started_at', x.started_at, 'started_by', x.started_by, 'finished_at', x.finished_at, 'finished_by', x.finished_by,
	            'keys', x.keys, 'note', x.note)
	  from page p join inspection x on x.id = p.row_id where p.tbl = 22 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'inspection_id', x.inspection_id, 'item_id', x.item_id, 'value', x.value, 'is_ok', x.is_ok,
	            'note', x.note, 'answered_by', x.answered_by, 'captured_at', x.captured_at)
	  from page p join inspection_answer x on x.id = p.row_id where p.tbl = 23 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'task_id', x.task_id, 'inspection_id', x.inspection_id, 'loan_id', x.loan_id, 'role', x.role,
	            'name', x.name, 'sha256', encode(x.sha256, 'hex'), 'captured_at', x.captured_at)
	  from page p join signature x on x.id = p.row_id where p.tbl = 24 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'document_id', x.document_id, 'layer', x.layer, 'note', x.note, 'person_id', x.person_id,
	            'captured_at', x.captured_at)
	  from page p join photo_mark x on x.id = p.row_id where p.tbl = 25 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'meter_id', x.meter_id, 'at', x.at, 'value', x.value, 'source', x.source, 'state', x.state)
	  from page p join meter_reading x on x.id = p.row_id where p.tbl = 26 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'key_id', x.key_id, 'out_at', x.out_at, 'due_on', x.due_on, 'lost_at', x.lost_at,
	            'holder', person_name(x.holder_id), 'holder_kind', key_holder_kind(x.holder_id))
	  from page p join key_loan x on x.id = p.row_id where p.tbl = 27 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'place_id', s.place_id, 'system', s.name, 'mark', x.mark, 'serial', x.serial,
	            'is_master', x.is_master, 'state', x.state)
	  from page p join key x on x.id = p.row_id join key_system s on s.id = x.system_id where p.tbl = 28 and p.op = 'P'
	union all
	select p.*, json_build_object('id', x.id, 'place_id', x.place_id, 'component_id', x.component_id, 'kind', x.kind, 'unit', x.unit,
	            'serial', x.serial, 'name', x.name, 'digits', x.digits, 'factor', x.factor, 'installed_on', x.installed_on)
	  from page p join meter x on x.id = p.row_id where p.tbl = 29 and p.op = 'P'
	union all
	select p.*, null from page p where p.op = 'D'
	) r join tables n on n.tbl = r.tbl
)
