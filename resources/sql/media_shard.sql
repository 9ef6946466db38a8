-- SPDX-License-Identifier: GPL-3.0-or-later
-- One logical shard of the partition "media": what its owners posted, and what others said of it, in the owner's shard.
-- A template as users_shard.sql.
create schema {schema};
create sequence {schema}.id_sequence;
create function {schema}.next_id() returns bigint language sql volatile
    return ((floor(extract(epoch from clock_timestamp()) * 1000)::bigint - {epoch_ms}) << {time_shift})
        | ({shard}::bigint << {shard_shift})
        | (nextval('{schema}.id_sequence') % {sequence_modulus});

create table {schema}.media (
    id            bigint primary key default {schema}.next_id(),
    owner_id      bigint not null,
    caption       varchar(300) not null default '',
    filter        varchar(20) not null default '',
    width         smallint not null default 1080,
    height        smallint not null default 1080,
    is_private    boolean not null default false,
    like_count    integer not null default 0,
    comment_count integer not null default 0,
    created_at    timestamptz not null default now(),
    version       integer not null default 1,
    updated_at    timestamptz not null default now()
);
create index media_by_owner on {schema}.media (owner_id, id desc);
create table {schema}.likes (
    media_id   bigint not null,
    user_id    bigint not null,
    created_at timestamptz not null default now(),
    version    integer not null default 1,
    updated_at timestamptz not null default now(),
    primary key (media_id, user_id)
);
create table {schema}.comments (
    id         bigint primary key default {schema}.next_id(),
    media_id   bigint not null,
    user_id    bigint not null,
    body       varchar(300) not null,
    created_at timestamptz not null default now(),
    version    integer not null default 1,
    updated_at timestamptz not null default now()
);
create index comments_by_media on {schema}.comments (media_id, id desc);
create table {schema}.deleted (     -- tombstones
    id   bigint not null,
    kind varchar(16) not null,
    at   timestamptz not null default now(),
    by   varchar(60) not null,
    primary key (id, kind)
);

grant usage on schema {schema} to shardlens_app, shardlens_operator, shardlens_support, shardlens_invalidator;
grant usage on sequence {schema}.id_sequence to shardlens_app;
grant select, insert, update, delete on {schema}.media, {schema}.likes, {schema}.comments to shardlens_app;
grant select, insert on {schema}.deleted to shardlens_app;
grant select on {schema}.media, {schema}.likes, {schema}.comments, {schema}.deleted to shardlens_operator, shardlens_support;
grant select (id, version, updated_at) on {schema}.media to shardlens_invalidator; -- it compares cached items with their rows
