// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/desk/Desk.h"
#include "core/effects/ExecutorProcess.h"
#include "core/fleet/Fleet.h"
#include "ui/operate/OperationBoard.h"

#include <QTimer>

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace shardlens::app {

/// Between the board where operations are shown and asked for, and what carries them out: reads the journals, and starts executors. These
/// outlive the console, once they have begun: one that only stands ready ends with it. Those of other machines are read from the directory, by a thread that is waited for nowhere but at the end. GUI
/// thread; each look at the journals takes well under a frame.
class OperationsWire : public QObject
{
    Q_OBJECT

public:
    struct Source {
        std::shared_ptr<const fleet::Fleet> fleet;
        QString file; ///< the fleet file that executors read
        QString user; ///< as whom they act; empty: the fleet file's first that may
    };

    OperationsWire(Source source, ui::operate::OperationBoard &board, QObject *parent = nullptr);

    ~OperationsWire() override;

    void setFleet(std::shared_ptr<const fleet::Fleet> fleet);

private:
    struct Known {
        std::vector<std::string> lines;
        std::int64_t next = 0;
        ui::operate::OperationSeen seen;
    };

    void look();
    void lookElsewhere(); ///< the newest answer, and every few seconds the next question
    void addElsewhere(ui::operate::OperationList &list) const;
    void lookAt(const std::string &id, bool runs, ui::operate::OperationList &list);
    void listen(); ///< to executors that were started here
    void hear(const std::string &line);
    void start(const ui::operate::ActRequest &request);
    void goOn(const char *way, const std::string &id);
    void launch(std::vector<std::string> arguments, const std::string &input);
    [[nodiscard]] base::Result<effects::ExecutorProcess> startExecutor(std::vector<std::string> arguments, const std::string &input, bool mayBeTold);
    void listenTo(effects::ExecutorProcess executor);
    void expect(const operate::Intent &intent);
    void dismiss(); ///< who stands ready
    void abandon(const std::string &id, const std::string &reason);
    void hearOfLeaving(); ///< of what abandon() began
    [[nodiscard]] desk::DeskOptions deskOptions();

    Source m_source;
    ui::operate::OperationBoard &m_board;
    std::map<std::string, Known> m_known;
    using Copies = std::vector<ui::operate::OperationSeen>;
    std::shared_ptr<wire::Interrupt> m_interrupt = std::make_shared<wire::Interrupt>();
    using Entries = std::map<std::string, base::Result<std::string>>;
    std::shared_ptr<const Entries> m_entries; ///< of the keychain, read once: only this thread may ask for them
    std::future<std::optional<Copies>> m_asking; ///< nothing: the directory did not answer; what it said before stands
    std::future<base::Result<std::string>> m_leaving; ///< why other machines do not see it; empty: they do
    Copies m_elsewhere;
    base::Instant m_askedAt;
    struct Started {
        effects::ExecutorProcess process;
        bool hasSaid = false; ///< that it began, or why not
    };
    /// Looks at what an open plan is about, holds nothing, and begins once it is told what was confirmed.
    struct Standing {
        std::string subject;
        effects::ExecutorProcess process;
    };
    std::vector<Started> m_executors;
    std::optional<Standing> m_standing;
    base::Instant m_standsAgainAt; ///< not before
    std::vector<effects::ExecutorProcess> m_dismissed; ///< they end by themselves
    QTimer m_timer;
};

} // namespace shardlens::app
