// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::effects {

/// For `sh` on a host, as the servers' owner or root: $1 what to do, $2 a Postgres data directory or a file. It needs no more than POSIX tools,
/// /proc, and Postgres's own programs. Its answer is its last line "shardlens: …"; it ends with 3 and a sentence where it could not.
///   ask DIR               stopped, runs
///   end DIR               "TIMELINE SEGMENTSIZE RECORD": of a stopped server, the last record of its log in pg_waldump's words
///   stop DIR TENTHS       stopped: fast, after half of the tenths of a second at once, then killed; a frozen one is killed, not thawed
///   start DIR TENTHS CONF runs: once it takes connections
///   await DIR TENTHS      likewise, of one that somebody else starts
///   rewind DIR CONF CONNECTION   rewound, no rewind required
///   standby DIR TEXT      made: standby.signal, postgresql.auto.conf of this text, no slots
///   read FILE             the text between "shardlens: begin" and "shardlens: end"
///   space DIR             "FREE TOTAL": KiB for the servers' owner on the file system of the data, or of their log where that has less
///   replace FILE TEXT     replaced: a new file beside it, with its owner and mode, flushed, renamed
extern const char *const hostScript;

} // namespace shardlens::effects
