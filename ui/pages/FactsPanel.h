// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/FactRow.h"
#include "ui/theme/widgets/Panel.h"

namespace shardlens::ui::pages {

class FactTable;

/// All facts of the selected thing, a fact a row: name, value, age. Ctrl+C copies rows. GUI thread.
class FactsPanel : public theme::Panel
{
    Q_OBJECT

public:
    explicit FactsPanel(QWidget *parent = nullptr);

    void showFacts(const QString &title, const QString &note, std::vector<models::FactRow> facts);
    [[nodiscard]] FactTable *table() const { return m_table; }
    [[nodiscard]] int wantedHeight() const; ///< of all facts

    /// A row of it: cells name, value, age of the value ("0.4 s").
    [[nodiscard]] static models::FactRow fact(const QString &name, models::FactCell value, const QString &age);

private:
    FactTable *m_table;
};

} // namespace shardlens::ui::pages
