// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/PqPollLink.h"

#include <memory>
#include <string>

namespace shardlens::clients {

/// Connects, makes the session read-only, asks one query, closes: for what is read seldom and may take long, on a connection
/// of its own so that no poll waits for it. Asynchronous; call it in the loop's thread.
class PqPollOnce
{
public:
    using Done = std::function<void(tl::expected<PqRows, base::Error>)>;

    /// `done` is called once, in the loop's thread, at most `deadline` later; not at all if the loop ends before.
    static void run(const std::shared_ptr<EventLoop> &loop, const std::shared_ptr<Resolver> &resolver, PqTarget target, std::string sql,
                    base::milliseconds deadline, Done done);
};

} // namespace shardlens::clients
