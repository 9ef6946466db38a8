// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Warnings.h"
#include "ui/shell/ViewLink.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::ui::shell;

class TestLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }

    void everySubjectComesBack_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"server:u1-us-east", "cluster:u1", "group:feeds", "pool:cache-us-east", "region:us-east", "host:db7", "shard:users/12", ""})
            QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
    void everySubjectComesBack()
    {
        QFETCH(QString, text);
        QCOMPARE(subjectText(subjectFrom(text)), text);
    }

    void whatNamesNothingIsNothing_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"server:", "planet:mars", "shard:users", "shard:users/x", "shard:/3", "u1"})
            QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
    void whatNamesNothingIsNothing()
    {
        QFETCH(QString, text);
        QVERIFY(std::holds_alternative<std::monostate>(subjectFrom(text)));
    }

    void aViewComesBack()
    {
        ViewLink link;
        link.fleet = QStringLiteral("insta main/ü");
        link.page = QStringLiteral("shards");
        link.state = {{QStringLiteral("metric"), QStringLiteral("lag & more=1#?")}, {QStringLiteral("table"), true}, {QStringLiteral("pitch"), 16},
                      {QStringLiteral("list"), QVariantList{1.0, QStringLiteral("two")}}};
        link.subject = facts::ShardKey{base::PartitionName("media"), {1341}};
        const QString text = link.toText();
        QVERIFY2(!text.contains(QLatin1Char(' ')), qPrintable(text));
        const ReadLink read = readLink(QStringLiteral("  ") + text + QLatin1Char('\n'));
        QVERIFY2(read.error.isEmpty(), qPrintable(read.error));
        QCOMPARE(read.link.fleet, link.fleet);
        QCOMPARE(read.link.page, link.page);
        QCOMPARE(read.link.state.value(QStringLiteral("metric")), link.state.value(QStringLiteral("metric")));
        QVERIFY(read.link.state.value(QStringLiteral("table")).toBool());
        QCOMPARE(read.link.state.value(QStringLiteral("pitch")).toInt(), 16);
        QCOMPARE(read.link.state.value(QStringLiteral("list")).toList(), link.state.value(QStringLiteral("list")).toList());
        QVERIFY(read.link.subject == link.subject);
        QCOMPARE(read.link.toText().size(), text.size()); // and again
    }

    void aFlagThatIsOffStaysOff()
    {
        ViewLink link{QStringLiteral("f"), QStringLiteral("overview"), {{QStringLiteral("table"), false}}, {}};
        QVERIFY(!readLink(link.toText()).link.state.value(QStringLiteral("table")).toBool());
    }

    void aBadLinkSaysWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("a page of the web") << QStringLiteral("https://insta.example/p/CUK-1wjqqsP") << QStringLiteral("not a view link");
        QTest::newRow("nothing behind the scheme") << QStringLiteral("shardlens://") << QStringLiteral("names no fleet");
        QTest::newRow("a fleet alone") << QStringLiteral("shardlens://insta-main") << QStringLiteral("names no page");
        QTest::newRow("a thing of no kind") << QStringLiteral("shardlens://insta-main/overview#planet:mars") << QStringLiteral("names nothing");
        QTest::newRow("far too long") << QStringLiteral("shardlens://f/overview?x=") + QString(9000, QLatin1Char('y')) << QStringLiteral("characters long");
    }
    void aBadLinkSaysWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const QString error = readLink(text).error;
        QVERIFY2(error.contains(says), qPrintable(error));
    }
};

QTEST_GUILESS_MAIN(TestLinks)
#include "test_links.moc"
