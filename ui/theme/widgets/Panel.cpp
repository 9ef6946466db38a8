// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/Panel.h"

#include "ui/theme/Colours.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

namespace shardlens::ui::theme {

Panel::Panel(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(new Text(FontRole::BodyBold)), m_note(new Text(FontRole::Small, ColourRole::Muted)),
      m_titleHolder(new QWidget), m_titleRow(new QHBoxLayout(m_titleHolder)), m_body(new QVBoxLayout)
{
    m_titleRow->setContentsMargins(space::kM, 0, space::kM, 0);
    m_titleRow->setSpacing(space::kM);
    m_titleRow->addWidget(m_title);
    m_titleRow->addStretch(1);
    m_titleRow->addWidget(m_note);
    m_note->setElide(Text::Elide::Phrases);
    m_note->hide();

    m_body->setContentsMargins(space::kM, 0, space::kM, space::kM);
    m_body->setSpacing(space::kS);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(size::kLine, size::kLine, size::kLine, size::kLine);
    all->setSpacing(0);
    all->addWidget(m_titleHolder);
    all->addLayout(m_body, 1);
    setTitle(title);
    applyMetrics();
}

void Panel::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
    m_titleHolder->setVisible(!title.isEmpty());
}

void Panel::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

QString Panel::note() const
{
    return m_note->text();
}

void Panel::setTitleWidget(QWidget *widget)
{
    m_titleRow->addWidget(widget);
}

void Panel::applyMetrics()
{
    m_titleHolder->setFixedHeight(scaled(size::kTitleRow));
}

void Panel::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour(ColourRole::Line, palette()), size::kLine));
    painter.setBrush(colour(ColourRole::Surface, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), size::kRadius, size::kRadius);
}

void Panel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        applyMetrics();
    QWidget::changeEvent(event);
}

} // namespace shardlens::ui::theme

#include "moc_Panel.cpp"
