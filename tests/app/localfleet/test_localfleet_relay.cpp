// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Files.h"
#include "app/localfleet/relay/Flow.h"
#include "app/localfleet/relay/Relay.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace shardlens::localfleet;
namespace base = shardlens::base;
using namespace std::chrono_literals;

namespace
{

/// A server that keeps its newest connection and what came over it.
class Peer : public QTcpServer
{
public:
    explicit Peer(bool echoes)
    {
        connect(this, &QTcpServer::newConnection, this, [this, echoes] {
            socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, echoes, from = socket] {
                const QByteArray bytes = from->readAll();
                received += bytes.size();
                text += bytes.left(64);
                if (echoes)
                    from->write(bytes);
            });
        });
        if (!listen(QHostAddress::LocalHost))
            qFatal("no port is free");
    }
    QTcpSocket *socket = nullptr;
    qint64 received = 0;
    QByteArray text;
};

std::uint16_t freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace

/// Regions "here" (the client's) and "there" (the server's), with a relay between them on a thread of its own.
class TestLocalfleetRelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void pieces_never_overtake_each_other();
    void narrow_link_spaces_bytes_by_its_bandwidth();
    void round_trip_takes_both_latencies_and_a_connect_one_more();
    void delay_does_not_limit_what_a_link_carries();
    void bandwidth_limits_it();
    void reset_ends_open_connections_and_refuses_new_ones();
    void blackhole_holds_everything_and_tells_nobody();
    void one_way_blackhole_lets_the_other_way_through();
    void one_way_reset_tells_only_the_sender();
    void connection_begun_in_a_blackhole_is_made_when_it_heals();
    void dead_server_is_told_as_a_reset();
    void end_of_one_direction_leaves_the_other_open();
    void stable_address_is_pointed_elsewhere_and_remembers_it();
    void nonsense_is_refused_in_words();

private:
    void start(base::microseconds latency, std::int64_t bytesPerSecond = 0);
    void tell(const std::string &request);
    void setLinks(const char *oneWay, const char *wayBack, base::microseconds latency = 0us);
    std::unique_ptr<QTcpSocket> dial();

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Peer> m_echo;
    std::unique_ptr<Peer> m_other;
    std::unique_ptr<Relay> m_relay;
    std::thread m_thread;
    std::uint16_t m_port = 0;
};

void TestLocalfleetRelay::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_echo = std::make_unique<Peer>(true);
    m_other = std::make_unique<Peer>(false);
}

void TestLocalfleetRelay::cleanup()
{
    if (m_relay) {
        m_relay->stop();
        m_thread.join();
    }
    m_relay.reset();
    m_echo.reset();
    m_other.reset();
}

void TestLocalfleetRelay::start(base::microseconds latency, std::int64_t bytesPerSecond)
{
    m_port = freePort();
    RelayPlan plan;
    plan.targets = {{"echo", {"there", m_echo->serverPort()}}, {"other", {"there", m_other->serverPort()}}};
    plan.listeners = {{"echo@here", m_port, "here", "echo"}};
    plan.links = {{{"here", "there"}, {latency, bytesPerSecond, Cut::None}}, {{"there", "here"}, {latency, bytesPerSecond, Cut::None}}};
    auto relay = Relay::open(plan, m_directory->filePath("relay.sock").toStdString(), m_directory->filePath("state").toStdString());
    if (!relay)
        QFAIL(relay.error().message.c_str());
    m_relay = std::move(*relay);
    m_thread = std::thread([this] { m_relay->run(); });
}

void TestLocalfleetRelay::tell(const std::string &request)
{
    const auto answer = askRelay(m_directory->filePath("relay.sock").toStdString(), request);
    if (!answer)
        QFAIL(answer.error().message.c_str());
}

void TestLocalfleetRelay::setLinks(const char *oneWay, const char *wayBack, base::microseconds latency)
{
    const std::string way = std::to_string(latency.count()) + " 0 ";
    tell("link here there " + way + oneWay);
    tell("link there here " + way + wayBack);
}

std::unique_ptr<QTcpSocket> TestLocalfleetRelay::dial()
{
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost(QHostAddress::LocalHost, m_port);
    return socket;
}

void TestLocalfleetRelay::pieces_never_overtake_each_other()
{
    LinkState link{{30ms, 0, Cut::None}, {}};
    Flow flow;
    const base::Instant begin{1s};
    flow.send(link, Flow::Kind::Bytes, "slow", begin, begin);
    link.link.latency = 1ms; // the link got faster while the first piece travelled
    flow.send(link, Flow::Kind::Bytes, "fast", begin + 1ms, begin);
    QVERIFY(flow.arrived(begin + 29ms) == nullptr);
    QCOMPARE(flow.arrived(begin + 30ms)->bytes, std::string("slow"));
    flow.pop();
    QCOMPARE(flow.arrived(begin + 30ms)->bytes, std::string("fast"));
}

void TestLocalfleetRelay::narrow_link_spaces_bytes_by_its_bandwidth()
{
    LinkState link{{10ms, 1000, Cut::None}, {}};
    Flow one;
    Flow two; // both travel the same link
    const base::Instant begin{1s};
    one.send(link, Flow::Kind::Bytes, std::string(100, 'x'), begin, begin);
    two.send(link, Flow::Kind::Bytes, std::string(50, 'y'), begin, begin);
    QCOMPARE(one.nextDue().value() - begin, base::Instant::duration(110ms));
    QCOMPARE(two.nextDue().value() - begin, base::Instant::duration(160ms));
}

void TestLocalfleetRelay::round_trip_takes_both_latencies_and_a_connect_one_more()
{
    start(20ms);
    QElapsedTimer timer;
    timer.start();
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    const qint64 first = timer.nsecsElapsed();
    timer.restart();
    client->write("b");
    QTRY_COMPARE(client->bytesAvailable(), 2);
    const qint64 second = timer.nsecsElapsed();
    QVERIFY2(first >= 80'000'000, qPrintable(QString::number(first)));
    QVERIFY2(second >= 40'000'000 && second < first, qPrintable(QString::number(second)));
}

void TestLocalfleetRelay::delay_does_not_limit_what_a_link_carries()
{
    start(40ms);
    auto client = dial();
    constexpr qint64 size = 16 << 20; // one piece a round trip would be minutes
    QElapsedTimer timer;
    timer.start();
    client->write(QByteArray(size, 'x'));
    qint64 back = 0;
    connect(client.get(), &QTcpSocket::readyRead, client.get(), [&] { back += client->readAll().size(); });
    QTRY_COMPARE_WITH_TIMEOUT(back, size, 20000);
    QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
}

void TestLocalfleetRelay::bandwidth_limits_it()
{
    start(0us, 1 << 20);
    auto client = dial();
    QElapsedTimer timer;
    timer.start();
    client->write(QByteArray(512 << 10, 'x'));
    QTRY_COMPARE_WITH_TIMEOUT(m_echo->received, 512 << 10, 10000);
    QVERIFY2(timer.elapsed() >= 490, qPrintable(QString::number(timer.elapsed())));
}

void TestLocalfleetRelay::reset_ends_open_connections_and_refuses_new_ones()
{
    start(0us);
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    QSignalSpy serverSide(m_echo->socket, &QTcpSocket::disconnected);
    setLinks("reset", "reset");
    QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(client->error(), QAbstractSocket::RemoteHostClosedError);
    QTRY_COMPARE(serverSide.count(), 1);
    auto refused = dial();
    QTRY_COMPARE(refused->state(), QAbstractSocket::UnconnectedState);
    setLinks("none", "none");
    auto again = dial();
    again->write("b");
    QTRY_COMPARE(again->bytesAvailable(), 1);
}

void TestLocalfleetRelay::blackhole_holds_everything_and_tells_nobody()
{
    start(0us);
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    setLinks("blackhole", "blackhole");
    client->write("b");
    QVERIFY(client->waitForBytesWritten(1000));
    auto probe = dial(); // a later one would be through by now, if anything went through
    probe->write("c");
    QVERIFY(!probe->waitForReadyRead(100));
    QCOMPARE(m_echo->received, 1);
    QCOMPARE(client->bytesAvailable(), 1);
    QCOMPARE(client->state(), QAbstractSocket::ConnectedState);
    setLinks("none", "none");
    QTRY_COMPARE(client->bytesAvailable(), 2);
}

void TestLocalfleetRelay::one_way_blackhole_lets_the_other_way_through()
{
    start(0us);
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    setLinks("blackhole", "none");
    client->write("b");
    m_echo->socket->write("from the server");
    QTRY_COMPARE(client->bytesAvailable(), 16);
    QCOMPARE(m_echo->received, 1);
    // Without acknowledgements the server's side gets rid of one window, not of all it has.
    m_echo->socket->write(QByteArray(16 << 20, 'x'));
    qint64 got = 0;
    connect(client.get(), &QTcpSocket::readyRead, client.get(), [&] { got += client->readAll().size(); });
    QTRY_VERIFY(got >= 64 << 10);
    QVERIFY(!client->waitForReadyRead(100));
    QVERIFY2(got < 1 << 20, qPrintable(QString::number(got)));
    setLinks("none", "none");
    QTRY_COMPARE_WITH_TIMEOUT(got, 16 + (16 << 20) + 1, 20000); // and the echo of what was held
}

void TestLocalfleetRelay::one_way_reset_tells_only_the_sender()
{
    start(0us);
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    QSignalSpy serverSide(m_echo->socket, &QTcpSocket::disconnected);
    setLinks("reset", "none");
    QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState);
    QVERIFY(!serverSide.wait(100));
    setLinks("none", "none"); // now the server's side meets a peer that knows nothing of it
    QTRY_COMPARE(serverSide.count(), 1);
}

void TestLocalfleetRelay::connection_begun_in_a_blackhole_is_made_when_it_heals()
{
    start(0us);
    setLinks("none", "blackhole");
    auto client = dial();
    client->write("a");
    QVERIFY(!client->waitForReadyRead(100));
    QVERIFY(m_echo->socket == nullptr);
    setLinks("none", "none");
    QTRY_COMPARE(client->bytesAvailable(), 1);
}

void TestLocalfleetRelay::dead_server_is_told_as_a_reset()
{
    start(10ms);
    m_echo->close();
    QElapsedTimer timer;
    timer.start();
    auto client = dial();
    QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState);
    QVERIFY(timer.elapsed() >= 20); // the refusal travels as far as an answer would
}

void TestLocalfleetRelay::end_of_one_direction_leaves_the_other_open()
{
    start(5ms);
    auto client = LineClient::toPort(m_port, 5s);
    QVERIFY(client);
    QVERIFY(client->send("a\n"));
    QTRY_VERIFY(m_echo->socket != nullptr && m_echo->received == 2);
    m_echo->socket->disconnectFromHost();
    const auto text = client->rest(); // all that was sent before the end, then the end
    QVERIFY(text);
    QCOMPARE(*text, std::string("a\n"));
}

void TestLocalfleetRelay::stable_address_is_pointed_elsewhere_and_remembers_it()
{
    start(0us);
    auto client = dial();
    client->write("a");
    QTRY_COMPARE(client->bytesAvailable(), 1);
    tell("point echo@here other");
    QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState); // nobody goes on with the server of before
    auto again = dial();
    again->write("b");
    QTRY_COMPARE(m_other->text, QByteArray("b"));
    QCOMPARE(m_echo->received, 1);
    const auto kept = parseRelayPlan(readFile(m_directory->filePath("state").toStdString()).value_or(""));
    QVERIFY(kept);
    QCOMPARE(kept->listeners.front().target, std::string("other"));
}

void TestLocalfleetRelay::nonsense_is_refused_in_words()
{
    start(0us);
    const auto socket = m_directory->filePath("relay.sock").toStdString();
    for (const auto &[request, says] : {std::pair{"point echo@here nobody", "nobody"},
                                        {"point mars@here echo", "mars"},
                                        {"link here mars 0 0 none", "mars"},
                                        {"dance", "dance"}}) {
        const auto answer = askRelay(socket, request);
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find(says) != std::string::npos, answer.error().message.c_str());
    }
    QVERIFY(askRelay(socket, "status"));
}

QTEST_GUILESS_MAIN(TestLocalfleetRelay)
#include "test_localfleet_relay.moc"
