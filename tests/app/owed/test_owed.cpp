// SPDX-License-Identifier: GPL-3.0-or-later
// What came of an act waits on this machine where the directory is down, and only then.
#include "app/owed/Owed.h"
#include "tests/fixtures/Fleets.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace shardlens;

class TestOwed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatCameOfAnActWaitsWhereTheDirectoryIsDown();
    void whatIsToBeBeforeAnActNeverWaits();
    void whoMayNotKeepsNothing();
    void whatWaitsIsToldWithItsReason();

private:
    [[nodiscard]] record::OwedAudits owed() const { return *record::owedAudits(record::auditOutboxPath(*m_fleet)); }

    std::unique_ptr<QTemporaryDir> m_state;
    std::shared_ptr<fleet::Fleet> m_fleet;
};

/// Nobody listens where the directory is declared.
void TestOwed::init()
{
    m_state = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", m_state->path().toLocal8Bit());
    m_fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    QVERIFY(m_fleet->directory);
    m_fleet->acting = true;
    m_fleet->access.users = {{"oncall1", fleet::Role::OnCall, {}}};
    const auto &members = m_fleet->cluster(m_fleet->directory->cluster)->servers;
    for (fleet::Server &server : m_fleet->servers) {
        if (std::find(members.begin(), members.end(), server.id) != members.end())
            server.address = {{"127.0.0.1", 1}, {}};
    }
}

void TestOwed::whatCameOfAnActWaitsWhereTheDirectoryIsDown()
{
    const auto recorded = owed::recordAfter(m_fleet, {}, {"cache_deleted", "key u:42", "stale", R"({"key":"u:42"})"});
    QVERIFY(!recorded);
    QVERIFY2(recorded.error().message.ends_with("; it is kept on this machine, and written once the directory answers"), recorded.error().message.c_str());
    QCOMPARE(owed().rows.size(), std::size_t(1));
    const facts::OwedAudit row = owed().rows.front();
    QCOMPARE(row.id.size(), std::size_t(32));
    QCOMPARE(row.databaseUser, std::string("oncall1"));
    QCOMPARE(row.action + ", " + row.subject + ", " + row.reason + ", " + row.detail, std::string(R"(cache_deleted, key u:42, stale, {"key":"u:42"})"));
    QVERIFY(base::SystemClock().utcNow() - row.at < std::chrono::minutes(1));
}

void TestOwed::whatIsToBeBeforeAnActNeverWaits()
{
    owed::ActRecorder recorder(m_fleet, {}, "key u:42", "stale");
    QVERIFY(!recorder.record("cache_delete", "{}")); // and nothing is deleted
    QVERIFY(owed().rows.empty());
}

void TestOwed::whoMayNotKeepsNothing()
{
    m_fleet->acting = false;
    const auto recorded = owed::recordAfter(m_fleet, {}, {"cache_deleted", "key u:42", {}, "{}"});
    QVERIFY(!recorded);
    QCOMPARE(recorded.error().message, std::string("look_only"));
    QVERIFY(owed().rows.empty());
}

void TestOwed::whatWaitsIsToldWithItsReason()
{
    QVERIFY(owed::waitingOf(owed::handOver(m_fleet, {})) == facts::AuditWaiting());
    QVERIFY(!owed::recordAfter(m_fleet, {}, {"cache_deleted", "key u:42", {}, "{}"}));
    const auto waiting = owed::waitingOf(owed::handOver(m_fleet, {}));
    QCOMPARE(waiting.rows, std::size_t(1));
    QVERIFY(waiting.trouble);
    QCOMPARE(owed().rows.size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestOwed)
#include "test_owed.moc"
