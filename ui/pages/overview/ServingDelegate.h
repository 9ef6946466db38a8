// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/CellDelegate.h"

namespace shardlens::ui::pages {

/// Paints one way of serving: its shape, how long it takes, what it was. What is well has no ground. GUI thread.
class ServingDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace shardlens::ui::pages
