-- Leases: a contract on a dwelling, and who rents it. National identity numbers are kept where the model keeps them (person_secret), of people
-- that the import makes; no reason, origin, log or queue holds one.

-- section: cook
insert into secret values ('foedselsnummer');

-- The check figures of a national identity number, with the four remainders of the numbers given from 2032 on.
create or replace function pg_temp.is_national_id(t text) returns boolean immutable parallel safe language sql as $$
	select t ~ '^[0-9]{11}$' and (s.k1 % 11) between 0 and 3 and s.k2 % 11 = 0
	  from (select sum(('{3,7,6,1,8,9,4,5,2,1,0}'::int[])[i] * substr(t, i, 1)::int) as k1,
	               sum(('{5,4,3,2,7,6,5,4,3,2,1}'::int[])[i] * substr(t, i, 1)::int) as k2
	          from generate_series(1, 11) i where t ~ '^[0-9]{11}$') s
$$;
create or replace function pg_temp.is_orgnr(t text) returns boolean immutable parallel safe language sql as $$
	select t ~ '^[0-9]{9}$' and (select sum(('{3,2,7,6,5,4,3,2,1}'::int[])[i] * substr(t, i, 1)::int) % 11 = 0
	                               from generate_series(1, 9) i where t ~ '^[0-9]{9}$')
$$;

create temp table cooked on commit drop as
select s.line,
       s.kontraktsnummer                                             as number,
       run.municipality_no,
       s.adresse                                                     as address,
       upper(translate(s.bruksenhetsnummer, E' \t\u00a0-.', ''))     as h_text,
       s.matrikkelnummer                                             as cadastral,
       s.bygningsnummer                                              as bygningsnummer,
       s.leietaker                                                   as name,
       case when length(fnr.t) = 10 then '0' || fnr.t else fnr.t end as national_id,
       length(fnr.t) = 10                                            as has_lost_zero,
       translate(s.organisasjonsnummer, E' \u00a0', '')              as orgnr,
       case when pg_temp.is_fake_phone(s.telefon) is false and length(phone_form(s.telefon)) between 8 and 15 then s.telefon end as phone,
       case when pg_temp.is_filler_email(s.epost) is false and s.epost ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$' then s.epost end as email,
       pg_temp.amount(s.leie)                                        as rent,
       pg_temp.day(s.fra)                                            as starts_on,
       pg_temp.day(s.til)                                            as ends_on,
       round(pg_temp.amount(s.depositum) * 100)::bigint              as deposit_ore,
       translate(s.depositumskonto, E' \u00a0.', '')                 as deposit_account,
       pg_temp.day(s.sist_regulert)                                  as regulated_on,
       pg_temp.number(s.indeks)                                      as regulation_index,
       pg_temp.whole(regexp_replace(s.oppsigelse_mnd, '(måneder|måned|mnd)[.]?\s*$', '', 'i')) as notice_months,
       translate(s.kid, E' \u00a0', '')                              as kid,
       'kontrakt:' || s.kontraktsnummer                              as row_key,
       null::bytea                                                   as content_hash
  from staged s
 cross join run
 cross join lateral (select nullif(translate(s.foedselsnummer, E' \u00a0-.', ''), '') as t) fnr
 where s.fault is null;
update cooked set content_hash = sha256(convert_to(concat_ws(E'\x1f', address_form(address), coalesce(h_text, ''), coalesce(cadastral_form(cadastral), ''), coalesce(bygningsnummer::text, ''),
	name_form(name), coalesce(phone, ''), coalesce(email, ''), coalesce(orgnr, ''), rent, starts_on, coalesce(ends_on::text, ''),
	coalesce(deposit_ore::text, ''), coalesce(deposit_account, ''), coalesce(regulated_on::text, ''), coalesce(regulation_index::text, ''), coalesce(notice_months::text, ''), coalesce(kid, '')), 'utf8'));

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
 cross join lateral (values
	(c.h_text <> '' and c.h_text !~ '^[KUHL][0-9]{4}$',               'bruksenhetsnummer', 'er ikke bokstaven K, U, H eller L og fire siffer'),
	(c.cadastral is not null and cadastral_form(c.cadastral) is null, 'matrikkelnummer', 'er ikke på formen gnr/bnr'),
	(c.national_id is not null and pg_temp.is_national_id(c.national_id) is not true, 'foedselsnummer', 'kontrollsifrene stemmer ikke'),
	(c.orgnr is not null and pg_temp.is_orgnr(c.orgnr) is not true,   'organisasjonsnummer', 'kontrollsifferet stemmer ikke'),
	(s.leie is not null and coalesce(c.rent, -1) not between 0 and 10000000, 'leie', 'er ikke et entydig beløp'),
	(s.fra is not null and c.starts_on is null,                       'fra', 'er ikke en dato som finnes'),
	(s.til is not null and c.ends_on is null,                         'til', 'er ikke en dato som finnes'),
	(c.ends_on < c.starts_on,                                         'til', 'er før leieforholdet begynner')
 ) f (is_fault, col, reason)
 where f.is_fault;
insert into rejected (line, col, reason)
select c.line, 'kontraktsnummer', 'et leieforhold med nummeret finnes her fra før'
  from cooked c cross join run join lease l on l.number = c.number
 where not exists (select from import_origin o where o.source = run.source and o.row_id = l.id);
select pg_temp.reject_twice('''kontraktsnummer''', 'samme kontrakt');
select pg_temp.leave_unchanged();

-- section: seek
insert into sought (line, municipality_no, bygningsnummer, cadastral, address, h_number)
select line, municipality_no, bygningsnummer, cadastral, address, nullif(h_text, '') from cooked;

-- section: dwelling
-- A lease is on a dwelling: without an H-number the only one that is there.
create temp table housed on commit drop as
select c.line, f.key, case when f.kind = 'dwelling' then f.place_id when count(p.id) = 1 then min(p.id::text)::uuid end as dwelling_id,
       coalesce(jsonb_agg(jsonb_build_object('tbl', 'place', 'id', p.id, 'label', p.label, 'score', round(1.0 / homes.n, 2)) order by p.label) filter (where p.id is not null and homes.nth <= 10), '[]') as candidates
  from cooked c
  join found f using (line)
  left join lateral (select q.id, count(*) over () as n, row_number() over (order by q.label) as nth
                       from place q where q.site_id = f.place_id and q.kind = 'dwelling' and q.removed_at is null and f.kind <> 'dwelling') homes on true
  left join place p on p.id = homes.id
 group by c.line, f.key, f.kind, f.place_id;
insert into waiting (line, key, reason, candidates)
select line, key, case when candidates = '[]' then 'ingen bolig er registrert på adressen' else 'adressen har flere boliger, og raden sier ikke hvilken' end, candidates
  from housed where dwelling_id is null;

create temp table landing on commit drop as
select c.*, h.dwelling_id, run.source, o.row_id as known_id, coalesce(o.row_id, uuidv7()) as lease_id, l.state as was_state, null::uuid as person_id, null::text as who
  from cooked c
  join housed h using (line)
 cross join run
  left join import_origin o on o.source = run.source and o.source_key = c.row_key and o.tbl = 'lease'
  left join lease l on l.id = o.row_id
 where h.dwelling_id is not null;

-- Both days are lived in. Of two that overlap the one that is here, or stands first, is right.
insert into rejected (line, col, reason)
select n.line, 'fra', 'boligen er leid ut i tiden ifølge linje ' || min(e.line)
  from landing n
  join landing e on e.dwelling_id = n.dwelling_id and e.line < n.line
                and daterange(e.starts_on, e.ends_on, '[]') && daterange(n.starts_on, n.ends_on, '[]')
 group by n.line;
delete from landing n using rejected r where r.line = n.line;
-- A lease that was to move away and is rejected stays where it is, and may be in the way of another: so until no more are.
do $$
declare
	more bigint := 1;
begin
	while more > 0 loop
		insert into rejected (line, col, reason)
		select n.line, 'fra', 'boligen er leid ut i tiden, ifølge et leieforhold som finnes her'
		  from landing n
		 where exists (select from lease l
		                where l.dwelling_id = n.dwelling_id and l.id <> n.lease_id and l.state not in ('draft', 'cancelled')
		                  and daterange(l.starts_on, l.ends_on, '[]') && daterange(n.starts_on, n.ends_on, '[]')
		                  and not exists (select from landing x where x.lease_id = l.id));
		get diagnostics more = row_count;
		delete from landing n using rejected r where r.line = n.line;
	end loop;
end
$$;

-- section: terms
-- What cannot be right is left out and told; the lease lands all the same.
create temp table unfit (line bigint, col text, reason text) on commit drop;
insert into unfit (line, col, reason)
select n.line, f.col, f.reason
  from landing n
  join staged s using (line)
 cross join lateral (values
	(s.depositum is not null and coalesce(n.deposit_ore, -1) < 0, 'depositum', 'er ikke et entydig beløp: ikke ført'),
	(n.deposit_account is not null and not account_is_valid(n.deposit_account), 'depositumskonto', 'er ikke et kontonummer: ikke ført'),
	(s.sist_regulert is not null and n.regulated_on is null,      'sist_regulert', 'er ikke en dato som finnes: ikke ført'),
	(s.indeks is not null and coalesce(n.regulation_index, 0) not between 0.1 and 99999, 'indeks', 'er ikke en indeks: ikke ført'),
	(s.oppsigelse_mnd is not null and coalesce(n.notice_months, -1) not between 0 and 36, 'oppsigelse_mnd', 'er ikke et antall måneder: ikke ført'),
	(n.kid is not null and not kid_is_valid(n.kid),               'kid', 'kontrollsifferet stemmer ikke: ikke ført')
 ) f (is_so, col, reason)
 where f.is_so;
insert into flagged (line, col, reason) select line, col, reason from unfit;
update landing n
   set deposit_ore      = case when u.cols @> '{depositum}'       then null else n.deposit_ore end,
       deposit_account  = case when u.cols @> '{depositumskonto}' then null else n.deposit_account end,
       regulated_on     = case when u.cols @> '{sist_regulert}'   then null else n.regulated_on end,
       regulation_index = case when u.cols @> '{indeks}'          then null else n.regulation_index end,
       notice_months    = case when u.cols @> '{oppsigelse_mnd}'  then null else n.notice_months end,
       kid              = case when u.cols @> '{kid}'             then null else n.kid end
  from (select line, array_agg(col) as cols from unfit group by line) u
 where u.line = n.line;
-- What the file does not say stays.
update landing n
   set deposit_ore = coalesce(n.deposit_ore, l.deposit_ore), deposit_account = coalesce(n.deposit_account, l.deposit_account), regulated_on = coalesce(n.regulated_on, l.regulated_on),
       regulation_index = coalesce(n.regulation_index, l.regulation_index), notice_months = coalesce(n.notice_months, l.notice_months), kid = coalesce(n.kid, l.kid)
  from lease l where l.id = n.known_id;
-- A payment must tell one lease: of two with the same KID the one that is here, or stands first, keeps it.
with twice as (
	update landing n set kid = null
	 where exists (select from lease l where l.kid = n.kid and l.id <> n.lease_id and not exists (select from landing x where x.lease_id = l.id))
	    or exists (select from landing x where x.kid = n.kid and x.line < n.line)
	returning n.line
)
insert into flagged (line, col, reason) select line, 'kid', 'et annet leieforhold har den: ikke ført' from twice;
insert into flagged (line, col, reason)
select n.line, 'depositum', 'er mer enn seks måneders leie' from landing n where n.deposit_ore > 6 * round(n.rent * 100);

-- section: people
-- The same person: by national identity number, by organisation number, else by name and telephone or e-mail. A name alone is nobody's.
update landing n set person_id = p.person_id from lease_party p join person q on q.id = p.person_id
 where p.lease_id = n.known_id and p.role = 'tenant' and name_form(q.name) = name_form(n.name);
update landing n set person_id = s.person_id from person_secret s where n.person_id is null and s.national_id = n.national_id;
update landing n set person_id = p.ids[1]
  from (select n.line, array_agg(q.id) as ids
          from landing n
          join person q on case when n.orgnr is not null then q.orgnr = n.orgnr
                                else lower(q.name) = lower(n.name) and not q.is_organisation and (phone_form(q.phone) = phone_form(n.phone) or lower(q.email) = lower(n.email)) end
         where n.person_id is null
           and not exists (select from person_secret s where s.person_id = q.id and s.national_id <> n.national_id)
         group by 1) p
 where p.line = n.line and cardinality(p.ids) = 1;
update landing
   set who = coalesce(national_id, orgnr, name_form(name) || '|' || coalesce(phone_form(phone), lower(email), number))
 where person_id is null;

create temp table new_person on commit drop as
select distinct on (who) uuidv7() as id, line, number, who, name, national_id, orgnr, phone, email from landing where person_id is null order by who, line;
insert into person (id, name, is_organisation, orgnr, phone, email) select id, name, orgnr is not null, orgnr, phone, email from new_person;
insert into person_secret (person_id, national_id) select id, national_id from new_person where national_id is not null;
insert into flagged (line, col, reason)
select n.line, 'foedselsnummer', 'personen fantes her fra før uten fødselsnummer: det er ikke ført på'
  from landing n where n.person_id is not null and n.national_id is not null and not exists (select from person_secret s where s.person_id = n.person_id);
update landing n set person_id = p.id from new_person p where p.who = n.who;
update person p set phone = coalesce(p.phone, n.phone), email = coalesce(p.email, n.email)
  from landing n
 where p.id = n.person_id and (p.phone is null and n.phone is not null or p.email is null and n.email is not null);

-- section: land
set constraints lease_kid_is_one_leases deferred;
insert into lease (id, number, dwelling_id, starts_on, ends_on, rent_ore, deposit_ore, deposit_account, regulated_on, regulation_index, notice_months, kid, state)
select lease_id, number, dwelling_id, starts_on, ends_on, round(rent * 100), deposit_ore, deposit_account, regulated_on, regulation_index, notice_months, kid, case when ends_on < current_date then 'ended' else 'active' end
  from landing where known_id is null;
-- Two contracts of the file may change places, so the old times go first.
update lease l set state = 'draft' from landing n where l.id = n.known_id and l.state in ('active', 'notice', 'ended');
update lease l
   set dwelling_id = n.dwelling_id, starts_on = n.starts_on, ends_on = n.ends_on, rent_ore = round(n.rent * 100),
       deposit_ore = n.deposit_ore, deposit_account = n.deposit_account, regulated_on = n.regulated_on, regulation_index = n.regulation_index,
       notice_months = n.notice_months, kid = n.kid,
       state = case when n.was_state in ('draft', 'cancelled') then n.was_state when n.ends_on < current_date then 'ended'
                    when n.was_state = 'notice' then 'notice' else 'active' end
  from landing n where l.id = n.known_id;
set constraints lease_kid_is_one_leases immediate;
insert into lease_party (lease_id, person_id)
select n.lease_id, n.person_id from landing n
 where not exists (select from lease_party p where p.lease_id = n.lease_id and p.role = 'tenant');
-- Whoever rents may log in as a tenant.
insert into person_role (person_id, role)
select distinct n.person_id, 'tenant' from landing n join person p on p.id = n.person_id
 where not p.is_organisation and coalesce(n.ends_on, 'infinity') >= current_date
   and not exists (select from person_role r where r.person_id = n.person_id and r.role = 'tenant');

insert into flagged (line, col, reason)
select n.line, f.col, f.reason
  from landing n
  join staged s using (line)
 cross join lateral (values
	(pg_temp.is_fake_phone(s.telefon) is true, 'telefon', 'oppdiktet telefonnummer: ikke ført'),
	(s.telefon is not null and n.phone is null and pg_temp.is_fake_phone(s.telefon) is not true, 'telefon', 'er ikke et telefonnummer: ikke ført'),
	(pg_temp.is_filler_email(s.epost) is true, 'epost', 'oppdiktet e-postadresse: ikke ført'),
	(s.epost is not null and n.email is null and pg_temp.is_filler_email(s.epost) is not true, 'epost', 'er ikke en e-postadresse: ikke ført'),
	(n.has_lost_zero,                          'foedselsnummer', 'fødselsnummeret hadde mistet nullen foran'),
	(not exists (select from lease_party p where p.lease_id = n.lease_id and p.person_id = n.person_id), 'leietaker', 'leieforholdet har en annen leietaker her: ikke byttet'),
	(s.merknad is not null,                    'merknad', 'merknad har ingen plass i registeret: ikke ført')
 ) f (is_so, col, reason)
 where f.is_so;

-- section: origin
insert into origin (line, source_key, tbl, row_id, content_hash) select line, row_key, 'lease', lease_id, content_hash from landing;
insert into origin (line, source_key, tbl, row_id) select line, 'leietaker:' || id, 'person', id from new_person;
insert into outcome (line, state) select line, 'landed' from landing;
insert into landed_in
select 'nye leieforhold', count(*) from landing where known_id is null union all
select 'nye personer', count(*) from new_person;
