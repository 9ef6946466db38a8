// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/LookupWire.h"
#include "tests/fixtures/Lookups.h"

#include <QElapsedTimer>
#include <QtTest>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace shardlens;
using app::LookupSource;
using app::LookupWire;
using ui::pages::LookupBoard;
using ui::pages::LookupQuestion;
using ui::pages::LookupResult;
using ui::pages::LookupSeat;
namespace look = inspect::lookup;

namespace {

/// Servers that answer when a test says so, or when their question is cancelled.
class HeldServers
{
public:
    LookupSource source()
    {
        return {[this](const LookupQuestion &question) { return answer(question); },
                [this] {
                    const std::lock_guard lock(m_mutex);
                    ++m_cancelled;
                    m_isCancelled = true;
                    m_wake.notify_all();
                }};
    }

    void release()
    {
        const std::lock_guard lock(m_mutex);
        m_isHeld = false;
        m_wake.notify_all();
    }
    [[nodiscard]] int begun() const { return m_begun; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }

private:
    LookupResult answer(const LookupQuestion &question)
    {
        std::unique_lock lock(m_mutex);
        m_isCancelled = false;
        ++m_begun;
        m_wake.wait(lock, [this] { return !m_isHeld || m_isCancelled; });
        if (const auto *feed = std::get_if<look::FeedQuestion>(&question))
            return base::Result<look::FeedPage>(fixtures::feedPage(feed->limit));
        if (m_isCancelled)
            return base::Result<look::Answer>(base::fail(base::ErrorCode::Cancelled, "cancelled"));
        look::Answer answer = fixtures::photo();
        answer.find = std::get<look::Question>(question).find;
        return base::Result<look::Answer>(answer);
    }

    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isHeld = true;
    bool m_isCancelled = false;
    std::atomic<int> m_begun = 0;
    std::atomic<int> m_cancelled = 0;
};

look::Question questionFor(std::uint64_t id)
{
    look::Question question;
    question.find.id = id;
    return question;
}

struct Told {
    std::uint64_t number = 0;
    LookupResult result;
};

} // namespace

class LookupWireTest : public QObject
{
    Q_OBJECT

private:
    static std::uint64_t idOf(const LookupResult &result)
    {
        const auto *answer = std::get_if<base::Result<look::Answer>>(&result);
        return answer && *answer ? (*answer)->find.id : 0;
    }

    struct Wired {
        Wired()
        {
            wire = std::make_unique<LookupWire>(
                [this] {
                    ++made;
                    return servers.source();
                },
                board);
            QObject::connect(&board, &LookupBoard::told, &board, [this](std::uint64_t number, const LookupResult &result) {
                QVERIFY(QThread::currentThread() == qApp->thread());
                told.push_back({number, result});
            });
        }
        HeldServers servers;
        LookupBoard board;
        std::vector<Told> told;
        int made = 0;
        std::unique_ptr<LookupWire> wire;
    };

private Q_SLOTS:
    void nothingIsOpenedBeforeTheFirstQuestion()
    {
        Wired wired;
        QVERIFY(wired.board.isAnswered());
        QCOMPARE(wired.made, 0);
        wired.servers.release();
        const auto number = wired.board.ask(LookupSeat::LookUp, questionFor(7));
        QTRY_COMPARE(wired.told.size(), std::size_t(1));
        QCOMPARE(wired.made, 1);
        QCOMPARE(wired.told[0].number, number);
        QCOMPARE(idOf(wired.told[0].result), std::uint64_t(7));
        QCOMPARE(LookupBoard().isAnswered(), false);
    }

    void theNewestQuestionWins()
    {
        Wired wired;
        wired.board.ask(LookupSeat::LookUp, questionFor(1));
        QTRY_COMPARE(wired.servers.begun(), 1);
        wired.board.ask(LookupSeat::LookUp, questionFor(2)); // the first is cancelled
        QTRY_COMPARE(wired.servers.begun(), 2);
        QCOMPARE(wired.servers.cancelled(), 1);
        wired.board.ask(LookupSeat::LookUp, questionFor(3));
        QTRY_COMPARE(wired.servers.begun(), 3);
        wired.servers.release();
        QTRY_COMPARE(wired.told.size(), std::size_t(1));
        QCOMPARE(idOf(wired.told[0].result), std::uint64_t(3));
    }

    void whatWaitsGivesWayWithoutBeingAsked()
    {
        Wired wired;
        wired.board.ask(LookupSeat::Feed, look::FeedQuestion{});
        QTRY_COMPARE(wired.servers.begun(), 1);
        for (std::uint64_t id = 1; id <= 50; ++id)
            wired.board.ask(LookupSeat::LookUp, questionFor(id));
        QCOMPARE(wired.servers.cancelled(), 0); // another seat's question goes on
        wired.servers.release();
        QTRY_COMPARE(wired.told.size(), std::size_t(2));
        QCOMPARE(wired.servers.begun(), 2);
        QVERIFY(std::holds_alternative<base::Result<look::FeedPage>>(wired.told[0].result));
        QCOMPARE(idOf(wired.told[1].result), std::uint64_t(50));
    }

    void whatIsForgottenIsNotTold()
    {
        Wired wired;
        wired.board.ask(LookupSeat::LookUp, questionFor(1));
        QTRY_COMPARE(wired.servers.begun(), 1);
        wired.board.forget(LookupSeat::LookUp);
        QTRY_COMPARE(wired.servers.cancelled(), 1);
        wired.servers.release();
        const auto next = wired.board.ask(LookupSeat::More, questionFor(2));
        QTRY_COMPARE(wired.told.size(), std::size_t(1));
        QCOMPARE(wired.told[0].number, next);
    }

    void askingNeverWaitsForServers()
    {
        Wired wired; // which never answer
        QElapsedTimer timer;
        timer.start();
        for (std::uint64_t id = 1; id <= 100; ++id)
            wired.board.ask(LookupSeat::LookUp, questionFor(id));
        QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
        QTRY_VERIFY(wired.servers.begun() >= 1);
        timer.restart();
        wired.wire.reset(); // closing a window does not wait for them either
        QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(wired.told.empty());
        QVERIFY(!wired.board.isAnswered());
    }
};

QTEST_GUILESS_MAIN(LookupWireTest)
#include "test_lookup_wire.moc"
