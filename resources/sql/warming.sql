-- SPDX-License-Identifier: GPL-3.0-or-later
-- What compares the buffer caches of a primary and a standby, and loads what that lacks: both come with Debian's postgresql package. Run
-- once in each cluster's database, on its primary, as a superuser; idempotent. No switchover needs it; `switchover --warm` does.
-- Parts as in cluster.sql.
--@ warm: extension pg_buffercache
create extension if not exists pg_buffercache;
--@ warm: extension pg_prewarm
create extension if not exists pg_prewarm;
