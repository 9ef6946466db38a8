// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace shardlens::ui::pages {

/// The head of the page's tables: muted words that stand exactly over their cells, an arrow at the column that orders the rows.
class ShardHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit ShardHeader(QWidget *parent = nullptr);

    static constexpr int kPadding = 8; ///< left and right, as the cells have it

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
};

} // namespace shardlens::ui::pages
