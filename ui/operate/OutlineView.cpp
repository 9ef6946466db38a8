// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OutlineView.h"

#include "ui/operate/OutlineDelegate.h"
#include "ui/operate/OutlineModel.h"
#include "ui/theme/Type.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::operate {

OutlineList::OutlineList(QWidget *parent) : QListView(parent), m_model(new OutlineModel(this))
{
    setModel(m_model);
    setItemDelegate(new OutlineDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    viewport()->setAutoFillBackground(false);
    fitRows();
}

void OutlineList::showRows(OutlineRows rows)
{
    // Rows whose words changed may need another height; where none did, nothing is laid out again.
    const OutlineRows before = m_model->rows();
    m_model->show(std::move(rows));
    const OutlineRows &now = m_model->rows();
    const bool same = std::equal(before.begin(), before.end(), now.begin(), now.end(), [](const OutlineRow &a, const OutlineRow &b) {
        return a.id == b.id && a.second.size() == b.second.size() && a.title.size() == b.title.size() && a.right.size() == b.right.size() && a.link == b.link && a.isOpen == b.isOpen &&
               a.details == b.details;
    });
    if (!same)
        scheduleDelayedItemsLayout();
}

void OutlineList::setOpen(const std::string &id, bool open)
{
    m_model->setOpen(id, open);
    scheduleDelayedItemsLayout();
}

void OutlineList::bringIntoSight(const std::string &id)
{
    if (const int row = m_model->rowOf(id); row >= 0)
        scrollTo(m_model->index(row, 0), QAbstractItemView::EnsureVisible);
}

int OutlineList::wantedHeight() const
{
    int height = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        height += sizeHintForRow(row);
    return height;
}

void OutlineList::fitRows()
{
    // At the width that is left beside the bar, whether it is shown or not, so that nothing jumps.
    setProperty("rowWidth", width() - verticalScrollBar()->sizeHint().width());
    scheduleDelayedItemsLayout();
}

bool OutlineList::event(QEvent *event)
{
    const bool done = QListView::event(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        fitRows();
    return done;
}

void OutlineList::resizeEvent(QResizeEvent *event)
{
    fitRows();
    QListView::resizeEvent(event);
}

void OutlineList::activate(const QModelIndex &index)
{
    const OutlineRow *row = m_model->rowAt(index);
    if (!row)
        return;
    if (!row->link.isEmpty()) {
        Q_EMIT linkFollowed(row->id);
        return;
    }
    if (row->canOpen)
        setOpen(row->id, !row->isOpen);
}

void OutlineList::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows();
        return;
    }
    const OutlineRow *row = m_model->rowAt(currentIndex());
    if (row && event->modifiers() == Qt::NoModifier) {
        switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space: activate(currentIndex()); return;
        case Qt::Key_Right:
        case Qt::Key_Left:
            if (row->canOpen)
                setOpen(std::string(row->id), event->key() == Qt::Key_Right);
            return;
        default: break;
        }
    }
    QListView::keyPressEvent(event);
}

void OutlineList::mouseReleaseEvent(QMouseEvent *event)
{
    QListView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->pos());
    const OutlineRow *row = m_model->rowAt(index);
    if (!row || event->button() != Qt::LeftButton || event->modifiers() != Qt::NoModifier)
        return;
    // A link is pressed where it stands; the rest of its row only chooses.
    if (row->link.isEmpty() || OutlineDelegate::linkIn(visualRect(index), *row).contains(event->pos()))
        activate(index);
}

void OutlineList::mouseMoveEvent(QMouseEvent *event)
{
    QListView::mouseMoveEvent(event);
    const QModelIndex index = indexAt(event->pos());
    const OutlineRow *row = m_model->rowAt(index);
    const bool over = row && OutlineDelegate::linkIn(visualRect(index), *row).contains(event->pos());
    viewport()->setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void OutlineList::copyRows()
{
    QModelIndexList chosen = selectionModel()->selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    OutlineRows rows;
    for (const QModelIndex &index : chosen) {
        if (const OutlineRow *row = m_model->rowAt(index))
            rows.push_back(*row);
    }
    QGuiApplication::clipboard()->setText(textOf(rows.empty() ? m_model->all() : rows));
}

void OutlineList::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const OutlineRow *row = m_model->rowAt(currentIndex());
    if (row && !row->link.isEmpty())
        menu->addAction(row->link, this, [this, id = row->id] { Q_EMIT linkFollowed(id); });
    if (row && row->canOpen)
        menu->addAction(row->isOpen ? tr("Fold") : tr("Open"), this, [this, id = row->id, open = row->isOpen] { setOpen(id, !open); });
    menu->addAction(tr("Copy rows"), QKeySequence(QKeySequence::Copy), this, &OutlineList::copyRows);
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard && currentIndex().isValid();
    menu->popup(byKey ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()) : event->globalPos());
}

OutlinePanel::OutlinePanel(const QString &title, QWidget *parent) : Panel(title, parent), m_list(new OutlineList(this))
{
    body()->setContentsMargins(0, 0, 0, theme::space::kXs);
    body()->addWidget(m_list);
    m_list->setAccessibleName(title);
}

} // namespace shardlens::ui::operate

#include "moc_OutlineView.cpp"
