// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Rail.h"

#include "ui/shell/RailButton.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"

#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace shardlens::ui::shell {

using theme::ColourRole;
using theme::FontRole;
using theme::Text;

Rail::Rail(QWidget *parent)
    : QWidget(parent), m_column(new QVBoxLayout(this)), m_seenFrom(new Text(FontRole::Caption, ColourRole::Muted)),
      m_acting(new Text(FontRole::Caption, ColourRole::Muted))
{
    m_column->setContentsMargins(theme::space::kS, theme::space::kS, theme::space::kS + 1, theme::space::kM);
    m_column->setSpacing(2);
    m_column->addStretch(1);
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(theme::space::kS, 0, 0, 0);
    foot->setSpacing(2);
    for (Text *text : {m_seenFrom, m_acting}) {
        text->setElide(Text::Elide::End);
        foot->addWidget(text);
    }
    m_column->addLayout(foot);
    setAccessibleName(tr("Pages"));
    applyWidth();
}

void Rail::addPage(const QString &id, const QString &title, const QString &icon)
{
    auto *button = new RailButton(id, title, icon, this);
    connect(button, &QAbstractButton::clicked, this, [this, id] { Q_EMIT pageChosen(id); });
    m_column->insertWidget(int(m_buttons.size()), button);
    m_buttons.push_back(button);
    applyWidth();
}

void Rail::setCurrent(const QString &id)
{
    for (RailButton *button : m_buttons)
        button->setCurrent(button->id() == id);
}

void Rail::setBadges(const std::map<QString, Badge> &badges)
{
    for (RailButton *button : m_buttons) {
        const auto badge = badges.find(button->id());
        button->setBadge(badge == badges.end() ? Badge() : badge->second);
    }
}

void Rail::setFoot(const QString &seenFrom, const QString &acting)
{
    m_seenFrom->setText(seenFrom);
    m_acting->setText(acting);
}

void Rail::setWidth(Width width)
{
    if (m_width == width)
        return;
    m_width = width;
    applyWidth();
}

void Rail::applyWidth()
{
    const bool icons = m_width == Width::Icons;
    setFixedWidth(theme::scaled(icons ? 48 : (m_width == Width::Names ? 168 : 200)));
    for (RailButton *button : m_buttons)
        button->setIconsOnly(icons);
    m_seenFrom->setVisible(!icons);
    m_acting->setVisible(!icons);
}

void Rail::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(rect(), theme::colour(ColourRole::Window, palette()));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), theme::colour(ColourRole::Line, palette()));
}

void Rail::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        applyWidth();
    QWidget::changeEvent(event);
}

void Rail::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Down ? 1 : (event->key() == Qt::Key_Up ? -1 : 0);
    if (step == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (!m_buttons[i]->hasFocus())
            continue;
        const int next = int(i) + step;
        if (next >= 0 && next < int(m_buttons.size()))
            m_buttons[std::size_t(next)]->setFocus(Qt::TabFocusReason);
        return;
    }
}

} // namespace shardlens::ui::shell

#include "moc_Rail.cpp"
