// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/invalidator/LeaseTotals.h"
#include "app/invalidator/Report.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <string>
#include <vector>

namespace shardlens::invalidator {

/// Answers whoever asks for the report, and takes in what applications say of their leases. One thread; a slow asker delays no other.
class Service
{
public:
    Service(const Report &report, LeaseTotals &totals, std::shared_ptr<wire::Interrupt> stop);
    ~Service();
    Service(const Service &) = delete;
    Service &operator=(const Service &) = delete;

    /// `statsd` with port 0: nobody says what leases did. Errors: Io with what the system said.
    [[nodiscard]] base::Result<void> listen(const fleet::Endpoint &endpoint, const fleet::Endpoint &statsd);
    void run(); ///< until stopped

private:
    struct Asker {
        int fd = -1;
        std::string asked;
        std::string answer;
        base::Instant lastHeard{};
    };
    void accept(base::Instant now);
    [[nodiscard]] bool serve(Asker &asker, base::Instant now); ///< false: close it
    void takeDatagrams(base::Instant now);

    const Report &m_report;
    LeaseTotals &m_totals;
    std::shared_ptr<wire::Interrupt> m_stop;
    int m_listener = -1;
    int m_statsd = -1;
    std::vector<Asker> m_askers;
};

} // namespace shardlens::invalidator
