// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ProblemModel.h"
#include "ui/pages/overview/ProblemAction.h"
#include "ui/theme/ColourRole.h"
#include "ui/theme/Type.h"

#include <QPalette>
#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace shardlens::ui::pages {

/// What an opened problem row shows below its two lines, laid out for a width: the sentence, what to do, the backlog of standbys, what
/// a move would cost, who is on it, the readings as a table, what follows. Measured and painted by the same lines, so that nothing is
/// cut. ProblemModel says the same to a screen reader.
class ProblemDetails
{
public:
    ProblemDetails(const models::ProblemRow &row, facts::Instant now, qreal width);

    /// What can be done from the opened row besides its main button.
    struct Button {
        ProblemAction action;
        QString text;
        QRectF box; ///< within the details
    };

    [[nodiscard]] qreal height() const { return m_height; }
    [[nodiscard]] const std::vector<Button> &buttons() const { return m_buttons; }
    /// `over` is the button under the pointer; none: nothing.
    void paint(QPainter &painter, const QPointF &topLeft, const QPalette &palette, std::optional<ProblemAction> over = {}) const;

private:
    struct Piece {
        QRectF box;
        QString text;
        theme::FontRole font = theme::FontRole::Body;
        theme::ColourRole colour = theme::ColourRole::Text;
        int flags = Qt::AlignLeft | Qt::AlignVCenter;
    };

    void addParagraph(const QString &text, qreal indent = 0);
    void addLabelled(const QString &label, const QString &text);
    void addReadings(const facts::Problem &problem, facts::Instant now);
    void addConsequences(const models::ProblemRow &row);
    void addPeople(const models::ProblemRow &row);
    void addButtons(const models::ProblemRow &row);
    void addLine(const QString &text, theme::FontRole font, theme::ColourRole colour, qreal indent = 0);

    std::vector<Piece> m_pieces;
    std::vector<Button> m_buttons;
    qreal m_width;
    qreal m_height = 0;
};

} // namespace shardlens::ui::pages
