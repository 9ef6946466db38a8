// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace shardlens::ui::pages {

/// A table's head: muted words that stand exactly over their cells, on a line; an arrow at the column that orders the rows, where a
/// column can. A section's alignment is its column's.
class TableHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit TableHeader(QWidget *parent = nullptr);

    /// Room before a column's content, beside the padding of every cell.
    void setIndent(int section, int px);
    /// Width of a title with its padding and, where rows can be ordered, its arrow.
    [[nodiscard]] int widthOf(int section) const;

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int section) const override;

private:
    QMap<int, int> m_indents;
};

} // namespace shardlens::ui::pages
