// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/observe/AskingLanes.h"
#include "core/observe/Reaching.h"

#include <functional>
#include <memory>

namespace shardlens::observe {

/// Asks again and again for reports of one kind, in lanes of few threads. `Report` has `reach` and `hasAnswered`; what was answered last
/// stays in it while nobody answers.
template <class Report>
class ReportThreads
{
public:
    /// One question, which takes no longer than `within`: fills the report; errors as those of who is asked.
    using Ask = std::function<base::Result<void>(Report &report, base::milliseconds within)>;
    /// Called in the lanes' threads, one at a time, and short; `index` counts the reports in the order of add().
    using Pin = std::function<void(std::size_t index, Report)>;

    ReportThreads(AskingLanes::Settings settings, std::shared_ptr<const base::Clock> clock, Pin pin)
        : m_downAfter(settings.downAfter), m_clock(clock), m_pin(std::move(pin)), m_lanes(settings, std::move(clock))
    {
    }

    /// Begins to ask.
    void add(Report report, Ask ask) { m_lanes.add(std::make_unique<One>(*this, m_count++, std::move(report), std::move(ask))); }

    /// Raised when the asking is to end.
    [[nodiscard]] const std::shared_ptr<wire::Interrupt> &stop() const { return m_lanes.stop(); }

private:
    class One final : public Asked
    {
    public:
        One(const ReportThreads &all, std::size_t index, Report report, Ask ask) : m_all(all), m_index(index), m_said(std::move(report)), m_ask(std::move(ask)) {}

        base::Result<void> ask(base::milliseconds within) override
        {
            m_next = m_said;
            return m_ask(m_next, within);
        }

        void answered(base::Instant asked) override
        {
            m_said = std::move(m_next);
            m_said.hasAnswered = true;
            noteAnswer(m_reach, asked, *m_all.m_clock);
            pin();
        }

        void silent(base::Instant since, base::Error error) override
        {
            noteSilence(m_reach, since, std::move(error), m_all.m_downAfter, *m_all.m_clock);
            pin();
        }

    private:
        void pin() const
        {
            Report report = m_said;
            report.reach = m_reach;
            m_all.m_pin(m_index, std::move(report));
        }

        const ReportThreads &m_all;
        std::size_t m_index;
        Report m_said; ///< changes only between two questions: ask() reads it outside the lock
        facts::Reach m_reach;
        Report m_next; ///< being filled
        Ask m_ask;
    };

    base::milliseconds m_downAfter;
    std::shared_ptr<const base::Clock> m_clock;
    Pin m_pin;
    std::size_t m_count = 0;
    AskingLanes m_lanes; ///< ends first: what it asks with are the others
};

} // namespace shardlens::observe
