// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/relay/Relay.h"

#include "app/localfleet/Files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace
{

// An epoll tag: what it is in the lowest two bits, which one above.
enum Tag : std::uint64_t { ListenerTag = 0, ClientTag = 1, ServerTag = 2, OwnTag = 3 };
constexpr std::uint64_t wakeTag = (0U << 2U) | OwnTag;
constexpr std::uint64_t controlTag = (1U << 2U) | OwnTag;

timespec toTimespec(std::chrono::nanoseconds time)
{
    return {static_cast<time_t>(time.count() / 1'000'000'000), static_cast<long>(time.count() % 1'000'000'000)};
}

} // namespace

base::Result<std::unique_ptr<Relay>> Relay::open(RelayPlan plan, const std::filesystem::path &controlSocket,
                                                 const std::filesystem::path &stateFile)
{
    std::unique_ptr<Relay> relay(new Relay);
    relay->m_plan = std::move(plan);
    relay->m_stateFile = stateFile;
    for (const auto &[way, link] : relay->m_plan.links)
        relay->m_links.emplace(way, std::make_unique<LinkState>(LinkState{link, {}}));
    relay->m_epoll = Fd(::epoll_create1(EPOLL_CLOEXEC));
    relay->m_wake = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (const auto listening = relay->listenToAll(controlSocket); !listening)
        return base::fail(listening.error());
    if (const auto kept = relay->keep(); !kept)
        return base::fail(kept.error());
    return relay;
}

Relay::~Relay() = default;

base::Result<void> Relay::listenToAll(const std::filesystem::path &controlSocket)
{
    rlimit files{}; // two sockets a connection, and a blackhole collects them
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    for (const Listener &listener : m_plan.listeners) {
        auto fd = listenOnLoopback(listener.port);
        if (!fd)
            return base::fail(fd.error().code, listener.name + ": " + fd.error().message);
        watch(fd->get(), (m_listeners.size() << 2U) | ListenerTag, EPOLLIN);
        m_listeners.push_back(std::move(*fd));
    }
    auto control = listenOnUnixSocket(controlSocket.string());
    if (!control)
        return base::fail(control.error());
    m_control = std::move(*control);
    watch(m_control.get(), controlTag, EPOLLIN);
    watch(m_wake.get(), wakeTag, EPOLLIN);
    return {};
}

LinkState &Relay::link(const std::string &from, const std::string &to)
{
    const auto found = m_links.find({from, to});
    return found == m_links.end() ? m_withinRegion : *found->second;
}

void Relay::watch(int fd, std::uint64_t tag, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = tag;
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event);
}

void Relay::run()
{
    std::array<epoll_event, 256> events{};
    while (!m_stopped) {
        timespec wait{};
        timespec *until = nullptr;
        if (!m_timers.empty()) {
            const auto left = m_timers.begin()->first - std::chrono::steady_clock::now();
            wait = toTimespec(std::max(std::chrono::nanoseconds(0), std::chrono::duration_cast<std::chrono::nanoseconds>(left)));
            until = &wait;
        }
        const int count = ::epoll_pwait2(m_epoll.get(), events.data(), static_cast<int>(events.size()), until, nullptr);
        for (int i = 0; i < count; ++i)
            handle(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
        const base::Instant now = std::chrono::steady_clock::now();
        while (!m_timers.empty() && m_timers.begin()->first <= now) {
            const PassageId id = m_timers.begin()->second;
            m_passages.at(id).passage->advance(now);
            // Whatever is due has been moved or waits for an event; a timer that stayed would spin.
            m_timers.erase(m_timers.begin());
            m_passages.at(id).hasDue = false;
            settle(id);
        }
    }
}

void Relay::stop()
{
    m_stopped = true;
    const std::uint64_t one = 1;
    if (::write(m_wake.get(), &one, sizeof one) < 0)
        return; // the counter is full, so it wakes anyway
}

void Relay::handle(std::uint64_t tag, std::uint32_t events)
{
    switch (tag & 3U) {
    case ListenerTag: return accept(tag >> 2U);
    case ClientTag: return handlePassage(tag >> 2U, 0, events);
    case ServerTag: return handlePassage(tag >> 2U, 1, events);
    default: break;
    }
    if (tag == controlTag)
        serveControl();
}

void Relay::accept(std::size_t index)
{
    const Listener &listener = m_plan.listeners[index];
    const RelayPlan::Target &target = m_plan.targets.at(listener.target);
    for (int burst = 0; burst < 64; ++burst) {
        Fd client(::accept4(m_listeners[index].get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!client.isOpen())
            return;
        const int on = 1;
        ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const base::Instant now = std::chrono::steady_clock::now();
        const PassageId id = m_next++;
        Running running;
        running.listener = index;
        running.passage = std::make_unique<Passage>(
            std::move(client), target.port, std::array{&link(listener.viewer, target.region), &link(target.region, listener.viewer)}, now);
        running.passage->advance(now);
        m_passages.emplace(id, std::move(running));
        settle(id);
    }
}

void Relay::handlePassage(PassageId id, int side, std::uint32_t events)
{
    const auto found = m_passages.find(id);
    if (found == m_passages.end())
        return;
    Passage &passage = *found->second.passage;
    const base::Instant now = std::chrono::steady_clock::now();
    if ((events & EPOLLOUT) != 0)
        passage.writable(side, now);
    if ((events & EPOLLIN) != 0 && !passage.isOver())
        passage.readable(side, now);
    else if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0 && !passage.isOver())
        passage.hungUp(side, now);
    settle(id);
}

void Relay::settle(PassageId id)
{
    Running &running = m_passages.at(id);
    Passage &passage = *running.passage;
    const auto due = passage.isOver() ? std::nullopt : passage.nextDue();
    if (running.hasDue && due != running.due)
        m_timers.erase({running.due, id});
    running.hasDue = due.has_value();
    if (due) {
        running.due = *due;
        m_timers.emplace(*due, id);
    }
    if (passage.isOver()) {
        m_passages.erase(id);
        return;
    }
    for (int side = 0; side < 2; ++side) {
        std::uint32_t &registered = passage.registered[static_cast<std::size_t>(side)];
        const std::uint32_t wanted = passage.interest(side);
        if (passage.fd(side) < 0)
            registered = 0; // closing took it out of epoll
        if (wanted == registered || passage.fd(side) < 0)
            continue;
        epoll_event event{};
        event.events = wanted;
        event.data.u64 = (id << 2U) | (side == 0 ? ClientTag : ServerTag);
        // Taken out rather than asked for nothing: a hang-up is reported always, and would spin until somebody may read it.
        const int operation = registered == 0 ? EPOLL_CTL_ADD : wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
        ::epoll_ctl(m_epoll.get(), operation, passage.fd(side), &event);
        registered = wanted;
    }
}

} // namespace shardlens::localfleet
