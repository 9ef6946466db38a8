// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    [[nodiscard]] base::Result<postgres::Session> primary(base::Instant deadline) const;

    effects::Login m_login;
};

} // namespace shardlens::executor
