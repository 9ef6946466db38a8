// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/PortBook.h"

#include "app/localfleet/Sentinel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <random>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace
{

// Below the ports that Linux hands out by itself (32768 on), above all default ports of the servers used here.
constexpr unsigned firstPort = 14000;
constexpr unsigned lastPort = 32000;

} // namespace

bool PortBook::isFree(std::uint16_t port, Protocol protocol)
{
    const bool isTcp = protocol == Protocol::Tcp;
    const int fd = ::socket(AF_INET, (isTcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    const int on = 1; // as the servers do: a connection of yesterday in TIME_WAIT is no obstacle
    if (isTcp)        // two UDP sockets that both say so share a port
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool isFree = ::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    ::close(fd);
    return isFree;
}

std::vector<std::string> PortBook::names(const Shape &shape)
{
    std::vector<std::string> names;
    const auto append = [&](const std::string &server, const std::string &region) {
        names.push_back(server);
        for (const std::string &viewer : shape.regions) {
            if (viewer != region)
                names.push_back(server + "@" + viewer);
        }
    };
    for (const Instance &instance : instances(shape))
        append(instance.id, instance.region);
    for (const std::string &region : shape.regions)
        append("guard-" + region, region);
    for (const std::string &region : shape.regions) {
        append("invalidator-" + region, region);
        names.push_back("statsd-" + region); // UDP, for the region's own applications
    }
    if (!shape.patroni.empty()) {
        for (const char *store : {"etcd", "etcd-peer"})
            names.emplace_back(store);
        for (const Instance &member : membersOf(shape, shape.patroni))
            names.push_back("patroni-" + member.id);
    }
    if (!shape.repmgr.empty())
        names.emplace_back("sshd"); // by which repmgr reaches the other members
    if (!shape.sentinel.empty()) {
        for (const std::string &name : sentinel::names())
            names.push_back(name);
    }
    for (const Group &group : redisGroups(shape)) {
        for (const std::string &viewer : shape.regions)
            names.push_back(group.name + "@" + viewer);
    }
    return names;
}

base::Result<PortBook> PortBook::read(const Home &home)
{
    const auto text = readFile(home.portsFile());
    if (!text)
        return base::fail(base::ErrorCode::NotFound, "there is no fleet in " + home.root().string());
    PortBook book;
    for (const auto &[name, port] : parseSettings(*text))
        book.m_ports[name] = static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10));
    return book;
}

PortBook::Protocol PortBook::protocolOf(const std::string &name)
{
    return name.rfind("statsd-", 0) == 0 ? Protocol::Udp : Protocol::Tcp;
}

base::Result<PortBook> PortBook::keep(const Home &home, const Shape &shape)
{
    PortBook book = read(home).value_or(PortBook());
    std::set<std::uint16_t> taken;
    for (const auto &[name, port] : book.m_ports)
        taken.insert(port);
    std::random_device seed;
    unsigned candidate = firstPort + seed() % (lastPort - firstPort);
    unsigned tried = 0;
    for (const std::string &name : names(shape)) {
        if (book.m_ports.count(name) != 0)
            continue;
        const auto next = [&] {
            candidate = candidate >= lastPort ? firstPort : candidate + 1;
            return static_cast<std::uint16_t>(candidate);
        };
        std::uint16_t port = next();
        for (; taken.count(port) != 0 || !isFree(port, protocolOf(name)); port = next()) {
            if (++tried > lastPort - firstPort)
                return base::fail(base::ErrorCode::Unavailable, "no free port is left between 14000 and 32000");
        }
        taken.insert(port);
        book.m_ports[name] = port;
    }
    Settings settings;
    for (const auto &[name, port] : book.m_ports)
        settings[name] = std::to_string(port);
    if (const auto written = writeFile(home.portsFile(), printSettings(settings)); !written)
        return base::fail(written.error());
    return book;
}

std::uint16_t PortBook::of(const std::string &name) const
{
    const auto found = m_ports.find(name);
    return found == m_ports.end() ? std::uint16_t(0) : found->second;
}

std::uint16_t PortBook::of(const std::string &server, const std::string &viewer, const std::string &serverRegion) const
{
    return of(viewer == serverRegion ? server : server + "@" + viewer);
}

} // namespace shardlens::localfleet
