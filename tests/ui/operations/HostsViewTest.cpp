// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts: what runs on each, what has no second elsewhere, who works on it, and the way to its plan. SHARDLENS_PICTURES names a folder that
// pictures are written to.
#include "ui/pages/operations/HostsView.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/OperationsPage.h"

#include <QMenu>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using campaign::Aim;
using fixtures::World;
using pages::OperationsPage;
using Showing = OperationsPage::Showing;

namespace {

const base::HostName databases("db1-us-east");
const base::HostName memory("mem1-us-east");

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

facts::SharedPtr markedUntil(const base::HostName &host, base::UtcTime until)
{
    auto shared = std::make_shared<facts::Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    facts::Mark mark;
    mark.kind = facts::Mark::Kind::Host;
    mark.subject = host.text();
    mark.by.databaseUser = "oncall1";
    mark.reason = "kernel";
    mark.since = fixtures::at(11, 0, 0);
    mark.until = until;
    shared->marks = {mark};
    return shared;
}

facts::SnapshotPtr fleetIn(const QString &state)
{
    if (state == QLatin1String("asking"))
        return fixtures::asking();
    if (state == QLatin1String("incident"))
        return fixtures::incident();
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (state == QLatin1String("marked")) {
        world.promote("u1", "u1-us-west");
        world.promote("m1", "m1-us-west");
        world.share(markedUntil(databases, fixtures::at(14, 30, 0)));
        for (const char *server : {"u1-us-east", "m1-us-east"})
            world.freeze(server);
    } else if (state == QLatin1String("overdue")) {
        world.share(markedUntil(databases, fixtures::at(12, 0, 5)));
    } else if (state == QLatin1String("alone")) {
        world.freeze("u1-us-west");
        world.freeze("u1-eu-west");
    }
    return world.run(20);
}

struct Bench {
    explicit Bench(const QString &state, QSize size = {1088, 704}) : shown(fleetIn(state))
    {
        clock = std::make_shared<base::ManualClock>(shown->takenUtc);
        pages::PageContext context{shown->fleet, nullptr, clock, nullptr, nullptr, &operations};
        context.campaigns = &campaigns;
        page = std::make_unique<OperationsPage>(context);
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(shown);
        page->show();
        page->select(databases);
        tests::settle(*page);
    }
    [[nodiscard]] pages::HostsView &view() const { return *page->hostsView(); }
    [[nodiscard]] static QString cell(const pages::RowsPanel &panel, const char *row, const char *column)
    {
        const auto *facts = panel.table()->facts();
        return plain(
            facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), Qt::DisplayRole).toString());
    }
    [[nodiscard]] QString host(const char *row, const char *column) const { return cell(*view().hosts(), row, column); }
    [[nodiscard]] QString server(const char *row, const char *column) const { return cell(*view().servers(), row, column); }

    facts::SnapshotPtr shown;
    std::shared_ptr<base::ManualClock> clock;
    ui::operate::OperationBoard operations;
    ui::operate::CampaignBoard campaigns;
    std::unique_ptr<OperationsPage> page;
};

} // namespace

class HostsViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void aRowAHost();
    void whatRunsThere();
    void whatHasNoSecondIsTold();
    void whoWorksOnItIsTold();
    void aRowLeadsToItsPlan_data();
    void aRowLeadsToItsPlan();
    void itIsReachedAsASubjectAndByALink();
    void theExportIsOfTheTableWithTheKeyboard();
    void everySizeIsRight_data();
    void everySizeIsRight();

private:
    std::unique_ptr<theme::Theme> m_theme;
};

void HostsViewTest::aRowAHost()
{
    const Bench bench(QStringLiteral("well"));
    QCOMPARE(bench.page->showing(), Showing::Hosts);
    QCOMPARE(bench.view().hosts()->table()->facts()->rowCount(), int(bench.shown->fleet->hosts.size()));
    QCOMPARE(bench.host("db1-us-east", "state"), QStringLiteral("answers"));
    QCOMPARE(bench.host("db1-us-east", "primaries"), QStringLiteral("u1, m1"));
    QCOMPARE(bench.host("db1-us-east", "no_second"), QStringLiteral("-"));
    QCOMPARE(bench.host("mem1-us-east", "primaries"), QStringLiteral("feeds, sessions"));
    QCOMPARE(bench.host("mem1-us-east", "rest"), QStringLiteral("1 standby, router, 2 pool members"));
    QCOMPARE(bench.host("mem1-us-east", "no_second"), QStringLiteral("router, cache-us-east"));
    QCOMPARE(bench.host("mem1-us-east", "plan"), QStringLiteral("Take down…"));
}

void HostsViewTest::whatRunsThere()
{
    Bench bench(QStringLiteral("well"));
    QCOMPARE(bench.server("u1-us-east", "does"), QStringLiteral("primary of u1"));
    QCOMPARE(bench.server("u1-us-east", "without"), QStringLiteral("u1-us-west, u1-eu-west can take over."));
    bench.view().hosts()->table()->choose("db1-us-west"); // the person goes on to another
    QCOMPARE(bench.view().host(), base::HostName("db1-us-west"));
    QCOMPARE(bench.server("u1-us-west", "does"), QStringLiteral("standby of u1"));
    const QString without = bench.server("u1-us-west", "without");
    QVERIFY2(without.startsWith(QStringLiteral("u1 has one standby left: u1-eu-west. The log that it lacks is kept for about ")),
             qPrintable(without));
    QVERIFY2(bench.server("u1-us-west", "lag_seconds").endsWith(QStringLiteral(" s")),
             qPrintable(bench.server("u1-us-west", "lag_seconds")));
    QCOMPARE(bench.server("u1-us-east", "does"), QString()); // it stands elsewhere
}

void HostsViewTest::whatHasNoSecondIsTold()
{
    const Bench bench(QStringLiteral("alone"));
    QCOMPARE(bench.host("db1-us-east", "no_second"), QStringLiteral("u1"));
    QCOMPARE(bench.server("u1-us-east", "without"), QStringLiteral("Nobody elsewhere can take over."));
    QCOMPARE(bench.server("m1-us-east", "without"), QStringLiteral("m1-us-west, m1-eu-west can take over."));
}

void HostsViewTest::whoWorksOnItIsTold()
{
    const Bench marked(QStringLiteral("marked"));
    QCOMPARE(marked.host("db1-us-east", "state"), QStringLiteral("maintenance"));
    QCOMPARE(marked.host("db1-us-east", "plan"), QStringLiteral("Bring back…"));
    QCOMPARE(marked.view().servers()->note(), QStringLiteral("in maintenance until 14:30Z by oncall1: kernel"));
    const Bench overdue(QStringLiteral("overdue"));
    QCOMPARE(overdue.host("db1-us-east", "state"), QStringLiteral("overdue"));
    QCOMPARE(overdue.view().servers()->note(), QStringLiteral("in maintenance, and was to be until 12:00Z, by oncall1: kernel"));
}

void HostsViewTest::aRowLeadsToItsPlan_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("aim");
    QTest::newRow("it is up") << "well" << int(Aim::HostDown);
    QTest::newRow("somebody works on it") << "marked" << int(Aim::HostUp);
}

void HostsViewTest::aRowLeadsToItsPlan()
{
    QFETCH(QString, state);
    QFETCH(int, aim);
    Bench bench(state);
    QSignalSpy left(bench.page.get(), &pages::Page::viewLeft);
    Q_EMIT bench.view().hosts()->table()->opened(databases.text());
    QCOMPARE(bench.page->showing(), Showing::Campaign);
    QCOMPARE(int(bench.page->campaignView()->watch().goal().aim), aim);
    QCOMPARE(bench.page->campaignView()->watch().goal().subject, databases.text());
    QCOMPARE(left.count(), 1);
    // Back leads to the host.
    bench.page->restoreViewState(left.first().first().toMap());
    QCOMPARE(bench.page->showing(), Showing::Hosts);
    QCOMPARE(bench.view().host(), databases);
}

void HostsViewTest::itIsReachedAsASubjectAndByALink()
{
    Bench bench(QStringLiteral("well"));
    QVERIFY(!bench.page->select(base::HostName("db9")));
    QVERIFY(bench.page->select(memory));
    QVERIFY(bench.page->selection() == pages::Subject(memory));
    const QVariantMap state = bench.page->viewState();
    QCOMPARE(state.value(QStringLiteral("host")).toString(), QStringLiteral("mem1-us-east"));
    QVERIFY(bench.page->select(base::ClusterName("u1")));
    QCOMPARE(bench.page->showing(), Showing::Lists);
    bench.page->restoreViewState(state);
    QCOMPARE(bench.page->showing(), Showing::Hosts);
    QCOMPARE(bench.view().host(), memory);
    QSignalSpy opened(bench.page.get(), &pages::Page::inspectRequested);
    Q_EMIT bench.view().servers()->table()->opened("router-us-east");
    QVERIFY(opened.count() == 1 && opened.first().first().value<pages::Subject>() == pages::Subject(base::ServerId("router-us-east")));
}

void HostsViewTest::theExportIsOfTheTableWithTheKeyboard()
{
    Bench bench(QStringLiteral("well"));
    QVERIFY(bench.page->asCsv().contains(QStringLiteral("mem1-us-east")));
    bench.page->activateWindow();
    bench.view().servers()->table()->setFocus();
    QTRY_VERIFY(bench.view().servers()->table()->hasFocus());
    QVERIFY(bench.page->asCsv().contains(QStringLiteral("primary of u1")));
    QVERIFY(!bench.page->asCsv().contains(QStringLiteral("mem1-us-east")));
}

void HostsViewTest::everySizeIsRight_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("text");
    for (const char *state : {"well", "marked", "alone", "asking", "incident"}) {
        for (const auto &size : tests::pageSizes) {
            for (const int text : {100, 150})
                if (tests::isLookedAt(size.size, text))
                    QTest::addRow("%s, %s, text %d", state, size.name, text) << QString::fromLatin1(state) << size.size << text;
        }
    }
}

void HostsViewTest::everySizeIsRight()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(int, text);
    m_theme->setTextSize(text);
    for (const auto mode : {theme::Theme::Mode::Dark, theme::Theme::Mode::Light}) {
        if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
            continue;
        m_theme->setMode(mode);
        Bench bench(state, size);
        if (size.height() > 650)
            bench.page->select(memory);
        tests::settle(*bench.page);
        tests::savePicture(*bench.page,
                           QStringLiteral("hosts-%1-%2-%3-%4").arg(state).arg(size.width()).arg(text).arg(theme::Theme::name(mode)));
        const QStringList faults = tests::faultsOf(*bench.page);
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
    }
    m_theme->setTextSize(100);
}

QTEST_MAIN(HostsViewTest)
#include "HostsViewTest.moc"
