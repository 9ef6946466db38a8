// SPDX-License-Identifier: GPL-3.0-or-later
// Members that are asked at once: one that is frozen costs the others a grace, and no more.
#include "core/effects/Majority.h"

#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using base::Instant;
using base::Result;

namespace {

using Asked = std::map<int, std::future<Result<int>>>;

std::future<Result<int>> answerAfter(base::milliseconds time, bool isGood = true)
{
    return std::async(std::launch::async, [=]() -> Result<int> {
        std::this_thread::sleep_for(time);
        return isGood ? Result<int>(1) : base::fail(base::ErrorCode::Refused, "refused");
    });
}

} // namespace

class TestMajority : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFrozenOneCostsAGrace();
    void oneThatWasSeenSilentCostsNothing();
    void allThatAnswerInTimeAreThere();
    void tooFewAreWaitedForUntilTheDeadline();
    void eachGetsItsShare();
};

void TestMajority::aFrozenOneCostsAGrace()
{
    Asked asked;
    asked.emplace(1, answerAfter(3000ms)); // the first of the fleet file
    asked.emplace(2, answerAfter(5ms));
    asked.emplace(3, answerAfter(5ms));
    Asked late;
    const Instant began = std::chrono::steady_clock::now();
    const auto answers = effects::awaitMajority(std::move(asked), 2, began + 5s, late);
    const auto took = std::chrono::steady_clock::now() - began;
    QCOMPARE(answers.size(), std::size_t(2));
    QVERIFY(answers.contains(2) && answers.contains(3));
    QVERIFY(late.contains(1));
    QVERIFY2(took >= effects::lateGrace && took < 2s, "it waited for the frozen one");
}

void TestMajority::oneThatWasSeenSilentCostsNothing()
{
    for (const bool areOthersLate : {false, true}) {
        Asked asked;
        asked.emplace(1, answerAfter(2000ms));
        asked.emplace(2, answerAfter(5ms));
        asked.emplace(3, answerAfter(areOthersLate ? 100ms : 5ms)); // it is waited for, as any that was not seen silent
        Asked late;
        const Instant began = std::chrono::steady_clock::now();
        const auto answers = effects::awaitMajority(std::move(asked), areOthersLate ? 1 : 2, began + 5s, late, {1});
        QVERIFY(std::chrono::steady_clock::now() - began < effects::lateGrace);
        QVERIFY(answers.contains(2) && answers.contains(3) && late.contains(1));
    }
    Asked needed;
    needed.emplace(1, answerAfter(100ms)); // it answers all the same, and without it there are too few
    needed.emplace(2, answerAfter(5ms));
    Asked late;
    QCOMPARE(effects::awaitMajority(std::move(needed), 2, std::chrono::steady_clock::now() + 5s, late, {1}).size(), std::size_t(2));
}

void TestMajority::allThatAnswerInTimeAreThere()
{
    Asked asked;
    asked.emplace(1, answerAfter(5ms));
    asked.emplace(2, answerAfter(5ms));
    asked.emplace(3, answerAfter(100ms)); // after the majority, within the grace
    Asked late;
    const Instant began = std::chrono::steady_clock::now();
    const auto answers = effects::awaitMajority(std::move(asked), 2, began + 5s, late);
    QCOMPARE(answers.size(), std::size_t(3));
    QVERIFY(late.empty());
    QVERIFY(std::chrono::steady_clock::now() - began < effects::lateGrace);
}

void TestMajority::tooFewAreWaitedForUntilTheDeadline()
{
    Asked asked;
    asked.emplace(1, answerAfter(1ms));
    asked.emplace(2, answerAfter(1ms, false)); // no answer that counts
    asked.emplace(3, answerAfter(700ms));      // late, and needed
    Asked late;
    const auto answers = effects::awaitMajority(std::move(asked), 2, std::chrono::steady_clock::now() + 2s, late);
    QCOMPARE(answers.size(), std::size_t(3));
    QVERIFY(!answers.at(2) && answers.at(3));
}

void TestMajority::eachGetsItsShare()
{
    const Instant now = std::chrono::steady_clock::now();
    QVERIFY(effects::shareOf(now + 3s, 3) < now + 1100ms);
    QVERIFY(effects::shareOf(now + 3s, 1) == now + 3s);
    QVERIFY(effects::shareOf(now - 1s, 3) == now - 1s);
}

QTEST_GUILESS_MAIN(TestMajority)
#include "test_majority.moc"
