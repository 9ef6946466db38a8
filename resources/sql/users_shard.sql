-- SPDX-License-Identifier: GPL-3.0-or-later
-- One logical shard of the partition "users". A template: {schema}, {shard}, and the layout of IDs: {epoch_ms}, {time_shift},
-- {shard_shift}, {sequence_modulus}. PostgreSQL 14 or newer (SQL-standard function bodies). Columns are bounded so that no
-- table needs a TOAST table: thousands of shards make a file of every relation.
create schema {schema};
create sequence {schema}.id_sequence;
create function {schema}.next_id() returns bigint language sql volatile
    return ((floor(extract(epoch from clock_timestamp()) * 1000)::bigint - {epoch_ms}) << {time_shift})
        | ({shard}::bigint << {shard_shift})
        | (nextval('{schema}.id_sequence') % {sequence_modulus});

create table {schema}.users (
    id              bigint primary key default {schema}.next_id(),
    name            varchar(30) not null,
    full_name       varchar(60) not null default '',
    bio             varchar(150) not null default '',
    email           varchar(60), -- personal, as are the next three
    phone           varchar(20),
    birthday        date,
    last_ip         varchar(45), -- not inet, whose unbounded size would bring a TOAST table
    media_count     integer not null default 0,
    follower_count  integer not null default 0,
    following_count integer not null default 0,
    created_at      timestamptz not null default now(),
    version         integer not null default 1,
    updated_at      timestamptz not null default now()
);
create table {schema}.follows (     -- whom user_id follows
    user_id     bigint not null,
    followed_id bigint not null,
    created_at  timestamptz not null default now(),
    version     integer not null default 1,
    updated_at  timestamptz not null default now(),
    primary key (user_id, followed_id)
);
create table {schema}.followers (   -- the inverse: who follows user_id
    user_id     bigint not null,
    follower_id bigint not null,
    created_at  timestamptz not null default now(),
    version     integer not null default 1,
    updated_at  timestamptz not null default now(),
    primary key (user_id, follower_id)
);
create table {schema}.liked_by_user (
    user_id    bigint not null,
    media_id   bigint not null,
    created_at timestamptz not null default now(),
    version    integer not null default 1,
    updated_at timestamptz not null default now(),
    primary key (user_id, media_id)
);
create table {schema}.deleted (     -- tombstones
    id   bigint not null,
    kind varchar(16) not null,
    at   timestamptz not null default now(),
    by   varchar(60) not null,
    primary key (id, kind)
);

grant usage on schema {schema} to shardlens_app, shardlens_operator, shardlens_support, shardlens_invalidator;
grant usage on sequence {schema}.id_sequence to shardlens_app;
grant select, insert, update, delete on {schema}.users, {schema}.follows, {schema}.followers, {schema}.liked_by_user to shardlens_app;
grant select, insert on {schema}.deleted to shardlens_app;
grant select on {schema}.follows, {schema}.followers, {schema}.liked_by_user, {schema}.deleted to shardlens_operator, shardlens_support;
grant select (id, name, full_name, bio, media_count, follower_count, following_count, created_at, version, updated_at)
    on {schema}.users to shardlens_operator, shardlens_support;
grant select (id, version, updated_at) on {schema}.users to shardlens_invalidator; -- it compares cached items with their rows

-- The personal columns of one user, for whoever has recorded the look: no role of a person may select the last four from the table, and
-- where the fleet file counts the others as personal, too, their grant above is revoked. `entry` is the number of the look in the
-- directory's audit log; this server cannot see it, its own log of statements can show it.
create function {schema}.personal(who bigint, entry bigint, out full_name varchar, out bio varchar, out email varchar, out phone varchar,
                                  out birthday date, out last_ip varchar)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select u.full_name, u.bio, u.email, u.phone, u.birthday, u.last_ip from {schema}.users u where u.id = who and entry > 0;
end;
revoke all on function {schema}.personal(bigint, bigint) from public;
grant execute on function {schema}.personal(bigint, bigint) to shardlens_operator, shardlens_support;
