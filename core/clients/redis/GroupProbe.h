// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PasswordSource.h"
#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"

#include <functional>
#include <memory>
#include <string>

namespace shardlens::clients {

/// Asks through a Redis group's stable address whether it is answered, and whether by a primary: INFO replication on a kept
/// connection. Whether that refuses writes all the same its own sample tells. Redis 2.8 or newer behind it.
class GroupProbe final : public PollClient
{
public:
    struct Options {
        fleet::Endpoint endpoint;
        std::string user;        ///< empty = the default user
        PasswordSource password; ///< absent or empty = no AUTH
    };
    using Told = std::function<void(bool writable)>; ///< before `answered`, which brings an empty sample

    GroupProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, Options options, Told told);

    void open() override;
    void poll() override;
    void close() override;

private:
    void greet();
    void take(std::string_view bytes);
    bool takeReply();
    void fail(base::ErrorCode code, const std::string &message);

    Options m_options;
    Told m_told;
    bool m_greeting = false; ///< AUTH is unanswered
    bool m_asked = false;
    std::string m_unread;
    TcpLink m_link;
};

} // namespace shardlens::clients
