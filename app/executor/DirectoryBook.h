// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/campaign/Campaign.h"
#include "core/effects/Login.h"
#include "core/execute/Operation.h"
#include "core/facts/OwedAudit.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::executor {

/// What of an operation stands in the directory, for others to see: who holds the lock, and the audit log. Every question of a call is
/// given a second and a half, and a call asks up to three: an operation works with the directory down. What was not written is told as text; of it, the row of the
/// audit log is kept on this machine (record/AuditOutbox.h), and written with the next that reaches the directory.
class DirectoryBook
{
public:
    explicit DirectoryBook(effects::Login login) : m_login(std::move(login)) {}

    [[nodiscard]] base::Result<void> begun(const execute::Operation &operation);
    [[nodiscard]] base::Result<void> ended(const execute::Operation &operation, execute::Outcome outcome, const std::string &said);

private:
    [[nodiscard]] base::Result<void> showBegun(const execute::Operation &operation, const facts::OwedAudit &noted);
    [[nodiscard]] base::Result<void> showEnded(const execute::Operation &operation, const facts::OwedAudit &noted);

    effects::Login m_login;
};

/// The same of a campaign: two rows of the audit log, and one among the locks while it runs, so that no other machine begins one of the
/// same region or host. What is not written is told on standard error, and kept as above.
class CampaignBook
{
public:
    CampaignBook(const Setting &setting, const fleet::DatabaseUser &actor);
    ~CampaignBook();
    CampaignBook(const CampaignBook &) = delete;
    CampaignBook &operator=(const CampaignBook &) = delete;

    /// Its row among the locks, which a thread of its own keeps fresh from then on. One that was not heard of for a minute is taken over;
    /// so is one of `own`: this machine's campaigns, of which none runs. A directory that does not answer hinders nothing.
    /// Errors: Rejected, with whose campaign runs, and since when.
    [[nodiscard]] base::Result<void> claim(const campaign::Campaign &campaign, const std::vector<std::string> &own);
    void begun(const campaign::Campaign &campaign);
    void ended(const campaign::Campaign &campaign);

private:
    [[nodiscard]] base::Result<void> note(const campaign::Campaign &campaign, bool hasEnded);
    [[nodiscard]] base::Result<void> show(const campaign::Campaign &campaign, const facts::OwedAudit &noted, bool hasEnded);
    void keepFresh(const std::string &kind, const std::string &subject, const std::string &id);
    void letGo();

    effects::Login m_login;
    std::mutex m_mutex;
    std::condition_variable m_over;
    bool m_isOver = false;
    std::thread m_freshening;
};

} // namespace shardlens::executor
