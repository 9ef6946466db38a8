// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/shell/Tool.h"
#include "core/operate/HostDeed.h"

#include <filesystem>
#include <optional>
#include <string>
#include <thread>

namespace shardlens::guard
{

/// The copy of one standby's data that is to replace them, in a folder beside them: taken by pg_basebackup, which may run for hours,
/// while the standby goes on. Whoever replaces this guard finds it by that folder. One thread at a time; the tool has one of its own.
/// Errors: Rejected (the data lie in more places than their folder), Unavailable (no program), Io.
class BaseCopy
{
public:
    explicit BaseCopy(std::filesystem::path data) : m_data(std::move(data)) {}
    ~BaseCopy();
    BaseCopy(const BaseCopy &) = delete;
    BaseCopy &operator=(const BaseCopy &) = delete;

    /// Answers at once. One that runs, or is whole, is left as it is.
    [[nodiscard]] base::Result<std::string> begin(const std::filesystem::path &programs, const std::string &connection, const std::string &slot);
    [[nodiscard]] std::string state(); ///< as HostAct::AskCopied answers
    [[nodiscard]] base::Result<std::string> end();

    // Of a stopped server.
    [[nodiscard]] base::Result<std::string> take();    ///< nothing where it was taken already
    [[nodiscard]] base::Result<std::string> giveBack(); ///< nothing where nothing was replaced
    [[nodiscard]] base::Result<std::string> dropReplaced();

private:
    [[nodiscard]] std::filesystem::path copy() const { return m_data.string() + operate::copySuffix; }
    [[nodiscard]] std::filesystem::path replaced() const { return m_data.string() + operate::replacedSuffix; }
    [[nodiscard]] bool isWhole() const;
    void stopTool();

    std::filesystem::path m_data;
    std::thread m_thread;
    std::optional<shell::ToolWatch> m_watch; ///< of one that was begun here, until it is ended or taken
    std::mutex m_mutex;
    std::string m_trouble; ///< why it ended
    bool m_runs = false;
};

} // namespace shardlens::guard
