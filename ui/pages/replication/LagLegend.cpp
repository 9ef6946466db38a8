// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/LagLegend.h"

#include "ui/charts/TopologyPainter.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::pages {

using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int lineStep = 22;

/// Limits are round numbers: "1 MiB", not "1.00 MiB".
QString roundBytes(base::Bytes bytes)
{
    static constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes.count);
    int unit = 0;
    while (value >= 1024 && unit < 4) {
        value /= 1024;
        ++unit;
    }
    return QString::number(value, 'g', 4) + format::kNarrowSpace + QLatin1String(units[unit]);
}

QString roundSeconds(base::milliseconds time)
{
    return QString::number(static_cast<double>(time.count()) / 1000.0, 'g', 4) + format::kNarrowSpace + QLatin1Char('s');
}

} // namespace

LagLegend::LagLegend(const fleet::Thresholds &thresholds, QWidget *parent) : QWidget(parent), m_thresholds(thresholds)
{
    auto policy = sizePolicy();
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(sentence());
}

QString LagLegend::sentence() const
{
    QStringList levels;
    for (std::size_t i = 0; i < m_thresholds.lagTime.size(); ++i) {
        const QString limits = tr("from %1 or %2").arg(roundSeconds(m_thresholds.lagTime[i]), roundBytes(m_thresholds.lagBytes[i]));
        levels << (i == 0 ? tr("level %1 %2").arg(i + 2).arg(limits) : tr("%1 %2").arg(i + 2).arg(limits));
    }
    return tr("Thresholds of this fleet: %1.").arg(levels.join(QStringLiteral(", ")));
}

int LagLegend::textHeight(int width) const
{
    return QFontMetrics(theme::font(FontRole::Small)).boundingRect(QRect(0, 0, width, 10000), Qt::TextWordWrap, sentence()).height();
}

int LagLegend::heightForWidth(int width) const
{
    return textHeight(width) + scaled(12) + 5 * scaled(lineStep);
}

QSize LagLegend::sizeHint() const
{
    return {216, heightForWidth(216)};
}

void LagLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(theme::font(FontRole::Small));
    painter.setPen(theme::colour(ColourRole::Muted, palette()));
    painter.drawText(QRect(0, 0, width(), height()), Qt::TextWordWrap, sentence());
    const auto names = charts::lagLevelNames(m_thresholds);
    int y = textHeight(width()) + scaled(12) + scaled(lineStep) / 2;
    for (std::size_t i = 0; i < names.size() && y + scaled(lineStep) / 2 <= height(); ++i) {
        charts::paintLagLine(painter, QPointF(0, y), QPointF(36, y), static_cast<int>(i) + 1, palette());
        painter.setFont(theme::font(FontRole::Small));
        painter.setPen(theme::colour(ColourRole::Muted, palette()));
        painter.drawText(QRect(48, y - scaled(lineStep) / 2, width() - 48, scaled(lineStep)), Qt::AlignLeft | Qt::AlignVCenter, names[i]);
        y += scaled(lineStep);
    }
}

} // namespace shardlens::ui::pages

#include "moc_LagLegend.cpp"
