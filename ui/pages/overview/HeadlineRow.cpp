// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/HeadlineRow.h"

#include "ui/format/Headline.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <algorithm>

namespace shardlens::ui::pages {

using format::Headline;
using theme::Shape;
using theme::Text;

namespace {

Shape shapeOf(Headline::Verdict verdict)
{
    switch (verdict) {
    case Headline::Verdict::Asking: return Shape::Ellipsis;
    case Headline::Verdict::Well: return Shape::Dot;
    case Headline::Verdict::Unknown: return Shape::DashedRing;
    case Headline::Verdict::Warning: return Shape::Triangle;
    case Headline::Verdict::Critical: return Shape::Diamond;
    }
    return Shape::None;
}

} // namespace

HeadlineRow::HeadlineRow(QWidget *parent)
    : QWidget(parent), m_mark(new theme::ShapeMark(Shape::Ellipsis, this, 18)), m_sentence(new Text(theme::FontRole::Headline, theme::ColourRole::Text, this)),
      m_note(new Text(theme::FontRole::Body, theme::ColourRole::Muted, this)), m_aside(new Text(theme::FontRole::Small, theme::ColourRole::Muted, this))
{
    m_sentence->setElide(Text::Elide::End);
    m_note->setElide(Text::Elide::End);
}

void HeadlineRow::showSnapshot(const facts::Snapshot &snapshot)
{
    m_headline = format::headlineFor(snapshot);
    m_mark->setShape(shapeOf(m_headline.verdict));
    m_aside->setText(m_headline.aside);
    setAccessibleName(m_headline.sentence);
    arrange();
    QStringList all{m_headline.sentence, m_headline.note, m_headline.notObserved};
    all.removeAll(QString());
    setToolTip(all.join(QLatin1Char(' ')));
    setAccessibleDescription(QStringList{m_headline.note, m_headline.notObserved, m_headline.aside}.join(QLatin1Char(' ')).simplified());
}

void HeadlineRow::resizeEvent(QResizeEvent *)
{
    arrange();
}

/// The sentence has the room first, in the longest form that fits; then since when, then what is muted behind it: what does not
/// fit whole is left out.
void HeadlineRow::arrange()
{
    const int gap = theme::space::kS;
    const int mark = m_mark->sizeHint().width();
    m_mark->setGeometry(0, (height() - mark) / 2, mark, mark);
    const int left = mark + gap;
    m_sentence->setText(m_headline.sentence);
    for (const QString &shorter : m_headline.shorter) {
        if (m_sentence->sizeHint().width() <= width() - left)
            break;
        m_sentence->setText(shorter);
    }
    const int sentence = std::min(m_sentence->sizeHint().width(), width() - left);
    m_sentence->setGeometry(left, 0, sentence, height());
    int free = width() - left - sentence - 2 * gap;
    const int aside = m_aside->sizeHint().width();
    m_aside->setVisible(aside <= free);
    m_aside->setGeometry(width() - aside, 0, aside, height());
    if (aside <= free)
        free -= aside + 2 * gap;
    const QString whole = QStringList{m_headline.note, m_headline.notObserved}.join(QLatin1Char(' ')).trimmed();
    m_note->setText(whole);
    if (m_note->sizeHint().width() > free)
        m_note->setText(m_headline.note);
    const int note = m_note->sizeHint().width();
    m_note->setVisible(note <= free);
    m_note->setGeometry(left + sentence + gap, 0, note, height());
}

QString HeadlineRow::shownSentence() const
{
    return m_sentence->shownText();
}

} // namespace shardlens::ui::pages

#include "moc_HeadlineRow.cpp"
