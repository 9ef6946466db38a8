// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/ChartFeed.h"

#include <QWidget>

namespace shardlens::ui::pages {

/// One view of the cache page, under its title row. GUI thread.
class CacheView : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) = 0;
    /// As low as its parts may become; where there is less room, the page scrolls.
    [[nodiscard]] virtual int least(bool wide) const = 0;
    /// Gives its parts their places in its present size.
    virtual void arrange(bool wide) = 0;
};

} // namespace shardlens::ui::pages
