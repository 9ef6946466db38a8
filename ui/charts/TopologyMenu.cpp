// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing's menu, for the right button and for the Menu key. What can be done with a server or a region is added by whoever
// holds the drawing: it knows of no acts.
#include "ui/charts/TopologyView.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>

namespace shardlens::ui::charts {

void TopologyView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    endDrag();
    // A click is about what it was made on, the key about the card that is selected.
    const int under = byMouse ? nodeAt(event->pos()) : m_picture.selected;
    choose(under);
    const int node = under < 0 ? -1 : m_picture.selected; // to choose one may unfold others
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    int column = byMouse ? headAt(event->pos()) : -1;
    QPoint at = event->globalPos();
    if (node >= 0) {
        const auto &card = m_picture.graph.nodes[static_cast<std::size_t>(node)];
        const auto key = card.key;
        const auto said = m_picture.text.cards[static_cast<std::size_t>(node)].sentence;
        column = card.column;
        menu->addAction(tr("Open %1").arg(QString::fromStdString(card.name)), this, [this, key] { Q_EMIT opened(key); });
        menu->addAction(tr("Copy what it says"), this, [said] { QApplication::clipboard()->setText(said); });
        menu->addSeparator();
        Q_EMIT cardMenuAboutToShow(menu, key);
        menu->addSeparator();
        if (!byMouse)
            at = mapToGlobal(m_picture.layout.cards[static_cast<std::size_t>(node)].bottomLeft().toPoint());
    }
    if (column >= 0) {
        Q_EMIT menuAboutToShow(menu, m_picture.graph.columns[static_cast<std::size_t>(column)].region);
        menu->addSeparator();
    }
    menu->addAction(tr("Save picture…"), this, &TopologyView::imageRequested);
    menu->popup(at);
}

} // namespace shardlens::ui::charts
