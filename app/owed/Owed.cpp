// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/owed/Owed.h"

#include "core/desk/Errand.h"
#include "core/record/AuditHeads.h"

namespace shardlens::owed {

using base::Result;

namespace {

facts::OwedAudit rowOf(const fleet::Fleet &fleet, const desk::DeskOptions &options, const desk::AuditNote &note)
{
    const facts::Person by = desk::whoRuns();
    return {facts::freshRowId(), base::SystemClock().utcNow(), desk::actsAs(fleet, options.user), by.osUser, by.host, note.action, note.subject, note.reason, note.detail, note.caseNumber};
}

/// A head that cannot be kept costs a comparison, not the row.
Result<void> write(desk::OwedRecorder &recorder, const fleet::Fleet &fleet, const facts::OwedAudit &row, bool isLater)
{
    const auto head = recorder.write(row, isLater);
    if (!head)
        return base::fail(head.error());
    (void)record::keepAuditHead(record::auditHeadsPath(fleet), *head);
    return {};
}

} // namespace

Result<void> recordAfter(const std::shared_ptr<const fleet::Fleet> &fleet, const desk::DeskOptions &options, const desk::AuditNote &note)
{
    const facts::OwedAudit row = rowOf(*fleet, options, note);
    desk::OwedRecorder recorder(fleet, options);
    const auto written = write(recorder, *fleet, row, false);
    if (written || !desk::mayBeRecordedLater(written.error()))
        return written;
    base::Error error = written.error();
    const auto kept = record::oweAudit(record::auditOutboxPath(*fleet), row);
    error.message += kept ? "; it is kept on this machine, and written once the directory answers" : "; nor could it be kept on this machine: " + kept.error().message;
    return base::fail(std::move(error));
}

Result<record::AuditHandOver> handOver(const std::shared_ptr<const fleet::Fleet> &fleet, const desk::DeskOptions &options)
{
    const QString path = record::auditOutboxPath(*fleet);
    const auto owed = record::owedAudits(path);
    if (owed && owed->rows.empty() && owed->damaged == 0)
        return record::AuditHandOver{0, 0, 0, owed->setAside};
    desk::OwedRecorder recorder(fleet, options);
    return record::handOverAudits(path, [&](const facts::OwedAudit &row) { return write(recorder, *fleet, row, true); });
}

facts::AuditWaiting waitingOf(const Result<record::AuditHandOver> &done)
{
    return done ? facts::AuditWaiting{done->waiting, done->trouble, done->setAside.toStdString()} : facts::AuditWaiting{0, done.error(), {}};
}

ActRecorder::ActRecorder(std::shared_ptr<const fleet::Fleet> fleet, desk::DeskOptions options, std::string subject, std::string reason)
    : m_fleet(std::move(fleet)), m_options(std::move(options)), m_subject(std::move(subject)), m_reason(std::move(reason))
{
}

Result<void> ActRecorder::record(const char *action, const std::string &detail)
{
    const desk::AuditNote note{action, m_subject, m_reason, detail};
    if (m_hasBegun) {
        auto after = recordAfter(m_fleet, m_options, note);
        if (after)
            (void)handOver(m_fleet, m_options); // the directory answers, and the act waits for nobody: whatever of it fails is tried with the next
        return after;
    }
    auto recorded = desk::recordOnce(m_fleet, m_options, note);
    m_hasBegun = recorded.has_value();
    return recorded;
}

} // namespace shardlens::owed
