// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/desk/Desk.h"
#include "core/fleet/Fleet.h"
#include "ui/pages/audit/AuditBoard.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace shardlens::app {

/// Between the board where the audit log is asked for, and the directory: one reading at a time, of which the newest asking counts, and one
/// verification, each in a thread of its own; in a third, what waits on this machine is handed over. GUI thread, which waits for no server.
class AuditWire : public QObject
{
    Q_OBJECT

public:
    /// `options`: as whom the log is read.
    AuditWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::AuditBoard &board, desk::DeskOptions options, QObject *parent = nullptr);
    ~AuditWire() override; ///< ends what is under way; waits for one page of the log at most

private:
    void read(const ui::pages::AuditAsk &ask);
    void readAsked(); ///< in its own thread
    void verify();
    void verifyNow(); ///< in its own thread
    void handOverNowAndThen(); ///< in its own thread

    std::shared_ptr<const fleet::Fleet> m_fleet;
    ui::pages::AuditBoard &m_board;
    desk::DeskOptions m_options;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::optional<ui::pages::AuditAsk> m_asked;
    bool m_ends = false;
    std::thread m_reading;
    std::atomic<bool> m_stops{false};
    bool m_isVerifying = false;
    std::thread m_verifying;
    std::shared_ptr<wire::Interrupt> m_interrupt = std::make_shared<wire::Interrupt>(); ///< ends a handing over
    std::thread m_handing;
};

} // namespace shardlens::app
