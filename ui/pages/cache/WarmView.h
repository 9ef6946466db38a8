// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/cache/CacheView.h"

namespace shardlens::ui::operate {
class ConfirmBar;
class RefusalBar;
} // namespace shardlens::ui::operate

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class RowsPanel;

/// Fills a region's pool with what another's was read for last: first as a plan, which asks members and changes nothing; then, once it is
/// confirmed and recorded, with its progress, until it is done or stopped. GUI thread.
class WarmView : public CacheView
{
    Q_OBJECT

public:
    WarmView(const std::shared_ptr<const fleet::Fleet> &fleet, CacheBoard *board, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;

    void setTarget(const base::RegionName &region); ///< nothing while one is under way
    [[nodiscard]] WarmAsk chosen() const;
    [[nodiscard]] theme::SegmentedControl *target() const { return m_target; }
    [[nodiscard]] theme::SegmentedControl *source() const { return m_source; }
    [[nodiscard]] theme::SegmentedControl *rate() const { return m_rate; }
    [[nodiscard]] theme::FlatButton *button() const { return m_button; }
    [[nodiscard]] theme::FlatButton *stopButton() const { return m_stop; }
    [[nodiscard]] theme::Paragraph *explained() const { return m_explained; }
    [[nodiscard]] RowsPanel *rows() const { return m_rows; }
    [[nodiscard]] operate::ConfirmBar *confirm() const { return m_confirm; }
    [[nodiscard]] operate::RefusalBar *refuses() const { return m_refuses; }

Q_SIGNALS:
    void needsRoom(); ///< its parts come or go

private:
    enum class State : std::uint8_t { Nothing, Planning, Planned, Filling, Over };
    void connectParts();
    void askPlan();
    void hearPlan(const WarmPlanned &planned);
    void hearEnd(const base::Result<cacheflow::WarmEnd> &end);
    void forget(); ///< something else was chosen
    void present();
    [[nodiscard]] bool isAnswered() const { return m_board && m_board->isAnswered(); }
    [[nodiscard]] QString whyNot() const;           ///< empty: this person may
    [[nodiscard]] int arrangeBar(bool place) const; ///< its height
    [[nodiscard]] int footHeight(int width) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    CacheBoard *m_board;
    facts::SnapshotPtr m_shown;
    State m_state = State::Nothing;
    WarmAsk m_ask;
    std::optional<cacheflow::WarmPlan> m_plan;
    std::optional<cacheflow::Warmed> m_done;
    QString m_trouble; ///< why there is no plan

    theme::Text *m_targetLabel;
    theme::SegmentedControl *m_target;
    theme::Text *m_sourceLabel;
    theme::SegmentedControl *m_source;
    theme::SegmentedControl *m_keys;
    theme::SegmentedControl *m_rate;
    theme::FlatButton *m_button;
    theme::Paragraph *m_explained; ///< before a plan
    RowsPanel *m_rows;
    theme::FlatButton *m_stop;
    operate::ConfirmBar *m_confirm;
    operate::RefusalBar *m_refuses;
};

} // namespace shardlens::ui::pages
