// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartPanel.h"

#include "ui/theme/widgets/Text.h"

#include <QHBoxLayout>

namespace shardlens::ui::charts {

using theme::ColourRole;
using theme::FontRole;
using theme::Text;

ChartPanel::ChartPanel(const QString &title, Unit unit, TimeChart::Scale scale, QWidget *parent)
    : Panel(title, parent), m_chart(new TimeChart(unit, scale)), m_remark(new Text(FontRole::Small, ColourRole::Muted)),
      m_nowText(new Text(FontRole::BodyBold)), m_wasText(new Text(FontRole::Body, ColourRole::Muted)),
      m_wasAtText(new Text(FontRole::Body, ColourRole::Muted))
{
    m_chart->setAccessibleName(title);
    titleRow()->setSpacing(theme::space::kS);
    for (Text *text : {m_remark, m_nowText, m_wasText, m_wasAtText})
        titleRow()->addWidget(text);
    m_remark->setElide(Text::Elide::Phrases);
    body()->setContentsMargins(theme::space::kXs, 0, theme::space::kXs, theme::space::kXs);
    body()->addWidget(m_chart, 1);
    connect(m_chart, &TimeChart::readOutChanged, this, &ChartPanel::showTexts);
    showTexts();
}

void ChartPanel::setNow(const QString &now)
{
    m_now = now;
    showTexts();
}

void ChartPanel::setWas(const QString &was, const QString &at)
{
    m_was = was;
    m_wasAt = at;
    showTexts();
}

void ChartPanel::setRemark(const QString &remark)
{
    m_remarkWords = remark;
    showTexts();
}

void ChartPanel::showTexts()
{
    const auto readOut = m_chart->readOut();
    QString bold = m_now;
    QString note = m_remarkWords;
    if (readOut) {
        QStringList values;
        for (const auto &[name, value] : readOut->values)
            values << name + QLatin1Char(' ') + value;
        note = readOut->at;
        bold = values.join(QStringLiteral("   "));
        m_chart->setAccessibleDescription(note + QStringLiteral(": ") + values.join(QStringLiteral(", ")));
    }
    m_remark->setText(note);
    m_nowText->setText(bold);
    m_wasText->setText(readOut ? QString() : m_was);
    m_wasText->setVisible(!readOut && !m_was.isEmpty());
    m_wasAtText->setText(m_wasAt);
    m_wasAtText->setVisible(!readOut && !m_was.isEmpty() && !m_wasAt.isEmpty() && hasRoomForTime());
}

/// Beside all else that the title says: it goes first.
bool ChartPanel::hasRoomForTime() const
{
    int wanted = m_wasAtText->sizeHint().width();
    for (int i = 0; i < titleRow()->count(); ++i) {
        const QWidget *widget = titleRow()->itemAt(i)->widget();
        if (widget && widget != m_wasAtText)
            wanted += widget->sizeHint().width();
    }
    const QMargins margins = titleRow()->contentsMargins();
    return wanted + margins.left() + margins.right() + titleRow()->spacing() * titleRow()->count() <= width();
}

void ChartPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    showTexts();
}

} // namespace shardlens::ui::charts

#include "moc_ChartPanel.cpp"
