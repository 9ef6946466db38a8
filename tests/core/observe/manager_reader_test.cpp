// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ManagerReader.h"
#include "tests/core/clients/patroni/FakeRest.h"

#include <QTest>

#include <filesystem>
#include <map>
#include <mutex>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ReachState;

namespace {

constexpr std::size_t frozen = 40;
constexpr std::size_t answering = 3;

/// As a frozen server: the kernel accepts every connection, nobody ever says a word.
class FrozenPort
{
public:
    FrozenPort() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        const bool listens = ::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), length) == 0 && ::listen(m_listener, 4096) == 0 &&
                             ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) == 0;
        m_port = listens ? ntohs(address.sin_port) : std::uint16_t(0);
    }
    ~FrozenPort() { ::close(m_listener); }
    FrozenPort(const FrozenPort &) = delete;
    FrozenPort &operator=(const FrozenPort &) = delete;

    [[nodiscard]] fleet::Endpoint endpoint() const { return {"127.0.0.1", m_port}; }

private:
    int m_listener;
    std::uint16_t m_port = 0;
};

std::optional<std::string> patroniSays(const std::string &request)
{
    if (request.starts_with("GET /patroni"))
        return fakes::FakeRest::said(200, R"({"state": "running", "role": "master", "timeline": 3, "database_system_identifier": "7445331245312345678", "patroni": {"version": "3.0.2", "scope": "shop"}})");
    if (request.starts_with("GET /cluster"))
        return fakes::FakeRest::said(200, R"({"members": [{"name": "node0", "role": "leader", "state": "running", "timeline": 3}]})");
    return fakes::FakeRest::said(200, R"({"ttl": 30, "loop_wait": 2, "retry_timeout": 10})");
}

std::size_t countThreads()
{
    std::size_t count = 0;
    for ([[maybe_unused]] const auto &task : std::filesystem::directory_iterator("/proc/self/task"))
        ++count;
    return count;
}

} // namespace

class ManagerReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void frozenPatronisDelayNoOther();
};

void ManagerReaderTest::frozenPatronisDelayNoOther()
{
    const FrozenPort port;
    std::vector<std::unique_ptr<fakes::FakeRest>> rests;
    auto fleet = std::make_shared<fleet::Fleet>();
    fleet->regions = {{base::RegionName("us-east")}};
    fleet->ownRegion = base::RegionName("us-east");
    fleet->thresholds.downAfter = 3s;
    const auto declare = [&](const std::string &name, const fleet::Endpoint &patroni) {
        fleet::Server server;
        server.id = base::ServerId(name);
        server.region = fleet->ownRegion;
        server.patroni = patroni;
        fleet->servers.push_back(server);
    };
    for (std::size_t i = 0; i < frozen; ++i)
        declare("frozen-" + std::to_string(i), port.endpoint());
    for (std::size_t i = 0; i < answering; ++i) {
        rests.push_back(std::make_unique<fakes::FakeRest>(patroniSays));
        declare("well-" + std::to_string(i), rests.back()->endpoint());
    }

    const auto clock = std::make_shared<base::SystemClock>();
    std::mutex mutex;
    std::map<std::size_t, facts::ManagerReport> board;
    const std::size_t before = countThreads();
    auto reader = std::make_unique<observe::ManagerReader>(fleet, fleet->ownRegion, std::make_shared<observe::Passwords>(fleet), clock,
                                                           [&](std::size_t index, facts::ManagerReport report) {
                                                               const std::lock_guard lock(mutex);
                                                               board[index] = std::move(report);
                                                           });
    reader->start();
    const auto state = [&](std::size_t index) {
        const std::lock_guard lock(mutex);
        return board[index].reach.state;
    };
    const auto allAre = [&](std::size_t from, std::size_t to, ReachState wanted) {
        for (std::size_t i = from; i < to; ++i) {
            if (state(i) != wanted)
                return false;
        }
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(allAre(frozen, frozen + answering, ReachState::Answering), 15000);
    QTRY_VERIFY_WITH_TIMEOUT(allAre(0, frozen, ReachState::Down), 30000);
    QVERIFY(countThreads() <= before + observe::AskingLanes::mostThreads);
    const auto isFresh = [&](std::size_t index) {
        const std::lock_guard lock(mutex);
        return board[index].isFresh(clock->now());
    };
    for (std::size_t i = frozen; i < frozen + answering; ++i) {
        QTRY_VERIFY_WITH_TIMEOUT(isFresh(i), 15000);
        const std::lock_guard lock(mutex);
        QCOMPARE(board[i].scope, std::string("shop"));
        QVERIFY(board[i].leader() && board[i].leader()->name == "node0");
        QCOMPARE(board[i].server, fleet->servers[i].id);
    }
    {
        const std::lock_guard lock(mutex);
        QCOMPARE(board[0].server, base::ServerId("frozen-0"));
        QVERIFY(!board[0].hasAnswered);
        QCOMPARE(board[0].reach.lastError->code, base::ErrorCode::TimedOut);
    }

    const auto then = clock->now();
    reader.reset();
    QVERIFY(clock->now() - then < 1500ms); // less than the deadline of a question
}

QTEST_GUILESS_MAIN(ManagerReaderTest)
#include "manager_reader_test.moc"
