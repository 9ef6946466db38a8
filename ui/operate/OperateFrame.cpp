// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OperateFrame.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QPainter>

#include <algorithm>

namespace shardlens::ui::operate {

using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int checksWide = 288;
constexpr int effectWide = 256;
constexpr int leastSteps = 420;

/// What the bar along some steps means, in the title row of their panel.
class HeldLegend : public QWidget
{
public:
    explicit HeldLegend(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred); }
    [[nodiscard]] QSize sizeHint() const override { return {scaled(3) + theme::space::kS + QFontMetrics(theme::font(FontRole::Small)).horizontalAdvance(words()) + 1, scaled(20)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const int high = scaled(14);
        painter.fillRect(0, (height() - high) / 2, scaled(3), high, theme::colour(ColourRole::WarningFill, palette()));
        painter.setFont(theme::font(FontRole::Small));
        painter.setPen(theme::colour(ColourRole::Muted, palette()));
        painter.drawText(rect().adjusted(scaled(3) + theme::space::kS, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, words());
    }

private:
    static QString words() { return OperateFrame::tr("writes are held"); }
};

} // namespace

OperateFrame::OperateFrame(QWidget *parent)
    : ActFrame(parent), m_tabs(new theme::SegmentedControl({tr("Checks"), tr("Steps"), tr("Effect")}, this)), m_checks(new OutlinePanel(tr("Checks"), this)),
      m_steps(new OutlinePanel(tr("Steps"), this)), m_effect(new OutlinePanel(tr("Effect"), this))
{
    m_steps->setTitleWidget(new HeldLegend(m_steps));
    m_tabs->setAccessibleName(tr("Part of the plan"));
    m_tabs->setCurrent(1);
    connect(m_tabs, &theme::SegmentedControl::currentChanged, this, &OperateFrame::arrange);
    setTabOrder(m_tabs, m_checks->list());
    setTabOrder(m_checks->list(), m_steps->list());
    setTabOrder(m_steps->list(), m_effect->list());
}

void OperateFrame::showTab()
{
    const int tab = m_tabs->current();
    m_checks->setVisible(!m_isInTabs || tab == 0);
    m_steps->setVisible(!m_isInTabs || tab == 1);
    m_effect->setVisible(!m_isInTabs || tab == 2);
    m_tabs->setVisible(m_isInTabs);
}

void OperateFrame::arrangeBody(const QRect &room)
{
    const int gap = this->gap();
    m_isInTabs = width() < scaled(checksWide) + scaled(effectWide) + scaled(leastSteps) + 2 * gap;
    showTab();
    int top = room.top();
    if (m_isInTabs) {
        const QSize tabs = m_tabs->sizeHint();
        m_tabs->setGeometry(0, top, tabs.width(), tabs.height());
        top += tabs.height() + theme::space::kS;
        for (OutlinePanel *panel : {m_checks, m_steps, m_effect})
            panel->setGeometry(0, top, width(), std::max(scaled(80), room.bottom() + 1 - top));
        return;
    }
    // Wider rooms widen all three as they are to each other.
    const double share = std::min(2.0, std::max(1.0, width() / static_cast<double>(scaled(1088))));
    const int checks = static_cast<int>(scaled(checksWide) * share);
    const int effect = static_cast<int>(scaled(effectWide) * share);
    const int high = std::max(scaled(80), room.height());
    m_checks->setGeometry(0, top, checks, high);
    m_steps->setGeometry(checks + gap, top, width() - checks - effect - 2 * gap, high);
    m_effect->setGeometry(width() - effect, top, effect, high);
}

} // namespace shardlens::ui::operate

#include "moc_OperateFrame.cpp"
