// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/Page.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/cache/CacheView.h"
#include "ui/pages/cache/KeyRows.h"
#include "ui/pages/lookup/LookupBoard.h"

class QLineEdit;

namespace shardlens::ui::operate {
class ConfirmBar;
class RefusalBar;
} // namespace shardlens::ui::operate

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class SegmentedControl;
class TickBox;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class CaseField;
class RowsPanel;
class ValuesPanel;

/// One key in every region: the item, its lease as far as it is seen without touching it, its region's row to compare with, its value.
/// Where the pools keep it, and what another set of servers would move. Deleting it, as a plan that is shown first. Nothing is asked
/// before somebody asks for it. GUI thread.
class KeyView : public CacheView
{
    Q_OBJECT

public:
    KeyView(const PageContext &context, QWidget *parent);

    void fill(const facts::SnapshotPtr &snapshot, const ChartFeed &feed) override;
    [[nodiscard]] int least(bool wide) const override;
    void arrange(bool wide) override;

    void ask(const QString &text); ///< a key, or what the fleet's patterns make keys of
    void openDelete();             ///< its plan
    bool openDeleteOf(const std::string &key, const base::RegionName &region); ///< looks at it first; an empty region: in all
    void closeDelete();
    [[nodiscard]] bool isDeleting() const { return m_plan.has_value(); }

    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] CaseField *caseField() const { return m_case; } ///< the window's: stands in the record of a look at a user or a photo
    [[nodiscard]] theme::SegmentedControl *choices() const { return m_choices; }
    [[nodiscard]] theme::FlatButton *button() const { return m_look; }
    [[nodiscard]] theme::TickBox *takeWins() const { return m_takeWins; }
    [[nodiscard]] theme::Paragraph *explained() const { return m_explained; }
    [[nodiscard]] theme::Paragraph *cost() const { return m_cost; }
    [[nodiscard]] RowsPanel *facts() const { return m_facts; }
    [[nodiscard]] ValuesPanel *values() const { return m_values; }
    [[nodiscard]] RowsPanel *spread() const { return m_spread; }
    [[nodiscard]] theme::FlatButton *deleteButton() const { return m_delete; }
    [[nodiscard]] theme::SegmentedControl *where() const { return m_where; }
    [[nodiscard]] RowsPanel *planRows() const { return m_planRows; }
    [[nodiscard]] operate::ConfirmBar *confirm() const { return m_confirm; }
    [[nodiscard]] operate::RefusalBar *refuses() const { return m_refuses; }

Q_SIGNALS:
    void lookUpAsked(const QString &text);
    void needsRoom(); ///< its parts come or go

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void connectParts();
    void connectBoards();
    void look(const std::string &key);
    void askItems();
    void present();
    void presentPlan();
    void replan();
    void hearDeleted(const KeyDeleted &deleted);
    [[nodiscard]] bool isAnswered() const;
    [[nodiscard]] QString whyNotDelete() const; ///< empty: this person may
    [[nodiscard]] bool arePartsShown() const { return !m_picture.key.empty(); }
    [[nodiscard]] int barWidth() const; ///< of all but the case and the choices
    [[nodiscard]] int caseRoom() const; ///< of the case, where it is asked for
    [[nodiscard]] bool isCaseBelow() const;
    [[nodiscard]] bool areChoicesBelow() const;
    [[nodiscard]] int barHeight() const;
    [[nodiscard]] int factsHeight(int width) const;
    [[nodiscard]] int confirmHeight(int width) const;
    void arrangeBar();
    void arrangePlan(const QRect &room);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const base::Clock> m_clock;
    CacheBoard *m_board;
    LookupBoard *m_lookups;
    facts::SnapshotPtr m_shown;
    KeyPicture m_picture;
    std::uint64_t m_lookupNumber = 0;
    std::vector<cacheflow::PoolSpread> m_pools;
    bool m_isSpreadAsked = false;
    std::optional<cacheflow::DeletePlan> m_plan;
    std::vector<cacheflow::DeletedPlace> m_done;
    bool m_isDeleting = false; ///< it was confirmed, and nothing was told yet
    QString m_outcome;

    QLineEdit *m_field;
    theme::FlatButton *m_look;
    theme::SegmentedControl *m_choices;
    theme::TickBox *m_takeWins;
    CaseField *m_case;
    theme::Paragraph *m_explained; ///< before a look: what it is; why there was none
    RowsPanel *m_facts;
    theme::Paragraph *m_cost;
    theme::FlatButton *m_lookUp;
    theme::FlatButton *m_delete;
    ValuesPanel *m_values;
    RowsPanel *m_spread;
    RowsPanel *m_planRows;
    theme::SegmentedControl *m_where;
    theme::FlatButton *m_close;
    operate::ConfirmBar *m_confirm;
    operate::RefusalBar *m_refuses;
};

} // namespace shardlens::ui::pages
