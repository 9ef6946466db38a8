// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTableView;

namespace shardlens::ui::charts {
class HeatGrid;
}
namespace shardlens::ui::theme {
class Panel;
}

namespace shardlens::ui::pages {

class ShardLine;

/// The heat grid, the line below it, and, where 150 px are free, the table of clusters. From pitch 16 on the table comes before a
/// still larger pitch: bigger cells tell nothing more, the reasons do. All of it follows from sizes, never from a tick.
class ShardGridArea : public QWidget
{
    Q_OBJECT

public:
    explicit ShardGridArea(QWidget *parent = nullptr);

    [[nodiscard]] charts::HeatGrid *grid() const { return m_grid; }
    [[nodiscard]] ShardLine *line() const { return m_line; }
    [[nodiscard]] QTableView *clusters() const { return m_clusters; }

    void setClustersTitle(const QString &title, const QString &note);
    void arrange();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    charts::HeatGrid *m_grid;
    ShardLine *m_line;
    theme::Panel *m_panel;
    QTableView *m_clusters;
};

} // namespace shardlens::ui::pages
