-- What a lease says beside its rent: deposit, regulation, notice and the KID that it is paid with.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- A KID of 4 to 25 figures, the last of them by MOD10 or MOD11 (where remainder 1 is written «-»): which of the two is the agreement's matter.
create function kid_is_valid(kid text) returns boolean immutable parallel safe language sql set search_path = fdvu, public, pg_temp as $$
	select kid ~ '^[0-9]{3,24}[0-9-]$'
	   and (select substr(kid, length(kid)) in (((10 - sum(c.ten) % 10) % 10)::text, case when sum(c.eleven) % 11 = 1 then '-' else ((11 - sum(c.eleven) % 11) % 11)::text end)
	          from (select d.n * (2 + (d.i - 1) % 6) as eleven, case when d.i % 2 = 0 then d.n when d.n > 4 then 2 * d.n - 9 else 2 * d.n end as ten
	                  from (select i, substr(reverse(kid), i + 1, 1)::int as n
	                          from generate_series(1, length(kid) - 1) i
	                         where kid ~ '^[0-9]{3,24}[0-9-]$') d) c);
$$;
create function account_is_valid(account text) returns boolean immutable parallel safe language sql set search_path = fdvu, public, pg_temp as $$
	select account ~ '^[0-9]{11}$'
	   and (select sum(('{5,4,3,2,7,6,5,4,3,2,1}'::int[])[i] * substr(account, i, 1)::int) % 11 = 0
	          from generate_series(1, 11) i where account ~ '^[0-9]{11}$');
$$;
grant execute on function kid_is_valid(text), account_is_valid(text) to fdvu_office, fdvu_job;

alter table lease
	add column deposit_ore      bigint,
	add column deposit_account  text collate "C",
	add column regulated_on     date,
	add column regulation_index numeric(6,1),
	add column notice_months    smallint,
	add column kid              text collate "C",
	add constraint lease_deposit_is_positive       check (deposit_ore >= 0),
	add constraint lease_deposit_account_is_one    check (account_is_valid(deposit_account)),
	add constraint lease_regulation_index_is_one   check (regulation_index > 0),
	add constraint lease_notice_is_of_months       check (notice_months between 0 and 36),
	add constraint lease_kid_is_valid              check (kid_is_valid(kid)),
	-- A payment must tell one lease.
	add constraint lease_kid_is_one_leases         unique (kid) deferrable;
comment on column lease.deposit_ore      is 'depositum; at most six months'' rent (husleieloven § 3-5), on an account of its own in the tenant''s name';
comment on column lease.deposit_account  is 'depositumskonto: eleven figures';
comment on column lease.regulated_on     is 'when the rent was last adjusted (husleieloven § 4-2: by the consumer price index, once a year at most)';
comment on column lease.regulation_index is 'the consumer price index (KPI) that the rent was last adjusted by';
comment on column lease.notice_months    is 'oppsigelsestid, in months; null: what the law says (three, § 9-6)';
comment on column lease.kid              is 'customer identification that the rent is paid with';

do $$
declare
	terms text := 'deposit_ore, deposit_account, regulated_on, regulation_index, notice_months, kid';
begin
	execute format('grant insert (%s), update (%s) on lease to fdvu_office', terms, terms);
end
$$;
