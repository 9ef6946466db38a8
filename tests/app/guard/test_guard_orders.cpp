// SPDX-License-Identifier: GPL-3.0-or-later
// Orders: how they are signed and refused, what is remembered of them, and the files that deeds rewrite.
#include "app/guard/DiskWatch.h"
#include "app/guard/Guard.h"
#include "app/guard/LogEndWatch.h"
#include "app/guard/OperationBook.h"
#include "app/guard/StandbyFiles.h"
#include "app/guard/StateFile.h"
#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/guard/GuardOrders.h"
#include "core/clients/guard/Order.h"
#include "core/clients/guard/OrderMac.h"
#include "core/clients/shell/Tool.h"
#include "core/clients/wire/Talk.h"
#include "core/effects/GuardLines.h"
#include "core/effects/RouterFile.h"
#include "core/effects/StandbySettings.h"
#include "core/operate/Met.h"
#include "tests/fakes/FakePeers.h"

#include <QFile>
#include <QDir>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using clients::GuardOrder;
using Kind = clients::GuardOrder::Kind;
using State = guard::OperationReport::State;

namespace
{

const std::string challenge = "c0ffee";
const base::Instant start{std::chrono::hours(1)};

clients::GuardAnnouncement announcement(std::int64_t number, std::int64_t term, const char *operation = "u1-op")
{
    clients::GuardAnnouncement told;
    told.of = {base::ClusterName("u1"), operation, number};
    told.term = term;
    told.from = base::ServerId("u1-a");
    told.to = base::ServerId("u1-b");
    told.hold = 500ms;
    return told;
}

GuardOrder carryOut()
{
    GuardOrder order;
    order.kind = Kind::CarryOut;
    order.announcement.of = announcement(3, 0).of;
    order.deadline = 1500ms;
    operate::Command pause{operate::By::Router, base::ServerId("router"), {}, "PAUSE u1", {}, {}, std::nullopt};
    operate::Command show = pause;
    show.text = "SHOW DATABASES";
    show.expects = "u1: paused = 1";
    operate::Command stop{operate::By::Host, base::ServerId("u1-a"), {}, {}, {}, {}, operate::HostDeed{}};
    stop.deed->act = operate::HostAct::MakeStandby;
    stop.deed->directory = "/data/\"ä";
    stop.deed->connection = "user=r password='it''s'";
    stop.deed->slot = "u1_a";
    stop.text = operate::textOf(*stop.deed);
    order.commands = {pause, show, stop};
    return order;
}

std::shared_ptr<fleet::Fleet> fleetWithGuard(const std::string &secretFile)
{
    auto fleet = std::make_shared<fleet::Fleet>();
    const fleet::RegionName here("here");
    fleet->regions = {{here}, {fleet::RegionName("there")}};
    fleet->hosts = {{fleet::HostName("box"), here, {fleet::HostReach::Way::Local, {}, {}}},
                    {fleet::HostName("far"), here, {fleet::HostReach::Way::Ssh, "far", {}}},
                    {fleet::HostName("none"), here, {}},
                    {fleet::HostName("other"), fleet::RegionName("there"), {fleet::HostReach::Way::Local, {}, {}}}};
    const auto add = [&](const char *id, fleet::ServerKind kind, const char *host, const char *region) {
        fleet->servers.push_back({fleet::ServerId(id), kind, fleet::HostName(host), fleet::RegionName(region), {{"127.0.0.1", 1}, {}}});
    };
    add("u1-a", fleet::ServerKind::Postgres, "box", "here");
    add("u1-far", fleet::ServerKind::Postgres, "far", "here");
    add("u1-none", fleet::ServerKind::Postgres, "none", "here");
    add("u1-b", fleet::ServerKind::Postgres, "other", "there");
    add("router", fleet::ServerKind::Pgbouncer, "box", "here");
    add("router-there", fleet::ServerKind::Pgbouncer, "other", "there");
    fleet->routers = {{fleet::ServerId("router"), here, "{cluster}", "{cluster}_read"}};
    fleet->guards = {{here, {{"127.0.0.1", 0}, {}}}};
    fleet->thresholds.deadline = 300ms;
    fleet->access.users = {{"operator", fleet::Role::Ops, {}}};
    fleet->access.guardSecret = {fleet::SecretSource::Kind::File, secretFile};
    return fleet;
}

/// Answers the greeting, and nothing after it.
class OnlyGreets final : public fakes::Dialect
{
public:
    std::vector<Reply> take(std::string_view) override
    {
        if (std::exchange(m_hasGreeted, true))
            return {};
        return {{"{\"challenge\":\"abc\"}\n", true, false}};
    }

private:
    bool m_hasGreeted = false;
};

} // namespace

class TestGuardOrders : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    [[nodiscard]] std::string path(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)).toStdString(); }
    void write(const std::string &file, const std::string &text) const
    {
        QFile out(QString::fromStdString(file));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text.c_str());
        QVERIFY(out.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    }
    [[nodiscard]] std::shared_ptr<fleet::Fleet> fleet() const
    {
        write(path("secret"), "between us\n");
        return fleetWithGuard(path("secret"));
    }
    [[nodiscard]] static base::Result<clients::GuardOrders> connect(const guard::Guard &guard, const char *secret = "between us")
    {
        return clients::GuardOrders::connect({"127.0.0.1", guard.port()}, secret, 2s);
    }

private Q_SLOTS:
    /// Now and then, and not while an operation stops and starts it; gone as soon as it answers.
    void theEndOfAStoppedLogIsRead()
    {
        const QString data = m_dir.filePath(QStringLiteral("log")), bin = m_dir.filePath(QStringLiteral("logbin"));
        QVERIFY(QDir().mkpath(data + QStringLiteral("/pg_wal")) && QDir().mkpath(bin));
        write(path("log/PG_VERSION"), "99\n"); // no programs of that one are installed
        write(path("log/pg_wal/000000010000000000000003"), std::string(16384, 'x'));
        write(path("logbin/pg_ctl"), "");
        write(path("logbin/pg_waldump"), "#!/bin/sh\necho 'rmgr: XLOG  len (rec/tot): 30/ 30, tx: 0, lsn: 0/00003100, prev 0/0, desc: last'\n");
        for (const char *program : {"logbin/pg_ctl", "logbin/pg_waldump"})
            QVERIFY(QFile::setPermissions(QString::fromStdString(path(program)), QFile::ReadOwner | QFile::ExeOwner));
        const QByteArray before = qgetenv("PATH");
        const auto restore = qScopeGuard([before] { qputenv("PATH", before); });
        qputenv("PATH", bin.toUtf8() + ":" + before);
        const auto fleet = fleetWithGuard({});
        fleet->clusters.push_back({base::ClusterName("u1"), {}, base::RegionName("here"), {base::ServerId("u1-a"), base::ServerId("u1-b")}, "insta"});
        fleet->servers[0].dataDirectory = data.toStdString();
        const auto stop = std::make_shared<wire::Interrupt>();
        effects::RouterHands router(fleet, base::RegionName("here"), std::nullopt, stop);
        guard::HostHands hosts(fleet, base::RegionName("here"), router, {});
        guard::Report report{base::RegionName("here")};
        guard::OperationBook book({}, report);
        guard::LogEndWatch watch(fleet, book, hosts, report, stop);
        const auto ends = [&] {
            const auto read = clients::parseGuardAnswer(report.toJson());
            return read ? read->logEnds : std::map<base::ServerId, clients::GuardLogEnd>();
        };
        const base::ServerId server("u1-a");
        watch.turn(start);
        QVERIFY(ends().empty()); // nobody asked it yet
        report.setReach(server, {true, 56us, guard::utcNow(), {}});
        watch.turn(start + 1s);
        QVERIFY(ends().empty()); // it answers
        report.setReach(server, {false, {}, guard::utcNow(), "connection refused"});
        QVERIFY(!book.announce(announcement(7, 4), start));
        watch.turn(start + 2s);
        QVERIFY(ends().empty());
        QVERIFY(!book.release(announcement(7, 4).of)); // nothing hinders it
        watch.turn(start + 3s);
        QCOMPARE(ends().size(), std::size_t(1));
        QCOMPARE(ends().at(server).end.toString(), std::string("0/3120"));
        QCOMPARE(ends().at(server).timeline, 1);
        QVERIFY(QFile::remove(QString::fromStdString(path("logbin/pg_waldump"))));
        watch.turn(start + 4s);
        QCOMPARE(ends().size(), std::size_t(1)); // its time has not come
        report.setReach(server, {true, 56us, guard::utcNow(), {}});
        watch.turn(start + 5s);
        QVERIFY(ends().empty());
        report.setLogEnd(server, facts::LogEnd{{7}, 1, {}});
        report.setReach(server, {false, {}, guard::utcNow(), "connection refused"});
        watch.turn(start + 6s);
        QVERIFY(ends().empty()); // what cannot be read any more is not told
    }

    /// Of its own region, of hosts that it reaches, once it is known where the data lie.
    void roomOnDisksIsRead()
    {
        const QString data = m_dir.filePath(QStringLiteral("room"));
        QVERIFY(QDir().mkpath(data));
        const auto fleet = fleetWithGuard({});
        const auto stop = std::make_shared<wire::Interrupt>();
        effects::RouterHands router(fleet, base::RegionName("here"), std::nullopt, stop);
        guard::HostHands hosts(fleet, base::RegionName("here"), router, {});
        guard::Report report{base::RegionName("here")};
        guard::DiskWatch watch(fleet, hosts, report, stop);
        const auto disks = [&] {
            const auto read = clients::parseGuardAnswer(report.toJson());
            return read ? read->disks : std::map<base::ServerId, clients::GuardDisk>();
        };
        watch.turn(start);
        QVERIFY(disks().empty());
        fleet->servers[0].dataDirectory = data.toStdString();
        fleet->servers[2].dataDirectory = fleet->servers[3].dataDirectory = data.toStdString(); // no way to its host; another region's
        watch.turn(start + 1s); // not known yet: looked for again at once
        QCOMPARE(disks().size(), std::size_t(1));
        const clients::GuardDisk room = disks().at(base::ServerId("u1-a"));
        QVERIFY(room.free && room.total && room.at);
        QVERIFY(room.free->count > 0 && room.free->count <= room.total->count);
        fleet->servers[0].dataDirectory += "/gone";
        watch.turn(start + 2s);
        QVERIFY(disks().at(base::ServerId("u1-a")).free); // its time has not come
        watch.turn(start + 20s);
        QVERIFY(!disks().at(base::ServerId("u1-a")).free);
        QVERIFY(!disks().at(base::ServerId("u1-a")).error.empty());
    }

    void theMacIsTheStandardOne()
    {
        // RFC 4231, test case 2.
        QCOMPARE(clients::macOf("Jefe", "what do ya want for nothing?"), std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
        QVERIFY(clients::isSameMac("ab", "ab"));
        QVERIFY(!clients::isSameMac("ab", "aB") && !clients::isSameMac("ab", "abc") && !clients::isSameMac("", ""));
        QVERIFY(clients::freshChallenge().size() == 64 && clients::freshChallenge() != clients::freshChallenge());
    }

    void whatIsSealedIsOpenedWhole()
    {
        GuardOrder announce;
        announce.kind = Kind::Announce;
        announce.announcement = announcement(3, 5);
        announce.announcement.act = operate::Act::Failover;
        GuardOrder small = announce;
        small.announcement.act = operate::Act::PauseRouter;
        small.announcement.to = {};
        small.announcement.on = base::ServerId("router-us-east");
        small.announcement.database = "u1_read";
        for (const GuardOrder &order : {announce, small, carryOut()}) {
            std::int64_t last = 6;
            const auto read = clients::opened(clients::sealed(order, "s", challenge, 7), "s", challenge, last);
            QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
            QVERIFY(*read == order);
            QCOMPARE(last, 7);
        }
    }

    void anOrderThatIsNotGenuineIsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        const QByteArray good = QByteArray::fromStdString(clients::sealed(carryOut(), "s", challenge, 2));
        const int denied = int(base::ErrorCode::NoRights);
        QTest::newRow("a genuine one that makes no sense")
            << QByteArray::fromStdString([] { GuardOrder o = carryOut(); o.deadline = 0ms; return clients::sealed(o, "s", challenge, 2); }()) << int(base::ErrorCode::BadInput);
        QTest::newRow("nothing") << QByteArray() << denied;
        QTest::newRow("no JSON") << QByteArray("PAUSE u1") << denied;
        QTest::newRow("no mac") << QByteArray(R"({"seq":2,"order":"keep","cluster":"u1","operation":"o","number":1})") << denied;
        QTest::newRow("another text under the same mac") << QByteArray(good).replace("PAUSE u1", "PAUSE u2") << denied;
        QTest::newRow("another number under the same mac") << QByteArray(good).replace("\"seq\":2", "\"seq\":3") << denied;
        QTest::newRow("one more key under the same mac") << QByteArray(good).replace("\"seq\":2", "\"seq\":2,\"x\":1") << denied;
        QTest::newRow("another secret") << QByteArray::fromStdString(clients::sealed(carryOut(), "t", challenge, 2)) << denied;
        QTest::newRow("of another connection") << QByteArray::fromStdString(clients::sealed(carryOut(), "s", "beef", 2)) << denied;
        QTest::newRow("heard before") << QByteArray::fromStdString(clients::sealed(carryOut(), "s", challenge, 1)) << denied;
    }
    void anOrderThatIsNotGenuineIsRefused()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        std::int64_t last = 1;
        const auto read = clients::opened(line.toStdString(), "s", challenge, last);
        QVERIFY(!read);
        QCOMPARE(int(read.error().code), code);
        QCOMPARE(last, code == int(base::ErrorCode::NoRights) ? 1 : 2);
    }

    void aGuardWithoutSecretTakesNoOrder()
    {
        std::int64_t last = 0;
        const auto read = clients::opened(clients::sealed(carryOut(), "", challenge, 1), "", challenge, last);
        QVERIFY(!read && read.error().code == base::ErrorCode::NoRights);
    }

    void repliesComeBackWhole()
    {
        clients::GuardReply reply;
        reply.carried = {{"a\nb", ""}, base::Error{base::ErrorCode::TimedOut, "late", "57014", "router", base::Effect::InDoubt}};
        auto read = clients::replyOf(clients::lineOf(reply, 4), 4);
        QVERIFY(read && read->refused.empty());
        QCOMPARE(read->carried.answers, reply.carried.answers);
        QVERIFY(read->carried.error == reply.carried.error);
        QVERIFY2(!clients::replyOf(clients::lineOf(reply, 4), 5), "an answer to another order");
        reply = {};
        reply.refused = "older";
        reply.newest = clients::GuardOrders::Newest{7, 4};
        read = clients::replyOf(clients::lineOf(reply, 4), 4);
        QVERIFY(read && read->refused == "older" && read->newest == reply.newest);
    }

    void anAnswerIsMet_data()
    {
        QTest::addColumn<QString>("expects");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("met");
        const QString shown = "u1: host=127.0.0.1 port=5432 paused = 0\nu1_read: host=127.0.0.1 port=54321 paused = 1";
        QTest::newRow("nothing is expected") << "" << "x" << true;
        QTest::newRow("the same") << "t" << "t" << true;
        QTest::newRow("another") << "t" << "f" << false;
        QTest::newRow("a longer one") << "1" << "12" << false;
        QTest::newRow("words of its line") << "u1: paused = 0" << shown << true;
        QTest::newRow("words of another line") << "u1: paused = 1" << shown << false;
        QTest::newRow("words of the last line") << "u1_read: paused = 1" << shown << true;
        QTest::newRow("an address") << "u1: host=127.0.0.1 port=5432" << shown << true;
        QTest::newRow("a port that only begins alike") << "u1_read: host=127.0.0.1 port=5432" << shown << false;
        QTest::newRow("no such line") << "u2: paused = 0" << shown << false;
        QTest::newRow("nothing was answered") << "u1: paused = 0" << "" << false;
    }
    void anAnswerIsMet()
    {
        QFETCH(QString, expects);
        QFETCH(QString, answer);
        QTEST(operate::isMet(expects.toStdString(), answer.toStdString()), "met");
    }

    void onlyFewCommandsOfARouterAreCarriedOut_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("subject"); // "-": refused
        QTest::newRow("a pause") << "PAUSE u1" << "u1";
        QTest::newRow("in small letters") << "resume u1" << "u1";
        QTest::newRow("a quoted name") << "KILL \"My \"\"db\"\"\"" << "My \"db\"";
        QTest::newRow("a look") << "show databases" << "DATABASES";
        QTest::newRow("a reload") << "RELOAD" << "";
        QTest::newRow("a pause of everything") << "PAUSE" << "-";
        QTest::newRow("a kill of everything") << "KILL " << "-";
        QTest::newRow("a shutdown") << "SHUTDOWN" << "-";
        QTest::newRow("a setting") << "SET pool_mode = session" << "-";
        QTest::newRow("two at once") << "PAUSE u1; SHUTDOWN" << "-";
        QTest::newRow("a quote that does not end") << "PAUSE \"u1" << "-";
        QTest::newRow("more behind the quote") << "PAUSE \"u1\" x" << "-";
        QTest::newRow("nothing") << "" << "-";
    }
    void onlyFewCommandsOfARouterAreCarriedOut()
    {
        QFETCH(QString, text);
        const auto command = effects::routerCommandOf(text.toStdString());
        QTEST(command ? QString::fromStdString(command->subject) : QStringLiteral("-"), "subject");
    }

    void olderOperationsAreRefused_data()
    {
        QTest::addColumn<qint64>("number");
        QTest::addColumn<qint64>("term");
        QTest::addColumn<QString>("operation");
        QTest::addColumn<bool>("taken");
        QTest::newRow("a newer one of the same term") << qint64(8) << qint64(4) << "new" << true;
        QTest::newRow("a newer one of a newer term") << qint64(8) << qint64(5) << "new" << true;
        QTest::newRow("a newer one without term") << qint64(8) << qint64(0) << "new" << true;
        QTest::newRow("the same once more") << qint64(7) << qint64(4) << "old" << true;
        QTest::newRow("another of the same number") << qint64(7) << qint64(4) << "new" << false;
        QTest::newRow("an older number") << qint64(6) << qint64(4) << "new" << false;
        QTest::newRow("a newer number of an older term") << qint64(8) << qint64(3) << "new" << false;
    }
    void olderOperationsAreRefused()
    {
        QFETCH(qint64, number);
        QFETCH(qint64, term);
        QFETCH(QString, operation);
        QFETCH(bool, taken);
        guard::Report report{base::RegionName("here")};
        guard::OperationBook book({}, report);
        QVERIFY(!book.announce(announcement(7, 4, "old"), start));
        const auto told = announcement(number, term, operation.toLatin1().constData());
        const auto refused = book.announce(told, start);
        QCOMPARE(!refused.has_value(), taken);
        QVERIFY(taken || (refused->newest == clients::GuardOrders::Newest{7, 4}));
        QCOMPARE(!book.begin(told.of, start).has_value(), taken);
        QCOMPARE(!book.hear(announcement(7, 4, "old").of, start).has_value(), !taken || operation == "old");
    }

    /// A move that promoted nobody hinders no smaller act after it, which raises no term; one that may have does.
    void aTermThatWasNotRaisedHindersNobody()
    {
        QTemporaryDir dir;
        guard::Report report{base::RegionName("here")};
        guard::OperationBook book(dir.path().toStdString(), report);
        QVERIFY(!book.announce(announcement(5, 3, "first"), start) && !book.release(announcement(5, 3, "first").of, 3));
        QVERIFY(!book.announce(announcement(6, 4, "move"), start));
        QVERIFY(!book.announce(announcement(7, 4, "move"), start)); // taken up again
        QVERIFY(!book.release(announcement(7, 4, "move").of, 3));
        QCOMPARE(book.newestTerm(base::ClusterName("u1")), 3);
        QVERIFY(!book.announce(announcement(8, 3, "small"), start));
        QVERIFY(book.announce(announcement(9, 2, "older"), start));
        // Never lower than what was told before it.
        QVERIFY(!book.release(announcement(8, 3, "small").of, 1));
        QCOMPARE(book.newestTerm(base::ClusterName("u1")), 3);
        // Given up, nobody says whether it was raised: the members do.
        QVERIFY(!book.announce(announcement(10, 4, "given up"), start));
        QVERIFY(book.announce(announcement(11, 3, "small"), start));
        guard::OperationBook again(dir.path().toStdString(), report);
        QVERIFY(again.load() && again.announce(announcement(11, 3, "small"), start));
        again.settleTerm(base::ClusterName("u1"), 3);
        QVERIFY(!again.announce(announcement(11, 3, "small"), start));
        again.settleTerm(base::ClusterName("u1"), 8); // it makes nothing newer
        QCOMPARE(again.newestTerm(base::ClusterName("u1")), 3);
    }

    void whoIsSilentIsOverdueOnce()
    {
        guard::Report report{base::RegionName("here")};
        guard::OperationBook book({}, report);
        const auto told = announcement(1, 2);
        QVERIFY(book.hear(told.of, start)); // nobody announced it
        QVERIFY(!book.announce(told, start));
        QVERIFY(book.isHeld(told.of.cluster) && !book.isHeld(base::ClusterName("u2")));
        QVERIFY(book.overdue(start + 500ms).empty());
        QVERIFY(!book.hear(told.of, start + 400ms));
        QVERIFY(book.overdue(start + 900ms).empty());
        // What runs long is no silence.
        QVERIFY(!book.begin(told.of, start + 800ms));
        QVERIFY(book.overdue(start + 9s).empty());
        book.end(told.of, start + 9s);
        QVERIFY(book.overdue(start + 9500ms).empty());
        QCOMPARE(book.overdue(start + 9501ms), std::vector{told});
        QVERIFY(book.overdue(start + 20s).empty());
        QVERIFY(book.isTakingOver(told.of) && book.isHeld(told.of.cluster));
        // It is not its own any more, until it says so under a higher number.
        QVERIFY(book.hear(told.of, start + 21s) && book.release(told.of) && book.announce(told, start + 21s));
        QVERIFY(!book.announce(announcement(2, 2), start + 21s));
        QVERIFY(!book.isTakingOver(told.of));
        QVERIFY(!book.release(announcement(2, 2).of) && !book.release(announcement(2, 2).of));
        QVERIFY(!book.isHeld(told.of.cluster));
        QVERIFY(book.overdue(start + 90s).empty());
    }

    void theBookOutlivesItsGuard()
    {
        QTemporaryDir dir;
        const std::filesystem::path state = dir.path().toStdString();
        guard::Report report{base::RegionName("here")};
        {
            guard::OperationBook book(state, report);
            QVERIFY(book.load());
            QVERIFY(!book.announce(announcement(7, 4), start));
        }
        {
            guard::OperationBook book(state, report);
            QVERIFY(book.load());
            QVERIFY(book.isHeld(base::ClusterName("u1")));
            QCOMPARE(book.newestTerm(base::ClusterName("u1")), 4);
            QVERIFY(book.announce(announcement(6, 4, "older"), start));
            QVERIFY(!book.hear(announcement(7, 4).of, start));
            const auto late = book.overdue(start + 1min);
            QVERIFY(late == std::vector{announcement(7, 4)}); // with all that is needed to end it
            book.note(late[0].of, State::TakenOver, "writes flow to u1-b");
        }
        guard::OperationBook book(state, report);
        QVERIFY(book.load());
        QVERIFY(!book.isHeld(base::ClusterName("u1")));
        const auto refused = book.announce(announcement(7, 4), start);
        QVERIFY(refused && refused->refused.find("writes flow to u1-b") != std::string::npos);
        write((state / "operations.json").string(), "half a fi");
        guard::OperationBook broken(state, report);
        QCOMPARE(broken.load().error().code, base::ErrorCode::Protocol);
    }

    void whatAFailoverStoppedIsKeptStoppedWhileItIsUnderWay()
    {
        QTemporaryDir dir;
        const std::filesystem::path state = dir.path().toStdString();
        const base::ClusterName cluster("u1");
        auto told = announcement(7, 4);
        told.act = operate::Act::Failover;
        guard::Report report{base::RegionName("here")};
        {
            guard::OperationBook book(state, report);
            QVERIFY(!book.announce(announcement(6, 3, "switchover"), start));
            book.noteFence(announcement(6, 3, "switchover").of, told.from); // what a switchover stops comes back as a standby
            QVERIFY(!book.isFenced(cluster, told.from));
            QVERIFY(!book.announce(told, start));
            QVERIFY(!book.isFenced(cluster, told.from)); // nothing was stopped yet
            book.noteFence(told.of, told.to);
            QVERIFY(!book.isFenced(cluster, told.to) && !book.isFenced(cluster, told.from));
            book.noteFence(told.of, told.from);
            QVERIFY(book.isFenced(cluster, told.from) && !book.isFenced(base::ClusterName("u2"), told.from));
        }
        {
            guard::OperationBook book(state, report);
            QVERIFY(book.load());
            QVERIFY(!book.isFenced(cluster, told.from)); // it may be long over, and that one be the only primary
            QVERIFY(!book.hear(told.of, start));
            QVERIFY(book.isFenced(cluster, told.from));
            auto again = told; // taken up again
            again.of.number = 8;
            QVERIFY(!book.announce(again, start));
            QVERIFY(book.isFenced(cluster, told.from));
            QVERIFY(!book.release(again.of));
            QVERIFY(!book.isFenced(cluster, told.from));
            auto other = announcement(9, 4, "other");
            other.act = operate::Act::Failover;
            QVERIFY(!book.announce(other, start));
            QVERIFY(!book.isFenced(cluster, told.from));
            book.noteFence(other.of, told.from);
            QVERIFY(book.isFenced(cluster, told.from));
            // Fallen silent, it is ended by what is seen, the old primary that is back too.
            QCOMPARE(book.overdue(start + 1min).size(), std::size_t(1));
            QVERIFY(!book.isFenced(cluster, told.from));
        }
    }

    void aFailoversStopIsRemembered_data()
    {
        QTest::addColumn<int>("act");
        QTest::addColumn<bool>("kept");
        QTest::newRow("a failover's") << int(operate::Act::Failover) << true;
        QTest::newRow("a switchover's") << int(operate::Act::Switchover) << false;
    }
    void aFailoversStopIsRemembered()
    {
        QFETCH(int, act);
        QTemporaryDir dir;
        const std::string state = dir.filePath("state").toStdString();
        QVERIFY(QDir(dir.path()).mkpath("data"));
        write(dir.filePath("data/PG_VERSION").toStdString(), "15\n");
        guard::Guard guard(fleet(), base::RegionName("here"), state);
        QVERIFY(guard.start());
        auto told = announcement(7, 4);
        told.act = static_cast<operate::Act>(act);
        auto orders = connect(guard);
        QVERIFY(orders && orders->announce(told, 2s));
        operate::Command stop{operate::By::Host, told.from, {}, {}, {}, {}, operate::HostDeed{}};
        stop.deed->act = operate::HostAct::Stop;
        stop.deed->directory = dir.filePath("data").toStdString();
        const auto carried = orders->carryOut(told.of, {stop}, std::chrono::steady_clock::now() + 2s);
        QCOMPARE(carried.answers, std::vector<std::string>{"stopped"});
        const std::string kept = guard::readState(state + "/operations.json").value_or("");
        QTEST(kept.find("\"fenced\": true") != std::string::npos, "kept");
    }

    void whatCannotBeKeptIsNotTaken()
    {
        guard::Report report{base::RegionName("here")};
        guard::OperationBook book("/proc/nowhere", report);
        const auto refused = book.announce(announcement(1, 1), start);
        QVERIFY(refused && refused->code == base::ErrorCode::Io);
        QVERIFY(!book.isHeld(base::ClusterName("u1")));
    }

    void oneDatabaseIsLedElsewhere_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("led"); // "-": no such line
        const QByteArray head = "; u1 = host=x\n[databases]\n";
        QTest::newRow("its line alone") << head + "u1 = host=1 port=1 dbname=insta\nu1_read = host=1 port=1\n" << head + "u1 = host=9 port=9 dbname=insta\nu1_read = host=1 port=1\n";
        QTest::newRow("other settings of the line stay") << head + "u1=host=1 pool_size=5 port=1 auth_user='a b'\n" << head + "u1 = host=9 pool_size=5 port=9 auth_user='a b' dbname=insta\n";
        QTest::newRow("a quoted name") << head + "\"u1\" = host=1\n" << head + "\"u1\" = host=9 port=9 dbname=insta\n";
        QTest::newRow("a line that says so already stays as it is written") << head + "  u1   =  host=9   port=9 dbname=insta\n" << head + "  u1   =  host=9   port=9 dbname=insta\n";
        QTest::newRow("a last line without an end") << head + "u1 = host=1" << head + "u1 = host=9 port=9 dbname=insta";
        QTest::newRow("line ends of another system") << head + "u1 = host=1\r\nu2 = host=2\r\n" << head + "u1 = host=9 port=9 dbname=insta\r\nu2 = host=2\r\n";
        QTest::newRow("only among the databases") << QByteArray("[users]\nu1 = pool_mode=session\n") << QByteArray("-");
        QTest::newRow("a comment is no line") << head + "#u1 = host=1\n" << QByteArray("-");
        QTest::newRow("any database is not this one") << head + "* = host=1\n" << QByteArray("-");
        QTest::newRow("a line that cannot be read") << head + "u1 = host='1\n" << QByteArray("-");
        QTest::newRow("nothing") << QByteArray() << QByteArray("-");
    }
    void oneDatabaseIsLedElsewhere()
    {
        QFETCH(QByteArray, text);
        std::string section;
        const auto led = effects::withDatabaseLed(text.toStdString(), "u1", "host=9 port=9 dbname=insta", section);
        QTEST(led ? QByteArray::fromStdString(*led) : QByteArray("-"), "led");
    }

    void theFileThatHoldsTheLineIsReplacedAndKeepsItsMode()
    {
        write(path("main.ini"), "%include " + path("databases.ini") + "\n[pgbouncer]\nlisten_port = 1\n");
        write(path("databases.ini"), "u1 = host=1 port=1\n");
        const QString name = QString::fromStdString(path("databases.ini"));
        const auto mode = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup;
        QVERIFY(QFile::setPermissions(name, mode));
        const auto file = effects::leadDatabase(path("main.ini"), "u1", "host=2 port=2", guard::ownRouterFiles());
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        QCOMPARE(file->string(), path("databases.ini"));
        QCOMPARE(guard::readState(*file).value_or(""), std::string("u1 = host=2 port=2\n"));
        struct stat info = {};
        QVERIFY(::stat(path("databases.ini").c_str(), &info) == 0);
        QCOMPARE(int(info.st_mode & 0777), 0640);
        QVERIFY(!QFile::exists(name + ".new"));
        QCOMPARE(effects::leadDatabase(path("main.ini"), "u2", "host=2", guard::ownRouterFiles()).error().code, base::ErrorCode::NotFound);
        QCOMPARE(effects::leadDatabase(path("none.ini"), "u1", "host=2", guard::ownRouterFiles()).error().code, base::ErrorCode::Io);
    }

    void aStandbyFollowsAndHasNoBrake()
    {
        const std::string before = "# by hand\nport = 5\nPrimary_Conninfo = 'old'\ndefault_transaction_read_only = 'on'\nprimary_slot_name='x'\nwork_mem = '1MB'";
        QCOMPARE(effects::withStandbySettings(before, "host=1 password='it''s'", "u1_a"),
                 std::string("# by hand\nport = 5\nwork_mem = '1MB'\nprimary_conninfo = 'host=1 password=''it''''s'''\nprimary_slot_name = 'u1_a'\n"));
        QCOMPARE(effects::withStandbySettings("", "host=1", ""), std::string("primary_conninfo = 'host=1'\n"));
        QDir data(m_dir.filePath("data"));
        QVERIFY(data.mkpath("pg_replslot/u1_b"));
        write(path("data/recovery.signal"), "");
        write(path("data/pg_replslot/u1_b/state"), "x");
        QVERIFY(guard::makeStandby(path("data"), "host=1", "u1_a"));
        QVERIFY(guard::makeStandby(path("data"), "host=1", "u1_a"));
        QVERIFY(data.exists("standby.signal") && !data.exists("recovery.signal") && !data.exists("pg_replslot/u1_b"));
        QCOMPARE(guard::readState(path("data/postgresql.auto.conf")).value_or(""), std::string("primary_conninfo = 'host=1'\nprimary_slot_name = 'u1_a'\n"));
    }

    void aToolEndsByItsDeadline()
    {
        const auto now = std::chrono::steady_clock::now();
        const auto said = shell::runTool({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}, now + 5s);
        QVERIFY(said && said->exitCode == 3 && said->text == "out\nerr\n");
        const auto late = shell::runTool({"/bin/sh", "-c", "sleep 60 & sleep 60"}, now + 100ms);
        QVERIFY(!late && late.error().code == base::ErrorCode::TimedOut);
        QVERIFY(std::chrono::steady_clock::now() - now < 5s);
        QVERIFY(!shell::runTool({"/nowhere/pg_rewind"}, now + 5s));
    }

    void ordersAreObeyedOverTheWire()
    {
        guard::Guard guard(fleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        auto orders = connect(guard);
        QVERIFY2(orders.has_value(), orders ? "" : orders.error().message.c_str());
        const auto told = announcement(7, 4);
        QVERIFY(!orders->keep(told.of, 2s)); // not announced yet
        QVERIFY(orders->isOpen());
        QVERIFY(orders->announce(told, 2s));
        QVERIFY(orders->keep(told.of, 2s));
        const auto older = orders->announce(announcement(6, 4), 2s);
        QCOMPARE(older.error().code, base::ErrorCode::Rejected);
        QVERIFY((orders->newest() == clients::GuardOrders::Newest{7, 4}));
        auto answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
        QVERIFY(answer);
        const auto &known = answer->operations.at(base::ClusterName("u1"));
        QCOMPARE(known.operation, std::string("u1-op"));
        QVERIFY(known.number == 7 && known.term == 4 && known.since && known.state == clients::GuardOperationState::State::Running);
        QVERIFY(orders->release(told.of, 0, 2s));
        answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
        QVERIFY(answer && answer->operations.at(base::ClusterName("u1")).state == clients::GuardOperationState::State::Released);
        QCOMPARE(orders->keep(told.of, 2s).error().code, base::ErrorCode::Rejected);
    }

    void aGuardThatIsAwayHindersOnlyWhatNeedsIt()
    {
        guard::Guard guard(fleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        const base::RegionName here("here");
        const base::RegionName there("there");
        const auto declared = fleet();
        declared->guards = {{here, {{"127.0.0.1", guard.port()}, {}}}, {there, {{"127.0.0.1", 1}, {}}}}; // nobody listens there
        const auto secret = [](const fleet::Endpoint &) { return base::Result<std::string>("between us"); };
        const auto soon = [] { return std::chrono::steady_clock::now() + 3s; };
        {
            effects::GuardLines lines(declared, here, secret);
            const auto told = lines.announce(announcement(7, 4), {}, soon());
            QVERIFY(!told);
            QCOMPARE(told.error().server, std::string("guard of there"));
        }
        {
            effects::GuardLines lines(declared, here, secret);
            const auto told = lines.announce(announcement(8, 4), {there}, soon());
            QVERIFY2(told.has_value(), told ? "" : told.error().message.c_str());
            QVERIFY(lines.release(0, soon()).empty()); // who was not told of it is not waited for
        }
        // Who need not be reached, and is, and refuses, is heard all the same.
        effects::GuardLines older(declared, here, secret);
        const auto refused = older.announce(announcement(6, 4, "older"), {here, there}, soon());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, base::ErrorCode::Rejected);
    }

    void whatMayNotBeActedOnIsRefused_data()
    {
        QTest::addColumn<QString>("on");
        QTest::addColumn<QString>("text"); // empty: a deed
        QTest::addColumn<int>("code");
        QTest::newRow("a server of another region") << "u1-b" << "" << int(base::ErrorCode::Rejected);
        QTest::newRow("a host that no way leads to") << "u1-none" << "" << int(base::ErrorCode::Unavailable);
        QTest::newRow("a server that is not declared") << "u9" << "" << int(base::ErrorCode::NotFound);
        QTest::newRow("a directory that is not there") << "u1-a" << "" << int(base::ErrorCode::NotFound);
        QTest::newRow("a router of another region") << "router-there" << "PAUSE u1" << int(base::ErrorCode::Rejected);
        QTest::newRow("a command that guards do not carry out") << "router" << "SHUTDOWN" << int(base::ErrorCode::BadInput);
        QTest::newRow("a router that nobody listens at") << "router" << "PAUSE u1" << int(base::ErrorCode::Refused);
    }
    void whatMayNotBeActedOnIsRefused()
    {
        QFETCH(QString, on);
        QFETCH(QString, text);
        guard::Guard guard(fleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        auto orders = connect(guard);
        QVERIFY(orders && orders->announce(announcement(7, 4), 2s));
        operate::Command command{text.isEmpty() ? operate::By::Host : operate::By::Router, base::ServerId(on.toStdString()), {}, text.toStdString(), {}, {}, std::nullopt};
        if (text.isEmpty())
            command.deed = operate::HostDeed{operate::HostAct::Stop, "/nowhere/data", {}, {}, {}, {}, {}};
        const auto carried = orders->carryOut(announcement(7, 4).of, {command, command}, std::chrono::steady_clock::now() + 2s);
        QVERIFY(carried.answers.empty() && carried.error);
        QTEST(int(carried.error->code), "code");
        QCOMPARE(carried.error->effect, base::Effect::None);
        QCOMPARE(carried.error->server, on.toStdString());
        QVERIFY(orders->isOpen());
    }

    /// An ssh of the test's own runs here what is sent there.
    void aHostBySshIsActedOn()
    {
        QTemporaryDir programs;
        const QByteArray before = qgetenv("PATH");
        write((programs.path() + "/ssh").toStdString(), "#!/bin/sh\nfor word in \"$@\"; do last=$word; done\necho Welcome\nexec /bin/sh -c \"$last\"\n");
        QVERIFY(QFile::setPermissions(programs.path() + "/ssh", QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        qputenv("PATH", programs.path().toUtf8() + ':' + before);
        QVERIFY(QDir().mkpath(programs.path() + "/data"));
        write((programs.path() + "/data/PG_VERSION").toStdString(), "15\n");
        guard::Guard guard(fleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        auto orders = connect(guard);
        QVERIFY(orders && orders->announce(announcement(7, 4), 2s));
        operate::Command ask{operate::By::Host, base::ServerId("u1-far"), {}, {}, {}, {}, operate::HostDeed{}};
        ask.deed->directory = (programs.path() + "/data").toStdString();
        operate::Command copy = ask;
        copy.deed->act = operate::HostAct::BeginCopy;
        const auto carried = orders->carryOut(announcement(7, 4).of, {ask, copy}, std::chrono::steady_clock::now() + 5s);
        qputenv("PATH", before);
        QCOMPARE(carried.answers, std::vector<std::string>{"stopped"});
        QVERIFY(carried.error && carried.error->code == base::ErrorCode::Unavailable);
    }

    void aWrongSecretClosesTheConversation()
    {
        guard::Guard guard(fleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        auto orders = connect(guard, "a guess");
        QVERIFY(orders);
        QCOMPARE(orders->announce(announcement(7, 4), 2s).error().code, base::ErrorCode::NoRights);
        QVERIFY(!orders->isOpen());
        const auto answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
        QVERIFY(answer && answer->operations.empty());
        // Nor does a guess keep the connection for the next one.
        auto talk = wire::Talk::dial("127.0.0.1", guard.port(), std::chrono::steady_clock::now() + 2s);
        QVERIFY(talk && talk->send("{\"hello\":1}\n{\"order\":\"keep\",\"seq\":1}\n{\"order\":\"keep\",\"seq\":2}\n", std::chrono::steady_clock::now() + 2s));
        const auto all = talk->receiveUntil("nothing of that kind", std::chrono::steady_clock::now() + 2s);
        QVERIFY(all);
        QCOMPARE(std::count(all->begin(), all->end(), '\n'), 2); // the challenge, one refusal, the end
    }

    void anOrderToAGuardThatFreezesIsInDoubtByItsDeadline()
    {
        fakes::FakePeers peers;
        auto &peer = peers.add([] { return std::make_unique<OnlyGreets>(); });
        auto orders = clients::GuardOrders::connect({"127.0.0.1", peer.port()}, "s", 2s);
        QVERIFY2(orders.has_value(), orders ? "" : orders.error().message.c_str());
        const operate::Command pause{operate::By::Router, base::ServerId("router"), {}, "PAUSE u1", {}, {}, std::nullopt};
        const auto begun = std::chrono::steady_clock::now();
        const auto carried = orders->carryOut(announcement(1, 1).of, {pause}, begun + 200ms);
        const auto took = std::chrono::steady_clock::now() - begun;
        QVERIFY(carried.error && carried.error->code == base::ErrorCode::TimedOut);
        QCOMPARE(carried.error->effect, base::Effect::InDoubt);
        QVERIFY(took >= 200ms && took < 2s);
        // What comes after it could be the answer to this: it is closed.
        QVERIFY(!orders->isOpen());
        const auto again = orders->carryOut(announcement(1, 1).of, {pause}, std::chrono::steady_clock::now() + 200ms);
        QVERIFY(again.error && again.error->effect == base::Effect::None);
    }

    void anOrderToAFrozenGuardEndsByItsDeadline()
    {
        // A port that the kernel answers, and nobody behind it.
        const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        QVERIFY(::bind(listener, reinterpret_cast<sockaddr *>(&address), length) == 0 && ::listen(listener, 4) == 0);
        QVERIFY(::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) == 0);
        const auto begun = std::chrono::steady_clock::now();
        const auto orders = clients::GuardOrders::connect({"127.0.0.1", ntohs(address.sin_port)}, "s", 200ms);
        const auto took = std::chrono::steady_clock::now() - begun;
        ::close(listener);
        QVERIFY(!orders && orders.error().code == base::ErrorCode::TimedOut);
        QVERIFY(took >= 200ms && took < 2s);
    }
};

QTEST_GUILESS_MAIN(TestGuardOrders)
#include "test_guard_orders.moc"
