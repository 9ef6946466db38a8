// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/RunBar.h"

#include "ui/format/OperationText.h"
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

RunBar::RunBar(QWidget *parent)
    : Bar(parent), m_mark(new theme::ShapeMark(theme::Shape::None, this)), m_first(new theme::Paragraph(this)), m_second(new theme::Paragraph(this, ColourRole::Text, ColourRole::Muted)),
      m_until(new Text(FontRole::Small, ColourRole::Muted, this)), m_keys(new Text(FontRole::Small, ColourRole::Muted, this)), m_open(new FlatButton(tr("Open"), this)), m_cancel(new FlatButton(tr("Cancel and undo"), this)),
      m_resume(new FlatButton(tr("Resume"), this)), m_undo(new FlatButton(tr("Undo"), this)), m_abandon(new FlatButton(tr("Abandon"), this))
{
    setAccessibleName(tr("State of the operation"));
    m_keys->setText(tr("Ctrl+Shift+X"));
    m_resume->setToolTip(tr("Goes on from the first step that is not done"));
    m_undo->setToolTip(tr("Takes back what was done, in reverse"));
    m_abandon->setToolTip(tr("Leaves everything as it is now and closes the journal"));
    m_cancel->setToolTip(tr("Stops before the next step and takes back what was done"));
    m_open->hide();
    connect(m_open, &QAbstractButton::clicked, this, &RunBar::openAsked);
    connect(m_cancel, &QAbstractButton::clicked, this, &RunBar::cancelAsked);
    connect(m_resume, &QAbstractButton::clicked, this, &RunBar::resumeAsked);
    connect(m_undo, &QAbstractButton::clicked, this, &RunBar::undoAsked);
    connect(m_abandon, &QAbstractButton::clicked, this, &RunBar::abandonAsked);
}

void RunBar::showOperation(const OperationSeen &seen, bool mayAct)
{
    const RunWords words = runWords(seen);
    m_mark->setShape(words.shape);
    m_first->setText(m_showsOpen ? format::operationStrip(seen.operation, seen.runs) + QLatin1Char('.') : words.first, {});
    m_second->setText({}, m_showsOpen && seen.runs ? words.first : words.second);
    m_until->setText(words.until);
    m_open->setVisible(m_showsOpen);
    const bool runs = seen.runs && !seen.operation.outcome && !m_showsOpen;
    m_cancel->setVisible(runs && mayAct);
    m_cancel->setEnabled(words.canCancel);
    m_until->setVisible(runs && mayAct);
    m_keys->setVisible(runs && mayAct && words.canCancel);
    const bool waits = seen.isUnfinished() && mayAct;
    m_resume->setVisible(waits);
    m_undo->setVisible(waits && !seen.operation.hasPromoted());
    m_abandon->setVisible(waits);
    arrange();
}

void RunBar::setShowsOpen(bool shows)
{
    m_showsOpen = shows;
}

QString RunBar::text() const
{
    return m_first->text() + QLatin1Char('\n') + m_second->text();
}

std::vector<FlatButton *> RunBar::shown() const
{
    std::vector<FlatButton *> all;
    for (FlatButton *button : {m_open, m_cancel, m_resume, m_undo, m_abandon}) {
        if (!button->isHidden())
            all.push_back(button);
    }
    return all;
}

int RunBar::untilWidth() const
{
    if (m_until->isHidden())
        return 0;
    return std::max(m_until->sizeHint().width(), m_keys->isHidden() ? 0 : m_keys->sizeHint().width()) + theme::space::kM;
}

int RunBar::buttonsWidth() const
{
    int width = untilWidth();
    for (const FlatButton *button : shown())
        width += button->sizeHint().width() + theme::space::kS;
    return width;
}

bool RunBar::isStacked(int width) const
{
    return width - 2 * theme::space::kM - scaled(22) - buttonsWidth() - theme::space::kL < scaled(leastWords);
}

int RunBar::wordsHeight(int width) const
{
    return m_first->heightForWidth(width) + 2 + m_second->heightForWidth(width);
}

/// At most as wide as reads well, so that the buttons stand in the middle of a wide window.
int RunBar::wordsWidth(int width) const
{
    const int inside = width - 2 * theme::space::kM - scaled(22);
    if (shown().empty() || isStacked(width))
        return inside;
    return std::min(inside - buttonsWidth() - theme::space::kL, std::max(scaled(leastWords), inside / 2));
}

int RunBar::heightFor(int width) const
{
    const int words = wordsHeight(wordsWidth(width)) + 2 * theme::space::kM;
    if (shown().empty() || !isStacked(width))
        return std::max(scaled(runHigh), words);
    return words + theme::space::kS + scaled(theme::size::kButton);
}

/// Words at the left, buttons right behind them: the right end, where the confirming button stood, stays free.
void RunBar::arrange()
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

#include "moc_RunBar.cpp"
