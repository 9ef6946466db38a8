// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"
#include "ui/pages/cache/CacheBoard.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <thread>

namespace shardlens::app {

/// Between the board where hot keys and staleness are asked for, and what asks the servers: in threads of its own, one watch and one
/// measuring at a time. GUI thread, which waits for no server.
class CacheWire : public QObject
{
    Q_OBJECT

public:
    CacheWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::CacheBoard &board, QObject *parent = nullptr);
    ~CacheWire() override; ///< ends what is under way, and waits for its threads: at most for one region's measuring

private:
    void watch(const base::RegionName &region, base::seconds span);
    void endWatch();
    void measure();
    void measureRegions(); ///< in its own thread

    std::shared_ptr<const fleet::Fleet> m_fleet;
    ui::pages::CacheBoard &m_board;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::thread m_thread;
    std::uint64_t m_watch = 0; ///< what an earlier one still tells is not passed on
    std::thread m_measuring;
    std::atomic<bool> m_isMeasuring{false};
    std::atomic<bool> m_ends{false};
};

} // namespace shardlens::app
