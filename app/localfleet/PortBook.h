// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Home.h"
#include "app/localfleet/Shape.h"
#include "core/base/Result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace shardlens::localfleet
{

/// Which loopback port each listener has: chosen once, kept in DIR/ports, so that a fleet that comes up again stands where it stood.
class PortBook
{
public:
    enum class Protocol { Tcp, Udp };

    PortBook() = default;
    explicit PortBook(std::map<std::string, std::uint16_t> ports) : m_ports(std::move(ports)) {}

    /// Every listener that a shape needs: "u1-us-east", "guard-us-east", "u1-us-east@eu-west" (as seen from there, through the
    /// relay), "feeds@eu-west" (a redis group's stable address in a region).
    [[nodiscard]] static std::vector<std::string> names(const Shape &shape);
    /// Reads the book of `home`, adds free ports for the names it lacks, and writes it.
    [[nodiscard]] static base::Result<PortBook> keep(const Home &home, const Shape &shape);
    [[nodiscard]] static base::Result<PortBook> read(const Home &home);

    /// True while no program listens on that loopback port (Tcp), or has it (Udp).
    [[nodiscard]] static Protocol protocolOf(const std::string &name); ///< that the process behind a name listens by
    [[nodiscard]] static bool isFree(std::uint16_t port, Protocol protocol = Protocol::Tcp);

    [[nodiscard]] std::uint16_t of(const std::string &name) const; ///< 0 for a name that is not in the book
    [[nodiscard]] std::uint16_t of(const std::string &server, const std::string &viewer, const std::string &serverRegion) const;
    [[nodiscard]] const std::map<std::string, std::uint16_t> &all() const { return m_ports; }

private:
    std::map<std::string, std::uint16_t> m_ports;
};

} // namespace shardlens::localfleet
