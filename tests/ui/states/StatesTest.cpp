// SPDX-License-Identifier: GPL-3.0-or-later
// Each state of a fact on each page, light and dark: what a page must say of it can be read on it, and its picture can be looked at.
// SHARDLENS_PICTURES names a folder that the pictures are written to.
#include "core/operate/Intent.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/pages/audit/AuditBoard.h"
#include "ui/pages/audit/AuditPage.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/feeds/FeedsPage.h"
#include "ui/pages/lookup/LookupPage.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/redis/RedisPage.h"
#include "ui/pages/replication/ReplicationPage.h"
#include "ui/pages/shards/ShardsPage.h"

#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;

namespace {

using MakePage = std::unique_ptr<pages::Page> (*)(const facts::SnapshotPtr &, QSize, const observe::History *);

template <class Page>
std::unique_ptr<pages::Page> make(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history)
{
    return tests::pageOf<Page>(snapshot, size, history);
}

std::vector<facts::AuditRow> auditLog(base::UtcTime now)
{
    facts::AuditRow begun;
    begun.seq = 1;
    begun.at = now - std::chrono::minutes(20);
    begun.databaseUser = begun.osUser = "oncall1";
    begun.action = "switchover begun";
    begun.subject = "cluster u1";
    facts::AuditRow ended = begun;
    ended.seq = 2;
    ended.at = now - std::chrono::minutes(19);
    ended.action = "switchover ended";
    return {begun, ended};
}

/// What the directory does when it is asked for its audit log; nothing: it has not answered yet.
std::optional<base::Result<std::vector<facts::AuditRow>>> auditAnswer(const facts::Snapshot &snapshot)
{
    const auto *directory = snapshot.observation(base::ServerId("directory-us-east"));
    const auto freshness = facts::freshnessOf(*directory, snapshot.takenAt, snapshot.fleet->thresholds);
    if (freshness == facts::Freshness::Down)
        return base::fail(base::ErrorCode::TimedOut, "no answer within 1 s");
    if (freshness != facts::Freshness::Fresh)
        return std::nullopt;
    if (snapshot.shared && snapshot.shared->refusal == facts::ClaimRefusal::Role)
        return base::fail(base::ErrorCode::NoRights, "permission denied for table audit");
    return auditLog(snapshot.takenUtc);
}

std::unique_ptr<pages::Page> makeAudit(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history)
{
    auto *board = new pages::AuditBoard;
    const auto answer = auditAnswer(*snapshot);
    QObject::connect(board, &pages::AuditBoard::readAsked, board, [board, answer](const pages::AuditAsk &ask) {
        if (answer)
            board->tellRows({ask, *answer});
    });
    QObject::connect(board, &pages::AuditBoard::verifyAsked, board, [board, answer, at = snapshot->takenUtc] {
        if (answer && *answer)
            board->tellVerified({facts::AuditVerdict{2, {}, 1, 1, 0, false}, at});
        else if (answer)
            board->tellVerified({base::fail(answer->error()), at});
    });
    pages::PageContext context{snapshot->fleet, history, std::make_shared<base::SystemClock>()};
    context.audit = board;
    auto page = std::make_unique<pages::AuditPage>(std::move(context));
    board->setParent(page.get());
    tests::present(*page, snapshot, size);
    return page;
}

const std::map<QString, MakePage> makers{{QStringLiteral("overview"), make<pages::OverviewPage>},
                                         {QStringLiteral("shards"), make<pages::ShardsPage>},
                                         {QStringLiteral("replication"), make<pages::ReplicationPage>},
                                         {QStringLiteral("redis"), make<pages::RedisPage>},
                                         {QStringLiteral("cache"), make<pages::CachePage>},
                                         {QStringLiteral("lookup"), make<pages::LookupPage>},
                                         {QStringLiteral("feeds"), make<pages::FeedsPage>},
                                         {QStringLiteral("operations"), make<pages::OperationsPage>},
                                         {QStringLiteral("audit"), makeAudit}};

/// What must be read on a page in a state, and what must not: parts of texts.
struct Expected {
    const char *page;
    const char *state;
    QStringList says;
    QStringList saysNot = {};
};

QStringList words(std::initializer_list<const char *> list)
{
    QStringList result;
    for (const char *word : list)
        result << QString::fromUtf8(word);
    return result;
}

const std::vector<Expected> &expected()
{
    static const std::vector<Expected> all{
        // asking: the frame in place, and since when
        {"operations", "asking", words({"u1", "asking", "Plan switchover…"})},
        {"operations", "incident", words({"not ready", "Plan failover…", "ready"})},
        {"operations", "well", words({"5 clusters, 5 ready", "u1-us-west", "No operation is known"})},
        {"operations", "all-down", words({"not ready"})},
        {"lookup", "well", words({"Paste anything", "recorded"})},
        {"feeds", "well", words({"user’s ID or name", "recorded", "not compared yet"})},
        {"redis", "asking", words({"feeds", "asking, 0.8 s", "…"})},
        {"cache", "asking", words({"cache-us-east", "asking, 0.8 s", "…"})},
        {"replication", "asking", words({"asking"})},
        // down, with the reason where there is room; last values stay
        {"redis", "partly-down", words({"down 14 s", "412 MiB", "…"})},
        {"cache", "partly-down", words({"0 of 2 answer", "≥ 301 MiB of 512 MiB", "1 of 2 answer"})},
        {"replication", "partly-down", words({"not known", "down 14 s: no answer", "silent 14 s"})},
        // all down
        {"redis", "all-down", words({"down 21 s"})},
        {"cache", "all-down", words({"down 21 s", "memory not known"})},
        // stale: old values say how old
        {"redis", "slept", words({"42 min ago", "6,302 /s"})},
        {"cache", "slept", words({"42 min ago"})},
        // unknown with its reason, none and nought, not applicable
        {"redis", "services", words({"unlinked 12 s", "off", "-", "AOF"})},
        {"cache", "services", words({"-", "0 /s", "41.0 s"})},
        // fresh
        {"redis", "well", words({"6,526 /s", "all replicas linked", "2 of 2 linked"})},
        {"cache", "well", words({"98.6", "2 of 2 answer", "1.76 GiB of 3.00 GiB used"})},
        // the audit log, as the directory answers
        {"audit", "well", words({"unbroken, 2 entries, verified", "Entry 2", "read 10:42:0"})},
        {"audit", "incident", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "lagging", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "slow", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "services", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "never-seen", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "partly-down", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "asking", words({"Asking the directory for its audit log…", "Verifying from the first entry"}), words({"unbroken"})},
        {"audit", "slept", words({"Asking the directory for its audit log…", "Verifying from the first entry"}), words({"unbroken"})},
        {"audit", "all-down",
         words({"The audit log could not be read: The directory does not answer (no answer within 1 s).", "not verified"}), words({"unbroken, "})},
        {"audit", "look-only", words({"unbroken, 2 entries, verified", "Entry 2"})},
        {"audit", "no-rights",
         words({"The directory does not let support1 read its audit log: GRANT shardlens_operator, or choose another user with --as.",
                "not verified"}),
         words({"unbroken, "})},
        // who may not act is offered nothing that acts
        {"overview", "look-only", words({"nobody is on u1 yet"}), words({"I'm on it"})},
        {"overview", "no-rights", words({"nobody is on u1 yet"}), words({"I'm on it"})},
    };
    return all;
}

/// All that is read on a page, on as many lines as it takes there.
QString saidOn(QWidget &page)
{
    return tests::textsIn(page).join(QLatin1Char(' ')).simplified();
}

} // namespace

class StatesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void everyStateIsDrawn_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("state");
        for (const auto &[page, maker] : makers)
            for (const auto &[state, snapshot] : tests::states())
                QTest::addRow("%s, %s", qPrintable(page), state) << page << QString::fromLatin1(state);
    }
    void everyStateIsDrawn()
    {
        QFETCH(QString, page);
        QFETCH(QString, state);
        const auto snapshot = tests::stateNamed(state);
        const auto history = tests::historyOf(snapshot);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const auto shown = makers.at(page)(snapshot, {1088, 704}, history.get());
            const QStringList texts = tests::textsIn(*shown);
            QVERIFY2(texts.size() > 5, "a page without words");
            for (const auto &one : expected()) {
                if (page != QLatin1String(one.page) || state != QLatin1String(one.state))
                    continue;
                const QString said = saidOn(*shown);
                for (const QString &wanted : one.says)
                    QVERIFY2(said.contains(wanted) || std::any_of(texts.begin(), texts.end(), [&](const QString &text) { return text.contains(wanted); }),
                             qPrintable(QStringLiteral("\"%1\" is not said; these are: %2").arg(wanted, texts.join(QStringLiteral(" | ")))));
                for (const QString &unwanted : one.saysNot)
                    QVERIFY2(!said.contains(unwanted), qPrintable(QStringLiteral("\"%1\" is said: %2").arg(unwanted, said)));
            }
            tests::savePicture(*shown, QStringLiteral("%1-%2-%3").arg(page, state, theme::Theme::name(mode)));
        }
    }

    /// Where an act would be offered stands why it is not: in the opened problem, and under the plan.
    void whoMayNotActReadsWhy_data()
    {
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *page, const char *state, const char *why) {
            QTest::addRow("%s, %s", page, state) << QString::fromLatin1(page) << QString::fromLatin1(state) << QString::fromLatin1(why);
        };
        row("overview", "look-only", "This fleet is only looked at. Whoever keeps its fleet file switches acting on there: acting = true.");
        row("overview", "no-rights", "Needs role on-call or ops. You are support1. oncall1 may: start as that user with SHARDLENS_USER or --as.");
        row("operations", "look-only", "Looking only: the fleet file does not switch acting on (acting = true). Nothing here changes the fleet.");
        row("operations", "no-rights",
            "Needs role on-call or ops. You are support (database user support1). That could: oncall1 (on-call); choose one with --as.");
    }
    void whoMayNotActReadsWhy()
    {
        QFETCH(QString, page);
        QFETCH(QString, state);
        QFETCH(QString, why);
        const auto snapshot = tests::stateNamed(state);
        m_theme->setMode(theme::Theme::Mode::Light);
        const auto shown = makers.at(page)(snapshot, {2328, 1336}, nullptr); // as wide, the worst problem stands open
        if (page == QLatin1String("operations"))
            QVERIFY(shown->showPlan(shardlens::operate::FailCluster{base::ClusterName("u1"), {}}));
        tests::settle(*shown);
        const QString said = saidOn(*shown);
        QVERIFY2(said.contains(why), qPrintable(said));
        QVERIFY2(!said.contains(QStringLiteral("Type u1 to go on")), qPrintable(said));
        tests::savePicture(*shown, QStringLiteral("%1-%2-why").arg(page, state));
    }

private:
    std::unique_ptr<theme::Theme> m_theme;
};

QTEST_MAIN(StatesTest)
#include "StatesTest.moc"
