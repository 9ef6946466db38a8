// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// A row of the directory's audit log. Hashes are SHA-256, hexadecimal.
struct AuditRow {
    std::int64_t seq = 0;
    base::UtcTime at;         ///< by the directory's clock
    std::string databaseUser; ///< who logged in there: the directory saw it
    std::string osUser;       ///< their own word, as the host is
    std::string host;
    std::string action;
    std::string subject;
    std::string reason;
    std::string caseNumber;
    std::string detail;       ///< JSON
    std::string previousHash; ///< as the row says; empty for the first
    std::string hash;         ///< likewise
    std::string hashed;       ///< the row's contents as append_audit hashes them, after the hash before
    std::string computed;     ///< the hash that previousHash and `hashed` have; empty: not computed
    bool operator==(const AuditRow &) const = default;
};

/// The end of the chain as it once was, kept where nobody who writes the directory reaches it.
struct AuditHead {
    std::int64_t seq = 0;
    std::string hash;
    bool operator==(const AuditHead &) const = default;
};

/// A head, and whose log's it is.
struct KeptHead {
    AuditHead head;
    std::string directory; ///< the system identifier of the directory's cluster; empty where it was not known
    bool operator==(const KeptHead &) const = default;
};

/// The heads that were kept here: of this directory, or of an unknown one, and how many are of others.
struct HeadsHere {
    std::vector<AuditHead> own;
    std::size_t ofOthers = 0;
    bool isNew = false; ///< all that name a directory name another one: this one was never verified here
};
/// `directory`: the system identifier of the one that is read; empty where that is not known, and no head is left out then.
[[nodiscard]] HeadsHere headsOf(const std::vector<KeptHead> &kept, const std::string &directory);

/// What is not as append_audit wrote it.
enum class AuditFault : std::uint8_t {
    Edited,   ///< the row's contents are not those that its hash was made of
    Unlinked, ///< it does not follow from the row before it
    Missing,  ///< rows between the one before and this one are gone
    Replaced, ///< a head that was kept names another hash for this row
    CutOff,   ///< a head that was kept lies after the last row
};

struct AuditFlaw {
    AuditFault fault = AuditFault::Edited;
    std::int64_t from = 0; ///< row numbers, both included
    std::int64_t to = 0;
    bool operator==(const AuditFlaw &) const = default;
};

/// Follows the log's chain from its first row to its last, and compares it with the heads that were kept. A row that was edited and
/// hashed anew is told by the row after it; a chain that was made anew from there on, or cut, by a head alone.
class AuditChain
{
public:
    explicit AuditChain(const std::vector<AuditHead> &heads);

    void take(const AuditRow &row); ///< in the order of their numbers
    void end();                     ///< after the last one

    [[nodiscard]] const std::vector<AuditFlaw> &flaws() const { return m_flaws; }
    [[nodiscard]] std::int64_t rows() const { return m_rows; }
    [[nodiscard]] std::size_t headsMet() const { return m_headsMet; } ///< kept heads that the log still has
    [[nodiscard]] std::optional<AuditHead> last() const { return m_last; }

private:
    void add(AuditFault fault, std::int64_t from, std::int64_t to);

    std::map<std::int64_t, std::vector<std::string>> m_heads; ///< those not compared yet
    std::vector<AuditFlaw> m_flaws;
    std::optional<AuditHead> m_last;
    std::int64_t m_rows = 0;
    std::size_t m_headsMet = 0;
};

/// What a look at the whole log found.
struct AuditVerdict {
    std::int64_t rows = 0;
    std::vector<AuditFlaw> flaws;
    std::size_t headsKept = 0;        ///< here, of this directory
    std::size_t headsMet = 0;
    std::size_t headsOfOthers = 0;    ///< here, of directories that are not this one
    bool isAnotherDirectory = false;  ///< than the one that all heads here are of
    std::optional<KeptHead> toKeep = {}; ///< the end of a log that is whole, where it is not kept yet: what the next look compares with
    std::string headTrouble = {};     ///< why it could not be kept; empty: it was, or needed not be

    [[nodiscard]] bool isWhole() const { return flaws.empty() && !isAnotherDirectory; }
    bool operator==(const AuditVerdict &) const = default;
};

[[nodiscard]] std::string_view name(AuditFault fault); ///< edited, unlinked, missing, replaced, cut_off

} // namespace shardlens::facts
