// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/LagLegendRow.h"

#include "ui/charts/TopologyPainter.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

#include <cmath>

namespace shardlens::ui::pages {

LagLegendRow::LagLegendRow(const fleet::Thresholds &thresholds, QWidget *parent) : QWidget(parent), m_names(charts::lagLevelNames(thresholds))
{
    QStringList said;
    for (const auto &name : m_names)
        said << name;
    setAccessibleName(tr("Lines by lag: %1").arg(said.join(QStringLiteral(", "))));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
}

QSize LagLegendRow::sizeHint() const
{
    return {static_cast<int>(std::ceil(charts::lagLegendWidth(m_names))), theme::scaled(20)};
}

void LagLegendRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    charts::paintLagLegend(painter, QPointF(0, height() / 2.0), m_names, palette());
}

} // namespace shardlens::ui::pages

#include "moc_LagLegendRow.cpp"
