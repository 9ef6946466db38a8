// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/execute/ActRequest.h"
#include "core/facts/Snapshot.h"

#include <optional>
#include <string>
#include <vector>

namespace shardlens::campaign {

/// What a person asks of a campaign that runs.
struct Wish {
    Stop stop = Stop::No; ///< No: it is a tick
    std::string step;     ///< of a tick: ManualStep::id()
    std::string by;
    bool operator==(const Wish &) const = default;
};

/// What is seen of a move's operation from outside.
struct MoveSeen {
    std::optional<execute::Operation> operation; ///< as its journal tells; nothing: it has none
    bool isCarriedOut = false;                   ///< its executor lives
    std::string refused;                         ///< why its executor did not begin
};

[[nodiscard]] std::string toJson(const Wish &wish); ///< one line
[[nodiscard]] base::Result<Wish> wishFrom(const std::string &json); ///< BadInput

/// By what a campaign takes effect: executors that outlive it, one a move. One thread.
class Means
{
public:
    virtual ~Means() = default;

    [[nodiscard]] virtual std::string freshId(const std::string &subject) = 0; ///< for a move's operation
    /// How many executors may look at the fleet at the same time: more than this machine can feed would take one another's slowness
    /// for the servers'.
    [[nodiscard]] virtual unsigned looksAtOnce() const = 0;
    /// Starts an executor that looks and plans, and then waits: it changes nothing until startMove() lets it begin, and ends where this
    /// program does. Where that fails startMove() does all by itself.
    virtual void prepareMove(const std::string &id, const execute::ActRequest &request) = 0;
    virtual void dropMove(const std::string &id) = 0; ///< one that was prepared, and is not to begin
    /// Starts an executor of its own for it, or the one that was prepared, which writes its journal under that id. Errors: it could not
    /// be started.
    [[nodiscard]] virtual base::Result<void> startMove(const std::string &id, const execute::ActRequest &request) = 0;
    /// One whose executor is gone goes on from its journal.
    [[nodiscard]] virtual base::Result<void> resumeMove(const std::string &id) = 0;
    virtual void cancelMove(const std::string &id) = 0;
    [[nodiscard]] virtual MoveSeen look(const std::string &id) = 0;

    [[nodiscard]] virtual facts::SnapshotPtr snapshot() = 0; ///< the newest; never null once a campaign runs
    virtual void lookAgain() = 0;                            ///< asks all servers now
    [[nodiscard]] virtual base::Result<void> setMark(const Goal &goal, const std::string &reason, bool isSet) = 0;
    /// The kernel that a host runs, as the host tells. May take seconds. Errors: there is no way to it, or it does not answer.
    [[nodiscard]] virtual base::Result<facts::Kernel> kernelNow(const std::string &host) = 0;
    /// What was noted when the host was last taken down; nothing where nobody did so from here.
    [[nodiscard]] virtual std::optional<facts::Kernel> kernelBefore(const std::string &host) = 0;
    [[nodiscard]] virtual std::vector<Wish> takeWishes() = 0; ///< those since the last call
};

} // namespace shardlens::campaign
