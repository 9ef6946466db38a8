// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/HotKeys.h"
#include "ui/pages/cache/CacheView.h"

class QMenu;

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class CacheBoard;
class RowsPanel;

/// A region's keys that are read most, missed most, and missed by many at once, watched for a while when a person asks for it. What was
/// watched stays until the next watch. GUI thread.
class HotKeysView : public CacheView
{
    Q_OBJECT

public:
    HotKeysView(const std::shared_ptr<const fleet::Fleet> &fleet, CacheBoard *board, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;

    void show(const base::RegionName &region, const cacheflow::HotKeysReport &report);
    [[nodiscard]] RowsPanel *read() const { return m_read; }
    [[nodiscard]] RowsPanel *missed() const { return m_missed; }
    [[nodiscard]] RowsPanel *herds() const { return m_herds; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }
    [[nodiscard]] theme::SegmentedControl *samples() const { return m_samples; } ///< hidden where its row has no room
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void keyOpened(const std::string &key);
    void lookUpAsked(const QString &key); ///< of a user or a photo
    void needsRoom(); ///< its parts come or go

private:
    void press();
    void addActs(QMenu *menu, const std::string &key);
    void showState();
    void arrangeBar(int height);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    CacheBoard *m_board;
    theme::SegmentedControl *m_regions;
    theme::SegmentedControl *m_spans;
    theme::FlatButton *m_button;
    theme::SegmentedControl *m_samples;
    theme::Text *m_summary;
    theme::Paragraph *m_explained; ///< before anything was watched
    RowsPanel *m_read;
    RowsPanel *m_missed;
    RowsPanel *m_herds;
    bool m_isWatching = false;
    bool m_hasWatched = false;
};

} // namespace shardlens::ui::pages
