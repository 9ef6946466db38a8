// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/OutlineHeight.h"

#include "ui/theme/Type.h"

#include <QScrollBar>

namespace shardlens::ui::pages {

int outlineHeight(const operate::OutlinePanel &panel, int width)
{
    operate::OutlineList *list = panel.list();
    // A panel that is not shown yet has not passed its width on to its rows.
    list->setProperty("rowWidth", width - 2 * theme::size::kLine - list->verticalScrollBar()->sizeHint().width());
    return theme::scaled(theme::size::kTitleRow) + 2 * theme::size::kLine + list->wantedHeight() + theme::space::kXs + theme::space::kS;
}

} // namespace shardlens::ui::pages
