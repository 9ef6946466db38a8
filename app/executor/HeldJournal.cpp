// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/HeldJournal.h"

#include "core/base/Clock.h"

#include <csignal>
#include <cstdio>

namespace shardlens::executor {

HeldJournal::HeldJournal(execute::Journal &journal, execute::Operation operation, std::optional<operate::StepKind> at)
    : m_journal(journal), m_operation(std::move(operation)), m_at(at)
{
}

base::Result<void> HeldJournal::seen(base::Result<void> done, const std::string &entry)
{
    if (!done || !m_at || !execute::addEntry(m_operation, entry))
        return done;
    for (std::size_t i = 0; i < m_operation.steps.size(); ++i) {
        if (m_operation.steps[i].kind == *m_at && m_operation.progress[i].state == execute::StepState::Doing)
            return hold(i);
    }
    return done;
}

base::Result<void> HeldJournal::hold(std::size_t index)
{
    execute::StepProgress progress = m_operation.progress[index];
    const int number = m_operation.steps[index].number;
    progress.said = "held here by " + std::string(holdVariable) + "=" + std::string(operate::name(*m_at)) + "; SIGCONT lets it go on";
    m_at.reset();
    const auto told = m_journal.append(execute::entryStep(number, progress, {}, base::SystemClock().utcNow()));
    if (!told) // held in silence it is not
        return told;
    std::fprintf(stderr, "shardlens-executor: step %d of %s is %s\n", number, m_operation.id.c_str(), progress.said.c_str());
    std::fflush(stderr);
    std::raise(SIGSTOP);
    if (wentOn)
        wentOn();
    return {};
}

} // namespace shardlens::executor
