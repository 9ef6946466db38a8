// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/RowCopy.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QTableView>

#include <set>

namespace shardlens::ui::pages {

RowCopy::RowCopy(QAbstractItemView *view, Copies copies) : QObject(view), m_view(view), m_copies(copies)
{
    view->installEventFilter(this);
    view->viewport()->installEventFilter(this); // a click asks there, the Menu key asks the view
}

QString RowCopy::text() const
{
    const QAbstractItemModel *model = m_view->model();
    if (!model || !m_view->selectionModel())
        return {};
    std::set<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedIndexes())
        rows.insert(index.row());
    if (rows.empty() && m_view->currentIndex().isValid())
        rows.insert(m_view->currentIndex().row());
    if (rows.empty())
        return {};
    const auto *table = qobject_cast<const QTableView *>(m_view);
    QStringList heads;
    std::vector<int> columns;
    for (int column = 0; column < model->columnCount(); ++column) {
        if (table && table->isColumnHidden(column))
            continue;
        columns.push_back(column);
        heads << model->headerData(column, Qt::Horizontal).toString();
    }
    QStringList lines;
    if (table)
        lines << heads.join(QLatin1Char('\t'));
    for (const int row : rows) {
        QStringList fields;
        for (const int column : columns)
            fields << model->index(row, column).data().toString();
        lines << fields.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

void RowCopy::copy()
{
    if (m_copies == Copies::AsTheViewDoes) {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_C, Qt::ControlModifier);
        QCoreApplication::sendEvent(m_view, &press);
        return;
    }
    if (const QString rows = text(); !rows.isEmpty())
        QGuiApplication::clipboard()->setText(rows);
}

void RowCopy::showMenu(const QPoint &global)
{
    auto *menu = new QMenu(m_view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy rows"), QKeySequence(QKeySequence::Copy), this, &RowCopy::copy)->setEnabled(m_view->currentIndex().isValid());
    if (m_view->currentIndex().isValid())
        Q_EMIT menuAboutToShow(menu);
    menu->popup(global);
}

bool RowCopy::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ContextMenu) {
        const auto *asked = static_cast<QContextMenuEvent *>(event);
        const QRect current = m_view->visualRect(m_view->currentIndex());
        const bool byKey = asked->reason() == QContextMenuEvent::Keyboard && current.isValid();
        showMenu(byKey ? m_view->viewport()->mapToGlobal(current.bottomLeft()) : asked->globalPos());
        return true;
    }
    if (watched == m_view && m_copies == Copies::Rows && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace shardlens::ui::pages

#include "moc_RowCopy.cpp"
