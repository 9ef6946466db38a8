// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"
#include "ui/theme/Shapes.h"

#include <QString>

#include <string>
#include <vector>

namespace shardlens::ui::operate {

/// One member of a cluster in the small drawing of who sends to whom.
struct MemberMark {
    QString name; ///< its region where that names it, else its own name
    QString role;
    bool isPrimary = false;
    bool isMissing = false; ///< it is not there: drawn in outline, nothing is sent to it
    bool operator==(const MemberMark &) const = default;
};

/// What stands in a row that is opened: a command, a condition.
struct OutlineDetail {
    QString label; ///< "does", "sees", "undo"
    QString place; ///< "SQL on u1-us-west, database insta"
    QString text;  ///< as it will run
    bool operator==(const OutlineDetail &) const = default;
};

/// One row of a plan's columns: a check, a step, a fact of its effect. A value; whoever builds it knows the words, whoever paints it
/// knows none.
struct OutlineRow {
    enum class Kind : std::uint8_t {
        Heading,  ///< a section, a note at the right
        Item,     ///< shape or number, title, second line, what stands at its right; may open
        Fact,     ///< name, value
        Figure,   ///< 20 px, and words beside it
        Clock,    ///< 28 px, likewise
        Note,     ///< a sentence
        NoReturn, ///< the heavy line
        Members,  ///< the small drawing
    };
    enum class Ground : std::uint8_t { None, Running, Warning, Unknown, Well };

    std::string id;    ///< stays the same while the page is open
    Kind kind = Kind::Item;
    std::string under; ///< shown only while that row is open
    theme::Shape shape = theme::Shape::None;
    bool hasShape = false; ///< room for one is kept
    QString number;        ///< of a step
    QString title;
    QString second;
    QString right;         ///< never cut
    theme::ColourRole rightColour = theme::ColourRole::Muted;
    QString link;          ///< what Enter does besides opening: "Plan for u1-eu-west"
    std::vector<OutlineDetail> details;
    std::vector<MemberMark> members;
    bool canOpen = false;
    bool isOpen = false;   ///< filled in by the model
    bool isStrong = false; ///< its title is set in Medium
    bool isQuiet = false;  ///< its title is muted
    bool holdsWrites = false;
    bool hasLine = false;  ///< under it
    Ground ground = Ground::None;
    double progress = -1;  ///< 0 to 1: a bar at its foot; less than 0: none

    bool operator==(const OutlineRow &) const = default;
    [[nodiscard]] QString text() const; ///< as one line, for the clipboard and for who cannot see it
};

using OutlineRows = std::vector<OutlineRow>;

/// All rows as text, a line a row, open or not; details indented.
[[nodiscard]] QString textOf(const OutlineRows &rows);

} // namespace shardlens::ui::operate
