// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/Audit.h"
#include "core/facts/OwedAudit.h"

namespace shardlens::desk {

class DirectoryTalk;

/// For a program that does one thing and ends: each call connects, and waits for the directory at most `patience` for each step
/// with each of its servers. Where somebody's role or the fleet forbids it, the error is NoRights, and its message facts::name() of
/// the ClaimRefusal.
[[nodiscard]] base::Result<facts::Shared> readOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const base::Clock &clock);
/// The database user that such a program acts as; empty if the fleet file has none for it.
[[nodiscard]] std::string actsAs(const fleet::Fleet &fleet, const std::string &wanted);
/// False: there was nothing to release.
[[nodiscard]] base::Result<bool> actOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const Deed &deed);

/// False: there was no mark to lift.
[[nodiscard]] base::Result<bool> markOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                          const MarkDeed &deed);

/// Before something is done to servers that keep no record themselves: what cannot be told to others is not done.
[[nodiscard]] base::Result<void> recordOnce(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                            const AuditNote &note);

/// Writes rows of what was done already into the audit log, over one connection that is kept. Blocking; one thread.
class OwedRecorder
{
public:
    OwedRecorder(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options);
    ~OwedRecorder();
    OwedRecorder(const OwedRecorder &) = delete;
    OwedRecorder &operator=(const OwedRecorder &) = delete;

    /// Once, however often it is said: the row's end of the chain, for the caller to keep. `isLater`: it waited since it was done. Errors: as
    /// the calls above.
    [[nodiscard]] base::Result<facts::KeptHead> write(const facts::OwedAudit &row, bool isLater);

private:
    std::unique_ptr<DirectoryTalk> m_talk; ///< none: it is refused
    facts::ClaimRefusal m_refusal;
    std::optional<std::string> m_identity; ///< of the directory, once it was asked
};

/// The directory was down, or did not answer; not: it, or the fleet file, does not let it be written.
[[nodiscard]] bool mayBeRecordedLater(const base::Error &error);

} // namespace shardlens::desk
