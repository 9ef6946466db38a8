// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/HotKeyWatch.h"

#include "core/clients/memcached/WatchLine.h"
#include "core/clients/wire/Talk.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <thread>

#include <poll.h>

namespace shardlens::cacheflow {

using base::ErrorCode;

namespace {

std::uint64_t statOf(std::string_view stats, std::string_view name)
{
    const std::string line = "STAT " + std::string(name) + " ";
    const auto at = stats.find(line);
    std::uint64_t value = 0;
    if (at != std::string_view::npos)
        std::from_chars(stats.data() + at + line.size(), stats.data() + stats.size(), value);
    return value;
}

/// The watch of one member, on a thread of its own.
class MemberWatch
{
public:
    MemberWatch(const memcached::Member &member, const HotKeyOptions &options, const wire::Interrupt *interrupt)
        : m_member(member), m_options(options), m_interrupt(interrupt), m_count(options.count)
    {
        m_told.server = member.server;
        m_count.setCounts(false);
    }

    void run(base::Instant countFrom, base::Instant until)
    {
        const auto before = droppedLines();
        if (const auto watched = watch(countFrom, until); !watched && watched.error().code != ErrorCode::Cancelled) {
            const std::scoped_lock lock(m_mutex);
            m_told.error = watched.error();
        }
        const auto after = droppedLines();
        const std::scoped_lock lock(m_mutex);
        m_told.dropped = before && after && *after > *before ? *after - *before : 0;
    }

    WatchedMember report() const
    {
        const std::scoped_lock lock(m_mutex);
        WatchedMember told = m_told;
        told.keys = m_count.report(m_options.top);
        return told;
    }

private:
    base::Result<void> watch(base::Instant countFrom, base::Instant until)
    {
        const auto deadline = std::chrono::steady_clock::now() + m_options.deadline;
        auto talk = wire::Talk::dial(m_member.endpoint.host, m_member.endpoint.port, deadline, m_interrupt);
        if (!talk)
            return base::fail(talk.error());
        if (const auto sent = talk->send(memcached::watchCommand, deadline); !sent)
            return sent;
        std::string unread;
        while (unread.find('\n') == std::string::npos) {
            const auto more = talk->receive(deadline);
            if (!more)
                return base::fail(more.error());
            if (more->empty())
                return base::fail(ErrorCode::Unreachable, "the connection ended", m_member.server);
            unread += *more;
        }
        const auto end = unread.find('\n');
        if (!unread.starts_with("OK"))
            return base::fail(ErrorCode::Rejected, "takes no watcher: " + unread.substr(0, unread.find_first_of("\r\n")), m_member.server);
        unread.erase(0, end + 1);
        return follow(*talk, std::move(unread), countFrom, until);
    }

    base::Result<void> follow(wire::Talk &talk, std::string unread, base::Instant countFrom, base::Instant until)
    {
        for (;;) {
            takeLines(unread, std::chrono::steady_clock::now() >= countFrom);
            const auto more = talk.receive(until);
            if (!more)
                return more.error().code == ErrorCode::TimedOut ? base::Result<void>() : base::Result<void>(base::fail(more.error()));
            if (more->empty())
                return base::fail(ErrorCode::Unreachable, "the connection ended", m_member.server);
            unread += *more;
            const std::scoped_lock lock(m_mutex);
            m_told.bytes += more->size();
        }
    }

    void takeLines(std::string &unread, bool counts)
    {
        const std::scoped_lock lock(m_mutex);
        m_count.setCounts(counts);
        std::size_t from = 0;
        for (auto end = unread.find('\n'); end != std::string::npos; end = unread.find('\n', from)) {
            if (end > from)
                m_count.take(std::string_view(unread).substr(from, end - from));
            from = end + 1;
        }
        unread.erase(0, from);
    }

    std::optional<std::uint64_t> droppedLines() const
    {
        const auto deadline = std::chrono::steady_clock::now() + m_options.deadline;
        auto talk = wire::Talk::dial(m_member.endpoint.host, m_member.endpoint.port, deadline, m_interrupt);
        if (!talk || !talk->send("stats\r\n", deadline))
            return std::nullopt;
        const auto stats = talk->receiveUntil("END\r\n", deadline);
        return stats ? std::optional(statOf(*stats, "log_worker_dropped") + statOf(*stats, "log_watcher_skipped")) : std::nullopt;
    }

    memcached::Member m_member;
    const HotKeyOptions &m_options;
    const wire::Interrupt *m_interrupt;
    mutable std::mutex m_mutex;
    WatchedMember m_told;
    HotKeyCount m_count;
};

bool isRaisedBy(const wire::Interrupt *interrupt, base::milliseconds within)
{
    if (!interrupt) {
        std::this_thread::sleep_for(within);
        return false;
    }
    pollfd fd = {interrupt->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(std::max<std::int64_t>(within.count(), 0))) > 0;
}

} // namespace

HotKeysReport watchHotKeys(const std::vector<memcached::Member> &members, const HotKeyOptions &options, const std::shared_ptr<const wire::Interrupt> &interrupt,
                           const std::function<void(const HotKeysReport &)> &told)
{
    const auto countFrom = std::chrono::steady_clock::now() + options.learning;
    const auto until = countFrom + options.counting;
    std::vector<std::unique_ptr<MemberWatch>> watches;
    std::vector<std::thread> threads;
    for (const memcached::Member &member : members) {
        watches.push_back(std::make_unique<MemberWatch>(member, options, interrupt.get()));
        threads.emplace_back([watch = watches.back().get(), countFrom, until] { watch->run(countFrom, until); });
    }
    const auto gather = [&] {
        HotKeysReport report;
        const auto counted = std::chrono::duration_cast<base::milliseconds>(std::min(std::chrono::steady_clock::now(), until) - countFrom);
        report.counted = std::max(counted, base::milliseconds(0));
        for (const auto &watch : watches)
            report.members.push_back(watch->report());
        return report;
    };
    for (auto now = std::chrono::steady_clock::now(); now < until; now = std::chrono::steady_clock::now()) {
        const auto wait = std::min<base::Instant::duration>(options.tellEvery, until - now);
        if (isRaisedBy(interrupt.get(), std::chrono::ceil<base::milliseconds>(wait)))
            break;
        if (told)
            told(gather());
    }
    const auto ended = gather().counted;
    for (std::thread &thread : threads)
        thread.join();
    HotKeysReport report = gather();
    report.counted = ended;
    report.isOver = true;
    if (told)
        told(report);
    return report;
}

} // namespace shardlens::cacheflow
