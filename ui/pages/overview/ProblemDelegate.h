// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace shardlens::ui::pages {

class ProblemListView;

/// Paints a problem: shape, what and where, evidence, since, button; opened, its details below.
class ProblemDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit ProblemDelegate(ProblemListView *view);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    [[nodiscard]] static QRect buttonIn(const QRect &row);
    [[nodiscard]] static qreal detailsWidth(qreal rowWidth);
    [[nodiscard]] static QPointF detailsAt(const QRect &row); ///< where an opened row's details begin

private:
    ProblemListView *m_view;
};

} // namespace shardlens::ui::pages
