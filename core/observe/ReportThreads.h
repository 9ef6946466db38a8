// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/wire/Wait.h"
#include "core/observe/Reaching.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <poll.h>

namespace shardlens::observe {

/// Asks again and again for reports of one kind, for each by a thread of its own, so that one that hangs delays no other. `Report` has
/// `reach` and `hasAnswered`; what was answered last stays in it while nobody answers.
template <class Report>
class ReportThreads
{
public:
    /// One question: fills the report; errors as those of who is asked.
    using Ask = std::function<base::Result<void>(Report &report, base::Instant asked)>;
    /// Called in the asking threads; `index` counts the reports in the order of add().
    using Pin = std::function<void(std::size_t index, Report)>;

    ReportThreads(base::seconds interval, base::milliseconds downAfter, std::shared_ptr<const base::Clock> clock, Pin pin)
        : m_interval(interval), m_downAfter(downAfter), m_clock(std::move(clock)), m_pin(std::move(pin))
    {
    }

    /// Ends what is being asked.
    ~ReportThreads()
    {
        m_stop->raise();
        for (std::thread &thread : m_threads)
            thread.join();
    }

    ReportThreads(const ReportThreads &) = delete;
    ReportThreads &operator=(const ReportThreads &) = delete;

    /// Begins to ask.
    void add(Report report, Ask ask)
    {
        m_threads.emplace_back([this, index = m_threads.size(), report = std::move(report), ask = std::move(ask)]() mutable { run(index, report, ask); });
    }

    /// Raised when the asking is to end.
    [[nodiscard]] const std::shared_ptr<wire::Interrupt> &stop() const { return m_stop; }

private:
    void run(std::size_t index, Report &report, const Ask &ask)
    {
        for (;;) {
            const base::Instant asked = m_clock->now();
            Report next = report;
            const auto answered = ask(next, asked);
            if (answered) {
                report = std::move(next);
                report.hasAnswered = true;
                noteAnswer(report.reach, asked, *m_clock);
            } else if (answered.error().code != base::ErrorCode::Cancelled) {
                noteSilence(report.reach, asked, answered.error(), m_downAfter, *m_clock);
            }
            m_pin(index, report);
            pollfd stopped = {m_stop->descriptor(), POLLIN, 0};
            const auto left = std::chrono::ceil<base::milliseconds>(asked + m_interval - m_clock->now());
            if (::poll(&stopped, 1, std::max(static_cast<int>(left.count()), 100)) > 0)
                return;
        }
    }

    base::seconds m_interval;
    base::milliseconds m_downAfter;
    std::shared_ptr<const base::Clock> m_clock;
    Pin m_pin;
    std::shared_ptr<wire::Interrupt> m_stop = std::make_shared<wire::Interrupt>();
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::observe
