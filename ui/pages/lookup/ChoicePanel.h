// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineView.h"

namespace shardlens::ui::pages {

/// A few rows of which one is chosen, by a click, by Enter or Space. GUI thread.
class ChoicePanel : public operate::OutlinePanel
{
    Q_OBJECT

public:
    explicit ChoicePanel(const QString &title, QWidget *parent = nullptr);

    /// Where the current one is another now, it is selected; else the selection stays where the person has it.
    void showRows(operate::OutlineRows rows, const std::string &current = {});

Q_SIGNALS:
    void chosen(const std::string &id);

private:
    std::string m_current;
};

} // namespace shardlens::ui::pages
