-- name: health_ready :one
-- Whether the database answers and its schema is as new as this program.
select count(*) as migrations from migration;

-- name: health_jobs :list
-- The queue of jobs by state.
select state, count(*) as jobs from job group by state order by state;
