// SPDX-License-Identifier: GPL-3.0-or-later
// What support reads of a look-up: for how long a copy is wrong, and that one of a moment ago is not.
#include "tests/fixtures/Lookups.h"
#include "tests/fixtures/Snapshots.h"
#include "ui/format/LookupText.h"

#include <QTest>

using namespace shardlens;
using namespace inspect::lookup;
using namespace std::chrono_literals;

namespace {

/// Numbers and units have a narrow space between them.
QString plain(QString text)
{
    return text.replace(QChar(0x202f), QLatin1Char(' '));
}

} // namespace

class TestLookupText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOldCopyIsToldByHowLongItIsOutOfDate()
    {
        const fleet::Fleet &fleet = *fixtures::well()->fleet;
        Answer answer = fixtures::photo();
        answer.verdict.outcome = Outcome::ExistsAmiss;
        answer.verdict.findings = {{Amiss::StaleCopy, {base::RegionName("eu-west")}, {}, {}, 14s, 0}};
        QCOMPARE(plain(ui::format::lookupWords(answer, fleet).sentence), QStringLiteral("The photo exists. People in Europe see an older version of it, 14 s out of date."));
        const QString evidence = plain(ui::format::findingText(answer.verdict.findings.front()));
        QVERIFY2(evidence.contains(QStringLiteral(", out of date for 14 s")), qPrintable(evidence));
    }

    void whatChangedAMomentAgoIsOnItsWay()
    {
        const fleet::Fleet &fleet = *fixtures::well()->fleet;
        Answer answer = fixtures::photo();
        answer.verdict.changedAgo = 400ms;
        answer.regions.back().sees = Sees::Before;
        const auto words = ui::format::lookupWords(answer, fleet);
        QCOMPARE(plain(words.sentence), QStringLiteral("The photo exists. It changed 0.4 s ago; copies are still on their way."));
        QCOMPARE(words.tone, ui::format::LookupTone::Well);
        const QString reply = ui::format::lookupReply(answer, fleet, {});
        QVERIFY2(!reply.contains(QStringLiteral("everywhere")) && !reply.contains(QStringLiteral("does not answer")), qPrintable(reply));
        QCOMPARE(ui::format::seesText(Sees::Before), QStringLiteral("See it as it was a moment ago"));
    }

    void rowsAreCountedToALimit()
    {
        Count count{250'000, 100'000};
        QVERIFY(count.isMiscount());
        QCOMPARE(ui::format::rowsText(count), QStringLiteral("100,000"));
        count.isAtLeast = true;
        QVERIFY2(!count.isMiscount(), "beyond the limit nothing is claimed");
        QCOMPARE(ui::format::rowsText(count), QStringLiteral("at least 100,000"));
        count = {1204, facts::unknown(facts::WhyUnknown::ServerSilent)};
        QCOMPARE(ui::format::rowsText(count), QStringLiteral("1,204"));
    }
};

QTEST_GUILESS_MAIN(TestLookupText)
#include "test_lookup_text.moc"
