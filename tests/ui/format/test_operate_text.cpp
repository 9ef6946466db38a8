// SPDX-License-Identifier: GPL-3.0-or-later
// On what an expected pause rests, and which step a step stands in for, in words.
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"

#include <QTest>

using namespace shardlens;
using base::milliseconds;

class TestOperateText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPauseSaysOnWhatItRests_data();
    void aPauseSaysOnWhatItRests();
    void aStepThatStandsInSaysForWhich();
};

void TestOperateText::aPauseSaysOnWhatItRests_data()
{
    QTest::addColumn<int>("runs");
    QTest::addColumn<bool>("areOthers");
    QTest::addColumn<QString>("text");
    QTest::newRow("no run") << 0 << false << QStringLiteral("about 0.20 s (from the present lag and links; no past run)");
    QTest::newRow("its own") << 3 << false << QStringLiteral("about 0.31 s (from the present lag and links, and past runs: median 0.30 s, worst 0.90 s of 3)");
    QTest::newRow("of others") << 4 << true
                               << QStringLiteral("about 0.31 s (from the present lag and links, and past runs of others between these regions: median 0.30 s, worst 0.90 s of 4; none of its own)");
}

void TestOperateText::aPauseSaysOnWhatItRests()
{
    QFETCH(int, runs);
    QFETCH(bool, areOthers);
    QFETCH(QString, text);
    operate::PauseEstimate pause;
    pause.lag = milliseconds(10);
    pause.expected = pause.fromLinks = milliseconds(200);
    operate::addPast(pause, {static_cast<unsigned>(runs), milliseconds(300), milliseconds(900), areOthers});
    const QString told = ui::format::pauseText(pause);
    // Durations as that room writes them: what is asked here is the sentence round them.
    text.replace(QLatin1String("0.20 s"), ui::format::duration(milliseconds(200)))
        .replace(QLatin1String("0.31 s"), ui::format::duration(milliseconds(310)))
        .replace(QLatin1String("0.30 s"), ui::format::duration(milliseconds(300)))
        .replace(QLatin1String("0.90 s"), ui::format::duration(milliseconds(900)));
    QCOMPARE(told, text);
}

void TestOperateText::aStepThatStandsInSaysForWhich()
{
    operate::Step step;
    step.kind = operate::StepKind::CopyData;
    const QString alone = ui::format::stepWhy(step);
    QCOMPARE(alone, ui::format::stepWhy(operate::StepKind::CopyData));
    step.insteadOf = 17;
    QCOMPARE(ui::format::stepWhy(step), QStringLiteral("Only where step 17 does not do it. ") + alone);
}

QTEST_GUILESS_MAIN(TestOperateText)
#include "test_operate_text.moc"
