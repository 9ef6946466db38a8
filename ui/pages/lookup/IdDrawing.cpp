// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/IdDrawing.h"

#include "ui/format/Times.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int bitsHeight = 30;
constexpr int rangeGap = 4;
constexpr std::array<ColourRole, 3> rangeColours{ColourRole::Heat1, ColourRole::Heat3, ColourRole::Heat2};

QString bitsOf(std::uint64_t value, unsigned count)
{
    QString bits;
    for (unsigned bit = count; bit-- > 0;)
        bits += QLatin1Char(((value >> bit) & 1) != 0 ? '1' : '0');
    return bits;
}

/// Where each range lies: as wide as it has bits, less the gaps.
std::array<QRectF, 3> placesOfRanges(const ids::IdLayout &layout, int width)
{
    const double bit = (width - 2.0 * rangeGap) / layout.bits();
    const std::array<unsigned, 3> counts{layout.timeBits, layout.shardBits, layout.sequenceBits};
    std::array<QRectF, 3> places;
    double left = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        places[i] = QRectF(left, 0, counts[i] * bit, scaled(bitsHeight));
        left += counts[i] * bit + rangeGap;
    }
    return places;
}

int labelLine()
{
    return QFontMetrics(theme::font(FontRole::Body)).height() + scaled(4);
}

} // namespace

IdDrawing::IdDrawing(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void IdDrawing::showId(const std::optional<ids::Anatomy> &anatomy, const ids::IdLayout &layout)
{
    if (m_anatomy == anatomy && m_layout == layout)
        return;
    m_anatomy = anatomy;
    m_layout = layout;
    setAccessibleName(text());
    updateGeometry();
    update();
}

std::array<IdDrawing::Range, 3> IdDrawing::ranges() const
{
    if (!m_anatomy)
        return {};
    const std::uint64_t time = static_cast<std::uint64_t>(m_anatomy->mintedMs - m_layout.epochMs);
    const auto length = [](unsigned bits) { return tr("%1 bits").arg(bits); };
    return {
        Range{bitsOf(time, m_layout.timeBits), length(m_layout.timeBits), tr("minted %1").arg(format::dateTime(m_anatomy->mintedAt()))},
        Range{bitsOf(m_anatomy->shard.value, m_layout.shardBits), length(m_layout.shardBits), tr("shard %1").arg(m_anatomy->shard.value)},
        Range{bitsOf(m_anatomy->sequence, m_layout.sequenceBits), length(m_layout.sequenceBits),
              tr("sequence %1").arg(m_anatomy->sequence)}};
}

QString IdDrawing::text() const
{
    QStringList parts;
    for (const Range &range : ranges()) {
        if (!range.value.isEmpty())
            parts << range.length + QStringLiteral(": ") + range.value;
    }
    return parts.join(QStringLiteral("; "));
}

/// Labels stand under their ranges; the last ends at the right edge, and may reach into the room that the one before it leaves.
bool IdDrawing::hasLabelsBeside(int width) const
{
    const QFontMetrics body(theme::font(FontRole::Body));
    const auto all = ranges();
    const auto places = placesOfRanges(m_layout, width);
    const auto wide = [&](std::size_t i) { return body.horizontalAdvance(all[i].value) + scaled(10); };
    return wide(0) <= places[0].width() && wide(1) <= places[1].width() && wide(2) + wide(1) <= places[1].width() + places[2].width();
}

int IdDrawing::heightForWidth(int width) const
{
    if (!m_anatomy)
        return 0;
    return scaled(bitsHeight) + scaled(4) + (hasLabelsBeside(width) ? 2 : 3) * labelLine();
}

QSize IdDrawing::sizeHint() const
{
    return {scaled(300), heightForWidth(std::max(width(), scaled(300)))};
}

void IdDrawing::paintEvent(QPaintEvent *)
{
    if (!m_anatomy)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto all = ranges();
    const auto places = placesOfRanges(m_layout, width());
    const bool beside = hasLabelsBeside(width());
    const QFontMetrics caption(theme::font(FontRole::Caption));
    int top = scaled(bitsHeight) + scaled(4);
    for (std::size_t i = 0; i < 3; ++i) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme::colour(rangeColours[i], palette()));
        painter.drawRoundedRect(places[i], theme::size::kRadius, theme::size::kRadius);
        painter.setPen(theme::colour(ColourRole::Text, palette()));
        painter.setFont(theme::font(FontRole::MonoSmall));
        if (QFontMetrics(painter.font()).horizontalAdvance(all[i].bits) + 2 <= places[i].width())
            painter.drawText(places[i], Qt::AlignCenter, all[i].bits);
        if (beside) {
            const QRectF under = i == 2 ? QRectF(places[1].left(), top, width() - places[1].left(), labelLine())
                                        : QRectF(places[i].left(), top, places[i].width(), labelLine());
            const int side = (i == 2 ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
            painter.setFont(theme::font(FontRole::Caption));
            painter.setPen(theme::colour(ColourRole::Muted, palette()));
            painter.drawText(under, side, all[i].length);
            painter.setFont(theme::font(FontRole::Body));
            painter.setPen(theme::colour(ColourRole::Text, palette()));
            painter.drawText(under.translated(0, labelLine() - scaled(2)), side, all[i].value);
            continue;
        }
        const QRectF line(0, top, width(), labelLine());
        const int room = caption.horizontalAdvance(tr("%1 bits").arg(88)) + scaled(12);
        painter.setFont(theme::font(FontRole::Caption));
        painter.setPen(theme::colour(ColourRole::Muted, palette()));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, all[i].length);
        painter.setFont(theme::font(FontRole::Body));
        painter.setPen(theme::colour(ColourRole::Text, palette()));
        painter.drawText(line.adjusted(room, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, all[i].value);
        top += labelLine();
    }
}

bool IdDrawing::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange)
        updateGeometry();
    return QWidget::event(event);
}

} // namespace shardlens::ui::pages

#include "moc_IdDrawing.cpp"
