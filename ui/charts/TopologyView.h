// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/observe/History.h"
#include "ui/charts/TopologyDrag.h"
#include "ui/charts/TopologyPainter.h"

#include <QImage>
#include <QWidget>

class QMenu;

namespace shardlens::ui::charts {

/// The drawing of a fleet, or of one cluster with its routers. Arrows and mouse select a card, Enter or a double click opens it,
/// a click on a region's head opens that; a server's card can be dragged onto another's place; the picture can be exported. A screen
/// reader hears the selected card's sentence. GUI thread.
class TopologyView : public QWidget
{
    Q_OBJECT

public:
    explicit TopologyView(QWidget *parent = nullptr);

    /// `history` gives the 15 minute lines of roomy cards; may be null. It must outlive the view.
    void setHistory(const observe::History *history) { m_history = history; }
    /// One cluster with its routers instead of the whole fleet; empty = the whole fleet.
    void setOnly(const base::ClusterName &cluster);
    void setOnlyGroup(const base::GroupName &group); ///< one Redis group instead of the whole fleet
    void setMayBeRoomy(bool may); ///< roomy cards in low rooms too

    /// What a card's drop onto another would come to; without one no card can be dragged.
    void setDropJudge(DropJudge judge) { m_drag.setJudge(std::move(judge)); }

    void showSnapshot(const facts::SnapshotPtr &snapshot);
    [[nodiscard]] const facts::SnapshotPtr &snapshot() const { return m_snapshot; } ///< null before the first

    void select(const TopologyKey &key);
    [[nodiscard]] TopologyKey selected() const { return m_selected; }

    [[nodiscard]] const TopologyPicture &picture() const { return m_picture; }
    [[nodiscard]] const TopologyDrag &drag() const { return m_drag; }
    [[nodiscard]] int fullHeight() const;    ///< with cards of 40, or of 92 where they may be roomy
    [[nodiscard]] int compactHeight() const; ///< with cards of 24
    [[nodiscard]] int shapeHeight() const;   ///< with shapes alone: the least

    /// The picture at twice the size with a heading, legend and time, on the surface's ground.
    [[nodiscard]] QImage image(const QString &heading) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void selectionChanged();
    void opened(const shardlens::ui::charts::TopologyKey &key);
    void detailChanged();
    void regionPressed(const shardlens::base::RegionName &region); ///< its head
    void cardMenuAboutToShow(QMenu *menu, const shardlens::ui::charts::TopologyKey &card);
    void menuAboutToShow(QMenu *menu, const shardlens::base::RegionName &region); ///< on that region's head, or on one of its cards
    void dropped(const shardlens::ui::charts::TopologyKey &card, const shardlens::ui::charts::TopologyKey &onto); ///< where that opens something
    void imageRequested(); ///< "Save picture…" of the context menu

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void rebuild();
    void layOutAgain();
    void fillLines();
    void choose(int node);
    void move(int columns, int lines);
    void describeSelection();
    void hover(const QPointF &point);
    void endDrag();
    [[nodiscard]] int nodeAt(const QPointF &point) const;
    [[nodiscard]] int headAt(const QPointF &point) const; ///< the column; -1 for none

    facts::SnapshotPtr m_snapshot;
    const observe::History *m_history = nullptr;
    base::ClusterName m_only;
    base::GroupName m_onlyGroup;
    TopologyKey m_selected;
    TopologyPicture m_picture;
    TopologyDrag m_drag;
    bool m_mayBeRoomy = false;
};

} // namespace shardlens::ui::charts
