// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/LivePage.h"
#include "ui/pages/feeds/FeedRows.h"
#include "ui/pages/lookup/LookupBoard.h"

class QLineEdit;

namespace shardlens::ui::operate {
class OutlinePanel;
}

namespace shardlens::ui::theme {
class FlatButton;
class Panel;
class SegmentedControl;
class Text;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class FeedModel;
class FeedTable;
class LookupBar;
class MendView;
class VerdictPanel;

/// A user's feed as one region has it, entry by entry; why a photo is or is not in it, as steps; and the regions' feeds beside what the
/// follow graph says. Answers come from the board; the page waits for none.
class FeedsPage : public LivePage
{
    Q_OBJECT

public:
    explicit FeedsPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("feeds"); }
    [[nodiscard]] QString title() const override { return tr("Feeds"); }
    bool select(const Subject &subject) override;
    bool lookUp(const QString &text) override; ///< a user
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override; ///< asks only while in sight
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override;
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] LookupBar *bar() const { return m_bar; }
    [[nodiscard]] FeedModel *model() const { return m_model; }
    [[nodiscard]] FeedTable *table() const { return m_table; }
    [[nodiscard]] VerdictPanel *verdict() const { return m_verdict; }
    [[nodiscard]] theme::SegmentedControl *kinds() const { return m_kinds; }
    [[nodiscard]] theme::SegmentedControl *regions() const { return m_regions; }
    [[nodiscard]] QLineEdit *mediaField() const { return m_media; }
    [[nodiscard]] operate::OutlinePanel *why() const { return m_why; }
    [[nodiscard]] operate::OutlinePanel *compared() const { return m_compared; }
    [[nodiscard]] theme::FlatButton *compareButton() const { return m_compare; }
    [[nodiscard]] theme::FlatButton *rebuildButton() const { return m_rebuild; } ///< hidden from who may not act
    [[nodiscard]] MendView *mendView() const { return m_mend; }                  ///< over the page while a mend is planned
    void explain(const QString &media); ///< an ID, a link, a short code

    static constexpr std::uint32_t kPage = 500; ///< entries that are asked for at once

protected:
    void fill() override;
    void arrange() override;

private:
    void build();
    void connectParts();
    void ask(const QString &text);
    void askFeed(std::uint32_t offset);
    void askExplanation(std::uint64_t media);
    void askComparison();
    void askNextRegion();
    void hear(std::uint64_t number, const LookupResult &result);
    void hearUser(const base::Result<inspect::lookup::Answer> &answer);
    void hearFeed(const base::Result<inspect::lookup::FeedPage> &page);
    void hearExplanation(const base::Result<inspect::lookup::FeedExplanation> &explanation);
    void hearComparison(const base::Result<inspect::lookup::FeedComparison> &comparison);
    void tell(theme::Shape shape, const QString &sentence, const QString &second);
    void showFeedHead();
    void showCompared();
    void openEntry(int row);
    void openRebuild();
    void closeRebuild();
    void showMend(bool shown);
    [[nodiscard]] bool mayMend() const;
    [[nodiscard]] bool canAsk() const;
    [[nodiscard]] base::RegionName region() const;
    [[nodiscard]] std::string caseNumber() const;

    std::uint64_t m_user = 0;
    std::uint64_t m_mediaId = 0;                     ///< what is explained
    std::optional<inspect::lookup::FeedPage> m_page; ///< the newest stretch that was read
    std::optional<inspect::lookup::FeedExplanation> m_explanation;
    std::map<base::RegionName, ComparedRegion> m_comparison;
    std::vector<base::RegionName> m_toCompare;
    std::uint64_t m_feedNumber = 0;
    std::uint64_t m_explainNumber = 0;
    std::uint64_t m_compareNumber = 0;

    LookupBar *m_bar;
    theme::SegmentedControl *m_kinds;
    theme::SegmentedControl *m_regions;
    VerdictPanel *m_verdict;
    theme::Panel *m_feed;
    FeedModel *m_model;
    FeedTable *m_table;
    operate::OutlinePanel *m_why;
    QLineEdit *m_media;
    operate::OutlinePanel *m_compared;
    theme::FlatButton *m_compare;
    theme::FlatButton *m_rebuild;
    MendView *m_mend;
};

} // namespace shardlens::ui::pages
