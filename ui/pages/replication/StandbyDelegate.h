// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/CellDelegate.h"

namespace shardlens::ui::pages {

/// The cells of the stage table: the bar, "why?" before the lag, an arrow before the direction.
class StandbyDelegate : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Room between the slot's number and the direction's arrow
    static constexpr int kDirectionIndent = 12;

    /// Where "why?" stands in a lag cell.
    [[nodiscard]] static QRect whyIn(const QRect &cell, const QModelIndex &index);
};

} // namespace shardlens::ui::pages
