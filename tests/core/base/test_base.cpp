// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Clock.h"
#include "core/base/Closest.h"
#include "core/base/Iso8601.h"
#include "core/base/LatencyMedian.h"
#include "core/base/Lsn.h"
#include "core/base/Name.h"
#include "core/base/Result.h"

#include <QTest>

#include <limits>
#include <set>
#include <type_traits>

using namespace shardlens::base;

class TestBase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anLsnReadsAndPrintsAsPostgresDoes_data();
    void anLsnReadsAndPrintsAsPostgresDoes();
    void whatIsNoLsnIsRefused_data();
    void whatIsNoLsnIsRefused();
    void bytesBehindAreNeverNegative();
    void namesOfDifferentThingsDoNotMix();
    void aTimeIsWrittenInIso_data();
    void aTimeIsWrittenInIso();
    void anIsoTimeIsRead_data();
    void anIsoTimeIsRead();
    void whatIsNoTimeIsRefused_data();
    void whatIsNoTimeIsRefused();
    void aMistypedWordFindsItsKey_data();
    void aMistypedWordFindsItsKey();
    void aManualClockMovesOnlyWhenTold();
    void whatIsUsualIsLearnedAnew();
    void whatWasUsualBeforeIsNotForgottenAtOnce();
    void everyErrorCodeHasItsOwnName();
};

void TestBase::anLsnReadsAndPrintsAsPostgresDoes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<quint64>("value");
    QTest::newRow("the beginning") << "0/0" << quint64(0);
    QTest::newRow("a usual one") << "16/B374D848" << quint64(0x16B374D848);
    QTest::newRow("the last") << "FFFFFFFF/FFFFFFFF" << std::numeric_limits<quint64>::max();
    QTest::newRow("no leading zeros in the lower half") << "1/A" << quint64(0x10000000A);
}

void TestBase::anLsnReadsAndPrintsAsPostgresDoes()
{
    QFETCH(QString, text);
    QFETCH(quint64, value);
    const auto lsn = Lsn::parse(text.toStdString());
    QVERIFY(lsn);
    QCOMPARE(quint64(lsn->value), value);
    QCOMPARE(QString::fromStdString(lsn->toString()), text);
}

void TestBase::whatIsNoLsnIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("no slash") << "16B374D848";
    QTest::newRow("nothing before the slash") << "/B374D848";
    QTest::newRow("nothing after the slash") << "16/";
    QTest::newRow("nine digits in a half") << "16/0B374D848";
    QTest::newRow("a letter that is no digit") << "16/B374D84G";
    QTest::newRow("a sign") << "-1/0";
    QTest::newRow("a space at the end") << "16/B374D848 ";
}

void TestBase::whatIsNoLsnIsRefused()
{
    QFETCH(QString, text);
    QVERIFY(!Lsn::parse(text.toStdString()));
}

void TestBase::bytesBehindAreNeverNegative()
{
    QCOMPARE(bytesBehind(Lsn{300}, Lsn{100}).count, std::int64_t(200));
    QCOMPARE(bytesBehind(Lsn{100}, Lsn{300}).count, std::int64_t(0));
}

void TestBase::namesOfDifferentThingsDoNotMix()
{
    static_assert(!std::is_convertible_v<ServerId, ClusterName>);
    static_assert(!std::is_convertible_v<std::string, ServerId>);
    QVERIFY(ServerId("u1") == ServerId("u1"));
    QVERIFY(ServerId("u1") < ServerId("u2"));
    QVERIFY(ServerId().isEmpty());
    QCOMPARE(std::hash<ServerId>()(ServerId("u1")), std::hash<ServerId>()(ServerId("u1")));
}

void TestBase::aTimeIsWrittenInIso_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("the epoch of Unix") << qint64(0) << "1970-01-01T00:00:00.000Z";
    QTest::newRow("the epoch of the IDs") << qint64(1314220021721) << "2011-08-24T21:07:01.721Z";
    QTest::newRow("a leap day") << qint64(1709251199999) << "2024-02-29T23:59:59.999Z";
    QTest::newRow("a millisecond before 1970") << qint64(-1) << "1969-12-31T23:59:59.999Z";
    QTest::newRow("the last of four digits") << qint64(253402300799999) << "9999-12-31T23:59:59.999Z";
    QTest::newRow("beyond four digits stays at the last") << std::numeric_limits<qint64>::max() << "9999-12-31T23:59:59.999Z";
    QTest::newRow("before year 0 stays at the first") << std::numeric_limits<qint64>::min() << "0000-01-01T00:00:00.000Z";
}

void TestBase::aTimeIsWrittenInIso()
{
    QFETCH(qint64, ms);
    QFETCH(QString, text);
    char letters[isoLength];
    const char *end = writeIso(letters, ms);
    QCOMPARE(QString::fromLatin1(letters, end - letters), text);
}

void TestBase::anIsoTimeIsRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("same"); ///< in the form isoUtc() writes
    QTest::newRow("as written") << "2022-01-29T21:35:41.033Z"
                                << "2022-01-29T21:35:41.033Z";
    QTest::newRow("with a space and without Z") << "2022-01-29 21:35:41.033"
                                                << "2022-01-29T21:35:41.033Z";
    QTest::newRow("without a fraction") << "2022-01-29T21:35:41Z"
                                        << "2022-01-29T21:35:41.000Z";
    QTest::newRow("with one digit of fraction") << "2022-01-29T21:35:41.5Z"
                                                << "2022-01-29T21:35:41.500Z";
    QTest::newRow("with microseconds, cut") << "2022-01-29T21:35:41.033999Z"
                                            << "2022-01-29T21:35:41.033Z";
    QTest::newRow("without seconds") << "2022-01-29 21:35"
                                     << "2022-01-29T21:35:00.000Z";
    QTest::newRow("the date alone") << "2022-01-29"
                                    << "2022-01-29T00:00:00.000Z";
}

void TestBase::anIsoTimeIsRead()
{
    QFETCH(QString, text);
    QFETCH(QString, same);
    const auto time = parseIso(text.toStdString());
    QVERIFY(time);
    QCOMPARE(QString::fromStdString(isoUtc(*time)), same);
}

void TestBase::whatIsNoTimeIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << "";
    QTest::newRow("a day that is not in the calendar") << "2023-02-29";
    QTest::newRow("hour 24") << "2022-01-29T24:00:00Z";
    QTest::newRow("minute 60") << "2022-01-29T21:60:00Z";
    QTest::newRow("another zone") << "2022-01-29T21:35:41+01:00";
    QTest::newRow("a point without digits") << "2022-01-29T21:35:41.Z";
    QTest::newRow("more after the end") << "2022-01-29T21:35:41Zulu";
}

void TestBase::whatIsNoTimeIsRefused()
{
    QFETCH(QString, text);
    QVERIFY(!parseIso(text.toStdString()));
}

void TestBase::aMistypedWordFindsItsKey_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("meant");
    QTest::newRow("a letter missing") << "adress"
                                      << "address";
    QTest::newRow("two letters swapped") << "hots"
                                         << "host";
    QTest::newRow("another case") << "Name"
                                  << "name";
    QTest::newRow("nothing like it") << "colour"
                                     << "";
    QTest::newRow("a short word with nothing in common") << "x"
                                                         << "";
}

void TestBase::aMistypedWordFindsItsKey()
{
    QFETCH(QString, word);
    QFETCH(QString, meant);
    QCOMPARE(QString::fromStdString(closest(word.toStdString(), {"name", "kind", "host", "address"})), meant);
}

void TestBase::aManualClockMovesOnlyWhenTold()
{
    ManualClock clock(UtcTime(seconds(100)));
    const Instant before = clock.now();
    QVERIFY(clock.now() == before);
    clock.advance(seconds(5));
    QVERIFY(clock.now() - before == seconds(5));
    QVERIFY(clock.utcNow() == UtcTime(seconds(105)));
}

void TestBase::whatIsUsualIsLearnedAnew()
{
    LatencyMedian median;
    for (int i = 0; i < 29; ++i)
        median.add(milliseconds(940));
    QVERIFY(!median.usual());
    median.add(milliseconds(940));
    QVERIFY(median.usual() == milliseconds(940));
    for (int i = 0; i < 1000; ++i)
        median.add(milliseconds(88));
    median.restore(milliseconds(5)); // it knows better by now
    QVERIFY(median.usual() == milliseconds(88));
}

void TestBase::whatWasUsualBeforeIsNotForgottenAtOnce()
{
    LatencyMedian median;
    median.add(milliseconds(940));
    median.restore(milliseconds(88));
    QVERIFY(median.usual() == milliseconds(88));
    for (int i = 0; i < 1500; ++i)
        median.add(milliseconds(940));
    QVERIFY(median.usual() == milliseconds(88));
    for (int i = 0; i < 1000; ++i)
        median.add(milliseconds(940));
    QVERIFY(median.usual() == milliseconds(940));
}

void TestBase::everyErrorCodeHasItsOwnName()
{
    std::set<std::string_view> names;
    for (int code = 0; code <= int(ErrorCode::Unavailable); ++code)
        names.insert(name(static_cast<ErrorCode>(code)));
    QCOMPARE(names.size(), size_t(ErrorCode::Unavailable) + 1);
}

QTEST_APPLESS_MAIN(TestBase)
#include "test_base.moc"
