// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::facts {

/// A row of what was done already, as it is written into the directory's audit log, or kept until that takes it. A value.
struct OwedAudit {
    std::string id;   ///< its own: the log has one row of it at most
    base::UtcTime at; ///< by the clock of `host`
    std::string databaseUser; ///< as whom it was done
    std::string osUser;
    std::string host;
    std::string action;
    std::string subject;
    std::string reason;
    std::string detail = "{}"; ///< a JSON object
    std::string caseNumber = {};
    bool operator==(const OwedAudit &) const = default;
};

/// 128 random bits in hexadecimal digits.
[[nodiscard]] std::string freshRowId();

/// The row's detail as the log gets it: with `row_id`, by which append_audit knows a row that it has; written later than it was done also with
/// `written_later`: {"at":…,"database_user":…}.
[[nodiscard]] std::string detailToWrite(const OwedAudit &row, bool isLater);

/// Of a row that was written once the directory answered again: the row's own time is when that was.
struct WrittenLater {
    base::UtcTime at;         ///< when it was done, by the clock of the machine that kept it
    std::string databaseUser; ///< as whom it was done
    bool operator==(const WrittenLater &) const = default;
};
/// `detail` as the log has it; nothing where the row was written at once.
[[nodiscard]] std::optional<WrittenLater> writtenLater(std::string_view detail);

/// What of this machine's rows the log still lacks.
struct AuditWaiting {
    std::size_t rows = 0;
    std::optional<base::Error> trouble = {}; ///< why they could not be written; nothing: nobody tried, or somebody does just now
    std::string setAside = {};               ///< the file where damaged ones lie; empty: none was damaged
    bool operator==(const AuditWaiting &) const = default;
};

} // namespace shardlens::facts
