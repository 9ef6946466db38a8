// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/ActFrame.h"
#include "ui/pages/Page.h"
#include "ui/pages/lookup/LookupBoard.h"

namespace shardlens::ui::operate {
class ConfirmBar;
class OutlinePanel;
} // namespace shardlens::ui::operate

namespace shardlens::ui::pages {

/// The plan of a mend over a whole page: what must hold, what would be written, and the bar that confirms it; then how it ended, with the
/// way to take it back. Plans and acts through the look-ups' board alone. GUI thread.
class MendView : public operate::ActFrame
{
    Q_OBJECT

public:
    /// `back` names where the way back leads.
    MendView(const PageContext &context, const QString &back, QWidget *parent = nullptr);

    void open(const mend::Intent &intent, bool undoes = false); ///< asks for its plan

    [[nodiscard]] const std::optional<mend::Plan> &plan() const { return m_plan; }
    [[nodiscard]] bool isWriting() const { return m_orderNumber != 0; }
    [[nodiscard]] operate::OutlinePanel *checks() const { return m_checks; }
    [[nodiscard]] operate::OutlinePanel *changes() const { return m_changes; }
    [[nodiscard]] operate::ConfirmBar *confirmBar() const { return m_confirm; }
    [[nodiscard]] theme::FlatButton *againButton() const { return m_again; }
    [[nodiscard]] QString asText() const; ///< the plan, to paste

Q_SIGNALS:
    void mended(); ///< it was written: what is shown elsewhere is old

protected:
    void arrangeBody(const QRect &room) override;
    void keyPressEvent(QKeyEvent *event) override; ///< Esc leads back

private:
    void hear(std::uint64_t number, const LookupResult &result);
    void hearPlan(const base::Result<mend::Plan> &plan);
    void hearDone(const base::Result<mend::Done> &done);
    void order(const QString &reason);
    void present();
    void presentBar();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const base::Clock> m_clock;
    LookupBoard *m_board;
    mend::Intent m_intent;
    bool m_undoes = false;
    std::optional<mend::Plan> m_plan;
    std::optional<mend::Done> m_done;
    QString m_trouble; ///< why there is no plan, or how writing it failed
    bool m_isInDoubt = false;
    std::uint64_t m_planNumber = 0; ///< of what is waited for; 0: nothing
    std::uint64_t m_orderNumber = 0;
    operate::OutlinePanel *m_checks;
    operate::OutlinePanel *m_changes;
    operate::ConfirmBar *m_confirm;
    theme::FlatButton *m_again;
};

} // namespace shardlens::ui::pages
