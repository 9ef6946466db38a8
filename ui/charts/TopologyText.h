// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyLayout.h"
#include "ui/theme/ColourRole.h"

#include <QString>

#include <vector>

namespace shardlens::ui::charts {

/// What stands in one card. A card prints as much as its detail allows.
struct CardText {
    QString name;      ///< first line
    QString role;      ///< one word; roomy cards print it at the right of the name, compact ones instead of it
    QString second;    ///< second line of a normal card: role and one number
    QString value;     ///< the one value of a compact card
    QString brief;     ///< the same in fewer letters, for a card that has no room for the role beside it; empty: there is no shorter one
    QString left;      ///< second line of a roomy card
    QString right;
    bool isOld = false;       ///< values are muted and underlined; their age stands beside them
    theme::ColourRole colour = theme::ColourRole::Muted; ///< of the values
    QString sentence;  ///< all of it, for a screen reader and the tooltip
    bool operator==(const CardText &) const = default;
};

struct TopologyText {
    std::vector<CardText> cards;   ///< one a node
    std::vector<QString> edges;    ///< the value on a line; empty where it carries none
    std::vector<QString> rowNames; ///< one a row, and below it what it is
    std::vector<QString> rowNotes;
    std::vector<QString> columns;
    std::vector<QString> columnNotes; ///< "silent 14 s"
};

/// Where a line has room for its value the line says the lag in time and the card the bytes; else the card says the lag: never
/// the same number twice.
[[nodiscard]] TopologyText textOf(const TopologyGraph &graph, const TopologyLayout &layout);

/// What a compact card of so much room says: its role, and the longest form of its value that leaves room for it. A number is never cut;
/// only where not even the shortest form has room beside the role, the role goes.
struct CompactText {
    QString role;
    QString value;
};
[[nodiscard]] CompactText compactText(const TopologyNode &node, const CardText &card, qreal width);

/// The longest form of a value that has room: all of it, its brief form, without its reason ("unknown: pg_monitor"), its last part
/// ("407 /s, 42 min"), or its number alone ("150 waiting", "down 33 s"); empty if none has.
[[nodiscard]] QString fittingValue(const QString &value, const QString &brief, qreal room);

/// Of the widest row name with the shape of a problem before it, so that a problem moves nothing and cuts no name. At 100 % text size.
[[nodiscard]] qreal rowNameWidth(const TopologyGraph &graph);

/// The lag levels of a fleet in words, by time: "under 0.1 s", "to 1 s", …, "over 30 s".
[[nodiscard]] std::vector<QString> lagLevelNames(const fleet::Thresholds &thresholds);

} // namespace shardlens::ui::charts
