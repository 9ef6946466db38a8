// SPDX-License-Identifier: GPL-3.0-or-later
// Why nothing is begun, in words: what each refusal names.
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Snapshots.h"
#include "ui/format/DenialText.h"

#include <QTest>

using namespace shardlens;
using execute::Denial;
using execute::Denied;

namespace {

operate::Check behind(const char *server, std::int64_t mebibytes)
{
    operate::Check check;
    check.id = operate::CheckId::ReplayLag;
    check.on = base::ServerId(server);
    check.verdict = operate::Verdict::Failed;
    check.readings = {{"replay_lag_bytes", base::Bytes{mebibytes * 1024 * 1024}, facts::Evidence::Value(base::Bytes{16 * 1024 * 1024}), {}, {}}};
    return check;
}

} // namespace

class TestDenialText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachRejectedCandidateSaysWhy()
    {
        const fleet::Fleet &fleet = *fixtures::well()->fleet;
        const Denied denied{Denial::NoPlan, {"u1-us-west", "u1-eu-west"}, {behind("u1-us-west", 312), behind("u1-eu-west", 20)}};
        const QString text = ui::format::denialText(denied, fleet);
        QVERIFY2(text.startsWith(QLatin1String("No server is eligible. u1-us-west: ")), qPrintable(text));
        QVERIFY2(text.contains(QLatin1String("; u1-eu-west: ")), qPrintable(text));
        QCOMPARE(text.count(QLatin1String("[replay_lag]")), 2);
        QVERIFY2(text.contains(QStringLiteral("312")) && text.contains(QStringLiteral("20.0")), qPrintable(text));
    }

    void withoutAnyTheActsOwnChecksAreTold()
    {
        const fleet::Fleet &fleet = *fixtures::well()->fleet;
        operate::Check check = behind("", 1);
        const QString text = ui::format::denialText({Denial::NoPlan, {"replay_lag"}, {check}}, fleet);
        QVERIFY2(text.startsWith(QLatin1String("No server is eligible. ")) && text.contains(QLatin1String("[replay_lag]")), qPrintable(text));
        QCOMPARE(ui::format::denialText({Denial::NoPlan, {}, {}}, fleet), QStringLiteral("No server is eligible: there is no candidate."));
    }
};

QTEST_GUILESS_MAIN(TestDenialText)
#include "test_denial_text.moc"
