// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/FactTable.h"
#include "ui/theme/widgets/Panel.h"

namespace shardlens::ui::theme {
class FlatButton;
}

namespace shardlens::ui::pages {

/// A panel that holds a table of facts. While rows keep their places under the pointer although their values have changed places,
/// its title row offers the new order. GUI thread.
class RowsPanel : public theme::Panel
{
    Q_OBJECT

public:
    RowsPanel(const QString &title, std::vector<models::FactColumn> columns, QWidget *parent = nullptr);

    [[nodiscard]] FactTable *table() const { return m_table; }
    [[nodiscard]] int heightFor(int rows) const; ///< of the whole panel
    [[nodiscard]] int leastWidth() const;        ///< of the columns that always stay
    [[nodiscard]] int wantedHeight() const;      ///< with all rows; at least two

private:
    FactTable *m_table;
    theme::FlatButton *m_newOrder;
};

} // namespace shardlens::ui::pages
