// SPDX-License-Identifier: GPL-3.0-or-later
// How the relay is told: kept apart from how it moves bytes.
#include "app/localfleet/Files.h"
#include "app/localfleet/relay/Relay.h"

#include <algorithm>
#include <array>
#include <sys/socket.h>
#include <sys/time.h>

namespace shardlens::localfleet
{

void Relay::serveControl()
{
    const Fd client(::accept4(m_control.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client.isOpen())
        return;
    // Only our own command line talks here, and sends its one line at once; traffic never waits longer than this for it.
    const timeval patience{0, 100'000};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::array<char, 1024> buffer{};
    const ssize_t got = ::recv(client.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0)
        return;
    const std::string text = answer(trimmed({buffer.data(), static_cast<std::size_t>(got)}));
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t wrote = ::send(client.get(), text.data() + at, text.size() - at, MSG_NOSIGNAL);
        if (wrote <= 0)
            return;
        at += static_cast<std::size_t>(wrote);
    }
}

std::string Relay::answer(const std::string &request)
{
    const auto words = split(request, ' ');
    base::Result<void> done = base::fail(base::ErrorCode::BadInput, "the relay does not understand: " + request);
    if (request == "status")
        return "ok\n" + status();
    if (words.size() == 3 && words[0] == "point") {
        done = point(words[1], words[2]);
    } else if (const auto told = parseRelayPlan(request); told && told->links.size() == 1) {
        const auto &[way, changed] = *told->links.begin();
        done = changeLink(way, changed);
    }
    return done ? "ok\n" : "error " + done.error().message + "\n";
}

std::string Relay::status() const
{
    std::map<std::string, std::size_t> open;
    for (const auto &[id, running] : m_passages)
        ++open[m_plan.listeners[running.listener].name];
    std::string text = print(m_plan);
    for (const auto &[name, count] : open)
        text += "open " + name + " " + std::to_string(count) + "\n";
    return text;
}

base::Result<void> Relay::changeLink(const RelayPlan::Way &way, const Link &changed)
{
    const auto found = m_links.find(way);
    if (found == m_links.end())
        return base::fail(base::ErrorCode::NotFound, "there is no link from " + way.first + " to " + way.second);
    LinkState &state = *found->second;
    const Cut before = state.link.cut;
    state.link = changed;
    if (changed.bytesPerSecond == 0)
        state.free = {};
    m_plan.links[way] = changed;
    const base::Instant now = std::chrono::steady_clock::now();
    std::vector<PassageId> touched;
    for (auto &[id, running] : m_passages) {
        for (int index = 0; index < 2; ++index) {
            if (running.passage->way(index) == &state) {
                running.passage->cutChanged(index, before, now);
                touched.push_back(id);
            }
        }
    }
    for (const PassageId id : touched) // apart, as settling erases those that are over
        settle(id);
    return keep();
}

base::Result<void> Relay::point(const std::string &name, const std::string &target)
{
    const auto listener = std::find_if(m_plan.listeners.begin(), m_plan.listeners.end(), [&](const Listener &l) { return l.name == name; });
    if (listener == m_plan.listeners.end())
        return base::fail(base::ErrorCode::NotFound, "the relay has no listener " + name);
    if (m_plan.targets.count(target) == 0)
        return base::fail(base::ErrorCode::NotFound, "the relay knows no server " + target);
    listener->target = target;
    const auto index = static_cast<std::size_t>(listener - m_plan.listeners.begin());
    std::vector<PassageId> reset;
    for (auto &[id, running] : m_passages) {
        if (running.listener == index) {
            running.passage->abort(); // else applications would go on writing to the server of before
            reset.push_back(id);
        }
    }
    for (const PassageId id : reset)
        settle(id);
    return keep();
}

base::Result<void> Relay::keep() const
{
    return writeFile(m_stateFile, print(m_plan));
}

base::Result<std::string> askRelay(const std::filesystem::path &controlSocket, const std::string &request)
{
    auto client = LineClient::toUnixSocket(controlSocket.string(), base::seconds(5));
    if (!client)
        return base::fail(client.error().code, "the relay is not running (" + client.error().message + ")");
    if (const auto sent = client->send(request + "\n"); !sent)
        return base::fail(sent.error());
    const auto verdict = client->line();
    if (!verdict)
        return base::fail(verdict.error());
    if (*verdict != "ok")
        return base::fail(base::ErrorCode::Rejected, *verdict == "error" || verdict->size() < 6 ? "the relay refused" : verdict->substr(6));
    return client->rest();
}

} // namespace shardlens::localfleet
