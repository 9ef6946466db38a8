// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PreparedNames.h"
#include "core/clients/postgres/Session.h"
#include "tests/fakes/FakePeers.h"
#include "tests/fakes/PgWire.h"

#include <QTest>

#include <map>
#include <mutex>

using namespace shardlens;
using base::ErrorCode;
using namespace std::chrono_literals;

namespace {

/// What a server was told, and how it is to answer.
struct Script {
    std::mutex mutex;
    std::vector<std::string> parsed; ///< "s1 = text", an unnamed one with no name
    std::vector<std::string> freed;
    bool isPooler = false; ///< each time another session answers, which knows no name
    int outdated = 0;      ///< how many executions more find their table changed
    int synchronised = 0;
};

/// A server that keeps named statements, and skips to the next synchronisation after an error, as Postgres does.
class Dialect final : public fakes::Dialect
{
public:
    explicit Dialect(Script &script) : m_script(script) {}

    std::vector<Reply> take(std::string_view bytes) override
    {
        using namespace fakes::wire;
        const std::lock_guard lock(m_script.mutex);
        m_unread.append(bytes);
        std::vector<Reply> replies;
        while (!m_started) {
            if (!takeStartup(m_unread))
                return replies;
            m_started = true;
            replies.push_back({message('R', int32(0)) + parameter("server_version", "15.0") + ready(), false, false});
        }
        while (const auto one = takeMessage(m_unread)) {
            const auto &[type, body] = *one;
            if (type == 'S') {
                ++m_script.synchronised;
                replies.push_back({m_answer + ready(), true, false});
                m_answer.clear();
                m_isSkipping = false;
            } else if (type == 'X') {
                replies.push_back({"", false, true});
            } else if (!m_isSkipping) {
                handle(type, body);
            }
        }
        return replies;
    }

private:
    void say(const std::string &bytes) { m_answer += bytes; }
    void refuse(const char *state, const char *text)
    {
        say(fakes::wire::error(state, text));
        m_isSkipping = true;
    }

    void handle(char type, const std::string &body)
    {
        using namespace fakes::wire;
        const std::string first = body.substr(0, body.find('\0'));
        const std::string second = body.substr(first.size() + 1, body.find('\0', first.size() + 1) - first.size() - 1);
        if (type == 'P') {
            if (second == "nowhere")
                return refuse("42P01", "relation \"nowhere\" does not exist");
            if (!second.starts_with("deallocate"))
                m_script.parsed.push_back(first.empty() ? second : first + " = " + second);
            m_statements[first] = second;
            say(message('1', ""));
        } else if (type == 'B') {
            if (!m_statements.contains(second) || (m_script.isPooler && !second.empty()))
                return refuse("26000", "prepared statement does not exist");
            m_bound = m_statements.at(second);
            if (!second.empty() && m_script.outdated > 0) {
                --m_script.outdated;
                return refuse("0A000", "cached plan must not change result type");
            }
            say(message('2', ""));
        } else if (type == 'D') {
            say(m_bound.starts_with("deallocate") ? message('n', "") : rowDescription({"text"}));
        } else if (type == 'E' && m_bound.starts_with("deallocate ")) {
            const std::string name = m_bound.substr(11);
            m_script.freed.push_back(name);
            if (name == "all")
                m_statements.clear();
            else if (m_statements.erase(name) == 0)
                return refuse("26000", "prepared statement does not exist");
            say(complete("DEALLOCATE"));
        } else if (type == 'E') {
            say(dataRow({m_bound}) + complete("SELECT 1"));
        }
    }

    Script &m_script;
    std::string m_unread;
    std::string m_answer;
    std::string m_bound;
    std::map<std::string, std::string> m_statements;
    bool m_started = false;
    bool m_isSkipping = false;
};

std::vector<postgres::Statement> statements(int first, int count)
{
    std::vector<postgres::Statement> all;
    for (int i = first; i < first + count; ++i)
        all.push_back({"select " + std::to_string(i), {"parameter"}});
    return all;
}

} // namespace

class TestPostgresPrepared : public QObject
{
    Q_OBJECT

    Script m_script;
    fakes::FakePeers m_peers;
    fakes::FakePeer &m_server = m_peers.add([this] { return std::make_unique<Dialect>(m_script); });

    postgres::Session open(bool throughRouter = false)
    {
        postgres::SessionOptions options;
        options.tls.mode = fleet::Tls::Mode::Disable;
        options.readOnly = !throughRouter;
        options.throughRouter = throughRouter;
        return *postgres::Session::connect({"u1-here", {"127.0.0.1", m_server.port()}, "insta", "somebody"}, "", options, 2s);
    }

    static std::string firsts(const base::Result<std::vector<postgres::Rows>> &answers)
    {
        if (!answers)
            return answers.error().sqlState + " " + answers.error().message;
        std::string all;
        for (const postgres::Rows &rows : *answers)
            all += (all.empty() ? "" : ", ") + rows.first();
        return all;
    }

private Q_SLOTS:
    void init()
    {
        const std::lock_guard lock(m_script.mutex);
        m_script.parsed.clear();
        m_script.freed.clear();
        m_script.outdated = m_script.synchronised = 0;
    }

    void eachTextIsPreparedOnceASession()
    {
        auto session = open();
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("select 1, select 2"));
        QCOMPARE(firsts(session.prepared(statements(2, 2), 2s)), std::string("select 2, select 3"));
        QCOMPARE(m_script.parsed, (std::vector<std::string>{"s1 = select 1", "s2 = select 2", "s3 = select 3"}));
        auto other = open(); // they are forgotten with the session
        QCOMPARE(firsts(other.prepared(statements(1, 1), 2s)), std::string("select 1"));
        QCOMPARE(m_script.parsed.back(), std::string("s1 = select 1"));
        QVERIFY(firsts(other.prepared({}, 2s)).empty());
    }

    void theLeastRecentlyUsedMakesRoom()
    {
        auto session = open();
        QCOMPARE(session.prepared(statements(0, 256), 2s)->size(), std::size_t(256));
        QCOMPARE(m_script.synchronised, 4);
        QVERIFY(session.prepared(statements(0, 1), 2s));
        QCOMPARE(firsts(session.prepared(statements(900, 1), 2s)), std::string("select 900"));
        QCOMPARE(m_script.freed, std::vector<std::string>{"s2"});
        QCOMPARE(firsts(session.prepared(statements(0, 2), 2s)), std::string("select 0, select 1"));
        QCOMPARE(m_script.parsed.back(), std::string("s258 = select 1"));
    }

    void moreThanFitAtOnceDisplaceNoneOfTheirOwn()
    {
        auto session = open();
        const auto answers = session.prepared(statements(0, 300), 2s);
        QVERIFY(answers);
        QCOMPARE(answers->back().first(), std::string("select 299"));
        QVERIFY(m_script.freed.empty());
        QCOMPARE(m_script.parsed.back(), std::string("select 299"));
        m_script.parsed.clear();
        QVERIFY(session.prepared(statements(0, 300), 2s));
        QCOMPARE(m_script.parsed.size(), std::size_t(44));
    }

    void aChangedTableIsPlannedAnewOnce()
    {
        auto session = open();
        QVERIFY(session.prepared(statements(1, 2), 2s));
        m_script.outdated = 1;
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("select 1, select 2"));
        QCOMPARE(m_script.parsed, (std::vector<std::string>{"s1 = select 1", "s2 = select 2", "s3 = select 1", "s4 = select 2"}));
        QCOMPARE(m_script.freed, std::vector<std::string>{"all"});
        m_script.outdated = 2;
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("0A000 cached plan must not change result type"));
        QVERIFY(session.isOpen());
        QCOMPARE(firsts(session.prepared(statements(1, 1), 2s)), std::string("select 1"));
    }

    void anErrorIsTheAnswerOfAllAndTheSessionGoesOn()
    {
        auto session = open();
        auto asked = statements(1, 2);
        asked.insert(asked.begin() + 1, postgres::Statement{"nowhere", {}});
        QCOMPARE(firsts(session.prepared(asked, 2s)), std::string("42P01 relation \"nowhere\" does not exist"));
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("select 1, select 2"));
        QCOMPARE(session.exec("select 9", 2s)->first(), std::string("select 9"));
    }

    void nothingIsKeptWhereAPoolerIsBetween()
    {
        m_script.isPooler = true;
        auto session = open();
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("select 1, select 2"));
        m_script.parsed.clear();
        QCOMPARE(firsts(session.prepared(statements(1, 2), 2s)), std::string("select 1, select 2"));
        QCOMPARE(m_script.parsed, (std::vector<std::string>{"select 1", "select 2"}));
        m_script.isPooler = false;
    }

    void nothingIsPreparedThroughARouter()
    {
        auto session = open(true);
        const auto refused = session.prepared(statements(1, 1), 2s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY(m_script.parsed.empty());
    }

    void namesAreNeverGivenTwice()
    {
        postgres::PreparedNames names(1);
        names.begin();
        QCOMPARE(names.place("a").name, std::string("s1"));
        QVERIFY(!names.place("a").isNew);
        QVERIFY(names.place("b").name.empty());
        names.forget();
        QCOMPARE(names.place("a").name, std::string("s2"));
        names.begin();
        const auto place = names.place("b");
        QCOMPARE(place.name, std::string("s3"));
        QCOMPARE(place.displaced, std::string("s2"));
        QCOMPARE(names.size(), std::size_t(1));
        QVERIFY(postgres::PreparedNames(0).place("a").name.empty());
    }
};

QTEST_GUILESS_MAIN(TestPostgresPrepared)
#include "test_postgres_prepared.moc"
