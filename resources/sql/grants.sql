-- SPDX-License-Identifier: GPL-3.0-or-later
-- The database users of a fleet and what each may do on a whole server. PostgreSQL 15 or newer. Run once a cluster on its
-- primary, as a superuser; idempotent. Passwords are set by whoever makes the fleet. The grants are the authority: what the
-- fleet file says of roles only decides what a console offers. Rights on tables stand beside the tables.
--   shardlens_observer   reads catalogs, statistics, heartbeat, term and the declared map; no row of a person
--   shardlens_app        the applications: reads and writes the shards, writes the outbox
--   shardlens_operator   on-call, ops and the guards: brakes, promotes, signals backends, writes heartbeat, term and marks
--   shardlens_invalidator  reads the outbox, keeps its cursor, prunes what every region has delivered; reads the versions of rows, no more
--                        of them, and the declared map
--   shardlens_support    looks users and media up; personal fields of one user at a time by a shard's function personal(), and what is
--                        written on one private media by caption_of() and comment_of(), after the look was recorded in the directory
--                        (directory.append_audit)
-- What stands between "--@ move: rights" and the next "--@" is what `shardlensctl prepare` gives the users of a fleet file, where they lack it.
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

--@ move: rights
alter role shardlens_operator replication; -- creates and drops physical slots

grant pg_monitor to shardlens_observer, shardlens_operator;
grant execute on function pg_hba_file_rules() to shardlens_observer, shardlens_operator; -- whether a candidate lets in whom the primary lets in
grant pg_signal_backend, pg_checkpoint to shardlens_operator;
grant execute on function
    pg_promote(boolean, integer),
    pg_reload_conf(),
    pg_switch_wal(),
    pg_create_restore_point(text),
    pg_wal_replay_pause(),
    pg_wal_replay_resume()
to shardlens_operator;
grant alter system on parameter
    default_transaction_read_only,
    synchronous_standby_names,
    primary_conninfo,
    primary_slot_name,
    recovery_min_apply_delay
to shardlens_operator;

--@
-- A guard's pg_rewind reads the new primary as the user that the standbys follow it as: no other needs to read files.
do $$
begin
    if exists (select from pg_roles where rolname = 'shardlens_replication') then
        grant execute on function pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
            pg_read_binary_file(text, bigint, bigint, boolean) to shardlens_replication;
    end if;
end
$$;

-- PostgreSQL 15 lets nobody but the owner create in "public"; nobody here needs it at all.
revoke all on schema public from public;
