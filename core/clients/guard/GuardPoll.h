// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"

#include <functional>
#include <memory>
#include <string>

namespace shardlens::clients {

/// Polls one region's guard over a kept connection: one line asked, one line answered. What it says goes to `told`, before
/// `answered` is called with an empty sample: a guard is not a server of the fleet.
class GuardPoll final : public PollClient
{
public:
    using Told = std::function<void(const GuardAnswer &)>;

    GuardPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, Told told);

    void open() override;
    void poll() override;
    void close() override;

private:
    void take(std::string_view bytes);
    void fail(base::Error error);

    Told m_told;
    std::string m_unread;
    TcpLink m_link;
};

} // namespace shardlens::clients
