// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"
#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/guard/Order.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::guard
{

/// The newest operation of each cluster that this guard was told of: what it obeys, what it refuses, and whom it waits to hear from.
/// On disk before it is answered, so that a guard that starts again neither obeys an older one nor forgets a pause. Any thread.
class OperationBook
{
public:
    /// `state`: the folder that it is kept in; empty: in memory only.
    OperationBook(std::filesystem::path state, Report &report);

    /// Reads what is kept. Operations that were not over are waited for anew. Errors: Io, Protocol: then no order may be taken.
    [[nodiscard]] base::Result<void> load();

    /// Nothing: it is the newest now, and on disk.
    [[nodiscard]] std::optional<clients::GuardReply> announce(const clients::GuardAnnouncement &told, base::Instant now);
    /// A sign of life. Nothing: it may be obeyed.
    [[nodiscard]] std::optional<clients::GuardReply> hear(const clients::GuardOperation &of, base::Instant now);
    /// The same, and until `end` is called for it nobody takes it over, however long a command runs.
    [[nodiscard]] std::optional<clients::GuardReply> begin(const clients::GuardOperation &of, base::Instant now);
    void end(const clients::GuardOperation &of, base::Instant now);
    /// `termInForce`: what it leaves, lower than what was told where nobody was promoted; 0: as it was told.
    [[nodiscard]] std::optional<clients::GuardReply> release(const clients::GuardOperation &of, std::int64_t termInForce = 0);
    /// All members were seen to have no newer one: what an operation was to raise, and did not, hinders nobody any more.
    void settleTerm(const base::ClusterName &cluster, std::int64_t termInForce);

    [[nodiscard]] bool isHeld(const base::ClusterName &cluster) const;          ///< an operation is under way, or what it left is not cleared
    [[nodiscard]] std::optional<std::string> holder(const base::ClusterName &cluster) const; ///< its id, while one is
    /// What the newest operation on a group would give back to that server; empty where it was not its old primary.
    [[nodiscard]] std::string restores(const base::ClusterName &group, const base::ServerId &server) const;
    /// This guard stopped that server as a failover's old primary, and the failover is under way: nobody but it starts it again.
    [[nodiscard]] bool isFenced(const base::ClusterName &cluster, const base::ServerId &server) const;
    void noteFence(const clients::GuardOperation &of, const base::ServerId &stopped); ///< of no other operation or server is it one
    [[nodiscard]] std::int64_t newestTerm(const base::ClusterName &cluster) const; ///< 0: none was told
    /// Those that are silent for longer than they said. Each is told once: it is being taken over from then on.
    [[nodiscard]] std::vector<clients::GuardAnnouncement> overdue(base::Instant now);
    /// It is still the newest, and being taken over: a newer operation makes everything else moot.
    [[nodiscard]] bool isTakingOver(const clients::GuardOperation &of) const;
    void note(const clients::GuardOperation &of, OperationReport::State state, const std::string &said);

private:
    struct Entry {
        clients::GuardAnnouncement told;
        std::int64_t term = 0;       ///< the newest told that is in force or may be, which may be an earlier operation's
        std::int64_t termBefore = 0; ///< that before the newest operation was told
        OperationReport::State state = OperationReport::State::Running;
        base::UtcTime since;
        std::string said;
        base::Instant heardAt{};
        int busy = 0;
        bool isFenced = false; ///< its old primary was stopped here
        bool isHeard = false;  ///< since this guard started: what is kept of it may be long over
    };
    [[nodiscard]] std::optional<clients::GuardReply> whyNot(const clients::GuardOperation &of) const;
    [[nodiscard]] base::Result<void> save() const;
    void turn(Entry &entry, OperationReport::State state, const std::string &said);

    std::filesystem::path m_file;
    Report &m_report;
    mutable std::mutex m_mutex;
    std::map<base::ClusterName, Entry> m_entries;
};

} // namespace shardlens::guard
