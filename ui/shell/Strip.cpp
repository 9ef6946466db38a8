// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Strip.h"

#include "ui/theme/Colours.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FlatButton;
using theme::Shape;
using Tone = StripText::Tone;

namespace {

Shape toneShape(Tone tone)
{
    switch (tone) {
    case Tone::Critical: return Shape::Diamond;
    case Tone::Warning: return Shape::Triangle;
    case Tone::Running: return Shape::Chevron;
    case Tone::Quiet: break;
    }
    return Shape::Clock;
}

ColourRole toneGround(Tone tone)
{
    switch (tone) {
    case Tone::Critical: return ColourRole::CriticalGround;
    case Tone::Warning: return ColourRole::WarningGround;
    case Tone::Running: return ColourRole::RunningGround;
    case Tone::Quiet: break;
    }
    return ColourRole::MaintenanceGround;
}

ColourRole textOf(Tone tone)
{
    switch (tone) {
    case Tone::Critical: return ColourRole::CriticalText;
    case Tone::Warning: return ColourRole::WarningText;
    case Tone::Running: return ColourRole::RunningText;
    case Tone::Quiet: break;
    }
    return ColourRole::MaintenanceText;
}

} // namespace

Strip::Strip(QWidget *parent)
    : QWidget(parent), m_mark(new theme::ShapeMark(Shape::Clock)), m_words(new theme::Text(theme::FontRole::BodyBold, ColourRole::WarningText)),
      m_second(new FlatButton({}, nullptr, FlatButton::Look::Link)), m_button(new FlatButton({}, nullptr, FlatButton::Look::Link)),
      m_more(new FlatButton({}, nullptr, FlatButton::Look::Link))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space::kM, 0, theme::space::kM, 0);
    row->setSpacing(theme::space::kS);
    m_words->setElide(theme::Text::Elide::End);
    row->addWidget(m_mark);
    row->addWidget(m_words, 1);
    row->addWidget(m_second);
    row->addWidget(m_button);
    row->addWidget(m_more);
    connect(m_button, &QAbstractButton::clicked, this, &Strip::pressed);
    connect(m_second, &QAbstractButton::clicked, this, &Strip::secondPressed);
    connect(m_more, &QAbstractButton::clicked, this, &Strip::morePressed);
    setMore({});
    setFixedHeight(theme::scaled(32));
}

void Strip::setText(const StripText &text)
{
    if (m_text == text && !m_words->text().isEmpty())
        return;
    const bool toneChanged = m_text.tone != text.tone || m_words->text().isEmpty();
    m_text = text;
    if (toneChanged) {
        m_mark->setShape(toneShape(text.tone));
        m_words->setColour(textOf(text.tone));
        update();
    }
    for (const auto &[button, words] : {std::pair(m_button, text.button), std::pair(m_second, text.second)}) {
        if (button->text() != words)
            button->setText(words);
        button->setVisible(!words.isEmpty());
    }
    setAccessibleName(text.text);
    fit();
}

void Strip::setMore(const QString &more)
{
    m_more->setText(more);
    m_more->setVisible(!more.isEmpty());
    fit();
}

void Strip::fit()
{
    int room = width() - 2 * theme::space::kM - m_mark->sizeHint().width() - theme::space::kS;
    for (const FlatButton *button : {m_second, m_button, m_more}) {
        if (!button->isHidden())
            room -= button->sizeHint().width() + theme::space::kS;
    }
    const bool fits = QFontMetrics(theme::font(theme::FontRole::BodyBold)).horizontalAdvance(m_text.text) <= room;
    m_words->setText(fits || m_text.shortText.isEmpty() ? m_text.text : m_text.shortText);
    m_words->setToolTip(fits ? QString() : m_text.text);
}

void Strip::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(toneGround(m_text.tone), palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme::colour(ColourRole::Line, palette()));
}

void Strip::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void Strip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange) {
        setFixedHeight(theme::scaled(32));
        fit();
    }
    QWidget::changeEvent(event);
}

} // namespace shardlens::ui::shell

#include "moc_Strip.cpp"
