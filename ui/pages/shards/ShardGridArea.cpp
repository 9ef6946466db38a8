// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardGridArea.h"

#include "ui/charts/HeatGrid.h"
#include "ui/models/ShardClusterModel.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/shards/ShardLine.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Panel.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {

constexpr int kLeastFree = 150;
constexpr int kEnoughPitch = 16;

QTableView *clusterTable(QWidget *parent)
{
    auto *table = new QTableView(parent);
    dressTable(*table);
    table->setItemDelegate(new CellDelegate(table));
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->horizontalHeader()->setStretchLastSection(true);
    table->setAccessibleName(QObject::tr("Clusters"));
    return table;
}

} // namespace

ShardGridArea::ShardGridArea(QWidget *parent)
    : QWidget(parent), m_grid(new charts::HeatGrid(this)), m_line(new ShardLine(this)), m_panel(new theme::Panel({}, this)), m_clusters(clusterTable(m_panel))
{
    m_panel->body()->addWidget(m_clusters);
    m_panel->hide();
}

void ShardGridArea::setClustersTitle(const QString &title, const QString &note)
{
    m_panel->setTitle(title);
    m_panel->setNote(note);
}

void ShardGridArea::arrange()
{
    const int gap = theme::space::kM;
    const int lineHeight = m_line->height();
    const QSize room(width(), std::max(0, height() - lineHeight - theme::space::kS));
    const QSize besideTable = room - QSize(0, theme::scaled(kLeastFree) + gap);
    const bool tableFirst = m_grid->pitchIn(besideTable) >= kEnoughPitch;
    const int fitting = m_grid->heightIn(tableFirst ? besideTable : room);
    const int free = room.height() - fitting - gap;
    const bool showsClusters = free >= theme::scaled(kLeastFree);
    const int rows = m_clusters->model() ? m_clusters->model()->rowCount() : 0;
    const int natural = theme::scaled(theme::size::kTitleRow) + theme::space::kM + m_clusters->horizontalHeader()->sizeHint().height() + rows * m_clusters->verticalHeader()->defaultSectionSize() + 4;
    const int panel = showsClusters ? std::min(free, natural) : 0;
    // Zoomed in, the grid takes what there is and scrolls.
    const int grid = m_grid->zoomedPitch() > 0 ? room.height() - (showsClusters ? panel + gap : 0) : fitting;
    m_grid->setGeometry(0, 0, width(), grid);
    m_line->setGeometry(0, grid + theme::space::kS, width(), lineHeight);
    m_panel->setVisible(showsClusters);
    m_panel->setGeometry(0, grid + theme::space::kS + lineHeight + gap, width(), panel);
}

void ShardGridArea::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace shardlens::ui::pages

#include "moc_ShardGridArea.cpp"
