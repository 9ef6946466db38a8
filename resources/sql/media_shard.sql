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
grant select on {schema}.media, {schema}.likes, {schema}.comments, {schema}.deleted to shardlens_operator;
grant select on {schema}.likes, {schema}.deleted to shardlens_support;
grant select (id, owner_id, filter, width, height, is_private, like_count, comment_count, created_at, version, updated_at)
    on {schema}.media to shardlens_support;
grant select (id, media_id, user_id, created_at, version, updated_at) on {schema}.comments to shardlens_support;
grant select (id, version, updated_at) on {schema}.media to shardlens_invalidator; -- it compares cached items with their rows

-- What is written on one media, for support, who may select neither text from its table: of public media always, of private ones to
-- whoever has recorded the look, whose number in the directory's audit log is `entry` (see personal() in users_shard.sql); 0: none is.
-- The fingerprint is told in any case: by it a cached copy is compared with its row.
create function {schema}.caption_of(which bigint, entry bigint, out caption varchar, out fingerprint text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic -- follows tables and columns that are renamed; one that is given another type needs the function made anew
    select case when not m.is_private or entry > 0 then m.caption end, md5(m.caption) from {schema}.media m where m.id = which;
end;
create function {schema}.comment_of(which bigint, entry bigint, out body varchar)
returns setof varchar language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case when not m.is_private or entry > 0 then c.body end
    from {schema}.comments c left join {schema}.media m on m.id = c.media_id where c.id = which;
end;
revoke all on function {schema}.caption_of(bigint, bigint), {schema}.comment_of(bigint, bigint) from public;
grant execute on function {schema}.caption_of(bigint, bigint), {schema}.comment_of(bigint, bigint) to shardlens_support;
