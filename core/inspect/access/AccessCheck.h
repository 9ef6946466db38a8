// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/inspect/access/Access.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::inspect::access {

/// Tries on every server of a fleet what the console reads, as the fleet file's observer, and says what would grant the rest.
/// Read-only; servers beside each other, each with its deadline. Lives in one thread with an event loop. Used once.
class AccessCheck : public QObject
{
    Q_OBJECT

public:
    struct Options {
        fleet::RegionName from;            ///< where this program stands; empty = the fleet's own region
        base::milliseconds patience{3000}; ///< for each step with one server
        std::function<base::Result<std::string>(const std::string &entry)> keychain; ///< called from any thread; may be absent
        unsigned atOnce = 16;
    };

    AccessCheck(std::shared_ptr<const fleet::Fleet> fleet, Options options, QObject *parent = nullptr);
    ~AccessCheck() override; ///< cancels

    void start();
    void cancel(); ///< finished() follows; servers that were not reached are "not tried"

Q_SIGNALS:
    void progressed(std::size_t tried, std::size_t of);
    void finished(const std::vector<shardlens::inspect::access::ServerAccess> &rows); ///< a row a server, in file order

private:
    struct Private;
    void took(std::size_t place, ServerAccess row);
    void finish();

    std::unique_ptr<Private> m_d;
};

} // namespace shardlens::inspect::access
