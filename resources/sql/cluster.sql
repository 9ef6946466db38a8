-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every cluster carries, the directory's too: heartbeat, term, marker and outbox, in the schema "shardlens" of its
-- database. PostgreSQL 13 or newer (xid8). Run on the primary, as a superuser; idempotent; stands alone.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['shardlens_observer', 'shardlens_app', 'shardlens_operator', 'shardlens_support'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I login', wanted);
        end if;
    end loop;
end
$$;

-- The operator makes logical shards, and then owns them.
do $$
begin
    execute format('grant create on database %I to shardlens_operator', current_database());
end
$$;

create schema if not exists shardlens;

-- One row a region: the beat of that region's guard, written through its own router. Standbys show how old it is there.
create table if not exists shardlens.heartbeat (
    region   text primary key,
    sequence bigint not null default 0,                     -- raised by one each beat
    at       timestamptz not null default clock_timestamp() -- on the guard's clock
) with (fillfactor = 50);

-- The cluster's epoch: raised by every operation on it; what carries an older one is out of date.
create table if not exists shardlens.term (
    only_row  boolean primary key default true check (only_row),
    term      bigint not null default 1,
    raised_at timestamptz not null default now(),
    raised_by text not null default 'up'
);
insert into shardlens.term default values on conflict do nothing;

-- Written by an operation straight to a new primary, then read back through each router: proof of where a router leads.
create table if not exists shardlens.marker (
    only_row   boolean primary key default true check (only_row),
    token      text not null default '',
    written_at timestamptz not null default now(),
    written_by text not null default ''
);
insert into shardlens.marker default values on conflict do nothing;

-- The keys to delete from every region's caches, written in the transaction that changes what is cached.
-- Rows commit out of the order of seq: a reader keeps a pg_snapshot and takes what was not visible in it.
create table if not exists shardlens.outbox (
    seq       bigint generated always as identity primary key,
    txid      xid8 not null default pg_current_xact_id(),
    cache_key text not null,
    at        timestamptz not null default now()
);

-- How far each region's invalidator has come.
create table if not exists shardlens.invalidation_cursor (
    region   text primary key,
    snapshot pg_snapshot,
    timeline integer,
    lsn      pg_lsn,
    at       timestamptz not null default now()
) with (fillfactor = 50);

-- Deletes at most `at_most` rows of the outbox older than `keep`, oldest first; answers how many. Called again until 0.
create or replace function shardlens.prune_outbox(keep interval default interval '1 hour', at_most integer default 10000)
returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    with oldest as (
        select seq from shardlens.outbox order by seq limit at_most
    ), gone as (
        delete from shardlens.outbox o using oldest
        where o.seq = oldest.seq and o.at < now() - keep
        returning 1
    )
    select count(*) from gone;
$$;
revoke all on function shardlens.prune_outbox(interval, integer) from public;

grant usage on schema shardlens to shardlens_observer, shardlens_app, shardlens_operator, shardlens_support;
grant select on shardlens.heartbeat, shardlens.term, shardlens.marker, shardlens.outbox, shardlens.invalidation_cursor
    to shardlens_observer, shardlens_operator;
grant select on shardlens.heartbeat, shardlens.term, shardlens.marker to shardlens_app, shardlens_support;
grant insert, update on shardlens.heartbeat, shardlens.invalidation_cursor to shardlens_operator;
grant delete on shardlens.heartbeat, shardlens.invalidation_cursor to shardlens_operator;
grant update on shardlens.term, shardlens.marker to shardlens_operator;
grant insert on shardlens.outbox to shardlens_app, shardlens_operator;
grant execute on function shardlens.prune_outbox(interval, integer) to shardlens_app, shardlens_operator;
