// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CacheWire.h"

#include "core/cacheflow/HotKeyWatch.h"

namespace shardlens::app {

CacheWire::CacheWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::CacheBoard &board, QObject *parent)
    : QObject(parent), m_fleet(std::move(fleet)), m_board(board)
{
    connect(&board, &ui::pages::CacheBoard::watchAsked, this, &CacheWire::watch);
    connect(&board, &ui::pages::CacheBoard::stopAsked, this, [this] {
        if (m_stop)
            m_stop->raise(); // its last word comes then
    });
}

CacheWire::~CacheWire()
{
    end();
}

void CacheWire::end()
{
    if (m_stop)
        m_stop->raise();
    if (m_thread.joinable())
        m_thread.join();
}

void CacheWire::watch(const base::RegionName &region, base::seconds span)
{
    end();
    std::vector<memcached::Member> members;
    for (const fleet::Pool &pool : m_fleet->pools) {
        for (const base::ServerId &id : pool.servers) {
            if (pool.region == region)
                members.push_back({id.text(), m_fleet->server(id)->address.from(m_fleet->ownRegion)});
        }
    }
    cacheflow::HotKeyOptions how;
    how.counting = span;
    m_stop = std::make_shared<wire::Interrupt>();
    m_thread = std::thread([this, members = std::move(members), how, region, stop = m_stop, watch = ++m_watch] {
        cacheflow::watchHotKeys(members, how, stop, [&](const cacheflow::HotKeysReport &report) {
            QMetaObject::invokeMethod(
                this,
                [this, region, report, watch] {
                    if (watch == m_watch)
                        m_board.tellHotKeys(region, report);
                },
                Qt::QueuedConnection);
        });
    });
}

} // namespace shardlens::app

#include "moc_CacheWire.cpp"
