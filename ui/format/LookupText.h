// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Answer.h"

#include <QString>
#include <QStringList>

namespace shardlens::ui::format {

/// A look-up in the words of people who know no database: what support reads, and may send on. Any thread.

/// How an answer stands at a glance; a shape is made of it elsewhere.
enum class LookupTone : std::uint8_t { Well, Warning, Critical, Unknown };

struct LookupWords {
    LookupTone tone = LookupTone::Unknown;
    QString sentence; ///< "The photo exists. People in Europe see an old copy that says it is deleted; that copy is 14 min out of date."
    QString second;   ///< what is amiss besides, and what is missing from the answer; empty if nothing
    bool operator==(const LookupWords &) const = default;
};

[[nodiscard]] LookupWords lookupWords(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet);

/// What can be sent to the person who wrote: no name, no ID, no address, nothing of who did what. With the case where there is one.
[[nodiscard]] QString lookupReply(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet, const QString &caseNumber);

/// What on-call reads: the sentence, then each finding, region and copy with its servers and times, a line each. Personal fields are
/// not in it, masked or not.
[[nodiscard]] QString lookupEvidence(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet);

/// "A photo or video", and how it was found: "by the link's short code".
struct FindWords {
    QString what;
    QString how;
};
[[nodiscard]] FindWords findWords(const inspect::lookup::Find &find);
/// As it is asked for again: an ID's digits, a name, a key; without what was pasted round it.
[[nodiscard]] QString findText(const inspect::lookup::Find &find);

/// "Europe", "the United States (east)", or "the region dc-7": where the people of a region are, as far as its name tells.
[[nodiscard]] QString placeOf(const base::RegionName &region, const fleet::Fleet &fleet);

[[nodiscard]] QString seesText(inspect::lookup::Sees sees);                       ///< "See an old copy"
[[nodiscard]] QString copyStateText(inspect::lookup::CopyState state);            ///< "exists", "not there"
[[nodiscard]] QString fieldText(inspect::lookup::Field field);                    ///< "version", "private or not"
[[nodiscard]] QString notRecordedText(inspect::lookup::NotRecorded what);         ///< "Who looked at it."
/// "1,204"; "at least 100,000" where there are more than are counted; the stored number where none are.
[[nodiscard]] QString rowsText(const inspect::lookup::Count &count);
[[nodiscard]] QString recordingText(const inspect::lookup::Recording &recording); ///< "recorded, entry 4,112"
/// One thing that is amiss in on-call's words, with its servers and times: "map: another owner, 2043…, told by mediamap-eu-west".
[[nodiscard]] QString findingText(const inspect::lookup::Finding &finding);
/// How an ID's sequence lies between its neighbours': "a gap in the sequence: its neighbours have 57 and 60"; empty where it is not known.
[[nodiscard]] QString sequenceText(const inspect::lookup::Answer &answer, const ids::IdLayout &layout);
/// "E-mail", "Last address"; a column of the fleet's own by its name: "Street of birth".
[[nodiscard]] QString personalFieldText(const std::string &name);
/// "20 Nov 2026, 22:14 UTC", for sentences.
[[nodiscard]] QString dayAndTime(base::UtcTime at);

} // namespace shardlens::ui::format
