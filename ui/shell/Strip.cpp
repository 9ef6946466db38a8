// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Strip.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

namespace shardlens::ui::shell {

using theme::ColourRole;

Strip::Strip(const QString &button, QWidget *parent) : QWidget(parent), m_text(new theme::Text(theme::FontRole::BodyBold, ColourRole::WarningText))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    row->setSpacing(theme::space::kS);
    auto *end = new theme::FlatButton(button, nullptr, theme::FlatButton::Look::Link);
    row->addWidget(new theme::ShapeMark(theme::Shape::Clock));
    row->addWidget(m_text);
    row->addStretch(1);
    row->addWidget(end);
    connect(end, &QAbstractButton::clicked, this, &Strip::pressed);
    setFixedHeight(theme::scaled(32));
}

void Strip::setText(const QString &text) { m_text->setText(text); }

void Strip::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(ColourRole::WarningGround, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme::colour(ColourRole::Line, palette()));
}

void Strip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        setFixedHeight(theme::scaled(32));
    QWidget::changeEvent(event);
}

} // namespace shardlens::ui::shell
