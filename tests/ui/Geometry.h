// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"

#include <QFontMetricsF>
#include <QRegularExpression>
#include <QStringList>
#include <QWidget>

namespace shardlens::tests {

/// Visible texts that hold a digit and are cut: a number is never elided.
inline QStringList cutNumbers(const QWidget &page)
{
    static const QRegularExpression digit(QStringLiteral("[0-9]"));
    QStringList cut;
    for (const auto *text : page.findChildren<ui::theme::Text *>()) {
        if (!text->isVisibleTo(&page) || !text->text().contains(digit))
            continue;
        if (QFontMetricsF(text->font()).horizontalAdvance(text->text()) > text->width() + 0.5)
            cut << text->text();
    }
    return cut;
}

/// Siblings of a page that cover each other.
inline QStringList overlaps(const QList<QWidget *> &parts)
{
    QStringList found;
    for (qsizetype a = 0; a < parts.size(); ++a)
        for (qsizetype b = a + 1; b < parts.size(); ++b)
            if (parts.at(a)->isVisible() && parts.at(b)->isVisible() && parts.at(a)->geometry().intersects(parts.at(b)->geometry()))
                found << parts.at(a)->accessibleName() + QStringLiteral(" over ") + parts.at(b)->accessibleName();
    return found;
}

/// What is wrong with the texts of a drawing: a value wider than its card, or the same number on a line and in its card.
inline QStringList drawingFaults(const ui::charts::TopologyPicture &picture)
{
    using ui::charts::CardDetail;
    QStringList faults;
    const QFontMetricsF caption(ui::theme::font(ui::theme::FontRole::Caption));
    const double scale = ui::theme::textScale();
    for (std::size_t i = 0; i < picture.text.cards.size(); ++i) {
        const auto &card = picture.text.cards[i];
        const double room = picture.layout.card.width() - (9 + 18 + 7) * scale;
        if (picture.layout.detail == CardDetail::Compact && caption.horizontalAdvance(card.value.section(QLatin1Char(':'), 0, 0)) > room)
            faults << QStringLiteral("value of %1 does not fit: %2").arg(card.name, card.value);
        if (picture.layout.detail == CardDetail::Normal && caption.horizontalAdvance(card.second) > room && caption.horizontalAdvance(card.value) > room)
            faults << QStringLiteral("neither line of %1 fits: %2").arg(card.name, card.second);
    }
    for (std::size_t i = 0; i < picture.graph.edges.size(); ++i) {
        const auto &value = picture.text.edges[i];
        const auto &card = picture.text.cards[static_cast<std::size_t>(picture.graph.edges[i].to)];
        const bool twice = !value.isEmpty() && (card.second.contains(value) || (picture.layout.detail == CardDetail::Roomy && (card.left.contains(value) || card.right.contains(value))));
        if (twice)
            faults << QStringLiteral("%1 twice: line and %2").arg(value, card.name);
    }
    return faults;
}

} // namespace shardlens::tests
