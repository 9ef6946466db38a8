// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/campaign/Means.h"
#include "core/effects/ExecutorProcess.h"
#include "core/observe/Engine.h"

#include <QString>

#include <map>

namespace shardlens::executor {

/// A campaign's means on a real fleet: an executor a move, this program's own engine to look with, marks in the directory. SIGTERM or
/// SIGINT to this program, which has to block them: the first asks to stop after the wave, the second now. Needs a QCoreApplication.
class FleetMeans final : public campaign::Means
{
public:
    /// `user` acts; `folder` is where campaigns' journals lie, `id` this one's.
    FleetMeans(Setting setting, QString folder, std::string id, std::string user);

    /// Until all that moves rest on was read, and what is marked. Blocks.
    [[nodiscard]] facts::SnapshotPtr lookFirst();

    [[nodiscard]] std::string freshId(const std::string &subject) override;
    [[nodiscard]] unsigned looksAtOnce() const override;
    void prepareMove(const std::string &id, const execute::ActRequest &request) override;
    void dropMove(const std::string &id) override { m_children.erase(id); } // its standard input ends, and so does it
    [[nodiscard]] base::Result<void> startMove(const std::string &id, const execute::ActRequest &request) override;
    [[nodiscard]] base::Result<void> resumeMove(const std::string &id) override;
    void cancelMove(const std::string &id) override;
    [[nodiscard]] campaign::MoveSeen look(const std::string &id) override;
    [[nodiscard]] facts::SnapshotPtr snapshot() override { return m_engine.latest(); }
    void lookAgain() override { m_engine.readAgainNow(); }
    [[nodiscard]] base::Result<void> setMark(const campaign::Goal &goal, const std::string &reason, bool isSet) override;
    [[nodiscard]] base::Result<facts::Kernel> kernelNow(const std::string &host) override;
    [[nodiscard]] std::optional<facts::Kernel> kernelBefore(const std::string &host) override;
    [[nodiscard]] std::vector<campaign::Wish> takeWishes() override;

    /// The mark of a host ends then.
    void setUntil(std::optional<base::UtcTime> until) { m_until = until; }

private:
    struct Child {
        std::optional<effects::ExecutorProcess> process; ///< nothing: an earlier driver started it
        std::int64_t next = 0;
        std::vector<std::string> lines;
        std::optional<execute::Operation> operation;
        std::string refused;
    };
    [[nodiscard]] base::Result<void> startExecutor(const std::string &id, const std::vector<std::string> &arguments, const std::string &input, bool mayBeTold = false);
    void readJournalOf(const std::string &id, Child &child) const;

    Setting m_setting;
    QString m_folder;
    std::string m_id;
    std::string m_user;
    observe::Engine m_engine;
    std::map<std::string, Child> m_children;
    std::int64_t m_nextWish = 0;
    int m_signals = 0;
    std::optional<base::UtcTime> m_until;
};

} // namespace shardlens::executor
