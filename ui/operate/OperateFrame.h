// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/ActFrame.h"
#include "ui/operate/OutlineView.h"

namespace shardlens::ui::theme {
class SegmentedControl;
}

namespace shardlens::ui::operate {

/// What a plan and a running operation look alike in: checks | steps | effect. Where there is no room for three columns they are
/// three tabs. GUI thread.
class OperateFrame : public ActFrame
{
    Q_OBJECT

public:
    explicit OperateFrame(QWidget *parent = nullptr);

    [[nodiscard]] OutlinePanel *checks() const { return m_checks; }
    [[nodiscard]] OutlinePanel *steps() const { return m_steps; }
    [[nodiscard]] OutlinePanel *effect() const { return m_effect; }
    [[nodiscard]] theme::SegmentedControl *tabs() const { return m_tabs; }
    [[nodiscard]] bool isInTabs() const { return m_isInTabs; }

protected:
    void arrangeBody(const QRect &room) override;

private:
    void showTab();

    theme::SegmentedControl *m_tabs;
    OutlinePanel *m_checks;
    OutlinePanel *m_steps;
    OutlinePanel *m_effect;
    bool m_isInTabs = false;
};

} // namespace shardlens::ui::operate
