-- name: device_key :list
-- What a tablet's proofs are checked with. $1 device
select d.public_key, d.state, extract(epoch from now())::bigint as now_s from sync_device d where d.id = $1::uuid;

-- name: device_enrol :one
-- Trades a code for a device. $1 hash of the code, $2 key, $3 hash of the refresh token, $4 hash of the session's
select e.outcome, e.device from sync_enrol($1::bytea, $2, $3::bytea, $4::bytea) e;

-- name: device_add :one
-- Enrols a tablet of whoever asks, without a key: it works for as long as their session does. $1 body
insert into sync_device (person_id, name)
select (select me()), g.name from json_to_record($1::json) as g(name text)
returning id, name, state;

-- name: device_mine :one
-- The person of a session that a tablet may be enrolled by (the demo's). No parameters.
select me() as person_id;

-- name: device_adopt :one
-- Enrols a tablet that has a key for a person who is logged in. $1 person, $2 key, $3 name, $4 hash of the refresh token, $5 of the session's
select a.outcome, a.device from sync_adopt($1::uuid, $2, $3, $1::uuid, $4::bytea, $5::bytea) a;

-- name: device_next :one
-- Trades a refresh token for a session and the next one. $1 device, $2 hash of the token given, $3 of the next one, $4 that one, sealed,
-- $5 hash of the session's, $6 proof
select n.outcome, n.next_sealed from sync_token_next($1::uuid, $2::bytea, $3::bytea, $4, $5::bytea, $6::uuid) n;

-- name: device_told :one
-- What a tablet is told of itself. $1 device
select d.id, d.name, d.state, d.person_id, p.name as person_name, p.language, setting_int('access_minutes') * 60 as access_s, sync_lease() as lease,
       sync_seal_key_now() as seal
  from sync_device d
  join person p on p.id = d.person_id
 where d.id = $1::uuid;

-- name: device_wiped :one
-- A tablet has wiped itself. $1 device, $2 proof
select sync_device_wiped($1::uuid, $2::uuid) as outcome, $1::uuid as device, 'wiped' as state;

-- name: device_sign_out :one
-- A person leaves the tablet. $1 device, $2 proof
select sync_device_sign_out($1::uuid, $2::uuid) as outcome;

-- name: device_queue_access :one
-- A session that sends what a tablet's person wrote, for its key alone. $1 device, $2 hash of the session's token, $3 proof
select sync_queue_access($1::uuid, $2::bytea, $3::uuid) as outcome;

-- name: device_code_add :one
-- A code that enrols a tablet. $1 hash, $2 person, $3 name
select c.id, $3::text as name, c.person_name, c.expires_at from sync_code_add($1::bytea, $2::uuid, $3::text) c;

-- name: device_code_get :one
-- Whether a code of mine has been used. $1 id
select c.id, c.name, c.expires_at, c.used_at, c.device_id, c.expires_at <= now() as is_expired from sync_device_code c where c.id = $1::uuid;

-- name: device_list :list
-- All tablets, the ones heard from last first.
select d.id, d.name, d.person_id, person_name(d.person_id) as person_name, d.state, d.created_at, d.last_seen, d.lease_until, d.app_version,
       d.queue_count, d.queue_oldest, d.alert_at, d.revoked_at, person_name(d.revoked_by) as revoked_by, d.is_lost, d.wiped_at,
       person_name(d.enrolled_by) as enrolled_by, d.public_key is not null as has_key,
       (select count(*) from sync_device o where o.public_key = d.public_key and o.id <> d.id) as others
  from sync_device d
 order by d.state <> 'active', coalesce(d.last_seen, d.created_at) desc, d.id
 limit 500;

-- name: device_revoke :one
-- Takes a tablet out of use. $1 device, $2 body
select sync_device_revoke(d.id, (select g.is_lost from json_to_record($2::json) as g(is_lost boolean))) as devices
  from sync_device d
 where d.id = $1::uuid;
