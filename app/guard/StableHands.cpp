// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/StableHands.h"

#include "app/guard/GroupTalk.h"
#include "core/clients/shell/Tool.h"
#include "core/operate/Met.h"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace shardlens::guard
{

using base::Effect;
using base::ErrorCode;
using base::Instant;
using base::Result;

namespace
{

constexpr std::size_t longestAnswer = 4096;

class UnixSocket
{
public:
    UnixSocket() : m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~UnixSocket() { ::close(m_fd); }
    UnixSocket(const UnixSocket &) = delete;
    UnixSocket &operator=(const UnixSocket &) = delete;
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

/// One line to a socket, and the first line of the answer.
Result<std::string> askSocket(const std::string &path, const std::string &line, Instant deadline, const wire::Interrupt &stop)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return base::fail(ErrorCode::BadInput, path + " is too long for a socket's path");
    path.copy(address.sun_path, path.size());
    const UnixSocket socket;
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return base::fail(ErrorCode::Refused, path + ": " + std::strerror(errno));
    const std::string text = line + "\n";
    if (::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        return base::fail(ErrorCode::Unreachable, path + ": " + std::strerror(errno));
    std::string answer;
    while (answer.find('\n') == std::string::npos && answer.size() < longestAnswer) {
        if (const auto ready = wire::waitFor(socket.fd(), wire::Readiness::Readable, deadline, &stop); !ready) {
            base::Error error = ready.error();
            error.effect = Effect::InDoubt;
            return base::fail(error);
        }
        char buffer[512];
        const auto got = ::recv(socket.fd(), buffer, sizeof buffer, 0);
        if (got <= 0)
            break;
        answer.append(buffer, static_cast<std::size_t>(got));
    }
    return answer.substr(0, answer.find('\n'));
}

} // namespace

StableHands::StableHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_stop(std::move(stop))
{
}

Result<std::string> StableHands::carryOut(const operate::HostDeed &deed, Instant deadline)
{
    const fleet::RedisGroup *group = m_fleet->redisGroup(fleet::GroupName(deed.group));
    if (!group || !group->stableAddress.contains(m_region))
        return base::fail(ErrorCode::NotFound, "the fleet file of this guard declares no stable address of '" + deed.group + "' in " + m_region.text());
    if (deed.act == operate::HostAct::PointStable) {
        if (const auto led = lead(*group, base::ServerId(deed.leadsTo), deadline); !led)
            return base::fail(led.error());
    }
    return lookThrough(*group, deadline);
}

Result<void> StableHands::lead(const fleet::RedisGroup &group, const base::ServerId &server, Instant deadline)
{
    const fleet::Server *declared = m_fleet->server(server);
    if (!declared || m_fleet->redisGroupOf(server) != &group)
        return base::fail(ErrorCode::BadInput, server.text() + " is no server of " + group.name.text());
    const fleet::StableSwitch &means = group.stableSwitch;
    if (means.kind == fleet::StableSwitch::Kind::Socket) {
        const auto said = askSocket(means.path, "point " + group.name.text() + "@" + m_region.text() + " " + server.text(), deadline, *m_stop);
        if (!said)
            return base::fail(said.error());
        return *said == "ok" ? Result<void>() : Result<void>(base::fail(ErrorCode::Rejected, means.path + ": " + *said));
    }
    if (means.kind == fleet::StableSwitch::Kind::Program) {
        const fleet::Endpoint &endpoint = declared->address.from(m_region);
        const auto ran = shell::runTool(
            {means.path, group.name.text(), m_region.text(), server.text(), endpoint.host + ":" + std::to_string(endpoint.port)}, deadline);
        if (!ran)
            return base::fail(ran.error());
        return ran->exitCode == 0
                   ? Result<void>()
                   : Result<void>(base::fail(ErrorCode::Rejected,
                                             means.path + " ended with " + std::to_string(ran->exitCode) + ": " + shell::endOf(ran->text)));
    }
    return base::fail(ErrorCode::Unavailable, "no stable_switch of " + group.name.text() + " is declared");
}

Result<std::string> StableHands::lookThrough(const fleet::RedisGroup &group, Instant deadline)
{
    auto session = dialGroupAddress(*m_fleet, group.stableAddress.at(m_region), group.name.text() + "@" + m_region.text(), deadline, m_stop);
    if (!session)
        return base::fail(session.error());
    session->add({"INFO", "replication"});
    session->add({"GET", operate::markerKey});
    const auto replies = session->run(std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now()));
    if (!replies)
        return base::fail(replies.error());
    return "role:" + operate::fieldOf(replies->at(0).text, "role").value_or(std::string()) + "\nmarker:" + replies->at(1).text + "\n";
}

} // namespace shardlens::guard
