-- SPDX-License-Identifier: GPL-3.0-or-later
-- The directory: the declared shard map, names, and what consoles share. PostgreSQL 13 or newer. Run on the primary of the
-- cluster "directory", in its database, as a superuser; idempotent; stands alone.
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

create schema if not exists directory;

create table if not exists directory.partitions (
    name           text primary key,
    schema_pattern text not null,           -- insta{shard}
    shards         integer not null,        -- numbers 0 to shards - 1 exist
    tables         text[] not null
);

-- Logical shard -> cluster, as declared. Observed against the catalogs; a difference is drift.
create table if not exists directory.shard_map (
    partition  text not null,
    shard      integer not null check (shard >= 0),
    cluster    text not null,
    version    integer not null default 1,
    updated_at timestamptz not null default now(),
    primary key (partition, shard)
);

create table if not exists directory.names (
    name    text primary key,
    user_id bigint not null
);
create index if not exists names_by_prefix on directory.names (name text_pattern_ops, user_id);
create index if not exists names_by_user on directory.names (user_id);

-- The term of each cluster and redis group; the row inside the cluster, or the group's term key, is its twin.
create table if not exists directory.terms (
    kind      text not null check (kind in ('cluster', 'redis_group')),
    subject   text not null,
    term      bigint not null default 1,
    raised_at timestamptz not null default now(),
    raised_by text not null default '',
    primary key (kind, subject)
);

-- Who holds an operation's lock: shown to others. The lock itself is held by sessions on the members.
create table if not exists directory.locks (
    kind         text not null,   -- cluster, redis_group, host, region
    subject      text not null,
    operation_id text not null,
    number       bigint not null, -- raised by whoever takes over
    owner        text not null,
    host         text not null,
    reason       text not null default '',
    taken_at     timestamptz not null default now(),
    primary key (kind, subject)
);

-- Maintenance and evacuation marks: no candidate, no alarm for the thing itself.
create table if not exists directory.marks (
    kind       text not null,     -- server, host, region
    subject    text not null,
    mark       text not null check (mark in ('maintenance', 'evacuated')),
    owner      text not null,
    reason     text not null,
    since      timestamptz not null default now(),
    until      timestamptz,       -- after it the mark is overdue
    primary key (kind, subject, mark)
);

alter table directory.marks add column if not exists os_user text not null default '', add column if not exists host text not null default '';

-- "I'm on it", and problems quieted for a time. Written by the functions below alone.
create table if not exists directory.claims (
    problem   text not null,      -- the problem's stable id
    kind      text not null check (kind in ('claimed', 'quieted')),
    owner     text not null,      -- the database user that logged in
    reason    text not null default '',
    at        timestamptz not null default now(),
    until     timestamptz,
    primary key (problem, kind)
);
alter table directory.claims add column if not exists os_user text not null default '', add column if not exists host text not null default '';

-- The consoles that look, from where, and what they reach. A console that says nothing for a minute is taken off.
create table if not exists directory.consoles (
    console   text primary key,   -- a name of its own, new at each start
    owner     text not null,      -- the database user that logged in
    os_user   text not null,
    host      text not null,
    region    text not null,
    answering integer not null,   -- servers
    declared  integer not null,
    lost      text[] not null,    -- servers that it calls down
    seen_at   timestamptz not null
);

-- The shared audit log: append-only, each row's hash over the one before it.
create table if not exists directory.audit (
    seq           bigint primary key,
    at            timestamptz not null,
    database_user text not null,
    os_user       text not null,
    host          text not null,
    action        text not null,
    subject       text not null,
    reason        text not null,
    case_number   text not null,
    detail        jsonb not null,
    previous_hash bytea not null,
    hash          bytea not null
);

-- Operations whose journals are copied here, so that another machine can go on with them: who carries each out, and when that was last
-- heard of. Written by the function below alone.
create table if not exists directory.operations (
    operation_id text primary key,
    number       bigint not null, -- of whoever carries it out: a lower one's lines are refused
    owner        text not null,   -- the database user that logged in
    os_user      text not null,
    host         text not null,
    lines        integer not null,
    seen_at      timestamptz not null
);

-- The copies' lines: append-only. Each number has the journal from its first line on, as whoever took over had it.
create table if not exists directory.journal (
    operation_id text not null,
    number       bigint not null,
    line         integer not null check (line >= 0),
    entry        json not null,
    at           timestamptz not null default clock_timestamp(),
    primary key (operation_id, number, line)
);

-- Of rows that may have been written by a call whose answer was lost, or that were kept until the directory answered again.
create index if not exists audit_row_ids on directory.audit ((detail ->> 'row_id')) where detail ? 'row_id';

-- The only way into the audit log. Answers the new row's number and hash, which the caller keeps in its own journal. One whose detail has a
-- row_id is written once: said again, it is answered as it stands.
create or replace function directory.append_audit(os_user text, host text, action text, subject text, reason text,
                                                  case_number text, detail jsonb, out seq bigint, out hash bytea)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last directory.audit;
    written timestamptz;
begin
    perform pg_advisory_xact_lock(hashtext('directory.audit'));
    if detail ? 'row_id' then
        select a.* into last from directory.audit a
        where a.detail ? 'row_id' and a.detail ->> 'row_id' = append_audit.detail ->> 'row_id'
          and (a.os_user, a.host, a.action, a.subject) is not distinct from
              (append_audit.os_user, append_audit.host, append_audit.action, append_audit.subject)
        limit 1;
        if found then
            seq := last.seq;
            hash := last.hash;
            return;
        end if;
    end if;
    written := clock_timestamp();
    select a.* into last from directory.audit a order by a.seq desc limit 1;
    seq := coalesce(last.seq, 0) + 1;
    last.hash := coalesce(last.hash, '\x');
    hash := sha256(last.hash || convert_to(jsonb_build_array(seq, extract(epoch from written), session_user, os_user, host, action,
                                                             subject, reason, case_number, detail)::text, 'UTF8'));
    insert into directory.audit values (seq, written, session_user, os_user, host, action, subject, reason, case_number, detail,
                                        last.hash, hash);
end
$$;
revoke all on function directory.append_audit(text, text, text, text, text, text, jsonb) from public;

-- Claims or quiets a problem, in place of who did before; `lasting` after now it ends by itself. Whoever logged in stands for it.
create or replace function directory.claim_problem(problem text, kind text, lasting interval, reason text, os_user text, host text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into directory.claims as c (problem, kind, owner, reason, at, until, os_user, host)
    values ($1, $2, session_user, $4, clock_timestamp(), clock_timestamp() + $3, $5, $6)
    on conflict on constraint claims_pkey
        do update set owner = excluded.owner, reason = excluded.reason, at = excluded.at, until = excluded.until, os_user = excluded.os_user,
                      host = excluded.host;
    perform directory.append_audit($5, $6, 'problem_' || $2, $1, $4, '', jsonb_build_object('seconds', extract(epoch from $3)));
end
$$;
revoke all on function directory.claim_problem(text, text, interval, text, text, text) from public;

-- Takes a claim or a quiet back, whoever made it. Answers whether there was one.
create or replace function directory.release_problem(problem text, kind text, os_user text, host text) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    was directory.claims;
begin
    delete from directory.claims c where c.problem = $1 and c.kind = $2 returning c.* into was;
    if was.problem is null then
        return false;
    end if;
    perform directory.append_audit($3, $4, 'problem_' || case $2 when 'claimed' then 'released' else 'unquieted' end, $1, '', '',
                                   jsonb_build_object('was', was.owner, 'since', was.at));
    return true;
end
$$;
revoke all on function directory.release_problem(text, text, text, text) from public;

-- Marks a server or host for maintenance until then, in place of a mark that it had. Whoever logged in stands for it.
create or replace function directory.mark_maintenance(kind text, subject text, until timestamptz, reason text, os_user text, host text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if $1 not in ('server', 'host') or $3 <= clock_timestamp() or $4 = '' then
        raise exception 'a mark names a server or host, a time to come and a reason' using errcode = '22023';
    end if;
    insert into directory.marks as m (kind, subject, mark, owner, reason, since, until, os_user, host)
    values ($1, $2, 'maintenance', session_user, $4, clock_timestamp(), $3, $5, $6)
    on conflict on constraint marks_pkey
        do update set owner = excluded.owner, reason = excluded.reason, since = excluded.since, until = excluded.until, os_user = excluded.os_user,
                      host = excluded.host;
    perform directory.append_audit($5, $6, 'maintenance_marked', $1 || ' ' || $2, $4, '', jsonb_build_object('until', $3));
end
$$;
revoke all on function directory.mark_maintenance(text, text, timestamptz, text, text, text) from public;

-- Takes the mark back, whoever made it. Answers whether there was one.
create or replace function directory.lift_maintenance(kind text, subject text, os_user text, host text) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    was directory.marks;
begin
    delete from directory.marks m where m.kind = $1 and m.subject = $2 and m.mark = 'maintenance' returning m.* into was;
    if was.subject is null then
        return false;
    end if;
    perform directory.append_audit($3, $4, 'maintenance_lifted', $1 || ' ' || $2, '', '', jsonb_build_object('was', was.owner, 'since', was.since));
    return true;
end
$$;
revoke all on function directory.lift_maintenance(text, text, text, text) from public;

-- Marks a region as evacuated, until it is lifted. One that is there keeps its beginning.
create or replace function directory.mark_evacuated(region text, reason text, os_user text, host text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if $1 = '' or $2 = '' then
        raise exception 'an evacuation names a region and a reason' using errcode = '22023';
    end if;
    insert into directory.marks as m (kind, subject, mark, owner, reason, since, until, os_user, host)
    values ('region', $1, 'evacuated', session_user, $2, clock_timestamp(), null, $3, $4)
    on conflict on constraint marks_pkey
        do update set owner = excluded.owner, reason = excluded.reason, os_user = excluded.os_user, host = excluded.host;
    perform directory.append_audit($3, $4, 'region_evacuated', 'region ' || $1, $2, '', '{}'::jsonb);
end
$$;
revoke all on function directory.mark_evacuated(text, text, text, text) from public;

-- Takes that mark back, whoever made it. Answers whether there was one.
create or replace function directory.lift_evacuated(region text, os_user text, host text) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    was directory.marks;
begin
    delete from directory.marks m where m.kind = 'region' and m.subject = $1 and m.mark = 'evacuated' returning m.* into was;
    if was.subject is null then
        return false;
    end if;
    perform directory.append_audit($2, $3, 'region_returned_to', 'region ' || $1, '', '', jsonb_build_object('was', was.owner, 'since', was.since));
    return true;
end
$$;
revoke all on function directory.lift_evacuated(text, text, text) from public;

-- Adds lines to the copy of an operation's journal, the first of them being number `first`; no lines: it is carried out still. Answers how many
-- the copy has. Lines that are there already are passed over, so that a call whose answer was lost is made again. Refused where somebody took the
-- operation over (55000), where another user carries it out under this number (42501), or where lines between are missing (22023).
create or replace function directory.copy_journal(operation_id text, number bigint, first integer, entries text[], os_user text, host text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    was directory.operations;
    have integer;
begin
    perform pg_advisory_xact_lock(hashtext('directory.operations'), hashtext($1));
    select o.* into was from directory.operations o where o.operation_id = $1;
    if was.number > $2 then
        raise exception '% was taken over by % (%) on %', $1, was.owner, was.os_user, was.host using errcode = '55000';
    end if;
    if was.number = $2 and was.owner <> session_user then
        raise exception '% is carried out by %', $1, was.owner using errcode = '42501';
    end if;
    have := case when was.number = $2 then was.lines else 0 end;
    if $3 > have then
        raise exception 'the copy of % has % lines, not %', $1, have, $3 using errcode = '22023';
    end if;
    insert into directory.journal (operation_id, number, line, entry)
    select $1, $2, $3 + e.place - 1, e.entry::json from unnest($4) with ordinality e (entry, place) where $3 + e.place - 1 >= have;
    have := greatest(have, $3 + coalesce(cardinality($4), 0));
    insert into directory.operations as o (operation_id, number, owner, os_user, host, lines, seen_at)
    values ($1, $2, session_user, $5, $6, have, clock_timestamp())
    on conflict on constraint operations_pkey
        do update set number = excluded.number, owner = excluded.owner, os_user = excluded.os_user, host = excluded.host, lines = excluded.lines,
                      seen_at = excluded.seen_at;
    return have;
end
$$;
revoke all on function directory.copy_journal(text, bigint, integer, text[], text, text) from public;

-- A console says that it looks, and what it reaches.
create or replace function directory.console_looks(console text, os_user text, host text, region text, answering integer, declared integer,
                                                   lost text[]) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from directory.consoles c where c.seen_at < clock_timestamp() - interval '1 minute';
    insert into directory.consoles as c (console, owner, os_user, host, region, answering, declared, lost, seen_at)
    values ($1, session_user, $2, $3, $4, $5, $6, $7, clock_timestamp())
    on conflict on constraint consoles_pkey
        do update set region = excluded.region, answering = excluded.answering, declared = excluded.declared, lost = excluded.lost,
                      seen_at = excluded.seen_at
        where c.owner = session_user;
end
$$;
revoke all on function directory.console_looks(text, text, text, text, integer, integer, text[]) from public;

-- It looks no more.
create or replace function directory.console_leaves(console text) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$ delete from directory.consoles c where c.console = $1 and c.owner = session_user $$;
revoke all on function directory.console_leaves(text) from public;

grant usage on schema directory to shardlens_observer, shardlens_app, shardlens_operator, shardlens_support, shardlens_invalidator;
grant select on directory.shard_map to shardlens_invalidator;
grant select on directory.partitions, directory.shard_map, directory.terms, directory.locks, directory.marks, directory.claims, directory.consoles
    to shardlens_observer, shardlens_app, shardlens_operator, shardlens_support;
grant select on directory.names to shardlens_app, shardlens_operator, shardlens_support; -- a name is personal: not the observer
grant insert, update, delete on directory.names to shardlens_app;
grant insert, update, delete on directory.terms, directory.locks to shardlens_operator;
grant insert, update, delete on directory.partitions, directory.shard_map to shardlens_operator;
revoke insert, update, delete on directory.claims, directory.marks from shardlens_operator, shardlens_support; -- by the functions alone
grant execute on function directory.claim_problem(text, text, interval, text, text, text), directory.release_problem(text, text, text, text),
    directory.mark_maintenance(text, text, timestamptz, text, text, text), directory.lift_maintenance(text, text, text, text),
    directory.mark_evacuated(text, text, text, text), directory.lift_evacuated(text, text, text)
    to shardlens_operator; -- a person on call logs in as a user of their own: grant shardlens_operator to oncall1
grant execute on function directory.console_looks(text, text, text, text, integer, integer, text[]), directory.console_leaves(text)
    to shardlens_observer, shardlens_operator, shardlens_support;
grant select on directory.audit, directory.operations, directory.journal to shardlens_operator;
grant execute on function directory.copy_journal(text, bigint, integer, text[], text, text) to shardlens_operator;
grant execute on function directory.append_audit(text, text, text, text, text, text, jsonb) to shardlens_operator, shardlens_support;
