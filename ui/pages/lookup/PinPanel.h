// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/lookup/CardPanel.h"

namespace shardlens::ui::theme {
class FlatButton;
}

namespace shardlens::ui::pages {

struct LookupSheet;

/// A look-up that was pinned, beside the others: its sentence, what each region sees, and its facts. GUI thread.
class PinPanel : public CardPanel
{
    Q_OBJECT

public:
    explicit PinPanel(QWidget *parent = nullptr);

    void showSheet(const LookupSheet &sheet);
    [[nodiscard]] theme::FlatButton *unpin() const { return m_unpin; }

private:
    theme::FlatButton *m_unpin;
};

} // namespace shardlens::ui::pages
