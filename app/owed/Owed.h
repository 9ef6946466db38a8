// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/OwedAudit.h"
#include "core/record/AuditOutbox.h"

#include <memory>
#include <string>

namespace shardlens::owed {

/// Has what came of an act recorded in the audit log. Where the directory is down, or does not answer, the row is kept on this machine and
/// written later, once; the error says so. Blocking. Errors: as desk::recordOnce().
[[nodiscard]] base::Result<void> recordAfter(const std::shared_ptr<const fleet::Fleet> &fleet, const desk::DeskOptions &options, const desk::AuditNote &note);

/// Writes what waits on this machine, marked as written later; without anything that waits nobody is asked. Blocking. `trouble` where the
/// directory did not take all: as desk::recordOnce()'s. Errors: of the file.
[[nodiscard]] base::Result<record::AuditHandOver> handOver(const std::shared_ptr<const fleet::Fleet> &fleet, const desk::DeskOptions &options);

[[nodiscard]] facts::AuditWaiting waitingOf(const base::Result<record::AuditHandOver> &done);

/// Has one act recorded. What is said first stands before it: it is needed, and fails as desk::recordOnce(); with it goes what waits on this
/// machine. What is said after that is what came of the act: recordAfter().
class ActRecorder
{
public:
    ActRecorder(std::shared_ptr<const fleet::Fleet> fleet, desk::DeskOptions options, std::string subject, std::string reason);

    [[nodiscard]] base::Result<void> record(const char *action, const std::string &detail);

private:
    std::shared_ptr<const fleet::Fleet> m_fleet;
    desk::DeskOptions m_options;
    std::string m_subject;
    std::string m_reason;
    bool m_hasBegun = false;
};

} // namespace shardlens::owed
