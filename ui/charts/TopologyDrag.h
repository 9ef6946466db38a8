// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyPainter.h"

#include <functional>
#include <optional>

namespace shardlens::ui::charts {

/// What a card's drop onto another would come to; `onto` holds nothing while the pointer is over no other card.
struct DropWords {
    bool opens = false; ///< a plan; a drop never acts
    QString words;      ///< what opens, or why nothing does
};
using DropJudge = std::function<DropWords(const TopologyKey &card, const TopologyKey &onto)>;

/// A card that is dragged to another's place. It keeps keys alone, so that facts and places may change meanwhile. GUI thread.
class TopologyDrag
{
public:
    void setJudge(DropJudge judge) { m_judge = std::move(judge); } ///< without one nothing can be dragged

    /// The left button went down on a node, or on none (-1). A press is a click until the pointer has gone far enough.
    void press(const TopologyPicture &picture, int node, const QPointF &at);
    /// The pointer moved with the button down, now over that node; whether a card is dragged.
    bool move(const TopologyPicture &picture, int node, const QPointF &at);
    /// Facts or places are others now: judged anew. A card that is gone is dragged no more.
    void renew(const TopologyPicture &picture);
    void end(); ///< without a drop

    /// The button went up: ends it. Which card was dropped onto which, where that opens something.
    struct Drop {
        TopologyKey card;
        TopologyKey onto;
    };
    [[nodiscard]] std::optional<Drop> release();

    [[nodiscard]] bool isOn() const { return m_isOn; }
    [[nodiscard]] const DropWords &words() const { return m_words; } ///< what stands at the pointer
    [[nodiscard]] const std::vector<TopologyKey> &places() const { return m_places; } ///< where a drop would open something
    [[nodiscard]] Qt::CursorShape cursor() const;
    /// Where the words stand, in a room as wide as the drawing: beside the pointer.
    [[nodiscard]] QRectF wordsBox(const QString &name, const QRectF &room) const;

    /// Over the drawing: the places where a drop would open something, the card under way, and the words.
    void paint(QPainter &painter, const TopologyPicture &picture, const QRectF &room, const QPalette &palette) const;

private:
    void judge();
    void paintPlaces(QPainter &painter, const TopologyPicture &picture, const QPalette &palette) const;
    void paintWords(QPainter &painter, const QString &name, const QRectF &room, const QPalette &palette) const;

    DropJudge m_judge;
    TopologyKey m_card; ///< holds nothing: no button is down
    TopologyKey m_onto; ///< another card under the pointer
    QPointF m_pressedAt;
    QPointF m_at;
    bool m_isOn = false;
    DropWords m_words;
    std::vector<TopologyKey> m_places;
};

} // namespace shardlens::ui::charts
