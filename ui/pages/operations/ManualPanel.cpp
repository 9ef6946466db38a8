// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/ManualPanel.h"

#include "ui/theme/Type.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

ManualPanel::ManualPanel(QWidget *parent) : Panel(tr("By hand"), parent)
{
    setAccessibleName(tr("Manual steps"));
    body()->addStretch(1); // its lines place themselves
}

void ManualPanel::showSteps(const std::vector<Step> &steps)
{
    const bool same = std::equal(steps.begin(), steps.end(), m_lines.begin(), m_lines.end(), [](const Step &step, const Line &line) { return step == line.step; });
    if (same)
        return;
    std::vector<Line> lines;
    for (const Step &step : steps) {
        const auto known = std::find_if(m_lines.begin(), m_lines.end(), [&](const Line &line) { return line.step.id == step.id; });
        Line line;
        if (known != m_lines.end()) {
            line = *known;
            m_lines.erase(known);
        } else {
            line.tick = new theme::TickBox(this);
            line.note = new theme::Text(theme::FontRole::Small, theme::ColourRole::Muted, this);
            line.note->setElide(theme::Text::Elide::Phrases);
            connect(line.tick, &QAbstractButton::clicked, this, [this, id = step.id](bool on) { Q_EMIT ticked(id, on); });
            line.tick->show();
            line.note->show();
        }
        line.step = step;
        line.tick->setText(step.text);
        line.tick->setChecked(step.isTicked);
        line.tick->setEnabled(step.mayTick);
        line.note->setText(step.note);
        lines.push_back(line);
    }
    for (const Line &gone : m_lines) {
        gone.tick->deleteLater();
        gone.note->deleteLater();
    }
    m_lines = std::move(lines);
    const auto done = std::count_if(m_lines.begin(), m_lines.end(), [](const Line &line) { return line.step.isTicked; });
    setNote(m_lines.empty() ? QString() : tr("%1 of %2 ticked").arg(done).arg(m_lines.size()));
    arrange();
}

theme::TickBox *ManualPanel::tickOf(const std::string &id) const
{
    const auto found = std::find_if(m_lines.begin(), m_lines.end(), [&](const Line &line) { return line.step.id == id; });
    return found == m_lines.end() ? nullptr : found->tick;
}

bool ManualPanel::isTwoLined(const Line &line, int width) const
{
    return !line.step.note.isEmpty() && line.tick->sizeHint().width() + theme::space::kM + line.note->sizeHint().width() > width - 2 * theme::space::kM;
}

int ManualPanel::heightFor(int width) const
{
    int high = scaled(theme::size::kTitleRow) + theme::space::kS;
    for (const Line &line : m_lines)
        high += scaled(theme::size::kButton) + (isTwoLined(line, width) ? scaled(20) : 0);
    return high;
}

void ManualPanel::arrange()
{
    int top = scaled(theme::size::kTitleRow);
    const int inside = width() - 2 * theme::space::kM;
    const int high = scaled(theme::size::kButton);
    for (const Line &line : m_lines) {
        const bool two = isTwoLined(line, width());
        const int note = std::min(line.note->sizeHint().width(), two ? inside - scaled(22) : inside);
        line.tick->setGeometry(theme::space::kM, top, std::min(line.tick->sizeHint().width(), inside), high);
        if (two)
            line.note->setGeometry(theme::space::kM + scaled(22), top + high - scaled(4), note, scaled(20));
        else
            line.note->setGeometry(width() - theme::space::kM - note, top, note, high);
        top += high + (two ? scaled(20) : 0);
    }
}

void ManualPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    arrange();
}

void ManualPanel::changeEvent(QEvent *event)
{
    Panel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace shardlens::ui::pages

#include "moc_ManualPanel.cpp"
