// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/ShapeLegend.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {
constexpr int gap = 12;
}

ShapeLegend::ShapeLegend(Items items, QWidget *parent) : QWidget(parent), m_items(std::move(items))
{
    QStringList words;
    for (const auto &[shape, word] : m_items)
        words << word;
    setAccessibleName(tr("What the shapes mean: %1").arg(words.join(QLatin1String(", "))));
    setToolTip(words.join(QLatin1String(", ")));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

int ShapeLegend::widthOf(const QString &word) const
{
    return scaled(14) + QFontMetrics(theme::font(theme::FontRole::Caption)).horizontalAdvance(word);
}

QSize ShapeLegend::sizeHint() const
{
    int width = 0;
    for (const auto &[shape, word] : m_items)
        width += widthOf(word) + scaled(gap);
    return {width, scaled(20)};
}

void ShapeLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(theme::font(theme::FontRole::Caption));
    std::size_t fits = 0;
    int whole = 0;
    for (; fits < m_items.size() && whole + widthOf(m_items[fits].second) <= width(); ++fits)
        whole += widthOf(m_items[fits].second) + scaled(gap);
    int x = width() - (whole - scaled(gap)); // at the right end of the title row
    const auto muted = theme::colour(theme::ColourRole::Muted, palette());
    for (std::size_t i = 0; i < fits; ++i) {
        const auto &[shape, word] = m_items[i];
        const bool small = shape == theme::Shape::Dot || shape == theme::Shape::Ring;
        const int side = scaled(small ? 7 : 11);
        const QRectF box(x + scaled(5) - side / 2.0, height() / 2.0 - side / 2.0, side, side);
        theme::paintShape(painter, shape, box, palette());
        painter.setPen(muted);
        painter.drawText(QRect(x + scaled(14), 0, widthOf(word), height()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, word);
        x += widthOf(word) + scaled(gap);
    }
}

} // namespace shardlens::ui::pages

#include "moc_ShapeLegend.cpp"
