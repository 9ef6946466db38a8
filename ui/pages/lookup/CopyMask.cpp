// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/CopyMask.h"

#include "ui/operate/OutlineModel.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>
#include <string_view>

namespace shardlens::ui::pages {

using operate::OutlineRow;

namespace {
constexpr std::string_view revealedMark = "/revealed";
} // namespace

CopyMask::CopyMask(operate::OutlineList *list) : QObject(list), m_list(list)
{
    list->installEventFilter(this);
    list->viewport()->installEventFilter(this); // a context menu by the mouse comes there
}

bool CopyMask::hasRevealed() const
{
    const operate::OutlineRows &rows = m_list->outline()->all();
    return std::any_of(rows.begin(), rows.end(), isRevealed);
}

/// The list's own copying is as good where nothing of it was shown.
bool CopyMask::eventFilter(QObject *watched, QEvent *event)
{
    const bool isCopy = event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy);
    const bool isMenu = event->type() == QEvent::ContextMenu;
    if ((!isCopy && !isMenu) || !hasRevealed())
        return QObject::eventFilter(watched, event);
    if (isCopy)
        copyRows();
    else
        openMenu(*static_cast<QContextMenuEvent *>(event));
    return true;
}

void CopyMask::copyRows() const
{
    QModelIndexList chosen = m_list->selectionModel()->selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    operate::OutlineRows rows;
    for (const QModelIndex &index : chosen) {
        if (const OutlineRow *row = m_list->outline()->rowAt(index))
            rows.push_back(*row);
    }
    if (rows.empty())
        rows = m_list->outline()->all();
    for (OutlineRow &row : rows)
        row = withMask(std::move(row));
    QGuiApplication::clipboard()->setText(operate::textOf(rows));
}

void CopyMask::openMenu(const QContextMenuEvent &event)
{
    auto *menu = new QMenu(m_list);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy rows, masked"), QKeySequence(QKeySequence::Copy), this, &CopyMask::copyRows);
    const QModelIndex current = m_list->currentIndex();
    const bool byKey = event.reason() == QContextMenuEvent::Keyboard && current.isValid();
    menu->popup(byKey ? m_list->viewport()->mapToGlobal(m_list->visualRect(current).bottomLeft()) : event.globalPos());
}

std::string revealedId(const std::string &id)
{
    return id + std::string(revealedMark);
}

bool isRevealed(const OutlineRow &row)
{
    return row.id.ends_with(revealedMark);
}

OutlineRow withMask(OutlineRow row)
{
    if (!isRevealed(row))
        return row;
    (row.kind == OutlineRow::Kind::Fact ? row.right : row.second) = CopyMask::tr("masked");
    return row;
}

} // namespace shardlens::ui::pages

#include "moc_CopyMask.cpp"
