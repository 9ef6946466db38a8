// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineView.h"

class QContextMenuEvent;

namespace shardlens::ui::pages {

/// Keeps masks on what leaves a list by the clipboard: what was shown for a recorded reason is read on the screen alone. A child of its
/// list. GUI thread.
class CopyMask : public QObject
{
    Q_OBJECT

public:
    explicit CopyMask(operate::OutlineList *list);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] bool hasRevealed() const;
    void copyRows() const;
    void openMenu(const QContextMenuEvent &event);

    operate::OutlineList *m_list;
};

/// The id of a row that shows what is masked unless a reason was recorded.
[[nodiscard]] std::string revealedId(const std::string &id);
[[nodiscard]] bool isRevealed(const operate::OutlineRow &row);
/// A row as it may be copied and exported.
[[nodiscard]] operate::OutlineRow withMask(operate::OutlineRow row);

} // namespace shardlens::ui::pages
