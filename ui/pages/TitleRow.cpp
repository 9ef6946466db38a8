// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/TitleRow.h"

#include "ui/pages/ChartRanges.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"

#include <QEvent>
#include <QLineEdit>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;
using theme::Text;

TitleRow::TitleRow(const QString &title, Field field, QWidget *parent)
    : QWidget(parent), m_title(new Text(theme::FontRole::Headline, theme::ColourRole::Text, this)), m_note(new Text(theme::FontRole::Body, theme::ColourRole::Muted, this)),
      m_rangeLabel(new Text(theme::FontRole::Body, theme::ColourRole::Muted, this)), m_range(new theme::SegmentedControl(chartRangeNames(), this))
{
    m_title->setText(title);
    m_note->setElide(Text::Elide::Phrases);
    m_rangeLabel->setText(tr("Range"));
    m_range->setAccessibleName(tr("Range of the charts"));
    m_range->setCurrent(usualChartRange);
    connect(m_range, &theme::SegmentedControl::currentChanged, this, &TitleRow::rangeChanged);
    if (field == Field::Find)
        makeField();
}

void TitleRow::makeField()
{
    m_find = new QLineEdit(this);
    m_find->setPlaceholderText(tr("Find"));
    m_find->setToolTip(tr("Shows the rows that hold these words (Ctrl+F)"));
    m_find->setAccessibleName(tr("Find rows"));
    m_find->setClearButtonEnabled(true);
    m_find->setTextMargins(theme::space::kXs, 0, theme::space::kXs, 0);
    setTabOrder(m_find, m_range);
    connect(m_find, &QLineEdit::textChanged, this, &TitleRow::wordsChanged);
}

void TitleRow::setNote(const QString &note)
{
    m_note->setText(note);
}

void TitleRow::setViews(const QStringList &views)
{
    m_views = new theme::SegmentedControl(views, this);
    m_views->setAccessibleName(tr("View of this page"));
    setTabOrder(m_views, m_find ? static_cast<QWidget *>(m_find) : m_range);
    connect(m_views, &theme::SegmentedControl::currentChanged, this, &TitleRow::viewChanged);
    arrange();
}

int TitleRow::view() const
{
    return m_views ? m_views->current() : 0;
}

void TitleRow::setView(int view)
{
    if (m_views)
        m_views->setCurrent(std::clamp(view, 0, static_cast<int>(m_views->choices().size()) - 1));
}

void TitleRow::setHasField(bool has)
{
    if (m_find)
        m_find->setVisible(has);
    arrange();
}

void TitleRow::setHasRange(bool has)
{
    m_range->setVisible(has);
    m_rangeLabel->setVisible(has);
    arrange();
}

std::chrono::seconds TitleRow::range() const
{
    return chartRanges[static_cast<std::size_t>(rangeIndex())];
}

int TitleRow::rangeIndex() const
{
    return std::clamp(m_range->current(), 0, static_cast<int>(chartRanges.size()) - 1);
}

void TitleRow::setRangeIndex(int index)
{
    m_range->setCurrent(std::clamp(index, 0, static_cast<int>(chartRanges.size()) - 1));
}

QSize TitleRow::sizeHint() const
{
    return {scaled(400), scaled(theme::size::kTitleRow)};
}

void TitleRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TitleRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

/// Range and field at the right; the note takes what is left and is cut at its end.
void TitleRow::arrange()
{
    const QSize range = m_range->sizeHint();
    m_range->setGeometry(width() - range.width(), (height() - range.height()) / 2, range.width(), range.height());
    const int label = m_rangeLabel->sizeHint().width();
    m_rangeLabel->setGeometry(m_range->x() - theme::space::kS - label, 0, label, height());
    int right = m_range->isHidden() ? width() : m_rangeLabel->x() - theme::space::kL;
    if (m_find && !m_find->isHidden()) {
        const QSize field(scaled(128), scaled(theme::size::kButton));
        m_find->setGeometry(right - field.width(), (height() - field.height()) / 2, field.width(), field.height());
        right = m_find->x() - theme::space::kM;
    }
    const int title = m_title->sizeHint().width();
    m_title->setGeometry(0, 0, title, height());
    int left = title + theme::space::kM;
    if (m_views) {
        const QSize views = m_views->sizeHint();
        m_views->setGeometry(left, (height() - views.height()) / 2, views.width(), views.height());
        left += views.width() + theme::space::kM;
    }
    m_note->setGeometry(left, 0, std::max(0, right - left), height());
}

} // namespace shardlens::ui::pages

#include "moc_TitleRow.cpp"
