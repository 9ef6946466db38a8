// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/FaultRecord.h"

#include <string>
#include <vector>

namespace shardlens::localfleet
{

struct Ground;
struct Instance;

/// What the faults that are in effect explain: why a server is not started, why one does not answer or does not reach another. A value,
/// read once; any thread. Faults are named as `status` and `heal` name them: "link-cut us-east>eu-west".
class InForce
{
public:
    explicit InForce(std::vector<faults::Record> records) : m_records(std::move(records)) {}

    /// True for a server that a fault keeps from running: it is not to be started.
    [[nodiscard]] bool holds(const std::string &server) const;
    /// The oldest fault of the server itself; empty: none.
    [[nodiscard]] std::string of(const std::string &server) const;
    /// The fault of the link between two regions that cuts it, either way: what is sent one way is answered by the other. Empty: none.
    [[nodiscard]] std::string cutBetween(const std::string &one, const std::string &other) const;
    /// The same, else one that slows it.
    [[nodiscard]] std::string between(const std::string &one, const std::string &other) const;
    /// The first of these that concerns one of the members, or a link between their regions; empty: none.
    [[nodiscard]] std::string among(const std::vector<Instance> &members) const;

private:
    [[nodiscard]] std::string link(const std::string &one, const std::string &other, bool onlyCut) const;

    std::vector<faults::Record> m_records;
};

} // namespace shardlens::localfleet
