// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Graph.h"
#include "ui/operate/OutlineRow.h"
#include "ui/pages/lookup/SeenPanel.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::ui::pages {

/// One list of a thing: its followers, its comments. The rows that were read so far, and whether there are more.
struct LookupList {
    std::string key; ///< stable: "followers"
    QString title;
    QString note; ///< "12 of 412, newest first"
    operate::OutlineRows rows;
    bool hasMore = false;
    bool operator==(const LookupList &) const = default;
};

/// One look-up as it is read: words only, made once for each answer. Nothing masked is in it.
struct LookupSheet {
    enum class State : std::uint8_t {
        Empty, ///< nothing was asked
        Asking,
        Answered,     ///< what answered is here; the sentence names what did not
        NothingReads, ///< no reading of the text: garbage
        Refused,      ///< the person may not look, or the record could not be written
    };
    State state = State::Empty;
    QString subject; ///< as it is asked for again: an ID's digits, a name, a key
    theme::Shape shape = theme::Shape::None;
    QString sentence;              ///< the answer
    QString second;                ///< what is missing from it, or what to do
    QString reply;                 ///< what Copy reply copies: no personal data, no database words
    QString evidence;              ///< what Hand to on-call copies under its link
    operate::OutlineRows readings; ///< ids "0", "1", …
    int reading = 0;               ///< the one that was answered
    std::vector<SeenRegion> regions;
    std::optional<ids::Anatomy> id;
    operate::OutlineRows idFacts;
    QString cardTitle;
    operate::OutlineRows card;
    QString ownerTitle;
    operate::OutlineRows owner;
    bool hasMasked = false;
    QString whyMasked; ///< why nothing can be shown of it; empty where a reason is enough
    std::vector<LookupList> lists;
    operate::OutlineRows notRecorded;
    QString timing;    ///< "read in 41 ms from 7 servers"
    QString recording; ///< "recorded, entry 4,112"

    bool operator==(const LookupSheet &) const = default;
};

/// What a person asked, and how far it got.
struct Lookup {
    QString pasted; ///< the first of it
    inspect::lookup::Recognised recognised;
    std::size_t chosen = 0; ///< of its finds
    std::string caseNumber;
    std::optional<inspect::lookup::Answer> answer;
    std::optional<base::Error> error;
    std::map<inspect::lookup::Assoc, inspect::lookup::Page<inspect::lookup::Edge>>
        more;             ///< what was asked for of lists beyond their first page
    std::map<inspect::lookup::Assoc, inspect::lookup::GraphPage> opened; ///< the first page of lists that were opened: each edge with its inverse
    std::optional<std::uint32_t> bucket; ///< of the media map, which the answer names: see bucketIn()
    std::optional<base::Result<inspect::lookup::BucketCheck>> bucketCheck; ///< that bucket against the shards, once somebody wanted it
    bool isAsked = false; ///< false: nothing was asked yet
};

/// The bucket of the media map that an answer is about: the one that was looked up, or a photo's.
[[nodiscard]] std::optional<std::uint32_t> bucketIn(const inspect::lookup::Answer &answer, const fleet::Fleet &fleet);

/// The key of the list that holds a bucket against the shards.
inline constexpr const char *bucketList = "bucket";

[[nodiscard]] LookupSheet sheetOf(const Lookup &lookup, const fleet::Fleet &fleet, base::UtcTime now);

/// The lists of an answer, with what was read of them since.
[[nodiscard]] std::vector<LookupList> listsOf(const Lookup &lookup, base::UtcTime now);
/// The association that a list is, by its key; nothing where it is none ("names").
[[nodiscard]] std::optional<inspect::lookup::Assoc> assocOfList(const std::string &key);
/// What comes after all that was read of it; empty = nothing.
[[nodiscard]] std::string nextOf(const Lookup &lookup, inspect::lookup::Assoc assoc);
/// What a row of a list leads to: its number or name.
[[nodiscard]] QString subjectOfRow(const std::string &row);

} // namespace shardlens::ui::pages
