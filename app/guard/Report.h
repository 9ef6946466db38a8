// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/facts/DiskSpace.h"
#include "core/facts/LogEnd.h"
#include "core/facts/ProbeReading.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace shardlens::guard
{

/// How the beats on one cluster go.
struct BeatReport {
    enum class State { Starting, Beating, StandingBy, Failing };
    State state = State::Starting;
    std::optional<std::int64_t> sequence;   ///< of the newest committed beat
    std::optional<base::microseconds> took; ///< that beat: sent through the router to commit answered
    std::optional<base::UtcTime> at;        ///< when it was answered
    std::optional<base::Error> error;       ///< of the newest attempt; empty when it went well
    bool isErrorAtRouter = false;           ///< it came by way of the router, not on the way to the lock
    std::optional<base::UtcTime> waitingSince; ///< when the attempt under way began; empty between two
    bool waitsAtRouter = false;             ///< that one holds the lock and waits for the router
    std::string lockServer;                 ///< the server whose lock makes this guard the one writer; empty if none
};

/// Whether a server's process answers, seen from this region.
struct ReachReport {
    bool isReachable = false;
    std::optional<base::microseconds> latency; ///< of the newest answer
    base::UtcTime at;                          ///< when this was found
    std::string error;                         ///< why not
    std::optional<bool> isStandby = {};        ///< what a Postgres that answered said of itself; not published, like what follows
    std::optional<bool> holdsLock = {};        ///< the session holds the lock of this region's beats there
    std::optional<base::Error> failure = {};   ///< why not, whole
    base::Instant foundAt = {};                ///< by the clock that never jumps
};

/// One database of this region's router, as SHOW DATABASES tells it.
struct RouterDatabase {
    bool isPaused = false;
    bool isDisabled = false;
    std::string host;
    std::string port;
};

struct RouterReport {
    bool isAnswering = false;
    base::UtcTime at;
    std::string error;
    std::map<std::string, RouterDatabase> databases; ///< of the newest answer
};

/// What this guard's own probe of one way of serving found, as an application of its region would.
struct WayReport {
    facts::ReachState state = facts::ReachState::Asking;
    std::optional<base::microseconds> took;   ///< of the newest answer
    std::optional<base::microseconds> usual;  ///< median of the last hour
    std::optional<base::UtcTime> at;          ///< of the newest answer
    std::optional<base::UtcTime> silentSince; ///< when the first question without answer was asked
    std::optional<bool> writable;
    std::optional<base::Error> error;
};

/// The newest operation on a cluster that this guard was told of.
struct OperationReport {
    enum class State {
        Running,    ///< announced, and heard of
        TakingOver, ///< silent for longer than it said: the guard finds out what is so
        Waiting,    ///< no primary is verified: a person must act, and the guard looks again each second
        TakenOver,  ///< the guard ended it
        Released,   ///< over
    };
    std::string operation;
    std::int64_t number = 0;
    std::int64_t term = 0; ///< the newest that was told for this cluster
    State state = State::Running;
    base::UtcTime since;
    std::string said; ///< what was done, or why nothing can be
};

/// A server that came back as a primary of an older term, and what the guard did to it.
struct FenceReport {
    base::UtcTime at;
    std::string said;
};

/// Room on a server's disk, or why it could not be read.
struct DiskReport {
    base::UtcTime at;
    std::optional<facts::DiskSpace> space;
    std::string error;
};

/// Where the log of a server ends that is stopped.
struct LogEndReport {
    base::UtcTime at;
    facts::LogEnd found;
};

/// All that the guard's threads find, for whoever asks. Any thread.
class Report
{
public:
    explicit Report(base::RegionName region) : m_region(std::move(region)) {}

    void setBeat(const base::ClusterName &cluster, BeatReport beat);
    void setReach(const base::ServerId &server, ReachReport reach);
    void setRouter(const base::ServerId &server, RouterReport router);
    void setWay(const facts::ProbeKey &key, WayReport way);
    void setOperation(const base::ClusterName &cluster, OperationReport operation);
    void setFence(const base::ServerId &server, FenceReport fence);
    void setDisk(const base::ServerId &server, DiskReport disk);
    void setLogEnd(const base::ServerId &server, const std::optional<facts::LogEnd> &end); ///< nothing: it goes on, or may
    void countOrder(bool wasRefused); ///< since the guard started

    /// Whether a server answered lately and was a standby; what a look of its own need not find out again.
    [[nodiscard]] bool isStandby(const base::ServerId &server) const;
    [[nodiscard]] std::optional<ReachReport> reach(const base::ServerId &server) const; ///< empty until it was asked

    /// One line of JSON, as PROTOCOL.md tells it, without the line's end.
    [[nodiscard]] std::string toJson() const;

private:
    base::RegionName m_region;
    base::UtcTime m_startedAt = std::chrono::floor<base::microseconds>(std::chrono::system_clock::now());
    mutable std::mutex m_mutex;
    std::map<base::ClusterName, BeatReport> m_beats;
    std::map<base::ServerId, ReachReport> m_reach;
    std::map<base::ServerId, RouterReport> m_routers;
    std::map<facts::ProbeKey, WayReport> m_ways;
    std::map<base::ClusterName, OperationReport> m_operations;
    std::map<base::ServerId, FenceReport> m_fenced;
    std::map<base::ServerId, DiskReport> m_disks;
    std::map<base::ServerId, LogEndReport> m_logEnds;
    std::int64_t m_carriedOut = 0;
    std::int64_t m_refused = 0;
};

[[nodiscard]] const char *name(OperationReport::State state); ///< running, taking_over, waiting, taken_over, released
[[nodiscard]] std::optional<OperationReport::State> operationStateNamed(const std::string &text);

/// ISO 8601 UTC with milliseconds.
[[nodiscard]] std::string isoUtc(base::UtcTime at);
[[nodiscard]] base::UtcTime utcNow();

} // namespace shardlens::guard
