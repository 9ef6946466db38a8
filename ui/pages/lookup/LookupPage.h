// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mend/Remedy.h"
#include "ui/pages/LivePage.h"
#include "ui/pages/lookup/LookupBoard.h"
#include "ui/pages/lookup/LookupSheet.h"

#include <QTimer>

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
class SegmentedControl;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class CardPanel;
class ChoicePanel;
class DetailPanel;
class LookupBar;
class MendView;
class PinPanel;
class UnmaskPanel;
class VerdictPanel;

/// Paste anything, know everything about it: what it was taken for, the answer in a sentence, what people of each region see, and the
/// facts, masked until a reason is recorded. Answers come from the board; the page waits for none.
class LookupPage : public LivePage
{
    Q_OBJECT

public:
    explicit LookupPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("lookup"); }
    [[nodiscard]] QString title() const override { return tr("Look-up"); }
    bool select(const Subject &subject) override; ///< a logical shard
    bool lookUp(const QString &text) override;
    [[nodiscard]] QVariantMap viewState() const override;
    /// Fills the field; it asks only while the page is in sight, so that nothing is looked at because a window was opened.
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< the facts that are shown; masks stay
    [[nodiscard]] bool hasLiveData() const override;

    static constexpr std::size_t kMostPinned = 4;

    [[nodiscard]] const LookupSheet &sheet() const { return m_sheet; }
    [[nodiscard]] LookupBar *bar() const { return m_bar; }
    [[nodiscard]] ChoicePanel *readings() const { return m_readings; }
    [[nodiscard]] ChoicePanel *recent() const { return m_recent; }
    [[nodiscard]] VerdictPanel *verdict() const { return m_verdict; }
    [[nodiscard]] DetailPanel *detail() const { return m_detail; }
    [[nodiscard]] CardPanel *card() const { return m_card; }
    [[nodiscard]] CardPanel *owner() const { return m_owner; }
    [[nodiscard]] UnmaskPanel *unmask() const { return m_unmask; }
    [[nodiscard]] theme::SegmentedControl *tabs() const { return m_tabs; }
    [[nodiscard]] std::size_t pinned() const { return m_pinned.size(); }
    [[nodiscard]] SeenPanel *seen() const { return m_seen; }
    [[nodiscard]] theme::FlatButton *mendButton() const { return m_toMend; } ///< to who may act: where the map's entry is wrong, or a bucket of it is shown
    [[nodiscard]] theme::FlatButton *deleteButton() const { return m_toDelete; } ///< where cached copies are, likewise
    [[nodiscard]] MendView *mendView() const { return m_mend; }              ///< over the page while a mend is planned

protected:
    void fill() override;
    void arrange() override;

private:
    struct Recent {
        QString subject;
        inspect::lookup::Find find;
        base::UtcTime at;
    };

    void build();
    void connectParts();
    void connectBoard();
    void ask(const QString &text);
    void askFind(std::size_t chosen);
    void askAnew(const std::optional<inspect::lookup::Unmask> &unmask);
    void openList(const std::string &list); ///< its first page once more, each edge with its inverse
    void askMore(const std::string &list);
    void askEdges(inspect::lookup::Assoc assoc, const std::string &after);
    void hear(std::uint64_t number, const LookupResult &result);
    void hearAnswer(const base::Result<inspect::lookup::Answer> &answer);
    void hearMore(const base::Result<inspect::lookup::GraphPage> &page);
    void keepRecent();
    void changeCase();
    void tickAsking();

    [[nodiscard]] const Lookup &shownLookup() const;
    void showLookup(bool anew); ///< anew: another look-up, or another answer
    void showPins();
    void showRecent();
    void pin();
    void unpinAt(std::size_t at);
    void copyReply();
    void handOver();
    void openMend();
    void closeMend();
    void showMend(bool shown);
    [[nodiscard]] std::optional<mend::Intent> mendable() const;
    [[nodiscard]] bool mayAct() const;
    void showRemedies();
    void openDelete();
    /// The deletion that puts cached copies right: of the one region where they are wrong, else of all.
    [[nodiscard]] std::optional<mend::Remedy> deletion() const;

    [[nodiscard]] bool isWide() const;
    [[nodiscard]] int arrangeLeft(const QRect &column);
    [[nodiscard]] int arrangeMiddle(const QRect &column);
    [[nodiscard]] int arrangeRight(const QRect &column);
    [[nodiscard]] int arrangeOne(const QRect &column);
    void arrangePins(const QRect &row);

    Lookup m_lookup; ///< the newest
    std::vector<Lookup> m_pinned;
    int m_shown = -1; ///< of the pinned; -1: the newest
    LookupSheet m_sheet;
    std::vector<Recent> m_recentOnes;
    QString m_lastCase;
    std::uint64_t m_number = 0; ///< of the question whose answer is waited for; 0: none
    std::uint64_t m_moreNumber = 0;
    std::uint64_t m_bucketNumber = 0;
    bool m_isUnmasking = false;
    base::Instant m_askedAt;
    QTimer m_asking;
    QTimer m_rearrange; ///< once for all rows that were opened or folded

    LookupBar *m_bar;
    theme::SegmentedControl *m_tabs;
    ChoicePanel *m_readings;
    ChoicePanel *m_recent;
    theme::Panel *m_replyPanel;
    theme::Paragraph *m_reply;
    CardPanel *m_notRecorded;
    VerdictPanel *m_verdict;
    SeenPanel *m_seen;
    DetailPanel *m_detail;
    CardPanel *m_card;
    CardPanel *m_owner;
    theme::FlatButton *m_toFeeds;
    theme::FlatButton *m_toOwner;
    theme::FlatButton *m_toMend;
    theme::FlatButton *m_toDelete;
    MendView *m_mend;
    UnmaskPanel *m_unmask;
    std::vector<PinPanel *> m_pinPanels;
};

} // namespace shardlens::ui::pages
