// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/JournalCopier.h"

#include "app/executor/Surroundings.h"

namespace shardlens::executor {

namespace {

constexpr base::milliseconds gathers{20}; ///< lines that follow at once leave together
constexpr base::milliseconds beat{1000};
constexpr std::size_t mostAtOnce = 200;
constexpr auto wasTakenOver = "55000";

desk::DeskOptions optionsFor(const Setting &setting, const fleet::DatabaseUser &actor, std::shared_ptr<const wire::Interrupt> interrupt)
{
    desk::DeskOptions options;
    options.from = setting.fleet->ownRegion;
    options.user = actor.name;
    options.keychain = fromKeychain;
    options.interrupt = std::move(interrupt);
    return options;
}

desk::CopiedJournal whoFor(const Setting &setting, const fleet::DatabaseUser &actor, std::int64_t number)
{
    const execute::Author author = authorOf(actor);
    desk::CopiedJournal who;
    who.operation = setting.id;
    who.number = number;
    who.by = {author.databaseUser, author.osUser, author.host};
    return who;
}

} // namespace

JournalCopier::JournalCopier(const Setting &setting, const fleet::DatabaseUser &actor, std::int64_t number)
    : m_folder(setting.folder), m_id(setting.id), m_copy(setting.fleet, optionsFor(setting, actor, m_interrupt), whoFor(setting, actor, number)),
      m_isExpected(setting.fleet->directory.has_value()), m_thread([this] { run(); })
{
}

JournalCopier::~JournalCopier()
{
    {
        const std::lock_guard guard(m_mutex);
        m_isStopped = true;
    }
    m_changed.notify_all();
    m_interrupt->raise();
    m_thread.join();
}

void JournalCopier::nudge()
{
    {
        const std::lock_guard guard(m_mutex);
        m_isNudged = true;
        m_isWhole = false;
    }
    m_changed.notify_all();
}

void JournalCopier::run()
{
    std::unique_lock lock(m_mutex);
    bool isWell = true;
    while (!m_isStopped && !m_isOver) {
        // Where the directory does not answer, what is written meanwhile waits for the next beat.
        m_changed.wait_for(lock, beat, [&] { return m_isStopped || (m_isNudged && isWell); });
        if (m_isStopped)
            break;
        if (!m_isEnding && m_copied > 0) // its beginning at once: without it nobody can go on
            m_changed.wait_for(lock, gathers, [&] { return m_isStopped || m_isEnding; });
        m_isNudged = false;
        lock.unlock();
        isWell = copyMore();
        lock.lock();
        m_isWhole = isWell && !m_isNudged;
        m_changed.notify_all();
    }
    m_isOver = true;
    m_changed.notify_all();
}

/// All that the file holds by now; where it holds nothing new, that this still goes on.
bool JournalCopier::copyMore()
{
    auto more = record::readJournal(m_folder, m_id, m_next);
    base::Result<std::size_t> has = more ? base::Result<std::size_t>(0) : base::fail(more.error());
    std::size_t sent = 0;
    while (has && (sent < more->lines.size() || sent == 0)) {
        std::vector<std::string> lines;
        for (; sent < more->lines.size() && lines.size() < mostAtOnce; ++sent)
            lines.push_back(execute::withoutSecrets(more->lines[sent]));
        const std::size_t first = m_line + sent - lines.size();
        has = m_copy.add(first, std::move(lines));
        if (more->lines.empty())
            break;
    }
    const std::lock_guard guard(m_mutex);
    if (has) {
        m_next = more->next;
        m_copied = m_line += sent;
        m_why.clear();
        return true;
    }
    m_why = has.error().message;
    m_isOver = has.error().sqlState == wasTakenOver || has.error().code == base::ErrorCode::NoRights;
    return false;
}

std::string JournalCopier::finish(base::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_isEnding = true;
    m_isNudged = true;
    m_changed.notify_all();
    m_changed.wait_for(lock, patience, [&] { return m_isWhole || m_isOver; });
    if (m_isWhole || !m_isExpected)
        return {};
    const auto all = record::readJournal(m_folder, m_id);
    return "the directory's copy of its journal has " + std::to_string(m_copied) + " of " + std::to_string(all ? all->lines.size() : 0) + " lines" + (m_why.empty() ? std::string() : ": " + m_why);
}

} // namespace shardlens::executor
