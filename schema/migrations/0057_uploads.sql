-- Uploads that go on after a break (tus 1.0.0), and documents whose bytes stay away.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table upload (
	id         uuid        primary key,
	person_id  uuid        not null default me() references person,
	state      text        not null default 'open',
	length     bigint,
	off        bigint      not null default 0,
	gen        int         not null default 1,
	is_free    boolean     not null default false,
	parts      int[]       not null default '{}',
	starts     bigint[]    not null default '{}',
	metadata   text        not null default '',
	sha256     bytea,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '7 days',
	constraint upload_state_is_known      check (state in ('open', 'done', 'gone')),
	constraint upload_sha256_is_32_bytes  check (octet_length(sha256) = 32),
	constraint upload_stays_in_its_length check (off between 0 and length),
	constraint upload_is_done_when_whole  check (state <> 'open' or length is null or off < length),
	constraint upload_parts_have_starts   check (cardinality(parts) = cardinality(starts)),
	constraint upload_metadata_is_short   check (length(metadata) <= 4096)
);
comment on column upload.length  is 'bytes; null until it is told (Upload-Defer-Length)';
comment on column upload.off     is 'so many bytes are on disk; never goes back';
comment on column upload.gen     is 'whose turn it is: each HEAD and PATCH takes the next number, and whoever has an older one writes no more';
comment on column upload.is_free is 'the last writer has ended in order: the next may go on in its part';
comment on column upload.parts   is 'files that the bytes lie in, by the number of the writer that began each; starts: where each begins';
comment on column upload.sha256  is 'what the bytes must have, from the metadata; once done, what they have';
comment on column upload.state   is 'gone: ended by its sender, or its bytes were refused';

create index upload_open    on upload (person_id) where state = 'open';
create index upload_expires on upload (expires_at);

alter table upload enable row level security;
create policy job  on upload to fdvu_job using (true) with check (true);
create policy mine on upload to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier
	using (person_id = (select me())) with check (person_id = (select me()));
grant select, insert, update, delete on upload to fdvu_job;
grant select, insert (id, state, length, off, metadata, sha256),
	update (state, length, off, gen, is_free, parts, starts, sha256, expires_at)
	on upload to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;

-- A writer's turn at an upload of whoever asks, when it stands where the writer believes. `verdict` is taken, done, gone, moved (it stands
-- elsewhere) or length (another length than was told before). No row: there is no such upload.
create function upload_take(which uuid, at bigint, told bigint)
returns table (verdict text, off bigint, length bigint, gen int, parts int[], starts bigint[], is_free boolean, sha256 text, expires_at timestamptz)
language plpgsql set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
declare
	u upload;
begin
	select * into u from upload x where x.id = which for update;
	if not found then
		return;
	end if;
	verdict := case when u.state = 'gone' or u.expires_at <= now() then 'gone'
	                when u.off <> at then 'moved'
	                when u.length <> told or told < at then 'length'
	                when u.state = 'done' then 'done'
	                -- So many breaks that it had better begin anew.
	                when cardinality(u.parts) >= 1000 and not u.is_free then 'gone'
	                else 'taken' end;
	if verdict = 'taken' then
		update upload x set gen = u.gen + 1, is_free = false where x.id = which;
	end if;
	return query select verdict, u.off, coalesce(u.length, told), u.gen + 1, u.parts, u.starts, u.is_free, encode(u.sha256, 'hex'), u.expires_at;
end
$$;
grant execute on function upload_take(uuid, bigint, bigint) to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;

-- An HTTP date (RFC 9110, section 5.6.7).
create function http_date(at timestamptz) returns text stable language sql as $$
	select to_char(at at time zone 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"');
$$;
grant execute on function http_date(timestamptz) to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier;

-- A document's row may come days before its bytes; for more than three days a person at the office should ask for the tablet.
create table document_alert (
	document_id uuid        primary key references document on delete cascade,
	raised_at   timestamptz not null default now()
);
alter table document_alert enable row level security;
create policy job    on document_alert to fdvu_job using (true) with check (true);
create policy office on document_alert for select to fdvu_office using (exists (select from document d where d.id = document_id));
grant select, insert, update, delete on document_alert to fdvu_job;
grant select on document_alert to fdvu_office;
