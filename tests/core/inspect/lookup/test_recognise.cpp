// SPDX-License-Identifier: GPL-3.0-or-later
// What people paste, and what it is taken for.
#include "core/base/Iso8601.h"
#include "core/inspect/lookup/Question.h"
#include "tests/fixtures/Fleets.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::inspect::lookup;

namespace {

/// "kind id text", one find a piece, separated by "; ". An ID that cannot have been minted yet is marked.
QString written(const Recognised &recognised)
{
    QStringList lines;
    for (const Find &find : recognised.finds) {
        QString line = QString::fromUtf8(name(find.kind).data());
        if (find.kind == Kind::Id || find.kind == Kind::Media || find.kind == Kind::User || find.kind == Kind::Shard)
            line += QStringLiteral(" %1").arg(find.id);
        else
            line += QStringLiteral(" '%1'").arg(QString::fromStdString(find.text));
        if (find.owner != 0)
            line += QStringLiteral(" of %1").arg(find.owner);
        if (find.hasAccessKey)
            line += QStringLiteral(" with a key");
        if (!find.isPlausible)
            line += QStringLiteral(" (not plausible)");
        lines << line;
    }
    if (recognised.wasCut)
        lines << QStringLiteral("cut");
    return lines.join(QStringLiteral("; "));
}

} // namespace

class RecogniseTest : public QObject
{
    Q_OBJECT

    fixtures::FleetPtr m_fleet = fixtures::defaultFleet();
    base::UtcTime m_now = *base::parseIso("2026-11-28T21:00:00Z");

private Q_SLOTS:
    void aPasteIsTakenFor_data();
    void aPasteIsTakenFor();
    void aFindTellsWhereItStood();
    void aMillionLettersCostLittle();
    void manyFindsAreCut();
};

void RecogniseTest::aPasteIsTakenFor_data()
{
    QTest::addColumn<QByteArray>("pasted");
    QTest::addColumn<QString>("taken");
    const auto row = [](const char *name, const QByteArray &pasted, const char *taken) { QTest::newRow(name) << pasted << QString::fromUtf8(taken); };

    row("an ID of digits", "2763105489120465674", "id 2763105489120465674; user_name '2763105489120465674'");
    row("an ID in brackets and quotes", " (\"2763105489120465674\"), ", "id 2763105489120465674; user_name '2763105489120465674'");
    row("a media and its owner", "2763105489120465674_2763105480000000000",
        "media 2763105489120465674 of 2763105480000000000; user_name '2763105489120465674_2763105480000000000'");
    row("a link", "https://insta.example/p/CUK-1wjqqsP/", "media 2669222102324390671");
    row("a link with tracking parameters", "https://insta.example/reel/CUK-1wjqqsP/?utm_source=ig_web&igsh=abc==", "media 2669222102324390671");
    row("a link in a message", "hi, my photo vanished https://insta.example/p/CUK-1wjqqsP/?utm_source=ig help", "media 2669222102324390671");
    row("a link in brackets at the end of a sentence", "See (https://insta.example/p/CUK-1wjqqsP).", "media 2669222102324390671");
    row("a link that a mail program broke", "here: https://insta.example/p/CUK-1\nwjqqsP/ thanks", "media 2669222102324390671; media 38842293");
    row("a link to a person", "https://insta.example/ann.lee/?hl=en", "user_name 'ann.lee'");
    row("a link to something else", "https://insta.example/explore/tags/cats/", "");
    row("a short code", "CUK-1wjqqsP", "media 2669222102324390671; user_name 'CUK-1wjqqsP'");
    row("a short code in a message", "it was CUK-1wjqqsP I think", "media 2669222102324390671");
    row("two links and an ID in one message", "https://x/p/CUK-1wjqqsP/ and https://x/p/CUK-1wjqqsQ/ by 2763105489120465674",
        "media 2669222102324390671; media 2669222102324390672; id 2763105489120465674");
    row("the same link twice is one find", "https://x/p/CUK-1wjqqsP/ https://y/p/CUK-1wjqqsP", "media 2669222102324390671");
    row("a user name", "ann.lee", "user_name 'ann.lee'");
    row("a user name in a message", "who is @ann.lee?", "user_name 'ann.lee'");
    row("the beginning of a name", "ann*", "name_prefix 'ann'");
    row("a schema", "insta1341", "shard 1341; media 9744745447783989; user_name 'insta1341'");
    row("a schema in a message", "errors on insta12 since noon", "shard 12");
    row("a shard's number", "12", "shard 12; id 12; user_name '12'");
    row("a cached key", "m:2763105489120465674", "cached_key 'm:2763105489120465674'; media 2763105489120465674; user_name 'm:2763105489120465674'");
    row("a Redis key", "feed:2763105489120465674", "redis_key 'feed:2763105489120465674'; user 2763105489120465674; user_name 'feed:2763105489120465674'");
    row("any key, said outright", "redis:some{thing}odd", "redis_key 'some{thing}odd'");
    row("a cached key said outright", "cache:x y", "cached_key 'x'");
    row("nothing", "", "");
    row("blanks and line breaks", " \r\n\t ", "");
    row("brackets alone", "(((\"\")))", "");
    row("an emoji", "😀", "user_name '😀'");
    row("a name from right to left", "נועה", "user_name 'נועה'");
    row("SQL is a name like any other", "'; drop table users; --", "user_name 'drop table users; --'");
    row("quotes and wildcards in a name", "o'br%_en", "user_name 'o'br%_en'");
    row("years, prices and telephone numbers in a message are no IDs", "I paid 1999 in 2025, call 004915112345", "");
    row("an ordinary sentence holds nothing", "the information about my celebration was beautiful, thank you so much for everything dear support team", "");
    row("0", "0", "shard 0; id 0; user_name '0'");
    row("2^63 - 1", "9223372036854775807", "id 9223372036854775807 (not plausible); user_name '9223372036854775807'");
    row("2^63, which a bigint shows below zero", "-9223372036854775808", "id 9223372036854775808 (not plausible); user_name '-9223372036854775808'");
    row("a short negative number is a short code or a name", "-5", "user_name '-5'; media 4025");
    row("a number of more than 64 bits", "99999999999999999999999", "user_name '99999999999999999999999'");
    row("a short code of 40 letters is a private one", "CUK-1wjqqsPAbCdEfGhIjKlMnOpQrStUvWxYz012",
        "media 2669222102324390671 with a key; user_name 'CUK-1wjqqsPAbCdEfGhIjKlMnOpQrStUvWxYz012'");
    row("bytes that are no text", QByteArray("\xff\xfe\x80"), "");
}

void RecogniseTest::aPasteIsTakenFor()
{
    QFETCH(QByteArray, pasted);
    QFETCH(QString, taken);
    const Recognised recognised = recognise({pasted.constData(), std::size_t(pasted.size())}, *m_fleet, m_now);
    QCOMPARE(written(recognised), taken);
}

void RecogniseTest::aFindTellsWhereItStood()
{
    const std::string pasted = "hello, https://insta.example/p/CUK-1wjqqsP/?x=1 and @ann!";
    const Recognised recognised = recognise(pasted, *m_fleet, m_now);
    QCOMPARE(recognised.finds.size(), std::size_t(2));
    for (const Find &find : recognised.finds)
        QCOMPARE(QString::fromStdString(pasted.substr(find.at, find.length)), QString::fromStdString(find.text));
}

void RecogniseTest::aMillionLettersCostLittle()
{
    std::string pasted(1'000'000, 'a');
    QVERIFY(recognise(pasted, *m_fleet, m_now).wasCut);
    QVERIFY(recognise(pasted, *m_fleet, m_now).finds.empty());
    pasted = "CUK-1wjqqsP\n" + std::string(1'000'000, ' ');
    QCOMPARE(recognise(pasted, *m_fleet, m_now).finds.front().id, std::uint64_t(2669222102324390671));
}

void RecogniseTest::manyFindsAreCut()
{
    std::string pasted;
    for (int i = 0; i < 300; ++i)
        pasted += "@name" + std::to_string(i) + " ";
    const Recognised recognised = recognise(pasted, *m_fleet, m_now);
    QCOMPARE(recognised.finds.size(), std::size_t(200));
    QVERIFY(recognised.wasCut);
}

QTEST_GUILESS_MAIN(RecogniseTest)
#include "test_recognise.moc"
