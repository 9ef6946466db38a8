// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/campaign/Campaign.h"
#include "core/effects/Login.h"
#include "core/execute/Operation.h"

#include <string>

namespace shardlens::executor {

/// What of an operation stands in the directory, for others to see: who holds the lock, and the audit log. Every call tries within
/// a second and a half and gives up: an operation works with the directory down. What was not written is told as text.
class DirectoryBook
{
public:
    explicit DirectoryBook(effects::Login login) : m_login(std::move(login)) {}

    [[nodiscard]] base::Result<void> begun(const execute::Operation &operation);
    [[nodiscard]] base::Result<void> ended(const execute::Operation &operation, execute::Outcome outcome, const std::string &said);

private:
    effects::Login m_login;
};

/// The same of a campaign: two rows of the audit log, and one among the locks while it runs, for others to see. What is not written is
/// told on standard error.
class CampaignBook
{
public:
    CampaignBook(const Setting &setting, const fleet::DatabaseUser &actor);
    void begun(const campaign::Campaign &campaign);
    void ended(const campaign::Campaign &campaign);

private:
    [[nodiscard]] base::Result<void> note(const campaign::Campaign &campaign, bool hasEnded);

    effects::Login m_login;
};

} // namespace shardlens::executor
