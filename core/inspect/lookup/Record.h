// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Cards.h"
#include "core/inspect/lookup/Places.h"

namespace shardlens::inspect::lookup {

/// A look that is to be recorded.
struct Look {
    std::string action = "look_up"; ///< or look_up_unmasked
    std::string subject;            ///< "user 42", "media 42", "name ann"
    std::string reason;
    std::string caseNumber;
    std::string detail = "{}"; ///< JSON
};

/// Names of the directory, read in the very statement that records the look at them.
struct NamesAsked {
    std::string text;
    bool isPrefix = false;
};

/// Writes looks into the directory's audit log, as the person's own database user, by its function append_audit(). One thread.
class Recorder
{
public:
    Recorder(const fleet::Fleet &fleet, Links &links) : m_fleet(fleet), m_links(links) {}

    /// Returns when the entries are committed, or with why they are not. What `places` needs is read in the same round.
    [[nodiscard]] Recording record(const std::vector<Look> &looks, Places &places, Rounds &rounds);

    /// Names, after their look was recorded: from the member that took the record, else from the nearest that answers.
    /// An error: no directory, or no member answers.
    [[nodiscard]] base::Result<std::vector<NameHit>> names(const NamesAsked &asked, Rounds &rounds);

private:
    void writeTo(Round &round, const ServerId &server, const std::vector<Look> &looks, Recording &recording);

    const fleet::Fleet &m_fleet;
    Links &m_links;
};

} // namespace shardlens::inspect::lookup
