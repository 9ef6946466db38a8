// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/OrderDesk.h"
#include "app/guard/Report.h"
#include "app/resident/LineService.h"

namespace shardlens::guard
{

/// Answers whoever asks on the guard's address, and hands those who greet to the desk for orders; PROTOCOL.md tells how.
class Service
{
public:
    Service(const Report &report, OrderDesk &orders, std::shared_ptr<wire::Interrupt> stop);

    /// Errors: Io with what the system said (address in use, not ours).
    [[nodiscard]] base::Result<void> listen(const fleet::Endpoint &endpoint) { return m_lines.listen(endpoint); }
    [[nodiscard]] std::uint16_t port() const { return m_lines.port(); } ///< once listening; of use when port 0 was asked for
    void run() { m_lines.run(); }                                       ///< until stopped

private:
    resident::LineService m_lines;
};

} // namespace shardlens::guard
