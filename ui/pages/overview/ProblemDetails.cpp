// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ProblemDetails.h"

#include "ui/format/Evidence.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>

namespace shardlens::ui::pages {

namespace {

using theme::ColourRole;
using theme::FontRole;

constexpr std::size_t consequencesShown = 12;
constexpr qreal widestText = 720;

struct ProblemDetailsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::ProblemDetails)
};

/// One for all labels, so that what they tell begins at one edge.
qreal labelColumn()
{
    const QFontMetricsF metrics(theme::font(FontRole::BodyBold));
    qreal width = 0;
    for (const QString &label : {ProblemDetailsWords::tr("What to do"), ProblemDetailsWords::tr("Backlog"), ProblemDetailsWords::tr("What it costs"),
                                 ProblemDetailsWords::tr("Other consoles"), ProblemDetailsWords::tr("Who is on it")})
        width = std::max(width, metrics.horizontalAdvance(label));
    return width + 12;
}

qreal lineHeight(FontRole role)
{
    return QFontMetricsF(theme::font(role)).height() + 4;
}

} // namespace

ProblemDetails::ProblemDetails(const models::ProblemRow &row, facts::Instant now, qreal width) : m_width(width)
{
    m_height = 4;
    addParagraph(row.text.sentence);
    if (!row.endedAt)
        addLabelled(ProblemDetailsWords::tr("What to do"), row.text.toDo);
    addLabelled(ProblemDetailsWords::tr("Backlog"), row.backlogs.join(QLatin1Char('\n')));
    addLabelled(ProblemDetailsWords::tr("What it costs"), row.prices.join(QLatin1Char('\n')));
    if (!row.endedAt)
        addPeople(row);
    if (!row.problem.evidence.empty())
        addReadings(row.problem, now);
    if (!row.problem.consequences.empty())
        addConsequences(row);
    addButtons(row);
    m_height += 8;
}

void ProblemDetails::addParagraph(const QString &text, qreal indent)
{
    if (text.isEmpty())
        return;
    const qreal width = std::min(m_width, widestText * theme::textScale()) - indent;
    const QFontMetricsF metrics(theme::font(FontRole::Body));
    const auto box = metrics.boundingRect(QRectF(0, 0, width, 10000), Qt::TextWordWrap, text);
    m_pieces.push_back({QRectF(indent, m_height, width, box.height()), text, FontRole::Body, ColourRole::Text, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap});
    m_height += box.height() + 8;
}

void ProblemDetails::addLabelled(const QString &label, const QString &text)
{
    if (text.isEmpty())
        return;
    const qreal labelWidth = labelColumn();
    m_pieces.push_back({QRectF(0, m_height, labelWidth, lineHeight(FontRole::Body) - 4), label, FontRole::BodyBold, ColourRole::Text});
    addParagraph(text, labelWidth);
}

/// Is it me? What other consoles see; then who is on it, and what keeps this person from it.
void ProblemDetails::addPeople(const models::ProblemRow &row)
{
    addLabelled(ProblemDetailsWords::tr("Other consoles"), row.claim.others.join(QLatin1Char(' ')));
    addLabelled(ProblemDetailsWords::tr("Who is on it"), models::peopleText(row));
    if (row.claim.isQuiet)
        addParagraph(row.claim.quiet + QLatin1Char('.'));
}

/// In one row; those that have no room stand below.
void ProblemDetails::addButtons(const models::ProblemRow &row)
{
    const QFontMetricsF metrics(theme::font(FontRole::Body));
    const qreal high = theme::scaled(theme::size::kButton);
    qreal x = 0;
    m_height += 2;
    for (const ProblemAction action : actionsFor(row)) {
        const QString words = actionText(action);
        const qreal wide = metrics.horizontalAdvance(words) + 24;
        if (x > 0 && x + wide > m_width) {
            x = 0;
            m_height += high + theme::space::kS;
        }
        m_buttons.push_back({action, words, QRectF(x, m_height, wide, high)});
        x += wide + theme::space::kS;
    }
    m_height += high;
}

void ProblemDetails::addLine(const QString &text, FontRole font, ColourRole colour, qreal indent)
{
    m_pieces.push_back({QRectF(indent, m_height, m_width - indent, lineHeight(font)), text, font, colour});
    m_height += lineHeight(font);
}

void ProblemDetails::addReadings(const facts::Problem &problem, facts::Instant now)
{
    const QFontMetricsF metrics(theme::font(FontRole::Small));
    const QString none(QLatin1Char('-'));
    std::vector<std::array<QString, 5>> lines{{ProblemDetailsWords::tr("Reading"), ProblemDetailsWords::tr("Now"), ProblemDetailsWords::tr("Limit"), ProblemDetailsWords::tr("Age"), ProblemDetailsWords::tr("Source")}};
    for (const auto &evidence : problem.evidence) {
        const auto age = evidence.readAt ? format::age(std::chrono::duration_cast<facts::microseconds>(now - *evidence.readAt)) : none;
        lines.push_back({format::readingName(evidence.reading), format::readingValue(evidence.reading, evidence.value),
                         evidence.limit ? format::readingValue(evidence.reading, *evidence.limit) : none, age,
                         evidence.source.isEmpty() ? ProblemDetailsWords::tr("this console") : format::text(evidence.source.text())});
    }
    std::array<qreal, 5> widths{};
    for (const auto &line : lines)
        for (std::size_t column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], metrics.horizontalAdvance(line[column]) + 2);
    constexpr qreal gap = 20;
    // Numbers stand right-aligned; only a name gives way where the width is short.
    const qreal fixed = widths[1] + widths[2] + widths[3] + 4 * gap;
    const qreal room = std::max(60.0, m_width - fixed);
    if (widths[0] + widths[4] > room) {
        widths[0] = std::min(widths[0], room * 0.55);
        widths[4] = std::min(widths[4], room - widths[0]);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        qreal x = 0;
        for (std::size_t column = 0; column < 5; ++column) {
            const bool number = column >= 1 && column <= 3;
            const auto text = number ? lines[i][column] : metrics.elidedText(lines[i][column], Qt::ElideMiddle, widths[column]);
            const auto colour = i == 0 || column == 4 ? ColourRole::Muted : ColourRole::Text;
            m_pieces.push_back({QRectF(x, m_height, widths[column], lineHeight(FontRole::Small)), text, FontRole::Small, colour,
                                static_cast<int>((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter)});
            x += widths[column] + gap;
        }
        m_height += lineHeight(FontRole::Small);
    }
    m_height += 8;
}

void ProblemDetails::addConsequences(const models::ProblemRow &row)
{
    addLine(ProblemDetailsWords::tr("What follows from it"), FontRole::BodyBold, ColourRole::Text);
    const auto &all = row.consequences;
    const QFontMetricsF metrics(theme::font(FontRole::Small));
    for (qsizetype i = 0; i < all.size() && i < static_cast<qsizetype>(consequencesShown); ++i)
        addLine(metrics.elidedText(all.at(i), Qt::ElideRight, m_width), FontRole::Small, ColourRole::Muted);
    if (all.size() > static_cast<qsizetype>(consequencesShown))
        addLine(ProblemDetailsWords::tr("and %1 more").arg(all.size() - static_cast<qsizetype>(consequencesShown)), FontRole::Small, ColourRole::Muted);
    m_height += 4;
}

void ProblemDetails::paint(QPainter &painter, const QPointF &topLeft, const QPalette &palette, std::optional<ProblemAction> over) const
{
    painter.save();
    painter.translate(topLeft);
    for (const auto &piece : m_pieces) {
        painter.setFont(theme::font(piece.font));
        painter.setPen(theme::colour(piece.colour, palette));
        painter.drawText(piece.box, piece.flags, piece.text);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme::font(FontRole::Body));
    for (const auto &button : m_buttons) {
        const auto raised = theme::colour(ColourRole::Raised, palette);
        painter.setPen(QPen(theme::colour(ColourRole::ControlEdge, palette), theme::size::kLine));
        painter.setBrush(over == button.action ? theme::blend(theme::colour(ColourRole::Line, palette), raised, 0.5) : raised);
        painter.drawRoundedRect(button.box.adjusted(0.5, 0.5, -0.5, -0.5), theme::size::kRadius, theme::size::kRadius);
        painter.setPen(theme::colour(ColourRole::Text, palette));
        painter.drawText(button.box, Qt::AlignCenter | Qt::TextSingleLine, button.text);
    }
    painter.restore();
}

} // namespace shardlens::ui::pages
