-- SPDX-License-Identifier: GPL-3.0-or-later
-- What compares the buffer caches of a primary and a standby, and loads what that lacks: both come with Debian's postgresql package. Run
-- once in each cluster's database, on its primary, as a superuser, after cluster.sql; idempotent. No switchover needs it; `switchover --warm` does.
-- Parts as in cluster.sql. In the schema of that file, which all users of a fleet may use.
--@ warm: extension pg_buffercache
create extension if not exists pg_buffercache schema shardlens;
--@ warm: extension pg_prewarm
create extension if not exists pg_prewarm schema shardlens;
