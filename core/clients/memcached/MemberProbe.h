// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"

#include <memory>
#include <string>

namespace shardlens::clients {

/// Looks a key up in one memcached, as its clients do: by the meta command `me`, which goes the way of a get but is not counted
/// as one, so that watching an idle pool does not ruin its hit rate; by `get` where the server is older than 1.5.
class MemberProbe final : public PollClient
{
public:
    MemberProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint);

    void open() override;
    void poll() override;
    void close() override;

private:
    void take(std::string_view bytes);
    void fail(base::ErrorCode code, const std::string &message);

    bool m_asked = false;
    bool m_old = false; ///< it does not know meta commands
    std::string m_unread;
    TcpLink m_link;
};

} // namespace shardlens::clients
