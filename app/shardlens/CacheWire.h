// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"
#include "ui/pages/cache/CacheBoard.h"

#include <QObject>

#include <memory>
#include <thread>

namespace shardlens::app {

/// Between the board where hot keys are asked for, and what watches the servers: in a thread of its own, one watch at a time. GUI thread,
/// which waits for no server.
class CacheWire : public QObject
{
    Q_OBJECT

public:
    CacheWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::CacheBoard &board, QObject *parent = nullptr);
    ~CacheWire() override; ///< ends the watch, and waits for its thread: moments

private:
    void watch(const base::RegionName &region, base::seconds span);
    void end();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    ui::pages::CacheBoard &m_board;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::thread m_thread;
    std::uint64_t m_watch = 0; ///< what an earlier one still tells is not passed on
};

} // namespace shardlens::app
