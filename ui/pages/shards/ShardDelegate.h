// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace shardlens::ui::pages {

/// Draws the rows of the page's tables: colour role, stale and not-known as the models say, a swatch of the lag level at the
/// right end. Numbers are never elided, names in the middle.
class ShardDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// `levelRole` is the model's role that holds a lag level.
    ShardDelegate(int levelRole, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    static constexpr int kSwatch = 11;

private:
    int m_levelRole;
};

} // namespace shardlens::ui::pages
