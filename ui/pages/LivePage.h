// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/CrossHair.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/Page.h"

#include <vector>

class QScrollArea;

namespace shardlens::ui::charts {
class ChartPanel;
}

namespace shardlens::ui::pages {

/// The life that pages share: the newest snapshot is kept, and filled in once the page is seen; what the page holds is arranged
/// again with each new size or text size. It scrolls where there is no room for the least of its parts. Its charts share one
/// cross-hair, and one range. GUI thread.
class LivePage : public Page
{
    Q_OBJECT

public:
    explicit LivePage(PageContext context, QWidget *parent = nullptr);

    void showSnapshot(const facts::SnapshotPtr &snapshot) final;

protected:
    /// Shows snapshot(), which is there.
    virtual void fill() = 0;
    /// Gives the parts their places; not called while there is no room to speak of.
    virtual void arrange() = 0;

    [[nodiscard]] QWidget *content() const { return m_content; } ///< the parent of the parts
    /// What arrange() may use, in content(): the page, or as high as `least` where that is more; then it scrolls.
    QRect room(int least = 0);
    [[nodiscard]] const facts::SnapshotPtr &snapshot() const { return m_snapshot; } ///< null before the first
    void present();      ///< fills in the newest snapshot, if that was not done yet
    void presentAgain(); ///< fills it in anew: what the person chose is another
    void arrangeNow();   ///< arrange(), where there is room

    /// Charts of this page: one cross-hair, times of the clock below.
    void joinCharts(const std::vector<charts::ChartPanel *> &panels);
    [[nodiscard]] ChartFeed feed(std::chrono::seconds range) const;

    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    facts::SnapshotPtr m_snapshot;
    bool m_isPresented = false;
    QScrollArea *m_scroll;
    QWidget *m_content;
    charts::CrossHair m_crossHair;
};

} // namespace shardlens::ui::pages
