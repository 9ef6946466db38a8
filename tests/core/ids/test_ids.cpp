// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Iso8601.h"
#include "core/ids/Anatomy.h"
#include "core/ids/Moment.h"
#include "core/ids/Reading.h"
#include "core/ids/Shortcode.h"

#include <QTest>

#include <limits>

using namespace shardlens::ids;
namespace base = shardlens::base;

namespace {

QString isoOf(std::int64_t ms)
{
    char text[base::isoLength];
    return QString::fromLatin1(text, base::writeIso(text, ms) - text);
}

std::int64_t msOf(const char *iso)
{
    return std::chrono::floor<base::milliseconds>(base::parseIso(iso)->time_since_epoch()).count();
}

QString shortcodeOf(quint64 id)
{
    const Shortcode code(id);
    return QString::fromLatin1(code.text().data(), qsizetype(code.text().size()));
}

} // namespace

class TestIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKnownIdComesApartAndTogether_data();
    void aKnownIdComesApartAndTogether();
    void aMomentIsIsoOrUnixMilliseconds();
    void theLimitsAreThoseOfBigintAndOf64Bits();
    void anotherLayoutReadsOtherBits();
    void aPartThatDoesNotFitIsNamed_data();
    void aPartThatDoesNotFitIsNamed();
    void aTextIsTakenForWhatItIs_data();
    void aTextIsTakenForWhatItIs();
    void whatIsNoIdSaysWhy_data();
    void whatIsNoIdSaysWhy();
    void everyLengthOfNumberReadsBack();
    void everyLengthOfShortcodeReadsBack();
    void anIdOfTheFutureIsNotPlausible();
};

void TestIds::aKnownIdComesApartAndTogether_data()
{
    QTest::addColumn<QString>("shortcode");
    QTest::addColumn<quint64>("id");
    QTest::addColumn<QString>("minted");
    QTest::addColumn<quint32>("shard");
    QTest::addColumn<quint32>("sequence");
    QTest::newRow("of 2011") << "pV_oMFPeJ" << quint64(11637205501278089) << "2011-09-09T22:28:04.721Z" << 1341U << 905U;
    QTest::newRow("of 2013") << "aye83DjauH" << quint64(482584233761418119) << "2013-06-20T17:15:45.376Z" << 874U << 903U;
    QTest::newRow("of 2016") << "BA-pQFBG8HZ" << quint64(1170554377968796121) << "2016-01-25T22:29:37.499Z" << 1776U << 473U;
    QTest::newRow("of 2018") << "BqvsDleB3lV" << quint64(1922949326347663701) << "2018-11-29T01:04:04.757Z" << 478U << 341U;
    QTest::newRow("of 2017") << "BRo7njqD75U" << quint64(1470687481426853460) << "2017-03-15T01:00:31.533Z" << 1007U << 596U;
    QTest::newRow("of 2022, shard above 2,000")
        << "CZVEugIPkVn" << quint64(2762134734241678695) << "2022-01-29T21:35:41.033Z" << 3985U << 359U;
    QTest::newRow("of 2021") << "CUK-1wjqqsP" << quint64(2669222102324390671) << "2021-09-23T16:54:52.192Z" << 2730U << 783U;
    QTest::newRow("number 1") << "B" << quint64(1) << "2011-08-24T21:07:01.721Z" << 0U << 1U;
    QTest::newRow("number 0") << "A" << quint64(0) << "2011-08-24T21:07:01.721Z" << 0U << 0U;
    QTest::newRow("the last that a bigint holds")
        << "H__________" << quint64(std::numeric_limits<qint64>::max()) << "2046-06-27T17:00:49.496Z" << 8191U << 1023U;
    QTest::newRow("the last of 64 bits") << "P__________" << std::numeric_limits<quint64>::max() << "2081-04-30T12:54:37.272Z" << 8191U
                                         << 1023U;
}

void TestIds::aKnownIdComesApartAndTogether()
{
    QFETCH(QString, shortcode);
    QFETCH(quint64, id);
    QFETCH(QString, minted);
    QFETCH(quint32, shard);
    QFETCH(quint32, sequence);
    const Anatomy parts = anatomy(id, {});
    QCOMPARE(isoOf(parts.mintedMs), minted);
    QCOMPARE(parts.shard.value, shard);
    QCOMPARE(parts.sequence, sequence);
    QCOMPARE(shortcodeOf(id), shortcode);
    QVERIFY(parseShortcode(shortcode.toStdString()) == id);
    const auto composed = compose(parts.mintedMs, shard, sequence, {});
    QVERIFY(composed);
    QCOMPARE(quint64(*composed), id);
}

void TestIds::aMomentIsIsoOrUnixMilliseconds()
{
    QCOMPARE(parseMoment("2022-01-29T21:35:41.033Z"), std::optional(msOf("2022-01-29T21:35:41.033Z")));
    QCOMPARE(parseMoment("1643492141033"), std::optional(msOf("2022-01-29T21:35:41.033Z")));
    QCOMPARE(parseMoment("2022-01-29"), std::optional(msOf("2022-01-29T00:00:00Z")));
    for (const char *none : {"", "now", "-5", "1643492141033 ", "2022-13-01", "9223372036854775807"})
        QVERIFY2(!parseMoment(none), none);
}

void TestIds::theLimitsAreThoseOfBigintAndOf64Bits()
{
    const IdLayout layout;
    QCOMPARE(isoOf(layout.lastBigintMintedMs()), QStringLiteral("2046-06-27T17:00:49.496Z"));
    QCOMPARE(isoOf(layout.lastMintedMs()).left(4), QStringLiteral("2081"));
    QCOMPARE(quint64(layout.lastId()), std::numeric_limits<quint64>::max());
    QVERIFY(anatomy(quint64(std::numeric_limits<qint64>::max()), layout).fitsBigint());
    QVERIFY(!anatomy(quint64(1) << 63, layout).fitsBigint());
}

void TestIds::anotherLayoutReadsOtherBits()
{
    const IdLayout layout{1700000000000, 39, 8, 12};
    const auto id = compose(1700000000000 + 5, 200, 4095, layout);
    QVERIFY(id);
    QCOMPARE(quint64(*id), (quint64(5) << 20) | (quint64(200) << 12) | 4095);
    const Anatomy parts = anatomy(*id, layout);
    QCOMPARE(parts.mintedMs, std::int64_t(1700000000005));
    QCOMPARE(parts.shard.value, 200U);
    QCOMPARE(parts.sequence, 4095U);
    QCOMPARE(quint64(layout.lastId()), (quint64(1) << 59) - 1);
    const auto tooGreat = classify("576460752303423488", layout); // 2^59
    QVERIFY(!tooGreat);
    QCOMPARE(tooGreat.error(), NotAnId::TooGreat);
    QVERIFY(classify("576460752303423487", layout).has_value());
}

void TestIds::aPartThatDoesNotFitIsNamed_data()
{
    QTest::addColumn<QString>("time");
    QTest::addColumn<quint64>("shard");
    QTest::addColumn<quint64>("sequence");
    QTest::addColumn<QString>("message");
    QTest::newRow("a time before the epoch") << "2011-08-24T21:07:01.720Z" << quint64(0) << quint64(0)
                                             << "2011-08-24T21:07:01.720Z is before the epoch of these IDs, 2011-08-24T21:07:01.721Z";
    QTest::newRow("a time after the last") << "2090-01-01" << quint64(0) << quint64(0)
                                           << "2090-01-01T00:00:00.000Z is after the last moment of these IDs, 2081-04-30T12:54:37.272Z";
    QTest::newRow("a shard of fourteen bits") << "2022-01-01" << quint64(8192) << quint64(0) << "shard 8192 is above the last one, 8191";
    QTest::newRow("a sequence of eleven bits") << "2022-01-01" << quint64(8191) << quint64(1024)
                                               << "sequence 1024 is above the last one, 1023";
}

void TestIds::aPartThatDoesNotFitIsNamed()
{
    QFETCH(QString, time);
    QFETCH(quint64, shard);
    QFETCH(quint64, sequence);
    QFETCH(QString, message);
    const auto id = compose(msOf(time.toUtf8().constData()), shard, sequence, {});
    QVERIFY(!id);
    QCOMPARE(id.error().code, base::ErrorCode::BadInput);
    QCOMPARE(QString::fromStdString(id.error().message), message);
}

void TestIds::aTextIsTakenForWhatItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("form");
    QTest::addColumn<quint64>("id");
    const quint64 id = 2762134734241678695;
    QTest::newRow("a number") << "2762134734241678695"
                              << "number" << id;
    QTest::newRow("a number within spaces, with a line end") << "  2762134734241678695\r\n"
                                                             << "number" << id;
    QTest::newRow("a number in quotes with a comma") << "\"2762134734241678695\","
                                                     << "number" << id;
    QTest::newRow("eleven digits, which could be a shortcode") << "27621347342"
                                                               << "number" << quint64(27621347342);
    QTest::newRow("the greatest number") << "18446744073709551615"
                                         << "number" << std::numeric_limits<quint64>::max();
    QTest::newRow("a number with leading zeros") << "000042"
                                                 << "number" << quint64(42);
    QTest::newRow("a bigint below zero") << "-9223372036854775808"
                                         << "negative_number" << (quint64(1) << 63);
    QTest::newRow("minus one as a bigint is too short: a shortcode") << "-1"
                                                                     << "shortcode" << quint64(62 * 64 + 53);
    QTest::newRow("a shortcode") << "CZVEugIPkVn"
                                 << "shortcode" << id;
    QTest::newRow("a shortcode that begins with a digit") << "3cE"
                                                          << "shortcode" << quint64((55 * 64 + 28) * 64 + 4);
    QTest::newRow("a shortcode with hyphen and line") << "CUK-1wjqqsP"
                                                      << "shortcode" << quint64(2669222102324390671);
    QTest::newRow("a shortcode with A in front") << "AAB"
                                                 << "shortcode" << quint64(1);
    QTest::newRow("a private shortcode") << "CZVEugIPkVnxyzXYZ0123456789abcdefghijkl"
                                         << "private_shortcode" << id;
    QTest::newRow("a media and its owner") << "2762134734241678695_25025320"
                                           << "media_and_owner" << id;
    QTest::newRow("a small media and its owner") << "12_34"
                                                 << "media_and_owner" << quint64(12);
    QTest::newRow("a link to a post") << "https://www.instagram.com/p/CZVEugIPkVn/"
                                      << "link" << id;
    QTest::newRow("a link to a reel with tracking") << "https://www.instagram.com/reel/CZVEugIPkVn/?igsh=MWQ1ZGUxMzBkMA==&utm_source=x"
                                                    << "link" << id;
    QTest::newRow("a link to reels") << "instagram.com/reels/CZVEugIPkVn"
                                     << "link" << id;
    QTest::newRow("a link to a video") << "http://instagram.com/tv/CZVEugIPkVn#c"
                                       << "link" << id;
    QTest::newRow("a link with the user's name") << "https://www.instagram.com/some.body/p/CZVEugIPkVn/"
                                                 << "link" << id;
    QTest::newRow("a link to a private post") << "https://www.instagram.com/p/CZVEugIPkVnxyzXYZ0123456789abcdefghijkl/"
                                              << "link" << id;
    QTest::newRow("a whole message with a link") << "Hello, my photo (https://www.instagram.com/p/CZVEugIPkVn/?img_index=1) is gone. Help!"
                                                 << "link" << id;
    QTest::newRow("a link that ends a sentence") << "see instagram.com/p/CZVEugIPkVn."
                                                 << "link" << id;
    QTest::newRow("a link beside an empty one") << "https://x.example/p/ and /p/CZVEugIPkVn"
                                                << "link" << id;
}

void TestIds::aTextIsTakenForWhatItIs()
{
    QFETCH(QString, text);
    QFETCH(QString, form);
    QFETCH(quint64, id);
    const auto reading = parseAny(text.toStdString());
    if (!reading)
        QFAIL(reading.error().message.c_str());
    const auto formName = name(reading->form);
    QCOMPARE(QString::fromLatin1(formName.data(), qsizetype(formName.size())), form);
    QCOMPARE(quint64(reading->id), id);
    QCOMPARE(reading->hasAccessKey, text.contains(QStringLiteral("xyzXYZ")));
    if (text.endsWith(QStringLiteral("_25025320")))
        QCOMPARE(quint64(reading->owner), quint64(25025320));
}

void TestIds::whatIsNoIdSaysWhy_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("why");
    QTest::newRow("nothing") << "" << int(NotAnId::Empty);
    QTest::newRow("spaces") << "  \t" << int(NotAnId::Empty);
    QTest::newRow("2^64") << "18446744073709551616" << int(NotAnId::TooGreat);
    QTest::newRow("twenty nines") << "99999999999999999999" << int(NotAnId::TooGreat);
    QTest::newRow("twenty-one digits") << "184467440737095516150" << int(NotAnId::TooGreat);
    QTest::newRow("eleven letters of 66 bits") << "Q__________" << int(NotAnId::TooGreat);
    QTest::newRow("a media of 65 bits with its owner") << "18446744073709551616_1" << int(NotAnId::TooGreat);
    QTest::newRow("a number below the least bigint") << "-9223372036854775809" << int(NotAnId::TooGreat);
    QTest::newRow("a letter out of the alphabet") << "CZVEug!PkVn" << int(NotAnId::WrongLetters);
    QTest::newRow("two words") << "hello world" << int(NotAnId::WrongLetters);
    QTest::newRow("a number with a point") << "1.5" << int(NotAnId::WrongLetters);
    QTest::newRow("letters of another script") << QString::fromUtf8("фото") << int(NotAnId::WrongLetters);
    QTest::newRow("a link to a user") << "https://www.instagram.com/some.body/" << int(NotAnId::WrongLetters);
}

void TestIds::whatIsNoIdSaysWhy()
{
    QFETCH(QString, text);
    QFETCH(int, why);
    const auto outcome = classify(text.toStdString());
    QVERIFY(!outcome);
    QCOMPARE(int(outcome.error()), why);
    QVERIFY(!parseAny(text.toStdString()).error().message.empty());
}

void TestIds::everyLengthOfNumberReadsBack()
{
    for (quint64 number = 1, i = 0; i < 20; ++i, number = number * 10 + i % 10) {
        const std::string text = std::to_string(number);
        QVERIFY2(parseDecimal(text) == number, text.c_str());
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (const char wrong : {'/', ':', ' ', 'a', '\0'}) {
                std::string spoilt = text;
                spoilt[at] = wrong;
                QVERIFY2(!parseDecimal(spoilt), spoilt.c_str());
            }
        }
    }
}

void TestIds::everyLengthOfShortcodeReadsBack()
{
    quint64 state = 88172645463325252U; // any seed: a run is the same each time
    for (int i = 0; i < 20000; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const quint64 id = state >> (i % 64);
        const Shortcode code(id);
        QVERIFY(parseShortcode(code.text()) == id);
        QVERIFY(id == 0 || code.text().front() != 'A');
    }
}

void TestIds::anIdOfTheFutureIsNotPlausible()
{
    const std::int64_t now = msOf("2022-01-29T21:35:41Z");
    QVERIFY(isPlausible(anatomy(2762134734241678695, {}), now));
    QVERIFY(!isPlausible(anatomy(quint64(1) << 63, {}), now));
}

QTEST_APPLESS_MAIN(TestIds)
#include "test_ids.moc"
