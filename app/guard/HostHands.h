// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/BaseCopy.h"
#include "app/guard/PostgresProcess.h"
#include "app/guard/RepmgrRun.h"
#include "core/effects/HostShell.h"
#include "core/effects/RouterFile.h"
#include "core/effects/RouterHands.h"
#include "core/operate/HostDeed.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace shardlens::guard
{

/// The guard runs where the router does, as who may write its file.
[[nodiscard]] effects::RouterFiles ownRouterFiles();

/// Deeds on hosts of this region, this very one (reach = local) as the servers' owner, or others by ssh: processes and files of Postgres
/// servers, files of the router. Blocking; any thread, and deeds on one server come one after the other. Each ends about its deadline.
/// Errors: Rejected (a server of another region, or one that runs where it must not), Unavailable (no way to that host from here),
/// and those of the means; with their Effect.
class HostHands
{
public:
    /// `state`: where is remembered what a server ran from and wrote to, so that it can be started again; may be empty.
    HostHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, effects::RouterHands &router, std::filesystem::path state);

    /// Answers: Stop "stopped", AskStopped "stopped" or "runs", Start "runs", Rewind "rewound" or "no rewind required", MakeStandby
    /// "made", the copies what BaseCopy says, repmgr's what RepmgrRun says, PointRouter what SHOW DATABASES tells then.
    [[nodiscard]] base::Result<std::string> carryOut(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline);

    /// The server stands here, and can be acted on.
    [[nodiscard]] base::Result<const fleet::Server *> reachable(const base::ServerId &on) const;
    /// Where a server here keeps its data and from which file it is configured, as it said itself while it ran: a deed on one that
    /// is dead by then, and that whoever asks for it never saw, names neither.
    void learn(const base::ServerId &on, const std::string &directory, const std::string &config);
    /// Room on its disk. Waits for no deed. Errors: NotFound where its data directory is not known yet, and as carryOut().
    [[nodiscard]] base::Result<facts::DiskSpace> spaceOf(const base::ServerId &on, base::Instant deadline);
    /// Where the log of a stopped one ends. Waits for no deed. Errors likewise; Rejected also where it runs.
    [[nodiscard]] base::Result<facts::LogEnd> logEndOf(const base::ServerId &on, base::Instant deadline);
    [[nodiscard]] bool isBySsh(const base::ServerId &on) const;
    /// It stands here, its data directory is known, and no process works there.
    [[nodiscard]] bool isProvenStopped(const base::ServerId &on);

private:
    [[nodiscard]] base::Result<std::filesystem::path> directoryOf(const base::ServerId &on);
    struct Means {
        std::filesystem::path programs;
        std::filesystem::path log;
        std::filesystem::path directory;
        std::string config;
    };
    [[nodiscard]] operate::HostDeed completed(const base::ServerId &on, operate::HostDeed deed);
    [[nodiscard]] base::Result<std::string> stop(const base::ServerId &on, const PostgresProcess &process, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> start(const base::ServerId &on, const PostgresProcess &process, const std::string &config, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> rewind(const base::ServerId &on, const PostgresProcess &process, const operate::HostDeed &deed, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> carryOutCopy(const base::ServerId &on, const operate::HostDeed &deed);
    [[nodiscard]] base::Result<std::string> carryOutRepmgr(const fleet::Server &server, const operate::HostDeed &deed);
    [[nodiscard]] base::Result<std::string> carryOutBySsh(const base::ServerId &on, const operate::HostDeed &deed, base::Instant deadline);
    void keepMeans() const;
    void remember(const base::ServerId &on, const PostgresProcess &process);
    [[nodiscard]] base::Result<Means> meansOf(const base::ServerId &on, const PostgresProcess &process);
    [[nodiscard]] std::mutex &lockOf(const base::ServerId &on);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    effects::RouterHands &m_router;
    effects::HostShell m_shell;
    std::filesystem::path m_state;
    std::mutex m_mutex; ///< of the maps and the file
    std::map<base::ServerId, std::mutex> m_locks;
    std::map<base::ServerId, Means> m_means;
    std::map<base::ServerId, std::unique_ptr<BaseCopy>> m_copies; ///< each used under its server's lock
    std::map<base::ServerId, std::unique_ptr<RepmgrRun>> m_repmgrs; ///< likewise
};

} // namespace shardlens::guard
