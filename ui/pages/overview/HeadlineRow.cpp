// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/HeadlineRow.h"

#include "ui/format/Headline.h"
#include "ui/theme/widgets/ShapeMark.h"
#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>

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
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space::kS);
    row->addWidget(m_mark);
    row->addWidget(m_sentence);
    row->addWidget(m_note);
    row->addStretch(1);
    row->addWidget(m_aside);
    m_sentence->setElide(Text::Elide::End);
    m_note->setElide(Text::Elide::End);
}

void HeadlineRow::showSnapshot(const facts::Snapshot &snapshot)
{
    const auto headline = format::headlineFor(snapshot);
    m_mark->setShape(shapeOf(headline.verdict));
    m_sentence->setText(headline.sentence);
    m_note->setText(headline.note);
    m_aside->setText(headline.aside);
    setAccessibleName(headline.sentence);
    setAccessibleDescription(QStringList{headline.note, headline.aside}.join(QLatin1Char(' ')).trimmed());
}

QString HeadlineRow::sentence() const
{
    return m_sentence->text();
}

} // namespace shardlens::ui::pages
