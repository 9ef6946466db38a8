// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/BaseCopy.h"

#include <csignal>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace shardlens::guard
{

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

namespace
{

constexpr std::chrono::hours copyLimit{12};

/// Each pg_basebackup into that folder that a guard before this one began.
std::vector<pid_t> strayTools(const fs::path &into)
{
    return shell::toolsWith("pg_basebackup", "--pgdata=" + into.string());
}

Result<void> moved(const fs::path &from, const fs::path &to)
{
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        return base::fail(ErrorCode::Io, from.string() + " cannot be renamed to " + to.string() + ": " + error.message());
    const int folder = ::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Result<void> removedAll(const fs::path &path)
{
    std::error_code error;
    fs::remove_all(path, error);
    return error ? Result<void>(base::fail(ErrorCode::Io, path.string() + " cannot be removed: " + error.message())) : Result<void>();
}

/// What a copy of it would take, about: 0 where it cannot be read.
std::uintmax_t sizeOf(const fs::path &data)
{
    std::uintmax_t sum = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(data, fs::directory_options::skip_permission_denied, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (at->is_regular_file(ignored) && !at->is_symlink(ignored)) {
            const std::uintmax_t size = at->file_size(ignored);
            sum += ignored ? 0 : size;
        }
    }
    return sum;
}

/// Others share the disk: a copy that fills it would take them down.
std::string whyNoRoom(const fs::path &data)
{
    std::error_code error;
    const fs::space_info space = fs::space(data.parent_path(), error);
    const std::uintmax_t needed = sizeOf(data) / 10 * 11;
    if (error || space.available >= needed)
        return {};
    return "it needs about " + std::to_string(needed >> 20U) + " MiB, and " + std::to_string(space.available >> 20U) + " MiB are free there";
}

/// A copy takes the place of one folder: what lies elsewhere would be copied over it.
std::string whyNotOneFolder(const fs::path &data)
{
    std::error_code error;
    if (fs::is_symlink(data / "pg_wal", error))
        return "its log lies elsewhere: pg_wal is a link";
    for (const auto &space : fs::directory_iterator(data / "pg_tblspc", error))
        return "it has table spaces elsewhere: " + space.path().filename().string();
    return {};
}

} // namespace

BaseCopy::~BaseCopy()
{
    stopTool();
}

void BaseCopy::stopTool()
{
    if (m_watch)
        m_watch->stop();
    if (m_thread.joinable())
        m_thread.join();
    m_watch.reset();
}

/// The tool writes its manifest under another name until all else is there, and flushed.
bool BaseCopy::isWhole() const
{
    std::error_code ignored;
    return fs::exists(copy() / "backup_manifest", ignored);
}

Result<std::string> BaseCopy::begin(const fs::path &programs, const std::string &connection, const std::string &slot)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_runs || (m_watch && m_trouble.empty() && isWhole()))
            return "begun";
    }
    if (const std::string why = whyNotOneFolder(m_data); !why.empty())
        return base::fail(ErrorCode::Rejected, "a copy cannot take the place of " + m_data.string() + ": " + why);
    const fs::path program = programs / "pg_basebackup";
    if (::access(program.c_str(), X_OK) != 0)
        return base::fail(ErrorCode::Unavailable, program.string() + " is missing");
    if (const auto ended = end(); !ended)
        return ended;
    if (const std::string why = whyNoRoom(m_data); !why.empty())
        return base::fail(ErrorCode::Rejected, "there is no room for a copy beside " + m_data.string() + ": " + why);
    m_watch.emplace();
    m_runs = true;
    m_trouble.clear();
    m_thread = std::thread([this, program, connection, slot] {
        // With standby.signal from its first moment: between the exchange and the settings that follow it somebody may start it.
        const auto ran = shell::runTool({program.string(), "--dbname=" + connection, "--pgdata=" + copy().string(), "--wal-method=stream",
                                         "--slot=" + slot, "--checkpoint=fast", "--write-recovery-conf", "--no-password", "--progress"},
                                        std::chrono::steady_clock::now() + copyLimit, &*m_watch);
        const std::lock_guard lock(m_mutex);
        m_runs = false;
        if (!ran)
            m_trouble = ran.error().message;
        else if (ran->exitCode != 0)
            m_trouble = shell::endOf(ran->text);
    });
    return "begun";
}

std::string BaseCopy::state()
{
    const std::lock_guard lock(m_mutex);
    if (m_runs)
        return "so far: " + (m_watch->lastLine().empty() ? std::string("nothing yet") : m_watch->lastLine());
    if (!m_trouble.empty())
        return "failed: " + m_trouble;
    if (isWhole())
        return "copied";
    std::error_code ignored;
    if (!fs::exists(copy(), ignored))
        return "none";
    return strayTools(copy()).empty() ? "failed: it broke off when the guard that had begun it ended" : "so far: it goes on; the guard that had begun it ended";
}

Result<std::string> BaseCopy::end()
{
    stopTool();
    for (const pid_t tool : strayTools(copy()))
        ::kill(tool, SIGKILL);
    m_trouble.clear();
    const auto removed = removedAll(copy());
    return removed ? Result<std::string>("ended") : Result<std::string>(base::fail(removed.error()));
}

Result<std::string> BaseCopy::take()
{
    std::error_code ignored;
    stopTool();
    if (fs::exists(replaced(), ignored) && !isWhole() && fs::exists(m_data, ignored))
        return "taken";
    if (!isWhole())
        return base::fail(ErrorCode::Rejected, "there is no whole copy in " + copy().string());
    // Broken off between the two renames before: the data are aside already.
    if (fs::exists(m_data, ignored)) {
        if (const auto removed = removedAll(replaced()); !removed)
            return base::fail(removed.error());
        if (const auto aside = moved(m_data, replaced()); !aside)
            return base::fail(aside.error());
    }
    if (const auto in = moved(copy(), m_data); !in) {
        (void)moved(replaced(), m_data);
        return base::fail(in.error());
    }
    return "taken";
}

Result<std::string> BaseCopy::giveBack()
{
    std::error_code ignored;
    if (!fs::exists(replaced(), ignored))
        return "returned";
    if (fs::exists(m_data, ignored)) {
        if (const auto removed = removedAll(copy()); !removed)
            return base::fail(removed.error());
        if (const auto aside = moved(m_data, copy()); !aside)
            return base::fail(aside.error());
    }
    if (const auto back = moved(replaced(), m_data); !back)
        return base::fail(back.error());
    return "returned";
}

Result<std::string> BaseCopy::dropReplaced()
{
    const auto removed = removedAll(replaced());
    return removed ? Result<std::string>("dropped") : Result<std::string>(base::fail(removed.error()));
}

} // namespace shardlens::guard
