// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/EventsPanel.h"

#include "ui/format/Times.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/overview/ShapeLegend.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>

#include <utility>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {
constexpr int whenWidth = 78;
constexpr int longestWhenWidth = 130; ///< "before 03:14:02Z"
constexpr int whereWidth = 160;
} // namespace

EventTable::EventTable(models::EventModel *model, QWidget *parent) : QTableView(parent), m_events(model)
{
    setModel(model);
    dressTable(*this);
    setItemDelegate(new CellDelegate(this));
    setMouseTracking(true);
    horizontalHeader()->hide();
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Events"));
    viewport()->setAutoFillBackground(false);
    connect(this, &QTableView::activated, this, &EventTable::opened);
}

void EventTable::share()
{
    const int all = viewport()->width();
    const int when = scaled(all > scaled(520) ? longestWhenWidth : whenWidth + 16);
    const int where = std::min(scaled(whereWidth) + std::max(0, all - scaled(520)) / 4, all / 3);
    setColumnWidth(models::EventModel::When, when);
    setColumnWidth(models::EventModel::Where, where);
    setColumnWidth(models::EventModel::What, std::max(all - when - where, scaled(80)));
}

void EventTable::hold()
{
    m_events->setHeld(underMouse() || hasFocus());
}

void EventTable::enterEvent(QEnterEvent *event)
{
    QTableView::enterEvent(event);
    m_events->setHeld(true);
}

void EventTable::leaveEvent(QEvent *event)
{
    QTableView::leaveEvent(event);
    m_events->setHeld(hasFocus());
}

void EventTable::focusInEvent(QFocusEvent *event)
{
    QTableView::focusInEvent(event);
    hold();
}

void EventTable::focusOutEvent(QFocusEvent *event)
{
    QTableView::focusOutEvent(event);
    hold();
}

void EventTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    share();
}

void EventTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QStringList lines;
        QModelIndexList rows = selectionModel()->selectedRows();
        if (rows.isEmpty()) { // nothing is chosen: all of it
            for (int row = 0; row < m_events->rowCount(); ++row)
                rows.append(m_events->index(row, 0));
        }
        for (const QModelIndex &index : std::as_const(rows)) {
            const auto *one = m_events->eventAt(index);
            lines << QStringList{format::iso8601(one->when.at), index.siblingAtColumn(models::EventModel::Where).data().toString(),
                                 index.siblingAtColumn(models::EventModel::What).data().toString()}
                         .join(QLatin1Char('\t'));
        }
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
        return;
    }
    QTableView::keyPressEvent(event);
}

EventsPanel::EventsPanel(QWidget *parent)
    : Panel(tr("Events"), parent), m_model(new models::EventModel(this)), m_table(new EventTable(m_model, this)),
      m_empty(new theme::Text(theme::FontRole::Body, theme::ColourRole::Muted, this)), m_new(new theme::FlatButton(QString(), this, theme::FlatButton::Look::Link))
{
    using theme::Shape;
    m_new->hide();
    titleRow()->addWidget(m_new);
    titleRow()->addWidget(new ShapeLegend({{Shape::Chevron, tr("person")}, {Shape::SmallDiamond, tr("role, restart")}, {Shape::SmallTriangle, tr("setting, router")}, {Shape::Triangle, tr("begun")}, {Shape::Dot, tr("ended")}}, this));
    m_empty->setElide(theme::Text::Elide::End);
    body()->addWidget(m_empty, 0, Qt::AlignTop);
    body()->addWidget(m_table);
    connect(m_model, &models::EventModel::waitingChanged, this, [this](int waiting) {
        m_new->setText(tr("%n new", nullptr, waiting));
        m_new->setVisible(waiting > 0);
        m_new->setAccessibleName(tr("Show %n new events", nullptr, waiting));
    });
    connect(m_new, &theme::FlatButton::clicked, m_model, &models::EventModel::takeWaiting);
    connect(m_table, &EventTable::opened, this, [this](const QModelIndex &index) {
        if (const auto *event = m_model->eventAt(index))
            Q_EMIT opened(event->place);
    });
}

void EventsPanel::showSnapshot(const facts::Snapshot &snapshot)
{
    m_model->showSnapshot(snapshot);
    m_empty->setText(tr("Nothing has changed since %1, when observing began.").arg(format::clockTime(snapshot.observingSinceUtc, snapshot.takenUtc)));
    m_empty->setVisible(m_model->rowCount() == 0);
    m_table->setVisible(m_model->rowCount() > 0);
}

} // namespace shardlens::ui::pages

#include "moc_EventsPanel.cpp"
