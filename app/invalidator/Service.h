// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/invalidator/LeaseTotals.h"
#include "app/invalidator/Report.h"
#include "app/resident/LineService.h"

namespace shardlens::invalidator {

/// Answers whoever asks for the report, and takes in what applications say of their leases. One thread.
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
    void takeDatagrams(base::Instant now);

    LeaseTotals &m_totals;
    int m_statsd = -1;
    resident::LineService m_lines;
};

} // namespace shardlens::invalidator
