// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"

#include <functional>
#include <memory>
#include <string>

namespace shardlens::clients {

/// Polls what answers one line to one line over a kept connection: a region's guard or invalidator. Each line goes to `heard`, before
/// `answered` is called with an empty sample, for neither is a server of the fleet; what it cannot read fails the connection.
class LinePoll final : public PollClient
{
public:
    using Heard = std::function<base::Result<void>(std::string_view line)>;

    /// `question` with its line's end.
    LinePoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, std::string question, Heard heard);

    void open() override;
    void poll() override;
    void close() override;

private:
    void take(std::string_view bytes);
    void fail(base::Error error);

    std::string m_question;
    Heard m_heard;
    std::string m_unread;
    TcpLink m_link;
};

} // namespace shardlens::clients
