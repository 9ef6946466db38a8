// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/RowChoice.h"

#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"

#include <QKeyEvent>

namespace shardlens::ui::pages {

RowChoice::RowChoice(operate::OutlineList *list, By by) : QObject(list), m_list(list)
{
    list->installEventFilter(this);
    connect(list, by == By::Click ? &QAbstractItemView::clicked : &QAbstractItemView::doubleClicked, this, &RowChoice::choose);
}

bool RowChoice::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool chooses = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space;
        if (chooses && key->modifiers() == Qt::NoModifier && choose(m_list->currentIndex()))
            return true;
    }
    return QObject::eventFilter(watched, event);
}

bool RowChoice::choose(const QModelIndex &index)
{
    const auto *row = m_list->outline()->rowAt(index);
    if (!row || row->kind != operate::OutlineRow::Kind::Item)
        return false;
    Q_EMIT chosen(std::string(row->id)); // a copy: what follows may take the row away
    return true;
}

} // namespace shardlens::ui::pages

#include "moc_RowChoice.cpp"
