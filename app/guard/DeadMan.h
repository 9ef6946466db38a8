// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/OperationBook.h"
#include "app/guard/StableHands.h"
#include "core/clients/wire/Wait.h"
#include "core/effects/RouterHands.h"

#include <memory>

namespace shardlens::guard
{

/// Waits for operations that fall silent, and has each taken over on a thread of its own.
class DeadMan
{
public:
    DeadMan(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, OperationBook &book, effects::RouterHands &router, HostHands &hosts, StableHands &stables, std::shared_ptr<wire::Interrupt> stop);

    void run(); ///< until stopped; returns when all that it began have ended

private:
    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    OperationBook &m_book;
    effects::RouterHands &m_router;
    HostHands &m_hosts;
    StableHands &m_stables;
    std::shared_ptr<wire::Interrupt> m_stop;
};

} // namespace shardlens::guard
