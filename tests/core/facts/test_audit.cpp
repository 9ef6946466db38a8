// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log's chain: whole, and each way in which somebody may have tampered with it.
#include "core/facts/Audit.h"

#include <QTest>

#include <functional>

using namespace shardlens::facts;

using Log = std::vector<AuditRow>;
using Tamper = std::function<void(Log &)>;
Q_DECLARE_METATYPE(Tamper)

namespace {

/// A hash that is easy to read: what counts here is who is compared with whom.
std::string hashOf(const AuditRow &row)
{
    return "<" + row.previousHash + row.hashed + ">";
}

Log written(int rows)
{
    Log log;
    for (int i = 1; i <= rows; ++i) {
        AuditRow row;
        row.seq = i;
        row.hashed = std::to_string(i);
        row.previousHash = log.empty() ? std::string() : log.back().hash;
        row.hash = hashOf(row);
        log.push_back(row);
    }
    return log;
}

/// As one who knows how the chain is made, from that row on.
void hashAnew(Log &log, std::size_t from)
{
    for (std::size_t i = from; i < log.size(); ++i) {
        log[i].previousHash = i == 0 ? std::string() : log[i - 1].hash;
        log[i].hash = hashOf(log[i]);
    }
}

QString told(const AuditChain &chain)
{
    QStringList flaws;
    for (const AuditFlaw &flaw : chain.flaws())
        flaws << QStringLiteral("%1 %2-%3").arg(QString::fromUtf8(name(flaw.fault).data())).arg(flaw.from).arg(flaw.to);
    return flaws.join(QStringLiteral(", "));
}

} // namespace

class TestAudit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chain_data();
    void chain();
    void headsAreCounted();
};

void TestAudit::chain_data()
{
    QTest::addColumn<Tamper>("tamper");
    QTest::addColumn<bool>("withHead");
    QTest::addColumn<QString>("expected");
    const Tamper nothing = [](Log &) {};
    const Tamper rehashed = [](Log &log) {
        log[2].hashed = "other";
        hashAnew(log, 2);
    };
    QTest::newRow("nobody did anything") << nothing << true << "";
    QTest::newRow("an empty log") << Tamper([](Log &log) { log.clear(); }) << false << "";
    QTest::newRow("a row says something else") << Tamper([](Log &log) { log[2].hashed = "other"; }) << false << "edited 3-3";
    QTest::newRow("two rows say something else")
        << Tamper([](Log &log) { log[2].hashed = log[3].hashed = "other"; }) << false << "edited 3-4";
    QTest::newRow("a row says something else and was hashed anew") << Tamper([](Log &log) {
        log[2].hashed = "other";
        log[2].hash = hashOf(log[2]);
    }) << false << "unlinked 4-4";
    QTest::newRow("everything after it was hashed anew too, and no head was kept") << rehashed << false << "";
    QTest::newRow("everything after it was hashed anew too, and a head was kept") << rehashed << true << "replaced 5-5";
    QTest::newRow("a row was taken out") << Tamper([](Log &log) { log.erase(log.begin() + 2); }) << false << "missing 3-3";
    QTest::newRow("the first rows were taken out")
        << Tamper([](Log &log) { log.erase(log.begin(), log.begin() + 2); }) << false << "missing 1-2";
    QTest::newRow("a row was taken out and the others numbered and hashed anew") << Tamper([](Log &log) {
        log.erase(log.begin() + 2);
        for (std::size_t i = 2; i < log.size(); ++i)
            log[i].seq = static_cast<std::int64_t>(i) + 1;
        hashAnew(log, 2);
    }) << true << "replaced 5-5";
    QTest::newRow("the end was cut, and no head was kept") << Tamper([](Log &log) { log.resize(3); }) << false << "";
    QTest::newRow("the end was cut, and a head was kept") << Tamper([](Log &log) { log.resize(3); }) << true << "cut_off 4-5";
    QTest::newRow("all was cut") << Tamper([](Log &log) { log.clear(); }) << true << "cut_off 1-5";
    QTest::newRow("the first row follows from another one") << Tamper([](Log &log) {
        log[0].previousHash = "x";
        log[0].hash = hashOf(log[0]);
    }) << false << "unlinked 1-2";
}

void TestAudit::chain()
{
    QFETCH(Tamper, tamper);
    QFETCH(bool, withHead);
    QFETCH(QString, expected);
    Log log = written(6);
    const std::vector<AuditHead> heads = withHead ? std::vector<AuditHead>{{2, log[1].hash}, {5, log[4].hash}} : std::vector<AuditHead>{};
    tamper(log);
    AuditChain chain(heads);
    for (AuditRow &row : log) {
        row.computed = hashOf(row);
        chain.take(row);
    }
    chain.end();
    QCOMPARE(told(chain), expected);
    QCOMPARE(chain.rows(), std::int64_t(log.size()));
}

void TestAudit::headsAreCounted()
{
    Log log = written(3);
    AuditChain chain({{2, log[1].hash}, {3, log[2].hash}, {3, log[2].hash}, {1, "another"}});
    for (AuditRow &row : log) {
        row.computed = hashOf(row);
        chain.take(row);
    }
    chain.end();
    QCOMPARE(chain.headsMet(), std::size_t(3));
    QCOMPARE(told(chain), QStringLiteral("replaced 1-1"));
    QVERIFY(chain.last() && *chain.last() == (AuditHead{3, log[2].hash}));
}

QTEST_GUILESS_MAIN(TestAudit)
#include "test_audit.moc"
