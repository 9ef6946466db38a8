// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ServingPanel.h"

#include "ui/models/Csv.h"
#include "ui/pages/overview/ServingDelegate.h"
#include "ui/pages/overview/ShapeLegend.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"

#include <QApplication>
#include <QFontMetrics>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {
constexpr int leastNameWidth = 88;
constexpr int headerHeight = 24;
constexpr int roomyRow = 26;
constexpr int roomyRows = 8; ///< more than these are a little lower, so that the panel keeps its height
} // namespace

ServingTable::ServingTable(models::ServingModel *model, QWidget *parent) : QTableView(parent), m_serving(model)
{
    setModel(model);
    dressTable(*this);
    setSelectionBehavior(SelectItems);
    setItemDelegate(new ServingDelegate(this));
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(scaled(40));
    horizontalHeader()->setFixedHeight(scaled(headerHeight));
    setAccessibleName(tr("Can people use it?"));
    viewport()->setAutoFillBackground(false);
    connect(model, &QAbstractItemModel::modelReset, this, &ServingTable::share);
}

/// The name takes what it needs, the regions share the rest.
void ServingTable::share()
{
    const int columns = m_serving->columnCount() - 1;
    if (columns <= 0)
        return;
    const int all = viewport()->width();
    const QFontMetrics metrics(theme::font(theme::FontRole::Body));
    int longest = scaled(leastNameWidth);
    for (const auto &row : m_serving->rows())
        longest = std::max(longest, metrics.horizontalAdvance(row.name) + scaled(8));
    const int name = std::min(longest + std::max(0, all - scaled(420)) / 6, all / 3);
    setColumnWidth(0, name);
    for (int i = 0; i < columns; ++i)
        setColumnWidth(i + 1, (all - name) * (i + 1) / columns - (all - name) * i / columns);
}

void ServingTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    share();
}

void ServingTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        horizontalHeader()->setFixedHeight(scaled(headerHeight));
        share();
    }
}

void ServingTable::mouseReleaseEvent(QMouseEvent *event)
{
    QTableView::mouseReleaseEvent(event);
    const auto index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index.isValid())
        Q_EMIT opened(index);
}

void ServingTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        // The rows of what is selected, as they stand there.
        QStringList lines;
        for (int row = 0; row < m_serving->rowCount(); ++row) {
            if (!selectionModel()->rowIntersectsSelection(row, {}) && currentIndex().row() != row)
                continue;
            QStringList fields;
            for (int column = 0; column < m_serving->columnCount(); ++column)
                fields << m_serving->index(row, column).data().toString();
            lines << fields.join(QLatin1Char('\t'));
        }
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

ServingPanel::ServingPanel(QWidget *parent)
    : Panel(tr("Can people use it?"), parent), m_model(new models::ServingModel(this)), m_table(new ServingTable(m_model, this)),
      m_empty(new theme::Text(theme::FontRole::Body, theme::ColourRole::Muted, this)),
      m_legend(new ShapeLegend({{theme::Shape::Dot, tr("write committed, read answered")}, {theme::Shape::Ring, tr("inferred")}}, this))
{
    titleRow()->addWidget(m_legend);
    m_empty->setText(tr("No router, stable address or pool is declared: nothing to try."));
    m_empty->setElide(theme::Text::Elide::End);
    m_empty->hide();
    body()->addWidget(m_empty);
    body()->addWidget(m_table);
    connect(m_table, &ServingTable::opened, this, [this](const QModelIndex &index) {
        const auto *row = m_model->rowAt(index);
        if (row && !row->cluster.isEmpty())
            Q_EMIT opened(Subject(row->cluster));
        else if (row && !row->group.isEmpty())
            Q_EMIT opened(Subject(row->group));
    });
}

void ServingPanel::showSnapshot(const facts::Snapshot &snapshot)
{
    const bool isPointedAt = m_table->viewport()->underMouse() || m_table->hasFocus();
    m_model->showSnapshot(snapshot, isPointedAt);
    m_empty->setVisible(m_model->rowCount() == 0);
    m_table->setVisible(m_model->rowCount() > 0);
    if (m_model->rowCount() == m_rows || (isPointedAt && m_rows > 0 && m_model->rowCount() > 0))
        return;
    m_rows = m_model->rowCount();
    applyRowHeight();
    m_table->share();
    Q_EMIT heightChanged();
}

void ServingPanel::applyRowHeight()
{
    const int height = scaled(m_rows > roomyRows ? theme::size::kTableRow : roomyRow);
    m_table->verticalHeader()->setMinimumSectionSize(height);
    m_table->verticalHeader()->setDefaultSectionSize(height);
}

int ServingPanel::wantedHeight() const
{
    const int rows = std::max(m_rows, 1);
    const int row = scaled(rows > roomyRows ? theme::size::kTableRow : roomyRow);
    return scaled(theme::size::kTitleRow) + scaled(headerHeight) + rows * row + body()->contentsMargins().bottom() + 3;
}

} // namespace shardlens::ui::pages

#include "moc_ServingPanel.cpp"
