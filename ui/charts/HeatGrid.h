// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/HeatLayout.h"
#include "ui/charts/HeatPicture.h"

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QImage>
#include <QMouseEvent>

#include <functional>
#include <optional>
#include <set>
#include <unordered_map>

namespace shardlens::ui::charts {

/// Thousands of small cells in blocks, coloured by step. One image at device pixels, in which only changed cells are drawn anew;
/// hover and selection lie over it. It knows nothing of shards: cells have ids, steps and numbers. GUI thread.
class HeatGrid : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit HeatGrid(QWidget *parent = nullptr);

    /// What is to be seen now. Selection, scroll position and zoom stay; only cells that look different are drawn.
    void setPicture(HeatPicture picture);
    [[nodiscard]] const HeatPicture &picture() const { return m_picture; }

    [[nodiscard]] const HeatLayout &layoutShown() const { return m_layout; }
    /// The height that shows all of it without scrolling, in a room of this size.
    [[nodiscard]] int heightIn(QSize room) const;
    /// The pitch that it would have there; 0 where it does not fit without scrolling.
    [[nodiscard]] int pitchIn(QSize room) const;

    void zoom(int steps);      ///< about the current cell, or the middle
    void resetZoom();
    [[nodiscard]] int zoomedPitch() const { return m_zoomedPitch; } ///< 0 where the pitch is the one that fits
    void setZoomedPitch(int pitch);

    [[nodiscard]] std::optional<quint64> current() const { return m_current; }
    [[nodiscard]] const std::set<quint64> &selection() const { return m_selection; }
    [[nodiscard]] std::optional<quint64> hovered() const;
    /// Ids without a cell are kept: a shard that comes back is still selected. Emits nothing.
    void setSelection(const std::set<quint64> &ids, std::optional<quint64> current);
    void showCell(quint64 id); ///< scrolls it into sight
    void jumpToNumber(quint32 number);
    void jumpToProblem(int direction); ///< +1 next, -1 previous; cells that share a block's problem count as one

    /// What a screen reader says of a cell: "insta1341, media, lag 0.08 seconds".
    void setDescriber(std::function<QString(quint64 id)> describer) { m_describer = std::move(describer); }
    [[nodiscard]] QString describe(int cell) const;
    [[nodiscard]] int cellOf(quint64 id) const; ///< index in the picture; -1 if there is none
    [[nodiscard]] int cellAt(QPoint point) const;   ///< under a point of the viewport; -1 if there is none
    [[nodiscard]] QRect cellRect(int cell) const;   ///< in the viewport
    void selectCell(int cell);                      ///< as a click does

    /// Cells drawn since construction: what only-what-changed is measured by.
    [[nodiscard]] quint64 cellsDrawn() const { return m_cellsDrawn; }

Q_SIGNALS:
    void selectionChanged(); ///< by the person: selection or current
    void hoverChanged();
    void activated(quint64 id); ///< Enter or double click
    void copyRequested();
    void zoomChanged();
    void digitsTyped(const QString &digits); ///< while a number is typed; empty when it ends

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override { event->accept(); }
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    [[nodiscard]] HeatLayout layoutFor(QSize room, int pitch) const;
    [[nodiscard]] QPoint offset() const; ///< content point at the viewport's corner
    [[nodiscard]] bool hasSameCells(const HeatPicture &picture) const;
    void relayout();
    void zoomTo(int pitch, QPoint anchor);
    void moveTo(int cell, bool extend);
    void selectOnly(int cell);
    void setHovered(int cell);
    bool keyMoves(QKeyEvent *event);
    bool keyActs(QKeyEvent *event);
    void typeDigit(QChar digit);
    void endDigits();
    void tellReader();

    // HeatGridPaint.cpp
    void redrawAll();
    void redrawCells(const std::vector<int> &cells);
    void redrawHeaders(const std::vector<int> &blocks);
    void drawCell(int cell);
    void drawHeader(QPainter &painter, int block) const;
    void drawSectionTitle(QPainter &painter, int section) const;
    void drawNumber(QPainter &painter, int cell) const;
    [[nodiscard]] const QImage &tile(const HeatCell &cell, QSize size);
    [[nodiscard]] QRect deviceRect(const QRect &content) const;
    void paintOverlays(QPainter &painter, const QRect &clip) const;
    void updateCell(int cell);

    HeatPicture m_picture;
    std::unordered_map<quint64, int> m_cellOf;
    HeatLayout m_layout;
    int m_zoomedPitch = 0;
    QImage m_image;           ///< the viewport at device pixels
    bool m_imageIsOld = true; ///< all of it: after a resize, scroll, zoom or theme change
    std::unordered_map<quint64, QImage> m_tiles;
    quint64 m_cellsDrawn = 0;

    std::set<quint64> m_selection;
    std::optional<quint64> m_current;
    std::optional<quint64> m_anchor;
    int m_hovered = -1;
    std::function<QString(quint64)> m_describer;
    QString m_digits;
    QElapsedTimer m_sinceDigit;
};

} // namespace shardlens::ui::charts
