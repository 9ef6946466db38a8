// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/OrderDesk.h"
#include "app/guard/Report.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"

#include <memory>
#include <string>
#include <vector>

namespace shardlens::guard
{

/// Answers whoever asks on the guard's address, and hands those who greet to the desk for orders; PROTOCOL.md tells how. One thread;
/// a slow asker delays no other.
class Service
{
public:
    Service(const Report &report, OrderDesk &orders, std::shared_ptr<wire::Interrupt> stop);
    ~Service();
    Service(const Service &) = delete;
    Service &operator=(const Service &) = delete;

    /// Errors: Io with what the system said (address in use, not ours).
    [[nodiscard]] base::Result<void> listen(const fleet::Endpoint &endpoint);
    [[nodiscard]] std::uint16_t port() const; ///< once listening; of use when port 0 was asked for
    void run();                               ///< until stopped

private:
    struct Asker {
        int fd = -1;
        std::string asked;  ///< read, and not yet a whole line
        std::string answer; ///< to be sent
        base::Instant lastHeard{};
    };
    void accept(base::Instant now);
    [[nodiscard]] bool serve(Asker &asker, base::Instant now); ///< false: close it
    [[nodiscard]] bool handOver(Asker &asker);                 ///< it greets: its conversation is the desk's
    [[nodiscard]] std::string answerTo(const std::string &line) const;

    const Report &m_report;
    OrderDesk &m_orders;
    std::shared_ptr<wire::Interrupt> m_stop;
    int m_listener = -1;
    std::vector<Asker> m_askers;
};

} // namespace shardlens::guard
