// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/Shared.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::desk {

class DirectoryTalk;
struct DeskOptions;

/// The copy of an operation's journal in the directory, which outlives the machine that carries the operation out. It may be shorter than
/// what was done. Source: directory.operations, directory.journal and directory.copy_journal() of resources/sql/directory.sql.
struct CopiedJournal {
    std::string operation;
    std::int64_t number = 0;      ///< of whoever carries it out, or did
    facts::Person by;
    base::microseconds ago{0};    ///< since that was heard of, by the directory's clock
    std::vector<std::string> lines;
};

/// Whoever carries an operation out tells the directory each second; once it is silent for so long another machine may go on.
inline constexpr base::seconds copyFallsSilentAfter{5};

/// Adds to a copy, on a connection that is kept. Blocking, each call for a few times DeskOptions::patience at most; one thread.
class JournalCopy
{
public:
    /// `who`: number and person; its lines are not looked at.
    JournalCopy(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, CopiedJournal who);
    ~JournalCopy();
    JournalCopy(const JournalCopy &) = delete;
    JournalCopy &operator=(const JournalCopy &) = delete;

    /// Lines from number `first` on; none: it is carried out still. How many the copy has now. What is there already may be sent again.
    /// Errors: Rejected with SQLSTATE 55000 where somebody took the operation over, with who; NoRights with facts::name() of a ClaimRefusal as
    /// its message, not_prepared for a directory without a place for it; the session's.
    [[nodiscard]] base::Result<std::size_t> add(std::size_t first, std::vector<std::string> lines);

private:
    std::unique_ptr<DirectoryTalk> m_talk; ///< null: m_refusal says why
    facts::ClaimRefusal m_refusal = facts::ClaimRefusal::None;
    CopiedJournal m_who;
};

/// The newest copies, at most `most`, without what their steps tell: each line but those of steps, the first one without its steps.
/// Errors: NoRights with facts::name() of a ClaimRefusal as its message; the session's.
[[nodiscard]] base::Result<std::vector<CopiedJournal>> copiedOperations(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, int most = 100);
/// One whole copy, as whoever took over last had it. Errors: NotFound; as above.
[[nodiscard]] base::Result<CopiedJournal> copiedJournal(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const std::string &operation);
/// All of a journal under a number of its own, in place of what others told. Errors: Rejected where somebody took it over meanwhile; as above.
[[nodiscard]] base::Result<void> copyOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const CopiedJournal &whole);

} // namespace shardlens::desk
