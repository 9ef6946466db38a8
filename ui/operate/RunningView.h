// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "ui/operate/OperateFrame.h"
#include "ui/operate/OperationBoard.h"

#include <QTimer>

#include <memory>
#include <optional>

namespace shardlens::ui::operate {

class ConfirmBar;
class RunBar;

/// An operation that runs, waits for a person, or is over: where the plan had its checks, steps and effect stand what was forced, how
/// far each step is, and the clock of the held writes. What is being done runs by the console's own clock, ten times a second, while
/// it is seen. GUI thread.
class RunningView : public OperateFrame
{
    Q_OBJECT

public:
    RunningView(std::shared_ptr<const base::Clock> clock, std::shared_ptr<const fleet::Fleet> fleet, QWidget *parent = nullptr);

    void showOperation(const OperationSeen &seen);
    void tell(const QString &trouble); ///< what was asked for was not done, and why
    void askToAbandon(); ///< in place of its bar stands what has to be confirmed
    void setMayAct(bool may); ///< this console's person may decide about it
    [[nodiscard]] std::string operation() const { return m_seen ? m_seen->operation.id : std::string(); }
    [[nodiscard]] RunBar *runBar() const { return m_bar; }
    [[nodiscard]] ConfirmBar *abandonBar() const { return m_abandon; }

Q_SIGNALS:
    void cancelAsked(const std::string &id);
    void resumeAsked(const std::string &id);
    void undoAsked(const std::string &id);
    void abandonAsked(const std::string &id, const std::string &reason); ///< and confirmed
    void planAsked(const shardlens::operate::Intent &intent); ///< of what does a thing that was left

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void present();
    void tick();
    void cancel();
    void presentBar();
    void leaveAbandoning();
    [[nodiscard]] QString statusText() const;

    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::optional<OperationSeen> m_seen;
    bool m_mayAct = true;
    std::string m_stepSeen;
    bool m_isAbandoning = false;
    RunBar *m_bar;
    ConfirmBar *m_abandon;
    QTimer m_ticks;
};

} // namespace shardlens::ui::operate
