// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/Session.h"
#include "tests/fakes/FakeCaches.h"

#include <QElapsedTimer>
#include <QTest>

using namespace shardlens;
using base::Effect;
using base::ErrorCode;
using fakes::Mood;
using namespace std::chrono_literals;

class TestRedisSession : public QObject
{
    Q_OBJECT

    std::shared_ptr<fakes::RedisScript> m_script = std::make_shared<fakes::RedisScript>();
    fakes::FakePeers m_peers;
    fakes::FakePeer &m_server = m_peers.add([this] { return std::make_unique<fakes::RedisDialect>(m_script); });

    base::Result<redis::Session> open(const std::string &secret = {}, base::milliseconds timeout = 2s)
    {
        return redis::Session::connect({"feeds-here", {"127.0.0.1", m_server.port()}, {}}, secret, timeout);
    }
    void setPassword(const std::string &password)
    {
        const std::lock_guard lock(m_script->mutex);
        m_script->password = password;
    }

private Q_SLOTS:
    void init()
    {
        m_server.setMood(Mood::Answers);
        setPassword({});
    }

    void answersEachCommandOfAPipelineInOrder()
    {
        auto session = open();
        QVERIFY(session);
        for (int i = 0; i < 1000; ++i) {
            session->add({"GET", "shardlens:term"});
            session->add({"NOSUCHCOMMAND"});
        }
        QCOMPARE(session->queued(), std::size_t(2000));
        const auto replies = session->run(5s);
        QVERIFY(replies);
        QCOMPARE(replies->size(), std::size_t(2000));
        QCOMPARE(session->queued(), std::size_t(0));
        for (std::size_t i = 0; i < replies->size(); i += 2) {
            QCOMPARE(replies->at(i).text, std::string("3"));
            QVERIFY(replies->at(i + 1).isError());
        }
        QVERIFY(session->isOpen());
    }

    void anErrorReplyToOneCommandIsAnError()
    {
        auto session = open();
        const auto refused = session->command({"NOSUCHCOMMAND"}, 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Rejected);
        QCOMPARE(refused.error().server, std::string("feeds-here"));
        QVERIFY(session->isOpen());
    }

    void logsIn()
    {
        setPassword("right");
        QVERIFY(open("right"));
        const auto wrong = open("wrong");
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, ErrorCode::NoRights);
        QCOMPARE(wrong.error().effect, Effect::None);
    }

    void nobodyListens()
    {
        const auto refused = redis::Session::connect({"feeds-here", {"127.0.0.1", 1}, {}}, "", 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
    }

    void aSilentServerHoldsNoCallLongerThanItsDeadline()
    {
        auto session = open();
        m_server.setMood(Mood::HangsAtQuery);
        QElapsedTimer timer;
        timer.start();
        const auto late = session->command({"GET", "x"}, 200ms);
        QVERIFY(!late);
        QVERIFY(timer.elapsed() >= 200 && timer.elapsed() < 1200);
        QCOMPARE(late.error().code, ErrorCode::TimedOut);
        QCOMPARE(late.error().effect, Effect::InDoubt);
        QVERIFY(!session->isOpen());
    }

    void aBrokenLinkIsInDoubt()
    {
        auto session = open();
        m_server.setMood(Mood::ClosesMidAnswer);
        const auto broken = session->command({"GET", "shardlens:term"}, 2s);
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::Unreachable);
        QCOMPARE(broken.error().effect, Effect::InDoubt);
    }

    void garbageIsAProtocolError()
    {
        auto session = open();
        m_server.setMood(Mood::TalksGarbage);
        const auto garbled = session->command({"GET", "shardlens:term"}, 2s);
        QVERIFY(!garbled);
        QCOMPARE(garbled.error().code, ErrorCode::Protocol);
        QVERIFY(!session->isOpen());
    }
};

QTEST_GUILESS_MAIN(TestRedisSession)
#include "test_redis_session.moc"
