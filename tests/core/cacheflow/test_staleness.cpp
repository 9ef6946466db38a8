// SPDX-License-Identifier: GPL-3.0-or-later
// How keys and values are taken apart for the comparison; the comparison itself is in tests/live/invalidation.
#include "core/cacheflow/Staleness.h"

#include <QTest>

using namespace shardlens;

class TestStaleness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysAreTakenApart_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("a user") << QByteArray("u:12") << QByteArray("user 12");
        QTest::newRow("a media, with something behind its ID")
            << QByteArray("m:2669222102324390671:v2") << QByteArray("media 2669222102324390671");
        QTest::newRow("nothing behind it") << QByteArray("m:12") << QByteArray("-");
        QTest::newRow("no number") << QByteArray("u:twelve") << QByteArray("-");
        QTest::newRow("a number and more") << QByteArray("u:12x") << QByteArray("-");
        QTest::newRow("no ID at all") << QByteArray("u:") << QByteArray("-");
        QTest::newRow("more than 64 bits") << QByteArray("u:99999999999999999999") << QByteArray("-");
        QTest::newRow("another key") << QByteArray("shardlens.vouched") << QByteArray("-");
    }
    void keysAreTakenApart()
    {
        QFETCH(QByteArray, key);
        fleet::KeyPatterns keys;
        keys.cached = {{"user", "u:{id}"}, {"media", "m:{id}:v2"}};
        const auto entity = cacheflow::entityOf(keys, key.toStdString());
        const std::string found = entity ? entity->kind + " " + std::to_string(entity->id) : "-";
        QTEST(QByteArray::fromStdString(found), "expected");
    }

    void versionsAreRead_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("version");
        QTest::newRow("as applications write it") << QByteArray("{\"id\" : \"12\", \"version\" : 3}") << 3;
        QTest::newRow("without one") << QByteArray("{\"id\" : \"12\"}") << -1;
        QTest::newRow("as a text") << QByteArray("{\"version\" : \"3\"}") << -1;
        QTest::newRow("no JSON") << QByteArray("version 3") << -1;
        QTest::newRow("empty") << QByteArray() << -1;
    }
    void versionsAreRead()
    {
        QFETCH(QByteArray, value);
        QTEST(int(cacheflow::versionIn(value.toStdString()).value_or(-1)), "version");
    }
};

QTEST_GUILESS_MAIN(TestStaleness)
#include "test_staleness.moc"
