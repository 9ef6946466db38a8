// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/StateBar.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <algorithm>

namespace shardlens::ui::operate {

using theme::ColourRole;
using theme::FlatButton;
using theme::FontRole;
using theme::scaled;
using theme::Text;

namespace {
constexpr int runHigh = 72;
constexpr int leastWords = 320;
} // namespace

StateBar::StateBar(QWidget *parent)
    : Bar(parent), m_mark(new theme::ShapeMark(theme::Shape::None, this)), m_first(new theme::Paragraph(this)), m_second(new theme::Paragraph(this, ColourRole::Text, ColourRole::Muted)),
      m_until(new Text(FontRole::Small, ColourRole::Muted, this)), m_keys(new Text(FontRole::Small, ColourRole::Muted, this))
{
}

void StateBar::addButton(FlatButton *button)
{
    button->setParent(this);
    m_all.push_back(button);
}

void StateBar::setWords(theme::Shape shape, const QString &first, const QString &second)
{
    m_mark->setShape(shape);
    m_first->setText(first, {});
    m_second->setText({}, second);
}

/// Beside the buttons; empty words are not shown.
void StateBar::setUntil(const QString &until, const QString &keys)
{
    m_until->setText(until);
    m_until->setVisible(!until.isEmpty());
    m_keys->setText(keys);
    m_keys->setVisible(!until.isEmpty() && !keys.isEmpty());
}

QString StateBar::text() const
{
    return m_first->text() + QLatin1Char('\n') + m_second->text();
}

std::vector<FlatButton *> StateBar::shown() const
{
    std::vector<FlatButton *> all;
    for (FlatButton *button : m_all) {
        if (!button->isHidden())
            all.push_back(button);
    }
    return all;
}

int StateBar::untilWidth() const
{
    if (m_until->isHidden())
        return 0;
    return std::max(m_until->sizeHint().width(), m_keys->isHidden() ? 0 : m_keys->sizeHint().width()) + theme::space::kM;
}

int StateBar::buttonsWidth() const
{
    int width = untilWidth();
    for (const FlatButton *button : shown())
        width += button->sizeHint().width() + theme::space::kS;
    return width;
}

bool StateBar::isStacked(int width) const
{
    return width - 2 * theme::space::kM - scaled(22) - buttonsWidth() - theme::space::kL < scaled(leastWords);
}

int StateBar::wordsHeight(int width) const
{
    return m_first->heightForWidth(width) + 2 + m_second->heightForWidth(width);
}

/// At most as wide as reads well, so that the buttons stand in the middle of a wide window.
int StateBar::wordsWidth(int width) const
{
    const int inside = width - 2 * theme::space::kM - scaled(22);
    if (shown().empty() || isStacked(width))
        return inside;
    return std::min(inside - buttonsWidth() - theme::space::kL, std::max(scaled(leastWords), inside / 2));
}

int StateBar::heightFor(int width) const
{
    const int words = wordsHeight(wordsWidth(width)) + 2 * theme::space::kM;
    if (shown().empty() || !isStacked(width))
        return std::max(scaled(runHigh), words);
    return words + theme::space::kS + scaled(theme::size::kButton);
}

/// Words at the left, buttons right behind them: the right end, where the confirming button stood, stays free.
void StateBar::arrange()
{
    if (width() < 100)
        return;
    const int side = scaled(14);
    const int left = theme::space::kM + scaled(22);
    const bool stacked = isStacked(width()) && !shown().empty();
    const int words = wordsWidth(width());
    const int wanted = wordsHeight(words);
    int top = stacked ? theme::space::kM : std::max(theme::space::kM, (height() - wanted) / 2);
    const int line = QFontMetrics(theme::font(FontRole::BodyBold)).height();
    m_mark->setGeometry(theme::space::kM, top + (line - side) / 2 + 1, side, side);
    m_first->setGeometry(left, top, words, m_first->heightForWidth(words));
    top += m_first->height() + 2;
    m_second->setGeometry(left, top, words, m_second->heightForWidth(words));
    const int high = scaled(theme::size::kButton);
    const int buttonTop = stacked ? top + m_second->height() + theme::space::kS : (height() - high) / 2;
    int x = stacked ? left : left + words + theme::space::kL;
    for (FlatButton *button : shown()) {
        button->setGeometry(x, buttonTop, button->sizeHint().width(), high);
        x += button->width() + theme::space::kS;
    }
    if (m_until->isHidden())
        return;
    x += theme::space::kXs;
    const int small = m_until->sizeHint().height();
    const bool two = !m_keys->isHidden();
    m_until->setGeometry(x, buttonTop + high / 2 - (two ? small + 1 : small / 2), m_until->sizeHint().width(), small);
    m_keys->setGeometry(x, buttonTop + high / 2 + 1, m_keys->sizeHint().width(), small);
}

} // namespace shardlens::ui::operate

#include "moc_StateBar.cpp"
