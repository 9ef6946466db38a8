// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/DeadMan.h"

#include "app/guard/GroupTakeOver.h"
#include "app/guard/TakeOver.h"
#include "app/guard/Ticker.h"

#include <atomic>
#include <list>
#include <thread>

namespace shardlens::guard
{

namespace
{

constexpr base::milliseconds lookedEvery{50};

struct Watch {
    std::thread thread;
    std::atomic<bool> isOver{false};
};

} // namespace

DeadMan::DeadMan(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, OperationBook &book, effects::RouterHands &router, HostHands &hosts, StableHands &stables,
                 std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_book(book), m_router(router), m_hosts(hosts), m_stables(stables), m_stop(std::move(stop))
{
}

void DeadMan::run()
{
    std::list<Watch> begun;
    Ticker ticker(lookedEvery, *m_stop);
    do {
        for (auto one = begun.begin(); one != begun.end();) {
            if (one->isOver)
                one->thread.join();
            one = one->isOver ? begun.erase(one) : std::next(one);
        }
        for (auto &told : m_book.overdue(std::chrono::steady_clock::now())) {
            Watch &watch = begun.emplace_back();
            watch.thread = std::thread([this, &watch, told] {
                if (m_fleet->redisGroup(base::GroupName(told.of.cluster.text())))
                    GroupTakeOver(m_fleet, m_region, told, m_book, m_stables, m_stop).run();
                else
                    TakeOver(m_fleet, m_region, told, m_book, m_router, m_hosts, m_stop).run();
                watch.isOver = true;
            });
        }
    } while (ticker.wait());
    for (Watch &one : begun)
        one.thread.join();
}

} // namespace shardlens::guard
