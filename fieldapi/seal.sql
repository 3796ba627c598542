-- name: seal_key_add :exec
-- Keeps a pair of keys that tablets seal their queues for. $1 public key, $2 secret, $3 whether in place of the one there is
select sync_seal_key_add($1, $2::bytea, $3::boolean);

-- name: seal_unseal :one
-- What opens the key that a locked tablet has sealed its queue with. $1 device, $2 id of the server's key, $3 proof
select u.outcome, u.tablet, u.secret from sync_unseal($1::uuid, $2::uuid, $3::uuid) u;

-- name: seal_secret :list
-- The same for what a tablet hands over; no row when the key is unknown. $1 device, $2 id of the server's key
select s.tablet, s.secret from sync_salvage_secret($1::uuid, $2::uuid) s;

-- name: device_salvage :one
-- Keeps what a tablet hands over with its key. $1 device, $2 reason, $3 the text, $4 proof, $5 SHA-256 of what came (null: of the text)
select sync_salvage($1::uuid, $2, convert_to($3, 'UTF8'), $4::uuid) as outcome, $1::uuid as device,
       coalesce($5, encode(sha256(convert_to($3, 'UTF8')), 'hex')) as sha256, octet_length($3) as bytes, now() as received_at;
