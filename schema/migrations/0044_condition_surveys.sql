-- What a condition survey says beside the grade (PLAN-2, NS 3424): what should be done, by when, and what it costs.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table condition add column theme          text;
alter table condition add column probability    smallint constraint condition_probability_is_0_to_3 check (probability between 0 and 3);
alter table condition add column measure        text;
alter table condition add column due_year       smallint constraint condition_due_year_is_plausible check (due_year between 1950 and 2200);
alter table condition add column investment_ore bigint   constraint condition_investment_is_positive check (investment_ore >= 0);
alter table condition add column operation_ore  bigint   constraint condition_operation_is_positive check (operation_ore >= 0);
comment on column condition.theme          is 'what the consequence is for: safety, indoor climate, economy …, as the survey says it';
comment on column condition.measure        is 'what the surveyor proposes to do (tiltak)';
comment on column condition.due_year       is 'when it should be done at the latest';
comment on column condition.investment_ore is 'what the measure costs; null: not told, which is not nothing';
comment on column condition.operation_ore  is 'what of the cost belongs to operation';
grant insert (theme, probability, measure, due_year, investment_ore, operation_ore),
      update (theme, probability, measure, due_year, investment_ore, operation_ore) on condition to fdvu_office;

-- A condition that is taken back no longer sets the grade: the newest of those that are left does, or none.
create function condition_gone() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update component c
	   set condition_grade = newest.grade
	  from (select distinct o.component_id, (select h.grade from condition h where h.component_id = o.component_id order by h.noted_at desc, h.id desc limit 1) as grade
	          from old_rows o) newest
	 where c.id = newest.component_id
	   and c.condition_grade is distinct from newest.grade;
	return null;
end
$$;
create trigger newest_delete after delete on condition referencing old table as old_rows
	for each statement execute function condition_gone();
