// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/lookup/LookupBoard.h"

#include <QObject>
#include <QPointer>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace shardlens::app {

/// What answers look-ups. `answer` may block for as long as servers take; `cancel`, from any thread, ends it soon.
struct LookupSource {
    std::function<ui::pages::LookupResult(const ui::pages::LookupQuestion &question)> answer;
    std::function<void()> cancel;
};

/// Between the board where look-ups are asked for, and what asks the servers: in a thread of its own, one question at a time. Of each seat
/// only the newest question is answered; one that is under way when a newer comes is cancelled. The source is made for the first
/// question: a console that looks nothing up reads no secret and opens no connection. GUI thread, which waits for no server.
class LookupWire : public QObject
{
    Q_OBJECT

public:
    using MakeSource = std::function<LookupSource()>;

    LookupWire(MakeSource make, ui::pages::LookupBoard &board, QObject *parent = nullptr);
    ~LookupWire() override; ///< cancels, and waits for the thread: moments

private:
    struct Waiting {
        ui::pages::LookupSeat seat = ui::pages::LookupSeat::LookUp;
        std::uint64_t number = 0;
        ui::pages::LookupQuestion question;
    };

    void ask(ui::pages::LookupSeat seat, std::uint64_t number, const ui::pages::LookupQuestion &question);
    void makeSource();
    void drop(ui::pages::LookupSeat seat); ///< what waits or runs for it; the lock is held
    void run();
    void deliver(ui::pages::LookupSeat seat, std::uint64_t number, const ui::pages::LookupResult &result);

    MakeSource m_make;
    ui::pages::LookupBoard &m_board;
    std::map<ui::pages::LookupSeat, std::uint64_t> m_newest; ///< GUI thread alone, as is the next
    bool m_isMade = false;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Waiting> m_waiting;
    std::optional<LookupSource> m_source;
    std::optional<ui::pages::LookupSeat> m_running;
    bool m_ends = false;
    std::thread m_thread;
};

} // namespace shardlens::app
