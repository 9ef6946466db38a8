// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/EnvironmentChip.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::shell {

QString environmentWord(fleet::Environment environment)
{
    switch (environment) {
    case fleet::Environment::Local: return QCoreApplication::translate("shardlens::ui::shell", "local");
    case fleet::Environment::Staging: return QCoreApplication::translate("shardlens::ui::shell", "staging");
    case fleet::Environment::Production: break;
    }
    return QCoreApplication::translate("shardlens::ui::shell", "production");
}

EnvironmentChip::EnvironmentChip(fleet::Environment environment, QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setEnvironment(environment);
}

void EnvironmentChip::setEnvironment(fleet::Environment environment)
{
    m_environment = environment;
    m_word = environmentWord(environment).toUpper();
    setAccessibleName(tr("Environment: %1").arg(environmentWord(environment)));
    updateGeometry();
    update();
}

QSize EnvironmentChip::sizeHint() const
{
    return {QFontMetrics(theme::font(theme::FontRole::CaptionBold)).horizontalAdvance(m_word) + 2 * theme::space::kS, theme::scaled(22)};
}

void EnvironmentChip::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::colour(theme::environmentRole(m_environment), palette()));
    painter.drawRoundedRect(rect(), theme::size::kRadius, theme::size::kRadius);
    painter.setPen(theme::colour(theme::ColourRole::OnEnvironment, palette()));
    painter.setFont(theme::font(theme::FontRole::CaptionBold));
    painter.drawText(rect(), Qt::AlignCenter, m_word);
}

} // namespace shardlens::ui::shell

#include "moc_EnvironmentChip.cpp"
