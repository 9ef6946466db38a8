// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/LivePage.h"
#include "ui/pages/audit/AuditBoard.h"

#include <optional>
#include <vector>

namespace shardlens::ui::operate {
class OutlinePanel;
}

namespace shardlens::ui::theme {
class FlatButton;
class Paragraph;
} // namespace shardlens::ui::theme

namespace shardlens::ui::pages {

class AuditFilters;
class CardPanel;
class FactTable;
class RowsPanel;
class TitleRow;

/// The directory's audit log: who did what to what, when and why; all of the chosen entry; and whether the log's chain is unbroken, which
/// is verified when the page is first opened, and when asked. Nothing is read while nobody looks.
class AuditPage : public LivePage
{
    Q_OBJECT

public:
    explicit AuditPage(PageContext context, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("audit"); }
    [[nodiscard]] QString title() const override { return tr("Audit"); }
    bool select(const Subject &subject) override;
    [[nodiscard]] QVariantMap viewState() const override;
    void restoreViewState(const QVariantMap &state) override;
    void focusFind() override;
    [[nodiscard]] QString asCsv() const override; ///< all fields of the entries that the filters let pass
    [[nodiscard]] bool hasLiveData() const override;

    [[nodiscard]] FactTable *table() const { return m_table; }
    [[nodiscard]] AuditFilters *filters() const { return m_filters; }
    [[nodiscard]] CardPanel *details() const { return m_details; }
    [[nodiscard]] operate::OutlinePanel *chain() const { return m_chain; }
    [[nodiscard]] theme::FlatButton *verifyButton() const { return m_verify; } ///< stops it while it runs
    [[nodiscard]] TitleRow *titleRow() const { return m_title; }

    static constexpr std::int64_t kMost = 2000; ///< entries that are shown at once

protected:
    void fill() override;
    void arrange() override;

private:
    void connectParts();
    void readAnew();
    void readNew();
    void ask(std::int64_t after, std::int64_t limit);
    void hear(const AuditRead &read);
    void verify();
    void hearVerified(const AuditVerified &verified);
    void showRows();
    void showDetails();
    void showChain();
    void showNote();
    [[nodiscard]] QString emptyText() const;
    [[nodiscard]] const facts::AuditRow *chosen() const;
    [[nodiscard]] std::string you() const;
    [[nodiscard]] base::UtcTime now() const;

    std::vector<facts::AuditRow> m_rows; ///< in the order of their numbers
    std::optional<base::Error> m_trouble;
    std::optional<base::UtcTime> m_readAt;
    bool m_isCut = false; ///< there are older entries in that time
    std::uint64_t m_asking = 0;
    bool m_isWaiting = false; ///< for an answer
    base::UtcTime m_askedAt{};
    std::optional<AuditVerified> m_verified;
    std::optional<std::int64_t> m_verifying; ///< rows followed so far

    TitleRow *m_title;
    AuditFilters *m_filters;
    operate::OutlinePanel *m_chain;
    theme::FlatButton *m_verify;
    RowsPanel *m_entries;
    FactTable *m_table;
    theme::Paragraph *m_empty;
    CardPanel *m_details;
};

} // namespace shardlens::ui::pages
