// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/StagesPanel.h"

#include "ui/charts/StageBar.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/RowCopy.h"
#include "ui/pages/TableHeader.h"
#include "ui/pages/replication/StandbyDelegate.h"
#include "ui/pages/replication/WhyPopup.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QTableView>

namespace shardlens::ui::pages {

using models::StandbyModel;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int stageRowHeight = 28;

/// The four stages with their colours, in one row.
class StageLegend : public QWidget
{
public:
    explicit StageLegend(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred); }

    [[nodiscard]] QSize sizeHint() const override
    {
        int width = 0;
        for (int stage = 0; stage < charts::kStages; ++stage)
            width += entryWidth(stage);
        return {width - scaled(16), scaled(20)};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        int x = 0;
        for (int stage = 0; stage < charts::kStages; ++stage) {
            painter.fillRect(x, (height() - scaled(10)) / 2, scaled(10), scaled(10), theme::colour(charts::stageColour(stage), palette()));
            painter.setFont(theme::font(FontRole::Caption));
            painter.setPen(theme::colour(theme::ColourRole::Muted, palette()));
            painter.drawText(QRect(x + scaled(15), 0, entryWidth(stage), height()), Qt::AlignLeft | Qt::AlignVCenter, charts::stageName(stage));
            x += entryWidth(stage);
        }
    }

private:
    static int entryWidth(int stage)
    {
        return scaled(15) + QFontMetrics(theme::font(FontRole::Caption)).horizontalAdvance(charts::stageName(stage)) + scaled(16);
    }
};

} // namespace

StagesPanel::StagesPanel(const QString &title, QWidget *parent)
    : Panel(title, parent), m_model(new StandbyModel(this)), m_table(new QTableView(this)), m_legend(new StageLegend(this))
{
    setTitleWidget(m_legend);
    body()->setContentsMargins(theme::space::kXs, 0, theme::space::kXs, theme::space::kXs);
    body()->addWidget(m_table);
    dressTable(*m_table);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new StandbyDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setMouseTracking(true);
    m_table->setAccessibleName(title);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    if (auto *header = qobject_cast<TableHeader *>(m_table->horizontalHeader()))
        header->setIndent(StandbyModel::Direction, scaled(StandbyDelegate::kDirectionIndent));
    m_table->viewport()->installEventFilter(this);
    m_table->installEventFilter(this);
    connect(new RowCopy(m_table), &RowCopy::menuAboutToShow, this, [this](QMenu *menu) {
        if (const auto *row = m_model->rowAt(m_table->currentIndex()))
            menu->addAction(tr("Plan moving the primary to %1…").arg(format::text(row->id)), this, [this, id = row->id] { Q_EMIT planAsked(base::ServerId(id)); });
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (const auto *row = m_model->rowAt(current))
            Q_EMIT chosen(base::ServerId(row->id));
    });
    setWidths();
}

void StagesPanel::showCluster(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
{
    m_model->showCluster(snapshot, cluster);
}

void StagesPanel::showAll(const facts::Snapshot &snapshot)
{
    m_model->showAll(snapshot);
}

void StagesPanel::selectStandby(const base::ServerId &standby)
{
    if (const int row = m_model->rowOf(standby.text()); row >= 0)
        m_table->selectRow(row);
    else
        m_table->clearSelection();
}

int StagesPanel::wantedHeight() const
{
    const int rows = std::max(2, m_model->rowCount());
    return scaled(theme::size::kTitleRow) + 2 + m_table->horizontalHeader()->sizeHint().height() + rows * scaled(stageRowHeight) + 2 * theme::space::kXs;
}

/// Widths from the widest text of each column, so that they do not follow each tick; the bar takes what is left.
void StagesPanel::setWidths()
{
    const QFontMetrics metrics(theme::font(FontRole::Body));
    const QFontMetrics small(theme::font(FontRole::Small));
    const auto wide = [&](const QString &text) { return metrics.horizontalAdvance(text) + 2 * 8 + 2; };
    m_table->verticalHeader()->setDefaultSectionSize(scaled(stageRowHeight));
    const int behind = std::max(wide(format::widestBytes()), wide(StandbyModel::tr("unknown")));
    const int lag = wide(format::widestLag()) + small.horizontalAdvance(StandbyDelegate::tr("why?")) + 8;
    const int slot = std::max(behind, wide(tr("Slot keeps")));
    const int room = m_table->viewport()->width();
    const int standby = std::clamp(room / 6, scaled(120), scaled(200));
    const int direction = std::clamp(room / 4, scaled(150), scaled(230));
    // Where there is no room for all, where it goes is left to "why?", then what its slot keeps.
    const int leastStages = scaled(60);
    int stages = room - standby - behind - lag - slot - direction;
    const bool showsDirection = stages >= leastStages;
    stages += showsDirection ? 0 : direction;
    const bool showsSlot = stages >= leastStages;
    stages += showsSlot ? 0 : slot;
    m_table->setColumnHidden(StandbyModel::Direction, !showsDirection);
    m_table->setColumnHidden(StandbyModel::SlotKeeps, !showsSlot);
    m_table->setColumnWidth(StandbyModel::Standby, standby);
    m_table->setColumnWidth(StandbyModel::Stages, std::max(scaled(60), stages));
    m_table->setColumnWidth(StandbyModel::Behind, behind);
    m_table->setColumnWidth(StandbyModel::Lag, lag);
    m_table->setColumnWidth(StandbyModel::SlotKeeps, slot);
    m_table->setColumnWidth(StandbyModel::Direction, direction);
}

void StagesPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    m_legend->setVisible(width() > scaled(560));
    setWidths();
}

void StagesPanel::changeEvent(QEvent *event)
{
    Panel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setWidths();
}

void StagesPanel::explain(const QModelIndex &index)
{
    const auto *row = m_model->rowAt(index);
    if (!row)
        return;
    auto *popup = new WhyPopup(row->lag, this);
    popup->adjustSize();
    const QRect cell = m_table->visualRect(index.siblingAtColumn(StandbyModel::Lag));
    popup->move(m_table->viewport()->mapToGlobal(cell.bottomLeft()));
    popup->show();
}

bool StagesPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport()) {
        const auto *mouse = dynamic_cast<QMouseEvent *>(event);
        if (mouse && (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseMove)) {
            const auto index = m_table->indexAt(mouse->pos());
            const bool over = index.isValid() && index.column() == StandbyModel::Lag && StandbyDelegate::whyIn(m_table->visualRect(index), index).contains(mouse->pos());
            m_table->viewport()->setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
            if (over && event->type() == QEvent::MouseButtonRelease)
                explain(index);
        } else if (event->type() == QEvent::Resize) {
            setWidths();
        }
    } else if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            explain(m_table->currentIndex());
            return true;
        }
    }
    return Panel::eventFilter(watched, event);
}

} // namespace shardlens::ui::pages

#include "moc_StagesPanel.cpp"
