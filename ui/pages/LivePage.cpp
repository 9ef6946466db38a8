// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/LivePage.h"

#include "ui/charts/ChartPanel.h"
#include "ui/pages/KeptSeries.h"

#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>

namespace shardlens::ui::pages {

namespace {
constexpr int leastRoom = 100; ///< before its first layout a page has next to none
}

LivePage::LivePage(PageContext context, QWidget *parent)
    : Page(std::move(context), parent), m_scroll(new QScrollArea(this)), m_content(new QWidget)
{
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    m_scroll->setWidget(m_content);
    if (auto *kept = this->context().kept)
        connect(kept, &KeptSeries::arrived, this, &LivePage::presentAgain);
}

void LivePage::showSnapshot(const facts::SnapshotPtr &snapshot)
{
    m_snapshot = snapshot;
    presentAgain();
}

void LivePage::present()
{
    if (!m_snapshot || m_isPresented)
        return;
    m_isPresented = true;
    fill();
}

void LivePage::presentAgain()
{
    m_isPresented = false;
    if (isVisible())
        present();
}

void LivePage::arrangeNow()
{
    if (width() >= leastRoom && height() >= leastRoom)
        arrange();
}

QRect LivePage::room(int least)
{
    m_scroll->setGeometry(rect());
    const bool scrolls = least > height();
    const int bar = scrolls ? m_scroll->verticalScrollBar()->sizeHint().width() : 0;
    m_content->setGeometry(0, scrolls ? m_content->y() : 0, width() - bar, std::max(least, height()));
    return m_content->rect();
}

void LivePage::joinCharts(const std::vector<charts::ChartPanel *> &panels)
{
    for (auto *panel : panels) {
        panel->chart()->setCrossHair(&m_crossHair);
        panel->chart()->setTimeLabels(charts::TimeChart::TimeLabels::Clock);
    }
}

ChartFeed LivePage::feed(std::chrono::seconds range) const
{
    return {context().history, context().kept, *m_snapshot, range};
}

void LivePage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrangeNow();
}

void LivePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    present();
    arrangeNow();
}

void LivePage::changeEvent(QEvent *event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrangeNow();
}

} // namespace shardlens::ui::pages

#include "moc_LivePage.cpp"
