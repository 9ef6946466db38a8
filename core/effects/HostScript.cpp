// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/HostScript.h"

namespace shardlens::effects {

const char *const hostScript = R"sh(
LC_ALL=C
export LC_ALL
say() { printf '\nshardlens: %s\n' "$1"; exit 0; }
fail() { printf '%s\n' "$1" >&2; exit 3; }

replace() { # file, text: after a crash there is the old one or the new one
    rm -f "$1.new"
    if [ -e "$1" ]; then
        cp -p "$1" "$1.new" </dev/null || fail "cannot write a new file beside $1"
        [ "$(stat -c %u:%g:%a "$1")" = "$(stat -c %u:%g:%a "$1.new")" ] || fail "cannot keep the owner of $1"
    else
        (umask 077 && : >"$1.new") || fail "cannot write a new file beside $1"
    fi
    printf '%s' "$2" >"$1.new" && sync "$1.new" && mv -f "$1.new" "$1" && sync "$(dirname "$1")" || fail "cannot replace $1"
}

room() { # of the file system of a directory, in KiB: "free total"; what it is called may hold blanks
    df -Pk "$1" 2>/dev/null </dev/null | sed -n '$s/^.* \([0-9][0-9]*\)  *[0-9][0-9]*  *\(-\{0,1\}[0-9][0-9]*\)  *[0-9][0-9]*% .*$/\2 \1/p'
}

case $1 in
read)
    [ -f "$2" ] && [ -r "$2" ] || fail "cannot read $2"
    printf '\nshardlens: begin\n'
    cat "$2" </dev/null || fail "cannot read $2"
    printf 'shardlens: end\n'
    exit 0 ;;
replace)
    replace "$2" "$3"
    say replaced ;;
space)
    [ -f "$2/PG_VERSION" ] || fail "there is no data directory $2 on this host, or it cannot be reached"
    space=$(room "$2")
    log=$(room "$2/pg_wal")
    [ -n "$space" ] || fail "df tells no free space of $2"
    if [ -n "$log" ] && [ "${log% *}" -lt "${space% *}" ]; then space=$log; fi
    say "$space" ;;
esac

data=$(cd "$2" 2>/dev/null && pwd -P) || fail "there is no data directory $2 on this host, or it cannot be reached"
[ -f "$data/PG_VERSION" ] || fail "$2 is no data directory"
[ -d /proc/self ] || fail "without /proc it cannot be told what runs in $data"
[ "$(id -u)" = 0 ] || [ -O "$data" ] || fail "$data belongs to another user than $(id -un): what runs in it cannot be told"

pids() { # all of a server's processes work in its data directory: "pid state", a line each
    for entry in /proc/[0-9]*; do
        [ "$entry/cwd" -ef "$data" ] || continue
        read -r line <"$entry/stat" || continue
        case $line in
        *'(postgres) Z'* | *'(postgres) X'*) ;;
        *'(postgres) '*)
            rest=${line##*(postgres) }
            printf '%s %s\n' "${entry#/proc/}" "${rest%% *}" ;;
        esac
    done 2>/dev/null
}
isOver() { [ -z "$(pids)" ]; }
isFrozen() { pids | grep -q ' [Tt]$'; }
postmaster() {
    read -r first 2>/dev/null <"$data/postmaster.pid" || return 0
    pids | while read -r pid state; do
        [ "$pid" = "$first" ] && printf '%s' "$pid"
    done
    return 0
}
awaitOver() { # tenths of a second
    left=$1
    until isOver; do
        [ "$left" -gt 0 ] || return 1
        left=$((left - 1))
        sleep 0.1
    done
}
killAll() { # first what would start others
    main=$(postmaster)
    [ -z "$main" ] || kill -KILL "$main"
    pids | while read -r pid state; do kill -KILL "$pid"; done
    return 0
}
dropForeignLock() { # of a process that is somebody else's by now
    isOver || return 0
    read -r first 2>/dev/null <"$data/postmaster.pid" || return 0
    kill -0 "$first" 2>/dev/null || [ -d "/proc/$first" ] || return 0
    rm -f "$data/postmaster.pid"
}
programs() {
    bin=/usr/lib/postgresql/$(cat "$data/PG_VERSION" </dev/null)/bin
    [ -x "$bin/pg_ctl" ] || bin=$(dirname "$(command -v pg_ctl)")
    [ -x "$bin/pg_ctl" ] || fail "the programs of PostgreSQL $(cat "$data/PG_VERSION" </dev/null) were not found on this host"
}
isReady() {
    [ -n "$(postmaster)" ] || return 1
    case $(sed -n 8p "$data/postmaster.pid" </dev/null) in
    ready* | standby*) return 0 ;;
    esac
    return 1
}
awaitReady() {
    left=$1
    until isReady; do
        [ "$left" -gt 0 ] || fail "$data was started and takes no connections yet"
        left=$((left - 1))
        sleep 0.1
    done
    say runs
}

case $1 in
end)
    isOver || fail "$data runs: its log goes on"
    programs
    [ -x "$bin/pg_waldump" ] || fail "there is no pg_waldump in $bin"
    # The last written is the newest; a file that was made ahead is newer, and empty.
    for file in $(ls -t "$data/pg_wal" | grep '^[0-9A-F]\{24\}$' | head -n 3); do
        size=$(stat -L -c %s "$data/pg_wal/$file") || continue
        rest=${file#????????}
        from=${rest%????????}/$(printf %X $((0x${rest#????????} * $size)))
        last=$("$bin/pg_waldump" -p "$data/pg_wal" -t $((0x${file%????????????????})) -s "$from" </dev/null 2>&1 | sed -n -e '/could not \(read\|open\|seek\)/{p;q}' -e '/^rmgr: /h' -e '${x;p}')
        case $last in
        'pg_waldump: '*) fail "$last" ;;
        'rmgr: '*) isOver && say "$((0x${file%????????????????})) $size $last" ;;
        esac
    done
    fail "pg_waldump finds no record in the newest files of $data/pg_wal" ;;
ask)
    if isOver; then say stopped; fi
    say runs ;;
stop)
    main=$(postmaster)
    if [ -n "$main" ] && ! isFrozen; then
        kill -INT "$main"
        if awaitOver $(($3 / 2)); then say stopped; fi
        kill -QUIT "$main"
        if ! isFrozen && awaitOver $(($3 / 4)); then say stopped; fi
    fi
    left=50
    until isOver; do
        killAll
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "the processes in $data do not end, even by SIGKILL"
        sleep 0.1
    done
    say stopped ;;
start)
    if isReady; then say runs; fi
    if [ -z "$(postmaster)" ]; then
        isOver || killAll
        awaitOver 50 || fail "processes of the dead server in $data do not end"
        dropForeignLock
        programs
        "$bin/pg_ctl" start -W -s -D "$data" -l "$data/shardlens-start.log" -o "-c config_file='$4'" </dev/null >/dev/null 2>&1 ||
            fail "pg_ctl start: $(tail -n 2 "$data/shardlens-start.log" </dev/null)"
        left=20 # its process stands in its directory a little later
        until [ -n "$(postmaster)" ]; do
            [ "$left" -gt 0 ] || fail "$data ended right after its start: $(tail -n 2 "$data/shardlens-start.log" </dev/null)"
            left=$((left - 1))
            sleep 0.1
        done
    fi
    awaitReady "$3" ;;
await)
    awaitReady "$3" ;;
rewind)
    isOver || fail "$data runs; it has to be stopped first"
    dropForeignLock
    programs
    text=$("$bin/pg_rewind" --target-pgdata="$data" --source-server="$4" --config-file="$3" </dev/null 2>&1) || fail "pg_rewind: $text"
    case $text in
    *'no rewind required'*) say 'no rewind required' ;;
    esac
    say rewound ;;
standby)
    isOver || fail "$data runs; it has to be stopped first"
    replace "$data/standby.signal" '' # first: broken off from here on, it comes up as no primary
    rm -f "$data/recovery.signal"
    replace "$data/postgresql.auto.conf" "$3"
    rm -rf "$data"/pg_replslot/* || fail "cannot remove the slots in $data"
    say made ;;
esac
fail "there is no deed '$1'"
)sh";

} // namespace shardlens::effects
