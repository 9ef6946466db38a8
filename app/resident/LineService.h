// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::resident {

/// A socket bound to an endpoint, that blocks no one; of type SOCK_STREAM it listens. Errors: Io with what the system said (address in
/// use, not ours).
[[nodiscard]] base::Result<int> bound(const fleet::Endpoint &endpoint, int type);

/// Answers whoever asks over TCP, a line for a line. One thread; a slow asker delays no other; one that says nothing for a minute, sends
/// no line within 4 KiB, or leaves 4 MiB of answers unread is let go; there are 64 at most.
class LineService
{
public:
    struct Hooks {
        std::function<std::string(std::string_view line)> answer; ///< to a line; neither has its line feed
        /// Whether this line begins another conversation, which takeOver() gets with what was read behind the line. Absent: none does.
        std::function<bool(std::string_view line)> greets;
        std::function<void(int fd, std::string rest)> takeOver;
    };

    LineService(Hooks hooks, std::shared_ptr<wire::Interrupt> stop);
    ~LineService();
    LineService(const LineService &) = delete;
    LineService &operator=(const LineService &) = delete;

    [[nodiscard]] base::Result<void> listen(const fleet::Endpoint &endpoint); ///< errors as bound()
    [[nodiscard]] std::uint16_t port() const;                                 ///< once listening; of use when port 0 was asked for

    /// Until stopped. `besides` (or -1) is watched too: `ready` is called when it can be read.
    void run(int besides = -1, const std::function<void(base::Instant now)> &ready = {});

private:
    struct Asker {
        int fd = -1;
        std::string asked;  ///< read, and not yet a whole line
        std::string answer; ///< to be sent
        base::Instant lastHeard{};
    };
    void accept(base::Instant now);
    [[nodiscard]] bool serve(Asker &asker, base::Instant now); ///< false: close it
    [[nodiscard]] bool handOver(Asker &asker);                 ///< it greets: its conversation is another's

    Hooks m_hooks;
    std::shared_ptr<wire::Interrupt> m_stop;
    int m_listener = -1;
    std::vector<Asker> m_askers;
};

} // namespace shardlens::resident
