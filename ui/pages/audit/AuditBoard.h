// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/facts/Audit.h"
#include "core/facts/OwedAudit.h"

#include <QMetaType>
#include <QObject>

#include <optional>
#include <vector>

namespace shardlens::ui::pages {

/// Which rows of the log are wanted.
struct AuditAsk {
    std::optional<base::UtcTime> since; ///< by the directory's clock; nothing: from its first row
    std::int64_t after = 0;             ///< only rows of higher numbers: what is new
    std::int64_t limit = 0;             ///< the newest so many; 0: all
    std::uint64_t number = 0;           ///< which asking it is: answers of earlier ones are passed over
    bool operator==(const AuditAsk &) const = default;
};

/// What came of it: rows in the order of their numbers.
struct AuditRead {
    AuditAsk ask;
    base::Result<std::vector<facts::AuditRow>> rows;
};

/// What a verification found, and when it ended.
struct AuditVerified {
    base::Result<facts::AuditVerdict> verdict;
    base::UtcTime at;
};

/// Where the audit log is asked for and told. Who wires the console reads the directory in other threads; the page asks and listens, and
/// waits for nothing. It asks no server itself. GUI thread.
class AuditBoard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void read(const AuditAsk &ask) { Q_EMIT readAsked(ask); }
    void tellRows(const AuditRead &read) { Q_EMIT rowsTold(read); }

    /// Follows the whole chain, and compares its end with those that were kept. One at a time.
    void verify() { Q_EMIT verifyAsked(); }
    void stopVerifying() { Q_EMIT stopAsked(); }
    void tellProgress(std::int64_t rows) { Q_EMIT progressTold(rows); }
    void tellVerified(const AuditVerified &verified) { Q_EMIT verifiedTold(verified); }

    /// What of this machine's entries waits to be written.
    void tellWaiting(const facts::AuditWaiting &waiting)
    {
        m_waiting = waiting;
        Q_EMIT waitingTold();
    }
    [[nodiscard]] const facts::AuditWaiting &waiting() const { return m_waiting; }

Q_SIGNALS:
    void readAsked(const shardlens::ui::pages::AuditAsk &ask);
    void rowsTold(const shardlens::ui::pages::AuditRead &read);
    void verifyAsked();
    void stopAsked();
    void progressTold(std::int64_t rows);
    void verifiedTold(const shardlens::ui::pages::AuditVerified &verified);
    void waitingTold();

private:
    facts::AuditWaiting m_waiting;
};

} // namespace shardlens::ui::pages
