// SPDX-License-Identifier: GPL-3.0-or-later
// Where the parts of the page stand: three columns, one where there is no room for three; pinned look-ups side by side where a window is
// wide, else as tabs.
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/ChoicePanel.h"
#include "ui/pages/lookup/DetailPanel.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/LookupPage.h"
#include "ui/pages/lookup/OutlineHeight.h"
#include "ui/pages/lookup/PinPanel.h"
#include "ui/pages/lookup/UnmaskPanel.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <algorithm>

namespace shardlens::ui::pages {

using theme::scaled;

namespace {

constexpr int lookupColumnsFrom = 1000;
constexpr int lookupWideFrom = 1900;
constexpr int pinsHeight = 420;
constexpr int leastRecent = 96;

/// Panels under each other, each as high as it needs; the one that stretches takes what is left.
struct Stack {
    QRect column;
    int gap = 0;
    int top = 0;

    void place(QWidget *widget, bool isShown, int height)
    {
        widget->setVisible(isShown);
        if (!isShown)
            return;
        widget->setGeometry(column.left(), top, column.width(), height);
        top += height + gap;
    }
    /// What is needed so far, from the column's top.
    [[nodiscard]] int used() const { return std::max(0, top - gap - column.top()); }
};

} // namespace

bool LookupPage::isWide() const
{
    return width() >= theme::breakpoint(lookupWideFrom);
}

void LookupPage::arrange()
{
    m_mend->setGeometry(rect());
    const bool wide = isWide();
    const int gap = wide ? theme::space::kL : theme::space::kM;
    const int head = scaled(theme::size::kTitleRow);
    const bool hasTabs = !wide && !m_pinned.empty();
    const int top = head + gap + (hasTabs ? m_tabs->sizeHint().height() + gap : 0);
    const bool pinsBelow = wide && !m_pinned.empty();
    const int pins = pinsBelow ? std::min(scaled(pinsHeight), height() * 40 / 100) : 0;
    const int bottom = pinsBelow ? pins + gap : 0;
    // More than once: how high the columns are depends on how wide they are, and that on whether the page scrolls.
    int least = 0;
    for (int turn = 0; turn < 3; ++turn) {
        const QRect room = this->room(turn == 0 ? 0 : least);
        m_bar->setGeometry(0, 0, room.width(), head);
        m_tabs->setVisible(hasTabs);
        m_tabs->setGeometry(0, head + gap, m_tabs->sizeHint().width(), m_tabs->sizeHint().height());
        const QRect rest(0, top, room.width(), room.height() - top - bottom);
        int needed = 0;
        if (width() < theme::breakpoint(lookupColumnsFrom)) {
            needed = arrangeOne(rest);
        } else {
            const int left = std::min(scaled(wide ? 320 : 240), rest.width() * 24 / 100);
            const int right = std::min(scaled(wide ? 420 : 276), rest.width() * 28 / 100);
            const QRect middle = rest.adjusted(left + gap, 0, -(right + gap), 0);
            needed = std::max({arrangeLeft({rest.left(), rest.top(), left, rest.height()}), arrangeMiddle(middle),
                               arrangeRight({rest.right() + 1 - right, rest.top(), right, rest.height()})});
        }
        least = top + needed + bottom;
        arrangePins({0, room.height() - pins, room.width(), pins});
        if (least <= room.height())
            break;
    }
}

int LookupPage::arrangeLeft(const QRect &column)
{
    Stack stack{column, isWide() ? theme::space::kL : theme::space::kM, column.top()};
    const bool hasReply = !m_sheet.reply.isEmpty();
    const bool hasNot = !m_sheet.notRecorded.empty();
    stack.place(m_readings, !m_sheet.readings.empty(), outlineHeight(*m_readings, column.width()));
    const int reply =
        scaled(theme::size::kTitleRow) + m_reply->heightForWidth(column.width() - 2 * theme::space::kM - 2) + theme::space::kM + 4;
    const int below = (hasReply ? reply + stack.gap : 0) + (hasNot ? outlineHeight(*m_notRecorded, column.width()) + stack.gap : 0);
    const int recent = std::clamp(column.bottom() + 1 - stack.top - below, scaled(leastRecent),
                                  std::max(scaled(leastRecent), outlineHeight(*m_recent, column.width())));
    stack.place(m_recent, true, recent);
    stack.place(m_replyPanel, hasReply, reply);
    stack.place(m_notRecorded, hasNot, outlineHeight(*m_notRecorded, column.width()));
    return stack.used();
}

int LookupPage::arrangeMiddle(const QRect &column)
{
    Stack stack{column, isWide() ? theme::space::kL : theme::space::kM, column.top()};
    const bool answered = m_sheet.state == LookupSheet::State::Answered;
    stack.place(m_verdict, true, std::max(scaled(64), m_verdict->heightForWidth(column.width())));
    const bool hasDetail = answered && (m_sheet.id || !m_sheet.lists.empty());
    if (isWide() && hasDetail && !m_sheet.regions.empty()) { // side by side: a value is not read far from its name
        const int half = (column.width() - stack.gap) / 2;
        const int below = std::max(m_detail->leastHeight(half), column.bottom() + 1 - stack.top);
        Stack left{{column.left(), stack.top, half, below}, stack.gap, stack.top};
        left.place(m_seen, true, outlineHeight(*m_seen, half));
        m_detail->setVisible(true);
        m_detail->setGeometry(column.right() + 1 - half, stack.top, half, below);
        return stack.top - column.top() + std::max(left.used(), m_detail->leastHeight(half));
    }
    stack.place(m_seen, !m_sheet.regions.empty(), outlineHeight(*m_seen, column.width()));
    const int detail = m_detail->leastHeight(column.width());
    stack.place(m_detail, hasDetail, std::max(detail, column.bottom() + 1 - stack.top));
    return hasDetail ? m_detail->y() - column.top() + detail : stack.used();
}

int LookupPage::arrangeRight(const QRect &column)
{
    Stack stack{column, isWide() ? theme::space::kL : theme::space::kM, column.top()};
    stack.place(m_card, !m_sheet.card.empty(), outlineHeight(*m_card, column.width()));
    stack.place(m_owner, !m_sheet.owner.empty(), outlineHeight(*m_owner, column.width()));
    stack.place(m_unmask, m_sheet.hasMasked, m_unmask->heightForWidth(column.width()));
    return stack.used();
}

/// Under each other, the answer first.
int LookupPage::arrangeOne(const QRect &column)
{
    Stack stack{column, theme::space::kM, column.top()};
    const bool hasReply = !m_sheet.reply.isEmpty();
    stack.place(m_verdict, true, std::max(scaled(64), m_verdict->heightForWidth(column.width())));
    const int reply =
        scaled(theme::size::kTitleRow) + m_reply->heightForWidth(column.width() - 2 * theme::space::kM - 2) + theme::space::kM + 4;
    stack.place(m_replyPanel, hasReply, reply);
    stack.place(m_seen, !m_sheet.regions.empty(), outlineHeight(*m_seen, column.width()));
    stack.place(m_readings, !m_sheet.readings.empty(), outlineHeight(*m_readings, column.width()));
    stack.place(m_card, !m_sheet.card.empty(), outlineHeight(*m_card, column.width()));
    stack.place(m_owner, !m_sheet.owner.empty(), outlineHeight(*m_owner, column.width()));
    stack.place(m_unmask, m_sheet.hasMasked, m_unmask->heightForWidth(column.width()));
    const bool hasDetail = m_sheet.state == LookupSheet::State::Answered && (m_sheet.id || !m_sheet.lists.empty());
    stack.place(m_detail, hasDetail, m_detail->leastHeight(column.width()) + scaled(80));
    stack.place(m_notRecorded, !m_sheet.notRecorded.empty(), outlineHeight(*m_notRecorded, column.width()));
    stack.place(m_recent, true, std::max(scaled(leastRecent), outlineHeight(*m_recent, column.width())));
    return stack.used();
}

void LookupPage::arrangePins(const QRect &row)
{
    const auto count = static_cast<int>(m_pinned.size());
    const int gap = theme::space::kL;
    for (std::size_t i = 0; i < m_pinPanels.size(); ++i) {
        const bool isShown = row.height() > 0 && i < m_pinned.size();
        m_pinPanels[i]->setVisible(isShown);
        if (!isShown)
            continue;
        const int wide = std::min(scaled(560), (row.width() - (count - 1) * gap) / count);
        m_pinPanels[i]->setGeometry(row.left() + static_cast<int>(i) * (wide + gap), row.top(), wide, row.height());
    }
}

} // namespace shardlens::ui::pages
