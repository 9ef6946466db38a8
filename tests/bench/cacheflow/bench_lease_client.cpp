// SPDX-License-Identifier: GPL-3.0-or-later
// The lease client beside a plain get/set loop over libmemcached, on the same number of connections to the same real memcached; and what
// publishing its statistics costs: the time it takes of theirs, as two rates differ by more than that anyway. Rounds of each kind take turns,
// so that whatever else the machine does meets all of them.
#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/LeaseDatagram.h"
#include "core/clients/memcached/Session.h"
#include "tests/live/cacheflow/RealMemcached.h"

#include <QCoreApplication>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int connections = 2;
constexpr int rounds = 7;
constexpr auto roundLasts = 1200ms;
constexpr std::uint64_t keys = 2000;
constexpr std::uint64_t deletesOneOf = 50; ///< a read in so many finds its key deleted: a miss and a fill
constexpr auto reportEvery = 1s;
constexpr double goalShare = 0.8;
constexpr double goalCost = 0.02;
const std::string value(400, 'v');

enum class Kind { Plain, Leases, LeasesAndStatistics };

/// A place for datagrams to go to, so that the system's whole work is done.
class Listener
{
public:
    Listener() : m_fd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        if (::bind(m_fd, reinterpret_cast<sockaddr *>(&address), length) == 0 && ::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &length) == 0)
            m_port = ntohs(address.sin_port);
    }
    ~Listener() { ::close(m_fd); }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    [[nodiscard]] fleet::Endpoint endpoint() const { return {"127.0.0.1", m_port}; }
    [[nodiscard]] int drain() const
    {
        char bytes[2048];
        int heard = 0;
        while (::recv(m_fd, bytes, sizeof bytes, 0) > 0)
            ++heard;
        return heard;
    }

private:
    int m_fd;
    std::uint16_t m_port = 0;
};

std::string keyOf(std::uint64_t number)
{
    return "u:" + std::to_string(1000000 + number * 7919 % keys);
}

std::uint64_t plainLoop(const memcached::Member &member, const std::atomic<bool> &stops, std::uint64_t from)
{
    auto session = memcached::Session::open({member}, fleet::Hashing::Ketama, 1s);
    std::uint64_t reads = 0;
    for (std::uint64_t i = from; session && !stops; ++i, ++reads) {
        const std::string key = keyOf(i);
        if (i % deletesOneOf == 0)
            (void)session->remove(key);
        const auto got = session->get(key);
        if (got && !*got)
            (void)session->set(key, value, 300s);
    }
    return reads;
}

std::uint64_t leaseLoop(const memcached::Member &member, const std::atomic<bool> &stops, std::uint64_t from, const fleet::Endpoint *statsd,
                        const std::shared_ptr<cacheflow::HerdBook> &herds, std::atomic<Clock::rep> &publishing)
{
    cacheflow::LeaseRules rules;
    rules.deadline = 1s;
    rules.herds = herds;
    auto client = cacheflow::LeaseClient::open({member}, fleet::Hashing::Ketama, rules);
    std::optional<cacheflow::LeaseReporter> reporter;
    if (statsd) {
        if (auto opened = cacheflow::LeaseReporter::open(*statsd, "cache-bench"))
            reporter.emplace(std::move(*opened));
    }
    auto reportAt = Clock::now();
    std::uint64_t reads = 0;
    for (std::uint64_t i = from; client && !stops; ++i, ++reads) {
        const std::string key = keyOf(i);
        if (i % deletesOneOf == 0)
            (void)client->remove(key);
        const auto got = client->get(key);
        if (got && got->kind == cacheflow::LeaseRead::Kind::Fill)
            (void)client->fill(key, got->token, value, 300s);
        if (reporter && Clock::now() >= reportAt) {
            const auto begun = Clock::now();
            reporter->report({client->counts(), client->herds()});
            publishing += (Clock::now() - begun).count();
            reportAt += reportEvery;
        }
    }
    return reads;
}

struct Round {
    double readsPerSecond = 0;
    double publishing = 0; ///< share of the clients' time, 0 to 1
};

Round play(const memcached::Member &member, Kind kind, const fleet::Endpoint &statsd)
{
    std::atomic<Clock::rep> publishing{0};
    std::atomic<bool> stops{false};
    std::vector<std::uint64_t> reads(connections);
    std::vector<std::thread> threads;
    const auto herds = std::make_shared<cacheflow::HerdBook>();
    const auto begun = Clock::now();
    for (int i = 0; i < connections; ++i) {
        threads.emplace_back([&, i] {
            const std::uint64_t from = static_cast<std::uint64_t>(i) * keys / connections;
            reads[static_cast<std::size_t>(i)] = kind == Kind::Plain ? plainLoop(member, stops, from)
                                                                     : leaseLoop(member, stops, from, kind == Kind::LeasesAndStatistics ? &statsd : nullptr, herds, publishing);
        });
    }
    std::this_thread::sleep_for(roundLasts);
    stops = true;
    for (auto &thread : threads)
        thread.join();
    std::uint64_t sum = 0;
    for (const auto one : reads)
        sum += one;
    const std::chrono::duration<double> took = Clock::now() - begun;
    const std::chrono::duration<double> published = Clock::duration(publishing.load());
    return {static_cast<double>(sum) / took.count(), published / took / connections};
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    RealMemcached server;
    const Listener listener;
    if (!server.start()) {
        std::printf("memcached does not start\n");
        return 1;
    }
    std::vector<double> plain;
    std::vector<double> leases;
    std::vector<double> published;
    std::vector<double> shares;
    std::vector<double> costs;
    (void)play(server.member(), Kind::Plain, listener.endpoint()); // fills
    for (int round = 0; round < rounds; ++round) {
        plain.push_back(play(server.member(), Kind::Plain, listener.endpoint()).readsPerSecond);
        leases.push_back(play(server.member(), Kind::Leases, listener.endpoint()).readsPerSecond);
        const Round told = play(server.member(), Kind::LeasesAndStatistics, listener.endpoint());
        published.push_back(told.readsPerSecond);
        shares.push_back(leases.back() / plain.back());
        costs.push_back(told.publishing);
    }
    const int heard = listener.drain();
    std::printf("%d connections, 400-byte values, one read in %llu finds its key deleted; medians of %d rounds of 1.2 s\n", connections,
                static_cast<unsigned long long>(deletesOneOf), rounds);
    std::printf("%-28s %14s %10s\n", "", "reads/s", "ratio");
    std::printf("%-28s %14.0f %10s\n", "libmemcached get/set", median(plain), "1");
    std::printf("%-28s %14.0f %10.2f   goal %.1f\n", "lease client", median(leases), median(shares), goalShare);
    std::printf("%-28s %14.0f %9.3f%%   of the clients' time goes into publishing; goal under %.0f %%\n", "and publishing statistics", median(published), 100 * median(costs), 100 * goalCost);
    std::printf("%d datagrams were heard\n", heard);
    if (heard == 0)
        return 1;
#ifdef NDEBUG
    return median(shares) >= goalShare && median(costs) < goalCost ? 0 : 1;
#else
    return 0;
#endif
}
