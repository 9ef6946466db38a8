// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/loop/EventLoop.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace shardlens::clients {

namespace {

constexpr int batchSize = 128;
constexpr std::uint64_t wakeMark = ~0ULL;

std::uint32_t interest(bool read, bool write)
{
    return (read ? EPOLLIN | EPOLLRDHUP : 0U) | (write ? EPOLLOUT : 0U);
}

// A descriptor's number is used again as soon as it is closed; the generation tells an event of the old one from the new.
std::uint64_t mark(int fd, std::uint32_t generation)
{
    return static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
}

} // namespace

EventLoop::EventLoop() : m_epoll(epoll_create1(EPOLL_CLOEXEC)), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = wakeMark;
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
}

EventLoop::~EventLoop()
{
    stop();
    ::close(m_wake);
    ::close(m_epoll);
}

void EventLoop::start(const std::string &threadName)
{
    m_stopping = false;
    m_thread = std::thread([this] { run(); });
    pthread_setname_np(m_thread.native_handle(), threadName.substr(0, 15).c_str());
}

void EventLoop::stop()
{
    if (!m_thread.joinable())
        return;
    post([this] { m_stopping = true; });
    m_thread.join();
}

void EventLoop::post(Task task)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_posted.empty();
        m_posted.push_back(std::move(task));
    }
    if (first) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    }
}

void EventLoop::watch(int fd, bool read, bool write, Handler handler)
{
    auto &watch = m_watches[fd];
    watch.handler = std::move(handler);
    watch.generation = ++m_generation;
    epoll_event event{};
    event.events = interest(read, write);
    event.data.u64 = mark(fd, watch.generation);
    // A library may have closed the descriptor and opened another of the same number: then the kernel no longer knows it.
    if (epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
}

void EventLoop::change(int fd, bool read, bool write)
{
    const auto found = m_watches.find(fd);
    if (found == m_watches.end())
        return;
    epoll_event event{};
    event.events = interest(read, write);
    event.data.u64 = mark(fd, found->second.generation);
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event);
}

void EventLoop::forget(int fd)
{
    if (m_watches.erase(fd) > 0)
        epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr);
}

EventLoop::TimerId EventLoop::after(base::microseconds delay, Task task)
{
    const auto at = std::chrono::steady_clock::now() + delay;
    const TimerId id = ++m_lastTimer;
    m_timers.emplace(std::pair(at, id), std::move(task));
    m_timerAt.emplace(id, at);
    return id;
}

void EventLoop::cancel(TimerId id)
{
    const auto found = m_timerAt.find(id);
    if (found == m_timerAt.end())
        return;
    m_timers.erase({found->second, id});
    m_timerAt.erase(found);
}

int EventLoop::nextTimeoutMs() const
{
    if (m_timers.empty())
        return 1000;
    const auto left = m_timers.begin()->first.first - std::chrono::steady_clock::now();
    const auto ms = std::chrono::ceil<base::milliseconds>(left).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 1000));
}

bool EventLoop::handleEvents(int timeoutMs)
{
    std::array<epoll_event, batchSize> events{};
    const int count = epoll_wait(m_epoll, events.data(), batchSize, timeoutMs);
    for (int i = 0; i < count; ++i) {
        const auto &event = events.at(static_cast<std::size_t>(i));
        if (event.data.u64 == wakeMark) {
            std::uint64_t drained = 0;
            [[maybe_unused]] const auto got = ::read(m_wake, &drained, sizeof drained);
            continue;
        }
        const auto found = m_watches.find(static_cast<int>(event.data.u64 & 0xffffffffU));
        if (found == m_watches.end() || found->second.generation != event.data.u64 >> 32)
            continue;
        // A copy: the handler may forget its own descriptor.
        const Handler handler = found->second.handler;
        handler({(event.events & (EPOLLIN | EPOLLRDHUP)) != 0, (event.events & EPOLLOUT) != 0, (event.events & (EPOLLERR | EPOLLHUP)) != 0});
    }
    return count == batchSize;
}

void EventLoop::runPosted()
{
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(m_mutex);
        tasks.swap(m_posted);
    }
    for (const auto &task : tasks)
        task();
}

void EventLoop::runTimers()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_timers.empty() && m_timers.begin()->first.first <= now) {
        auto first = m_timers.extract(m_timers.begin());
        m_timerAt.erase(first.key().second);
        first.mapped()();
    }
}

void EventLoop::run()
{
    while (!m_stopping) {
        bool more = handleEvents(nextTimeoutMs());
        // Answers before deadlines: after this process itself was held up, what lies in the sockets is read before
        // anyone is called late.
        for (int rounds = 0; more && rounds < 64; ++rounds)
            more = handleEvents(0);
        runPosted();
        runTimers();
    }
    m_timers.clear();
    m_timerAt.clear();
    m_watches.clear();
    runPosted();
}

} // namespace shardlens::clients
