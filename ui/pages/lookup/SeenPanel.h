// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineDelegate.h"
#include "ui/operate/OutlineView.h"

#include <QStringList>

#include <map>
#include <string>
#include <vector>

namespace shardlens::ui::pages {

/// One copy of a thing, under its region: where it lies, and what it says there.
struct SeenCopy {
    QString where;             ///< "Copy, cache-eu-west-2"
    QString state;             ///< "exists", "deleted", "not read: no answer in 1.00 s"
    QString version;           ///< empty: it has none, or is not known
    QString written;           ///< when, by its own clock
    QString read;              ///< how long ago
    bool stateDiffers = false; ///< from the primary's row
    bool versionDiffers = false;
    bool isUnknown = false;
    bool operator==(const SeenCopy &) const = default;
};

/// A region, what people there see, and the copies that say so.
struct SeenRegion {
    std::string id; ///< the region's name
    QString name;
    theme::Shape shape = theme::Shape::None;
    QString sees; ///< "See it", "See an old copy: “deleted”"
    QString since;
    bool isAmiss = false;
    bool isSeenWrong = false; ///< people see it otherwise than it is; else only a copy that nobody sees differs
    bool isUnknown = false;
    std::vector<SeenCopy> copies;
    bool operator==(const SeenRegion &) const = default;
};

/// What people see: a row a region, opened where something is amiss; under it a row a copy, whose fields that differ are marked by shape
/// and tint. Keys and copying are an outline's. GUI thread.
class SeenPanel : public operate::OutlinePanel
{
    Q_OBJECT

public:
    explicit SeenPanel(QWidget *parent = nullptr);

    /// Anew: the first region where people see it wrong is opened, else the first that is amiss; the others are folded. Else what the person
    /// opened stays so.
    void showRegions(const std::vector<SeenRegion> &regions, bool anew = true);

private:
    std::map<std::string, SeenCopy> m_copies; ///< by row
};

/// The rows of the panel, for copying and for who cannot see it; ids "eu-west", "eu-west/0".
[[nodiscard]] operate::OutlineRows seenRows(const std::vector<SeenRegion> &regions);

} // namespace shardlens::ui::pages
