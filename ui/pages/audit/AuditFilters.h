// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Audit.h"
#include "ui/pages/audit/AuditRows.h"
#include "ui/theme/widgets/Panel.h"

#include <chrono>
#include <map>
#include <optional>

class QVBoxLayout;

namespace shardlens::ui::theme {
class SegmentedControl;
class Text;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

/// Which entries of the audit log are shown: since when, whose, of which deeds, each with the number of its entries. What is ticked stays
/// ticked while the numbers change. GUI thread.
class AuditFilters : public theme::Panel
{
    Q_OBJECT

public:
    explicit AuditFilters(QWidget *parent = nullptr);

    /// Of what was read.
    void countRows(const std::vector<facts::AuditRow> &rows);

    [[nodiscard]] AuditChoice choice() const { return m_choice; }
    void setChoice(const AuditChoice &choice);
    /// How far back; nothing: to the first entry.
    [[nodiscard]] std::optional<std::chrono::hours> span() const;
    [[nodiscard]] int spanIndex() const;
    void setSpanIndex(int index); ///< brought into what there is

Q_SIGNALS:
    void choiceChanged();
    void spanChanged();

private:
    using Boxes = std::map<std::string, theme::TickBox *>;

    void showBoxes(Boxes &boxes, QVBoxLayout *column, std::set<std::string> &ticked, const std::map<std::string, int> &counts, QString (*wordsOf)(const std::string &));

    theme::SegmentedControl *m_span;
    QVBoxLayout *m_people;
    QVBoxLayout *m_deeds;
    Boxes m_personBoxes;
    Boxes m_deedBoxes;
    AuditChoice m_choice;
};

} // namespace shardlens::ui::pages
