-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every cluster carries, the directory's too: heartbeat, term, marker and outbox, in the schema "shardlens" of its
-- database. PostgreSQL 13 or newer (xid8). Run on the primary, as a superuser; idempotent; stands alone.
-- A line "--@ USE: KIND NAME" begins a part, which ends at the next such line: `shardlensctl prepare` makes those that a cluster lacks, for the
-- users of its fleet file. USE is who cannot do without: move, guard or cache.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['shardlens_observer', 'shardlens_app', 'shardlens_operator', 'shardlens_support', 'shardlens_invalidator'] loop
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

--@ move: schema shardlens
create schema if not exists shardlens;

--@ guard: table shardlens.heartbeat
-- One row a region: the beat of that region's guard, written through its own router. Standbys show how old it is there.
create table if not exists shardlens.heartbeat (
    region   text primary key,
    sequence bigint not null default 0,                     -- raised by one each beat
    at       timestamptz not null default clock_timestamp() -- on the guard's clock
) with (fillfactor = 50);

--@ move: table shardlens.term
-- The cluster's epoch: raised by every operation on it; what carries an older one is out of date.
create table if not exists shardlens.term (
    only_row  boolean primary key default true check (only_row),
    term      bigint not null default 1,
    raised_at timestamptz not null default now(),
    raised_by text not null default 'up'
);
insert into shardlens.term default values on conflict do nothing;

--@ move: table shardlens.marker
-- Written by an operation straight to a new primary, then read back through each router: proof of where a router leads.
create table if not exists shardlens.marker (
    only_row   boolean primary key default true check (only_row),
    token      text not null default '',
    written_at timestamptz not null default now(),
    written_by text not null default ''
);
insert into shardlens.marker default values on conflict do nothing;

--@ cache: table shardlens.outbox
-- The keys to delete from every region's caches, written in the transaction that changes what is cached.
-- Rows commit out of the order of seq: a reader goes by transactions, and keeps the lowest that may still be open. (It is kept as a
-- pg_snapshot, of which xmin alone is used: on a standby the list of running transactions in one is empty.)
create table if not exists shardlens.outbox (
    seq       bigint generated always as identity primary key,
    txid      xid8 not null default pg_current_xact_id(),
    cache_key text not null,
    at        timestamptz not null default now()
);
--@ cache: index shardlens.outbox_by_txid
create index if not exists outbox_by_txid on shardlens.outbox (txid, seq);

--@ cache: table shardlens.invalidation_cursor
-- How far each region's invalidator has come.
create table if not exists shardlens.invalidation_cursor (
    region   text primary key,
    snapshot pg_snapshot,
    timeline integer,
    lsn      pg_lsn,
    at       timestamptz not null default now()
) with (fillfactor = 50);
--@ cache: column shardlens.invalidation_cursor.missed_since
-- Set while a region was not told of rows that were pruned beyond the limit: it must flush its pools, and then clears it.
alter table shardlens.invalidation_cursor add column if not exists missed_since timestamptz;

--@ cache: function shardlens.outbox_page(text, xid8, xid8, bigint, integer, xid8[], double precision)
-- What a region's invalidator asks many times a second, through a router: as a function, because a session then parses and plans it once,
-- which is most of its cost. It must stay stable: both its queries then see the snapshot of the statement that calls it, and what it says is
-- visible is what it reads. The first row describes the server, the others are rows of the outbox behind (after_txid, after_seq): those of transactions not below `floor`, or, where `since` is
-- given, also those written since then (seconds since 1970); without those in `delivered`. Timelines: a primary knows its own; a
-- standby's control file is behind for a moment, which only repeats a delivery.
create or replace function shardlens.outbox_page(of_region text, floor xid8, after_txid xid8, after_seq bigint, at_most integer,
                                                 delivered xid8[], since double precision default null)
returns table (a text, b text, c text, d text, e text, f text, g text, h text, i text, kind text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select pg_current_snapshot()::text,
           coalesce(host(inet_server_addr()), 'local') || ':' || coalesce(inet_server_port(), 0) || '@'
               || extract(epoch from pg_postmaster_start_time()),
           (case when pg_is_in_recovery()
                 then greatest((select k.timeline_id from pg_control_checkpoint() k), (select r.min_recovery_end_timeline from pg_control_recovery() r))
                 else ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::integer end)::text,
           (select max(t.term) from shardlens.term t)::text,
           extract(epoch from clock_timestamp())::text,
           coalesce(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text, ''),
           k.snapshot::text, extract(epoch from k.at)::text, k.missed_since::text, null::text
    from (select of_region as region) asked left join shardlens.invalidation_cursor k using (region);
    if since is null then
        return query
        select o.txid::text, o.seq::text, o.cache_key, extract(epoch from o.at)::text, null::text, null::text, null::text, null::text, null::text, 'row'
        from shardlens.outbox o
        where (o.txid, o.seq) > (after_txid, after_seq) and o.txid >= floor and o.txid <> all (delivered)
        order by o.txid, o.seq limit at_most;
    else
        return query
        select o.txid::text, o.seq::text, o.cache_key, extract(epoch from o.at)::text, null::text, null::text, null::text, null::text, null::text, 'row'
        from shardlens.outbox o
        where (o.txid, o.seq) > (after_txid, after_seq) and o.txid <> all (delivered) and (o.txid >= floor or o.at >= to_timestamp(since))
        order by o.txid, o.seq limit at_most;
    end if;
end
$$;
revoke all on function shardlens.outbox_page(text, xid8, xid8, bigint, integer, xid8[], double precision) from public;

--@ cache: function shardlens.prune_outbox(interval, integer)
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

--@ cache: function shardlens.prune_delivered(interval, interval, bigint, integer)
-- Deletes at most `at_most` rows that every region has delivered and that are older than `keep` (a change of timeline delivers the
-- newest again). Rows older than `longest`, or more than `most_rows` behind the newest, go whoever waits for them: those regions
-- are marked, and must flush. Answers how many went; 0 also while another prunes.
create or replace function shardlens.prune_delivered(keep interval default interval '5 minutes', longest interval default interval '6 hours',
                                                     most_rows bigint default 5000000, at_most integer default 20000)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    beyond bigint := coalesce((select max(o.seq) from shardlens.outbox o), 0) - most_rows;
    gone bigint;
begin
    if not pg_try_advisory_xact_lock(hashtext('shardlens.outbox')) then
        return 0;
    end if;
    with oldest as (
        select o.seq, o.txid, o.at < now() - longest or o.seq <= beyond as is_beyond
        from (select * from shardlens.outbox order by seq limit at_most) o
        where o.at < now() - keep or o.seq <= beyond
    ), leaving as (
        select o.seq, o.txid, o.is_beyond from oldest o
        where o.is_beyond
           or (exists (select from shardlens.invalidation_cursor)
               and not exists (select from shardlens.invalidation_cursor c
                               where c.snapshot is null or not pg_visible_in_snapshot(o.txid, c.snapshot)))
    ), missed as (
        update shardlens.invalidation_cursor c set missed_since = coalesce(c.missed_since, now())
        where exists (select from leaving l
                      where l.is_beyond and (c.snapshot is null or not pg_visible_in_snapshot(l.txid, c.snapshot)))
    ), deleted as (
        delete from shardlens.outbox o using leaving l where o.seq = l.seq returning 1
    )
    select count(*) into gone from deleted;
    return gone;
end
$$;
revoke all on function shardlens.prune_delivered(interval, interval, bigint, integer) from public;

--@ rights
grant usage on schema shardlens to shardlens_observer, shardlens_app, shardlens_operator, shardlens_support, shardlens_invalidator;
grant select on shardlens.heartbeat, shardlens.term, shardlens.marker, shardlens.outbox, shardlens.invalidation_cursor
    to shardlens_observer, shardlens_operator;
grant select on shardlens.heartbeat, shardlens.term, shardlens.marker to shardlens_app, shardlens_support;
grant insert, update on shardlens.heartbeat, shardlens.invalidation_cursor to shardlens_operator;
grant delete on shardlens.heartbeat, shardlens.invalidation_cursor to shardlens_operator;
grant update on shardlens.term, shardlens.marker to shardlens_operator;
grant select on shardlens.term, shardlens.outbox, shardlens.invalidation_cursor to shardlens_invalidator;
grant insert, update on shardlens.invalidation_cursor to shardlens_invalidator;
grant execute on function shardlens.outbox_page(text, xid8, xid8, bigint, integer, xid8[], double precision) to shardlens_invalidator;
grant execute on function shardlens.prune_delivered(interval, interval, bigint, integer) to shardlens_invalidator;
grant insert on shardlens.outbox to shardlens_app, shardlens_operator;
grant execute on function shardlens.prune_outbox(interval, integer) to shardlens_app, shardlens_operator;
