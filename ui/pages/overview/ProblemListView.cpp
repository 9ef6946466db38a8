// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ProblemListView.h"

#include "ui/pages/overview/ProblemDelegate.h"
#include "ui/pages/overview/ProblemDetails.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>

namespace shardlens::ui::pages {

ProblemListView::ProblemListView(models::ProblemModel *model, QWidget *parent) : QListView(parent), m_problems(model)
{
    setModel(model);
    setItemDelegate(new ProblemDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setUniformItemSizes(false);
    setMouseTracking(true);
    setAccessibleName(tr("Problems"));
    viewport()->setAutoFillBackground(false);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &ProblemListView::currentRowChanged);
}

void ProblemListView::setNow(facts::Instant now)
{
    m_now = now;
    if (!m_opened.empty()) // its readings age, and a new reading may make it higher
        scheduleDelayedItemsLayout();
}

bool ProblemListView::isOpened(const QModelIndex &index) const
{
    const auto *row = m_problems->rowAt(index);
    return row && !m_opened.empty() && row->id == m_opened;
}

void ProblemListView::open(const std::string &id)
{
    if (id == m_opened)
        return;
    m_opened = id;
    scheduleDelayedItemsLayout();
    viewport()->update();
    if (const int row = m_problems->rowOf(id); row >= 0)
        setCurrentIndex(m_problems->index(row, 0));
    Q_EMIT openedChanged();
}

int ProblemListView::wholeHeight() const
{
    int height = 0;
    QStyleOptionViewItem option;
    for (int row = 0; row < m_problems->rowCount(); ++row)
        height += itemDelegate()->sizeHint(option, m_problems->index(row, 0)).height();
    return height;
}

QRect ProblemListView::buttonRect(const QModelIndex &index) const
{
    const auto *row = m_problems->rowAt(index);
    if (!row || row->endedAt)
        return {};
    return ProblemDelegate::buttonIn(visualRect(index));
}

std::optional<ProblemAction> ProblemListView::overAction(const QModelIndex &index) const
{
    return isOpened(index) ? m_overAction : std::nullopt;
}

QRect ProblemListView::actionRect(const QModelIndex &index, ProblemAction action) const
{
    const auto *row = m_problems->rowAt(index);
    if (!row || !isOpened(index))
        return {};
    const QRect all = visualRect(index);
    const ProblemDetails details(*row, m_now, ProblemDelegate::detailsWidth(all.width()));
    for (const auto &button : details.buttons()) {
        if (button.action == action)
            return button.box.translated(ProblemDelegate::detailsAt(all)).toRect();
    }
    return {};
}

std::optional<ProblemAction> ProblemListView::actionAt(const QPoint &at) const
{
    const auto index = indexAt(at);
    const auto *row = m_problems->rowAt(index);
    if (!row || !isOpened(index))
        return std::nullopt;
    for (const ProblemAction action : actionsFor(*row)) {
        if (actionRect(index, action).contains(at))
            return action;
    }
    return std::nullopt;
}

void ProblemListView::contextMenuEvent(QContextMenuEvent *event)
{
    const auto index = event->reason() == QContextMenuEvent::Mouse ? indexAt(event->pos()) : currentIndex();
    const auto *row = m_problems->rowAt(index);
    if (!row)
        return;
    const models::ProblemRow known = *row; // the list may change while the menu is open
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const ProblemAction action : actionsFor(known))
        connect(menu->addAction(actionText(action)), &QAction::triggered, this, [this, known, action] { Q_EMIT asked(known, action); });
    menu->popup(event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).center()));
}

void ProblemListView::hold()
{
    m_problems->setHeld(underMouse() || hasFocus());
}

void ProblemListView::enterEvent(QEnterEvent *event)
{
    QListView::enterEvent(event);
    m_problems->setHeld(true);
}

void ProblemListView::leaveEvent(QEvent *event)
{
    QListView::leaveEvent(event);
    m_overButton = QPersistentModelIndex();
    m_problems->setHeld(hasFocus());
}

void ProblemListView::focusInEvent(QFocusEvent *event)
{
    QListView::focusInEvent(event);
    if (!currentIndex().isValid() && m_problems->rowCount() > 0)
        setCurrentIndex(m_problems->index(0, 0));
    hold();
}

void ProblemListView::focusOutEvent(QFocusEvent *event)
{
    QListView::focusOutEvent(event);
    m_problems->setHeld(underMouse());
}

void ProblemListView::keyPressEvent(QKeyEvent *event)
{
    const auto current = currentIndex();
    const auto *row = m_problems->rowAt(current);
    const int key = event->key();
    if (row && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        if (isOpened(current) && !row->endedAt)
            Q_EMIT pressed(*row);
        else
            open(row->id);
        return;
    }
    if (row && (key == Qt::Key_Right || key == Qt::Key_Space))
        return open(row->id);
    if (!m_opened.empty() && (key == Qt::Key_Left || key == Qt::Key_Escape))
        return open({});
    if (row && event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(row->text.sentence);
        return;
    }
    QListView::keyPressEvent(event);
}

void ProblemListView::mouseMoveEvent(QMouseEvent *event)
{
    const auto index = indexAt(event->pos());
    const bool over = buttonRect(index).contains(event->pos());
    m_overAction = actionAt(event->pos());
    m_overButton = over ? QPersistentModelIndex(index) : QPersistentModelIndex();
    viewport()->setCursor(index.isValid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
    QListView::mouseMoveEvent(event);
}

void ProblemListView::mouseReleaseEvent(QMouseEvent *event)
{
    QListView::mouseReleaseEvent(event);
    const auto index = indexAt(event->pos());
    const auto *row = m_problems->rowAt(index);
    if (!row || event->button() != Qt::LeftButton)
        return;
    if (const auto action = actionAt(event->pos())) {
        const models::ProblemRow known = *row;
        Q_EMIT asked(known, *action);
    } else if (buttonRect(index).contains(event->pos()))
        Q_EMIT pressed(*row);
    else
        open(isOpened(index) ? std::string() : row->id);
}

void ProblemListView::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        scheduleDelayedItemsLayout();
}

void ProblemListView::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    scheduleDelayedItemsLayout(); // the width decides how high details are
}

} // namespace shardlens::ui::pages

#include "moc_ProblemListView.cpp"
