// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/Session.h"
#include "tests/fakes/FakePeers.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>
#include <set>

using namespace shardlens;
using base::ErrorCode;
using fakes::Mood;
using namespace std::chrono_literals;

namespace
{

/// get, set and delete of the text protocol, over one map.
class Dialect final : public fakes::Dialect
{
public:
    std::vector<Reply> take(std::string_view bytes) override
    {
        m_unread.append(bytes);
        std::vector<Reply> replies;
        for (auto end = m_unread.find("\r\n"); end != std::string::npos; end = m_unread.find("\r\n")) {
            QList<QByteArray> words = QByteArray::fromStdString(m_unread.substr(0, end)).split(' ');
            words.removeAll({});
            std::size_t used = end + 2;
            const std::string key = words.size() > 1 ? words[1].toStdString() : std::string();
            std::string answer = "ERROR\r\n";
            if (words[0] == "get" || words[0] == "gets") {
                answer = m_items.contains(key)
                             ? "VALUE " + key + " 0 " + std::to_string(m_items[key].size()) + "\r\n" + m_items[key] + "\r\nEND\r\n"
                             : "END\r\n";
            } else if (words[0] == "set") {
                const auto length = words[4].toUInt();
                if (m_unread.size() < used + length + 2)
                    return replies;
                m_items[key] = m_unread.substr(used, length);
                used += length + 2;
                answer = "STORED\r\n";
            } else if (words[0] == "delete") {
                answer = m_items.erase(key) > 0 ? "DELETED\r\n" : "NOT_FOUND\r\n";
            }
            m_unread.erase(0, used);
            replies.push_back({answer, true, false});
        }
        return replies;
    }

private:
    std::string m_unread;
    std::map<std::string, std::string> m_items;
};

} // namespace

class TestMemcachedSession : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    fakes::FakePeer &m_server = m_peers.add([] { return std::make_unique<Dialect>(); });

    base::Result<memcached::Session> open()
    {
        return memcached::Session::open({{"cache-1", {"127.0.0.1", m_server.port()}}}, fleet::Hashing::Ketama, 300ms);
    }

private Q_SLOTS:
    void init() { m_server.setMood(Mood::Answers); }

    void keepsGivesAndForgets()
    {
        auto session = open();
        QVERIFY(session);
        const auto miss = session->get("u:1");
        QVERIFY(miss && !miss->has_value());
        QVERIFY(session->set("u:1", "{\"version\":3}", 60s));
        const auto hit = session->get("u:1");
        QVERIFY(hit && hit->has_value());
        QCOMPARE(**hit, std::string("{\"version\":3}"));
        QVERIFY(session->remove("u:1"));
        QVERIFY2(session->remove("u:1"), "a key that is not there any more is forgotten too");
        QVERIFY(!session->get("u:1")->has_value());
    }

    void anEmptyValueIsNoMiss()
    {
        auto session = open();
        QVERIFY(session->set("u:2", "", 60s));
        const auto hit = session->get("u:2");
        QVERIFY(hit && hit->has_value() && (*hit)->empty());
    }

    void aSilentServerHoldsNoCallForLong()
    {
        auto session = open();
        QVERIFY(session->set("u:1", "x", 60s));
        m_server.setMood(Mood::HangsAtQuery);
        QElapsedTimer timer;
        timer.start();
        const auto late = session->get("u:1");
        QVERIFY(!late);
        QCOMPARE(late.error().server, std::string("cache-1"));
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    }

    void nobodyListens()
    {
        auto session = memcached::Session::open({{"cache-1", {"127.0.0.1", 1}}}, fleet::Hashing::Modulo, 300ms);
        QVERIFY(session);
        const auto refused = session->get("u:1");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
    }

    void aKeyThatCannotBeIsRefused()
    {
        auto session = open();
        const auto refused = session->get(std::string(251, 'k'));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QCOMPARE(session->set("two words", "x", 60s).error().code, ErrorCode::BadInput);
    }

    void everyKeyHasOneMemberAndAllMembersHaveKeys()
    {
        for (const auto hashing : {fleet::Hashing::Ketama, fleet::Hashing::Modulo}) {
            const std::vector<memcached::Member> members{
                {"a", {"127.0.0.1", 21901}}, {"b", {"127.0.0.1", 21902}}, {"c", {"127.0.0.1", 21903}}};
            auto one = memcached::Session::open(members, hashing, 300ms);
            auto other = memcached::Session::open(members, hashing, 300ms);
            std::set<std::size_t> used;
            for (int i = 0; i < 300; ++i) {
                const std::string key = "u:" + std::to_string(i);
                QCOMPARE(one->memberOf(key), other->memberOf(key));
                used.insert(one->memberOf(key));
            }
            QCOMPARE(used, (std::set<std::size_t>{0, 1, 2}));
        }
    }
};

QTEST_GUILESS_MAIN(TestMemcachedSession)
#include "test_memcached_session.moc"
