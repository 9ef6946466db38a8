// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/LookupWire.h"

namespace shardlens::app {

using ui::pages::LookupQuestion;
using ui::pages::LookupResult;
using ui::pages::LookupSeat;

LookupWire::LookupWire(MakeSource make, ui::pages::LookupBoard &board, QObject *parent)
    : QObject(parent), m_make(std::move(make)), m_board(board)
{
    connect(&board, &ui::pages::LookupBoard::asked, this, &LookupWire::ask);
    connect(&board, &ui::pages::LookupBoard::forgotten, this, [this](LookupSeat seat) {
        m_newest.erase(seat);
        const std::lock_guard lock(m_mutex);
        drop(seat);
    });
    m_thread = std::thread([this] { run(); });
}

LookupWire::~LookupWire()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
        m_waiting.clear();
        if (m_source)
            m_source->cancel();
    }
    m_wake.notify_all();
    m_thread.join();
}

void LookupWire::ask(LookupSeat seat, std::uint64_t number, const LookupQuestion &question)
{
    m_newest[seat] = number;
    {
        const std::lock_guard lock(m_mutex);
        drop(seat);
        m_waiting.push_back({seat, number, question});
    }
    m_wake.notify_all();
    makeSource();
}

/// Secrets may be asked of the desktop's keychain, whose event loop runs here: meanwhile more may be asked, or the console closed.
void LookupWire::makeSource()
{
    if (m_isMade)
        return;
    m_isMade = true;
    const QPointer<LookupWire> here(this);
    LookupSource made = m_make();
    if (!here)
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_source = std::move(made);
    }
    m_wake.notify_all();
}

void LookupWire::drop(LookupSeat seat)
{
    std::erase_if(m_waiting, [seat](const Waiting &waiting) { return waiting.seat == seat; });
    if (m_running == seat && m_source)
        m_source->cancel();
}

void LookupWire::run()
{
    while (true) {
        Waiting next;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ends || (m_source && !m_waiting.empty()); });
            if (m_ends)
                return;
            next = std::move(m_waiting.front());
            m_waiting.pop_front();
            m_running = next.seat;
        }
        LookupResult result = m_source->answer(next.question);
        {
            const std::lock_guard lock(m_mutex);
            m_running.reset();
        }
        QMetaObject::invokeMethod(
            this, [this, seat = next.seat, number = next.number, result = std::move(result)] { deliver(seat, number, result); },
            Qt::QueuedConnection);
    }
}

/// An answer that a newer question overtook says nothing to anybody.
void LookupWire::deliver(LookupSeat seat, std::uint64_t number, const LookupResult &result)
{
    const auto newest = m_newest.find(seat);
    if (newest == m_newest.end() || newest->second != number)
        return;
    m_newest.erase(newest);
    m_board.tell(number, result);
}

} // namespace shardlens::app

#include "moc_LookupWire.cpp"
