// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"
#include "tests/fixtures/Snapshots.h"
#include "ui/shell/Actions.h"
#include "ui/shell/Finder.h"
#include "ui/shell/NavigationHistory.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace shardlens;
using namespace shardlens::ui::shell;

namespace {

Finder finderOf(const facts::SnapshotPtr &snapshot)
{
    Finder finder({{QStringLiteral("overview"), QStringLiteral("Overview"), QStringLiteral("overview")},
                   {QStringLiteral("shards"), QStringLiteral("Shards"), QStringLiteral("shards")},
                   {QStringLiteral("replication"), QStringLiteral("Replication"), QStringLiteral("replication")}});
    finder.setFleet(snapshot->fleet);
    finder.setSnapshot(snapshot);
    return finder;
}

/// A photo's ID of shard 341, minted in November 2025.
std::uint64_t someId()
{
    return ids::compose(1'762'000'000'123, 341, 77, {}).value();
}

QString shortcodeOf(std::uint64_t id)
{
    const ids::Shortcode code(id);
    return QString::fromUtf8(code.text().data(), qsizetype(code.text().size()));
}

} // namespace

class TestFinder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A console with a look-up offers it first for what can only be an ID, else behind what was named.
    void whatIsPastedCanBeLookedUp()
    {
        const auto snapshot = fixtures::well();
        Finder finder({{QStringLiteral("overview"), QStringLiteral("Overview"), QStringLiteral("overview")}, {QStringLiteral("lookup"), QStringLiteral("Look-up"), QStringLiteral("lookup")}});
        finder.setFleet(snapshot->fleet);
        finder.setSnapshot(snapshot);
        const QString message = QStringLiteral("hi,\nmy photo vanished https://insta.example/p/%1/?utm_source=ig help").arg(shortcodeOf(someId()));
        const auto found = finder.find(message);
        QVERIFY(!found.empty());
        QCOMPARE(found.front().kind, Finding::Kind::LookUp);
        QCOMPARE(found.front().lookUp, message);
        QCOMPARE(found.front().page, QStringLiteral("lookup"));
        const auto byName = finder.find(QStringLiteral("u1-us-east"));
        QCOMPARE(byName.front().kind, Finding::Kind::Server);
        QVERIFY(std::any_of(byName.begin(), byName.end(), [](const Finding &finding) { return finding.kind == Finding::Kind::LookUp; }));
        QVERIFY(finderOf(snapshot).find(message).front().kind != Finding::Kind::LookUp); // without such a page
    }

    void finds_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("page");
        QTest::newRow("a page by its beginning") << "repl" << "Replication" << "replication";
        QTest::newRow("a cluster by its name") << "u1" << "u1" << "replication";
        QTest::newRow("in capitals, with spaces") << "  M2 " << "m2" << "replication";
        QTest::newRow("a server by a part of its name") << "u2-eu" << "u2-eu-west" << "replication";
        QTest::newRow("a server by first letters") << "u1ue" << "u1-us-east" << "replication";
        QTest::newRow("a memcached, on the overview for want of a page of its own") << "cache-eu-west-2" << "cache-eu-west-2" << "overview";
        QTest::newRow("a region") << "eu-west" << "eu-west" << "overview";
        QTest::newRow("an action") << "read again" << "Read again now" << "";
        QTest::newRow("a shard by its schema and partition") << "insta1023, media" << "insta1023, media" << "shards";
        QTest::newRow("a shard by number and partition") << "users 12" << "insta12, users" << "shards";
        QTest::newRow("a bare number is a shard of the first partition") << "341" << "insta341, users" << "shards";
    }
    void finds()
    {
        QFETCH(QString, query);
        static const facts::SnapshotPtr snapshot = fixtures::well();
        const Finder finder = finderOf(snapshot);
        const auto found = finder.find(query);
        QVERIFY(!found.empty());
        QTEST(found.front().title, "first");
        QTEST(found.front().page, "page");
    }

    void numbersOutsideThePartitionAreNoShards()
    {
        const Finder finder = finderOf(fixtures::well());
        for (const Finding &finding : finder.find(QStringLiteral("1024")))
            QVERIFY2(finding.kind != Finding::Kind::Shard, qPrintable(finding.title));
        QVERIFY(finder.find(QStringLiteral("zzqqxx")).empty());
    }

    void ids_data()
    {
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<QString>("form");
        const QString id = QString::number(someId());
        QTest::newRow("digits") << id << "ID";
        QTest::newRow("media_owner") << id + QStringLiteral("_12345678901") << "media ID of media_owner";
        QTest::newRow("shortcode") << shortcodeOf(someId()) << "shortcode";
        QTest::newRow("link in a message") << QStringLiteral("my photo vanished https://www.instagram.com/p/%1/?igsh=abc please").arg(shortcodeOf(someId())) << "link";
    }
    void ids()
    {
        QFETCH(QString, pasted);
        QFETCH(QString, form);
        static const facts::SnapshotPtr snapshot = fixtures::well();
        const Finder finder = finderOf(snapshot);
        const auto found = finder.find(pasted);
        QVERIFY(found.size() >= 2);
        const QString digits = QString::number(someId());
        for (std::size_t i = 0; i < 2; ++i) {
            const fleet::Partition &partition = snapshot->fleet->partitions[i];
            const facts::ShardKey key{partition.name, base::ShardNumber{341}};
            const facts::Shard *shard = snapshot->shardMap->find(key);
            QVERIFY(shard);
            QCOMPARE(int(found[i].kind), int(Finding::Kind::Id));
            QCOMPARE(found[i].title, QStringLiteral("%1: shard 341 of %2, on %3")
                                         .arg(digits, QString::fromStdString(partition.name.text()), QString::fromStdString(shard->cluster().text())));
            QCOMPARE(found[i].detail, QStringLiteral("%1; minted 2025-11-01 12:26:40Z, sequence 77, shortcode %2").arg(form, shortcodeOf(someId())));
            QCOMPARE(std::get<facts::ShardKey>(found[i].subject), key);
            QCOMPARE(found[i].copy, digits);
        }
    }

    void anIdOfAnotherFleetIsTakenApartToo()
    {
        const Finder finder = finderOf(fixtures::well());
        const std::uint64_t id = ids::compose(1'762'000'000'123, 5460, 845, {}).value();
        const auto found = finder.find(QString::number(id));
        QVERIFY(!found.empty());
        QCOMPARE(found.front().title, QStringLiteral("%1: shard 5460, which users of this fleet does not have").arg(id));
        QVERIFY(found.front().page.isEmpty());
        QCOMPARE(found.front().copy, QString::number(id));
    }

    void answersAtOnceForABigFleet()
    {
        const Finder finder = finderOf(fixtures::big());
        QElapsedTimer timer;
        timer.start();
        int letters = 0;
        for (const QString &query : {QStringLiteral("c01-us-east"), QStringLiteral("insta8191"), QString::number(someId()), QStringLiteral("xyzzy")}) {
            for (int i = 1; i <= query.size(); ++i, ++letters)
                (void)finder.find(query.left(i));
        }
        const double each = double(timer.elapsed()) / letters;
        QVERIFY2(each < 50, qPrintable(QString::number(each)));
        QCOMPARE(finder.find(QStringLiteral("insta8191")).front().title, "insta8191, users");
    }

    void keysDoNotClash()
    {
        QHash<QString, QString> taken;
        const auto take = [&](const QKeySequence &key, const QString &by) {
            const QString text = key.toString(QKeySequence::PortableText);
            QVERIFY2(!taken.contains(text), qPrintable(text + QStringLiteral(": ") + by + QStringLiteral(" and ") + taken.value(text)));
            taken[text] = by;
        };
        for (const ActionSpec &action : actionTable()) {
            QVERIFY(!action.text.isEmpty());
            for (const QKeySequence &key : action.keys) {
                QVERIFY2(!key.isEmpty(), qPrintable(action.text));
                take(key, action.text);
            }
        }
        for (int i = 0; i < 9; ++i)
            take(pageKey(i), QStringLiteral("page %1").arg(i + 1));
        QVERIFY(pageKey(9).isEmpty());
        for (const PageKey &key : pageKeys()) {
            for (const QString &one : key.keys.split(QStringLiteral(", ")))
                QVERIFY2(!taken.contains(one), qPrintable(one));
        }
        // Belong to input methods, and stay free.
        QVERIFY(!taken.contains(QStringLiteral("Ctrl+Space")));
        QVERIFY(!taken.contains(QStringLiteral("Ctrl+.")));
    }

    void everyActionIsInTheTableOnce()
    {
        QSet<int> seen;
        for (const ActionSpec &action : actionTable())
            seen.insert(int(action.id));
        QCOMPARE(seen.size(), int(ActionId::Quit) + 1);
    }

    void backAndForwardAsInABrowser()
    {
        using Entry = NavigationHistory::Entry;
        const auto at = [](const char *page) { return Entry{QString::fromLatin1(page), {}}; };
        NavigationHistory history;
        QVERIFY(!history.back(at("a")));
        history.leave(at("a"));
        history.leave(at("b")); // now on c
        QCOMPARE(history.back(at("c"))->page, "b");
        QCOMPARE(history.forward(at("b"))->page, "c");
        QCOMPARE(history.back(at("c"))->page, "b");
        QCOMPARE(history.back(at("b"))->page, "a");
        history.leave(at("a")); // on d: what was ahead is forgotten
        QVERIFY(!history.canGoForward());
        for (int i = 0; i < 300; ++i)
            history.leave(at("x"));
        int steps = 0;
        while (history.back(at("y")))
            ++steps;
        QCOMPARE(steps, int(NavigationHistory::kMost));
    }
};

QTEST_APPLESS_MAIN(TestFinder)
#include "test_finder.moc"
