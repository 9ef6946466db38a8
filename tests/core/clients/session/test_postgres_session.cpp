// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/Session.h"
#include "core/clients/postgres/SessionErrors.h"
#include "tests/fakes/FakePeers.h"
#include "tests/fakes/PgWire.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>

using namespace shardlens;
using base::Effect;
using base::ErrorCode;
using fakes::Mood;
using namespace std::chrono_literals;

namespace
{

/// A server that knows a handful of statements, in the simple and in the extended protocol.
class Dialect final : public fakes::Dialect
{
public:
    std::vector<Reply> take(std::string_view bytes) override
    {
        m_unread.append(bytes);
        std::vector<Reply> replies;
        while (!m_started) {
            const auto body = fakes::wire::takeStartup(m_unread);
            if (!body)
                return replies;
            m_started = true;
            replies.push_back(
                {fakes::wire::message('R', fakes::wire::int32(0)) + fakes::wire::parameter("server_version", "15.0") + ready(), false,
                 false});
        }
        while (const auto one = fakes::wire::takeMessage(m_unread)) {
            const auto &[type, body] = *one;
            if (type == 'P')
                m_sql = body.substr(1, body.find('\0', 1) - 1); // an unnamed statement
            else if (type == 'S')
                replies.push_back({fakes::wire::message('1', "") + fakes::wire::message('2', "") + answer(m_sql), true, false});
            else if (type == 'Q')
                replies.push_back({answer(body.substr(0, body.find('\0'))), true, false});
            else if (type == 'X')
                replies.push_back({"", false, true});
        }
        return replies;
    }

private:
    std::string ready() const { return fakes::wire::message('Z', m_inTransaction ? "T" : "I"); }
    std::string answer(const std::string &sql)
    {
        using namespace fakes::wire;
        if (sql == "begin" || sql == "commit") {
            m_inTransaction = sql == "begin";
            return complete(sql) + ready();
        }
        if (sql.starts_with("error "))
            return error(sql.substr(6, 5), "it said no.") + ready();
        if (sql == "three")
            return rowDescription({"id", "name"}) + dataRow({"1", "a"}) + dataRow({"2", std::nullopt}) + dataRow({"3", ""}) +
                   complete("SELECT 3") + ready();
        return complete("INSERT 0 1") + ready();
    }
    std::string m_unread;
    std::string m_sql;
    bool m_started = false;
    bool m_inTransaction = false;
};

postgres::Target targetOf(std::uint16_t port)
{
    return {"u1-here", {"127.0.0.1", port}, "insta", "somebody"};
}

postgres::SessionOptions plain()
{
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    return options;
}

} // namespace

class TestPostgresSession : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    fakes::FakePeer &m_server = m_peers.add([] { return std::make_unique<Dialect>(); });

    base::Result<postgres::Session> open(const postgres::SessionOptions &options = plain(), base::milliseconds timeout = 2s)
    {
        return postgres::Session::connect(targetOf(m_server.port()), "", options, timeout);
    }

private Q_SLOTS:
    void init() { m_server.setMood(Mood::Answers); }

    /// Whoever looks whether a session still stands must not take away what another thread waits for.
    void anAnswerIsNotTakenByWhoLooksWhetherItStands()
    {
        auto session = open();
        QVERIFY(session);
        m_server.setDelay(base::milliseconds(3));
        std::atomic<bool> isOver{false};
        std::atomic<int> lost{0};
        std::thread looking([&] {
            while (!isOver)
                lost += session->hasHungUp() ? 1 : 0;
        });
        int answered = 0;
        for (int i = 0; i < 50; ++i)
            answered += session->isOpen() && session->script("three", 1s) ? 1 : 0;
        isOver = true;
        looking.join();
        m_server.setDelay(base::milliseconds(0));
        QCOMPARE(answered, 50);
        QCOMPARE(lost.load(), 0);
    }

    void answersRowsWithNullApartFromEmpty()
    {
        auto session = open();
        QVERIFY(session);
        const auto rows = session->exec("three", {"parameter", std::nullopt}, 2s);
        QVERIFY(rows);
        QCOMPARE(rows->rows.size(), std::size_t(3));
        QCOMPARE(rows->columns, (std::vector<std::string>{"id", "name"}));
        QCOMPARE(rows->first(), std::string("1"));
        QVERIFY(!rows->at(1, 1).has_value());
        QCOMPARE(rows->at(2, 1), postgres::Value(""));
        QCOMPARE(rows->affected, std::int64_t(3));
    }

    void isUsableAfterTheServerSaidNo()
    {
        auto session = open();
        const auto refused = session->exec("error 42501", 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NoRights);
        QCOMPARE(refused.error().sqlState, std::string("42501"));
        QCOMPARE(refused.error().message, std::string("it said no"));
        QCOMPARE(refused.error().server, std::string("u1-here"));
        QVERIFY(session->isOpen());
        QVERIFY(session->exec("three", 2s));
    }

    void tellsWhatAServersErrorMeans_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<Effect>("effect");
        QTest::newRow("a unique violation is a plain no") << "23505" << ErrorCode::Rejected << Effect::None;
        QTest::newRow("a wrong password is a matter of rights") << "28P01" << ErrorCode::NoRights << Effect::None;
        QTest::newRow("a router that lost its server does not know whether it was done")
            << "08P01" << ErrorCode::Unreachable << Effect::InDoubt;
        QTest::newRow("a server that cannot tell whether it completed") << "40003" << ErrorCode::Unreachable << Effect::InDoubt;
    }
    void tellsWhatAServersErrorMeans()
    {
        QFETCH(QString, state);
        QFETCH(ErrorCode, code);
        QFETCH(Effect, effect);
        auto session = open();
        const auto refused = session->exec("error " + state.toStdString(), 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, code);
        QCOMPARE(refused.error().effect, effect);
    }

    void nobodyListens()
    {
        const auto refused = postgres::Session::connect(targetOf(1), "", plain(), 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(refused.error().effect, Effect::None);
    }

    void aFrozenServerHoldsNoConnectLongerThanItsDeadline()
    {
        m_server.setMood(Mood::HangsAtConnect);
        QElapsedTimer timer;
        timer.start();
        const auto late = open(plain(), 300ms);
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::TimedOut);
        QCOMPARE(late.error().server, std::string("u1-here"));
        QVERIFY2(timer.elapsed() >= 300 && timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void tellsWhatASilentServerMayHaveDone_data()
    {
        QTest::addColumn<bool>("inTransaction");
        QTest::addColumn<bool>("readOnly");
        QTest::addColumn<QString>("sql");
        QTest::addColumn<Effect>("effect");
        QTest::newRow("a write of its own may have been committed") << false << false << "insert into x values (1)" << Effect::InDoubt;
        QTest::newRow("a SELECT may call a function that writes") << false << false << "select f()" << Effect::InDoubt;
        QTest::newRow("a write inside a transaction is rolled back with it") << true << false << "insert into x values (1)" << Effect::None;
        QTest::newRow("a COMMIT may have been done") << true << false << "commit" << Effect::InDoubt;
        QTest::newRow("a read-only session does nothing") << false << true << "select f()" << Effect::None;
        QTest::newRow("BEGIN does nothing") << false << false << "begin" << Effect::None;
    }
    void tellsWhatASilentServerMayHaveDone()
    {
        QFETCH(bool, inTransaction);
        QFETCH(bool, readOnly);
        QFETCH(QString, sql);
        QFETCH(Effect, effect);
        auto options = plain();
        options.readOnly = readOnly;
        auto session = open(options);
        QVERIFY(session);
        if (inTransaction)
            QVERIFY(session->exec("begin", 2s));
        QCOMPARE(session->isInTransaction(), inTransaction);
        m_server.setMood(Mood::HangsAtQuery);
        QElapsedTimer timer;
        timer.start();
        const auto late = session->exec(sql.toStdString(), 200ms);
        QVERIFY(!late);
        QVERIFY(timer.elapsed() < 1200);
        QCOMPARE(late.error().code, ErrorCode::TimedOut);
        QCOMPARE(late.error().effect, effect);
        QVERIFY(!session->isOpen());
        const auto closed = session->exec("three", 200ms);
        QVERIFY(!closed);
        QCOMPARE(closed.error().effect, Effect::None);
    }

    void aLinkThatBreaksMidAnswerIsInDoubt()
    {
        auto session = open();
        m_server.setMood(Mood::ClosesMidAnswer);
        const auto broken = session->exec("three", 2s);
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::Unreachable);
        QCOMPARE(broken.error().effect, Effect::InDoubt);
        QVERIFY(!session->isOpen());
    }

    void anotherThreadEndsAWaitingCall()
    {
        const auto interrupt = std::make_shared<wire::Interrupt>();
        auto session = postgres::Session::connect(targetOf(m_server.port()), "", plain(), 2s, interrupt);
        QVERIFY(session);
        m_server.setMood(Mood::HangsAtQuery);
        const int before = m_server.queriesSeen();
        std::thread other([&] {
            while (m_server.queriesSeen() == before)
                std::this_thread::yield();
            interrupt->raise();
        });
        QElapsedTimer timer;
        timer.start();
        const auto ended = session->exec("insert into x values (1)", 20s);
        other.join();
        QVERIFY(!ended);
        QVERIFY(timer.elapsed() < 5000);
        QCOMPARE(ended.error().code, ErrorCode::Cancelled);
        QCOMPARE(ended.error().effect, Effect::InDoubt);
    }

    void aRoutersSessionCannotBeMadeReadOnly()
    {
        auto options = plain();
        options.throughRouter = options.readOnly = true;
        const auto refused = open(options);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
    }

    void readsLibpqsWords_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("nobody listens")
            << "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?\n"
            << ErrorCode::Refused << "Connection refused";
        QTest::newRow("a wrong password")
            << "connection to server at \"::1\", port 1 failed: FATAL:  password authentication failed for user \"x\"\n"
            << ErrorCode::NoRights << "FATAL:  password authentication failed for user \"x\"";
        QTest::newRow("it still starts") << "connection to server at \"::1\", port 1 failed: FATAL:  the database system is starting up\n"
                                         << ErrorCode::Rejected << "FATAL:  the database system is starting up";
        QTest::newRow("a link that broke") << "server closed the connection unexpectedly\n\tThis probably means …\n"
                                           << ErrorCode::Unreachable << "server closed the connection unexpectedly";
    }
    void readsLibpqsWords()
    {
        QFETCH(QString, said);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        const auto error = postgres::linkError(said.toStdString());
        QCOMPARE(error.code, code);
        QCOMPARE(QString::fromStdString(error.message), message);
    }

    void escapesCopyFields()
    {
        std::string line;
        postgres::appendCopyField(line, "a\\b\tc\nd\re");
        line += '|';
        postgres::appendCopyField(line, std::nullopt);
        QCOMPARE(line, std::string("a\\\\b\\tc\\nd\\re|\\N"));
    }
};

QTEST_GUILESS_MAIN(TestPostgresSession)
#include "test_postgres_session.moc"
