// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/execute/Runner.h"

#include <functional>
#include <optional>
#include <string>

namespace shardlens::executor {

/// For drills and tests: a journal that stops this process (SIGSTOP) once it says that a step is about to be done, before anything of it is. That
/// it is held stands in the journal by then, beside that step, and on standard error. SIGCONT lets it go on. Once a process. One thread.
class HeldJournal final : public execute::Journal
{
public:
    /// Passes all on to `journal`. Nothing for `at`: never stops.
    HeldJournal(execute::Journal &journal, execute::Operation operation, std::optional<operate::StepKind> at);

    base::Result<void> append(const std::string &entry) override { return seen(m_journal.append(entry), entry); }
    base::Result<void> note(const std::string &entry) override { return seen(m_journal.note(entry), entry); }
    std::function<void()> wentOn; ///< called once it does, before the step

private:
    [[nodiscard]] base::Result<void> seen(base::Result<void> done, const std::string &entry);
    [[nodiscard]] base::Result<void> hold(std::size_t index);

    execute::Journal &m_journal;
    execute::Operation m_operation; ///< as the journal tells it
    std::optional<operate::StepKind> m_at;
};

inline constexpr auto holdVariable = "SHARDLENS_HOLD_AT";

} // namespace shardlens::executor
