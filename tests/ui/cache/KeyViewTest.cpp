// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Lookups.h"
#include "tests/ui/Geometry.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/models/Roles.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/RefusalBar.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/cache/HotKeysView.h"
#include "ui/pages/cache/KeyView.h"
#include "ui/pages/cache/ValuesPanel.h"
#include "ui/pages/lookup/CaseField.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/TickBox.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using cacheflow::ItemLook;
using pages::CachePage;
using pages::KeyView;

namespace {

const std::string photoKey = "m:" + std::to_string(fixtures::kPhoto);

/// Who answers the boards: keeps what was asked.
struct Desk {
    pages::CacheBoard caches;
    pages::LookupBoard lookups;
    QObject answering;
    std::uint64_t lookupNumber = 0;
    pages::LookupQuestion question;
    std::vector<std::pair<std::string, bool>> looks;
    std::vector<std::pair<cacheflow::DeletePlan, std::string>> deletes;
    int spreads = 0;

    Desk()
    {
        QObject::connect(&caches, &pages::CacheBoard::watchAsked, &answering, [] {});
        QObject::connect(&caches, &pages::CacheBoard::lookAsked, &answering, [this](const std::string &key, bool wins) { looks.emplace_back(key, wins); });
        QObject::connect(&caches, &pages::CacheBoard::deleteAsked, &answering, [this](const auto &plan, const std::string &reason) { deletes.emplace_back(plan, reason); });
        QObject::connect(&caches, &pages::CacheBoard::spreadAsked, &answering, [this] { ++spreads; });
        QObject::connect(&lookups, &pages::LookupBoard::asked, &answering, [this](auto, std::uint64_t number, const pages::LookupQuestion &asked) {
            lookupNumber = number;
            question = asked;
        });
    }
};

ItemLook item(const std::string &value, std::uint64_t cas, ItemLook::Lease lease = ItemLook::Lease::ValueUnknown)
{
    ItemLook look;
    look.lease = lease;
    look.value = value;
    look.cas = cas;
    look.expiresIn = base::seconds(2700);
    look.lastAccess = base::seconds(14);
    look.wasFetched = true;
    look.itemBytes = value.size() + 60;
    return look;
}

/// us-east as its row, us-west a version behind, eu-west silent.
pages::KeyLooks looksOf(const fleet::Fleet &fleet, bool tookWins = false)
{
    std::vector<cacheflow::PlacedLook> items;
    const auto places = cacheflow::placesOf(fleet, photoKey, {});
    for (const auto &place : *places) {
        if (place.region.text() == "us-east")
            items.push_back({place, item("{\"id\":\"3757879166802130197\",\"caption\":\"Elbe\",\"version\":7}", 41)});
        else if (place.region.text() == "us-west")
            items.push_back({place, item("{\"id\":\"3757879166802130197\",\"caption\":\"\",\"version\":6}", 12)});
        else
            items.push_back({place, base::fail(base::ErrorCode::Refused, "connection refused")});
    }
    return {photoKey, tookWins, std::move(items)};
}

inspect::lookup::Answer photoAnswer()
{
    auto answer = fixtures::photo();
    for (auto &region : answer.regions) {
        if (region.cached)
            region.cached->cas = 41;
    }
    return answer;
}

std::vector<cacheflow::PoolSpread> spreads()
{
    return {{base::PoolName("cache-us-east"), 20000, {{base::ServerId("cache-us-east-1"), 0.48, 0.48}, {base::ServerId("cache-us-east-2"), 0.52, 0.52}}, 0.33}};
}

} // namespace

class KeyViewTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<theme::Theme> m_theme;

    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }
    static QString text(const pages::RowsPanel &panel, const char *row, const char *column, int role = Qt::DisplayRole)
    {
        const auto *facts = panel.table()->facts();
        return plain(facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), role).toString());
    }

    static facts::SnapshotPtr snapshotWith(facts::ClaimRefusal refusal, fleet::Environment environment = fleet::Environment::Production)
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
        fleet->environment = environment;
        snapshot->fleet = fleet;
        auto shared = std::make_shared<facts::Shared>();
        shared->refusal = refusal;
        shared->you = refusal == facts::ClaimRefusal::Role ? "helpdesk" : "oncall1";
        shared->whoMay = {"oncall1"};
        snapshot->shared = shared;
        return snapshot;
    }

    static std::unique_ptr<CachePage> pageWith(Desk &desk, const facts::SnapshotPtr &snapshot, QSize size = {1088, 704})
    {
        pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()};
        context.caches = &desk.caches;
        context.lookups = &desk.lookups;
        auto page = std::make_unique<CachePage>(context);
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->showView(CachePage::Key);
        page->show();
        tests::settle(*page);
        return page;
    }

    /// The photo is asked for and told.
    static void lookAtPhoto(Desk &desk, CachePage &page, const facts::SnapshotPtr &snapshot)
    {
        page.keyView()->ask(QString::number(fixtures::kPhoto));
        desk.lookups.tell(desk.lookupNumber, base::Result<inspect::lookup::Answer>(photoAnswer()));
        desk.caches.tellKey(looksOf(*snapshot->fleet));
        desk.caches.tellSpread(spreads());
        tests::settle(page);
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void textsBecomeKeys_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("keys");
        QTest::newRow("a key stays itself") << "u:42" << "u:42";
        QTest::newRow("an ID may be a photo’s or a user’s") << "3757879166802130197" << "m:3757879166802130197 u:3757879166802130197 3757879166802130197";
        QTest::newRow("a link is a photo’s") << "https://insta.example/p/DQmqzEuFPUV/" << "m:3757879166802130197";
        QTest::newRow("any word may be a key") << "session:abc/def" << "session:abc/def";
        QTest::newRow("words are none") << "no key at all" << "";
        QTest::newRow("nothing") << "  " << "";
    }
    void textsBecomeKeys()
    {
        QFETCH(QString, typed);
        QStringList keys;
        for (const auto &key : pages::keysIn(*fixtures::well()->fleet, typed, fixtures::lookedUpAt()))
            keys << QString::fromStdString(key);
        QTEST(keys.join(QLatin1Char(' ')), "keys");
    }

    void nothingIsAskedBeforeSomebodyAsks()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        QVERIFY(desk.looks.empty());
        QCOMPARE(desk.lookupNumber, std::uint64_t(0));
        QCOMPARE(desk.spreads, 1); // pure arithmetic
        QVERIFY(!page->keyView()->facts()->isVisible());
        QVERIFY(page->keyView()->explained()->text().contains(QStringLiteral("touches no lease")));
        QVERIFY(!page->keyView()->confirm()->isVisible() && !page->keyView()->refuses()->isVisible());
    }

    void regionsStandSideBySide()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        auto *view = page->keyView();
        view->field()->setText(QString::number(fixtures::kPhoto));
        QTest::keyClick(view->field(), Qt::Key_Return);
        QVERIFY(view->choices()->isVisible());
        QCOMPARE(view->choices()->choices().size(), qsizetype(3));
        QVERIFY2(desk.looks.empty(), "an item of a photo is not asked for before the look is recorded");
        QCOMPARE(text(*view->facts(), "lease", "cache-us-east"), QStringLiteral("…"));
        desk.lookups.tell(desk.lookupNumber, base::Result<inspect::lookup::Answer>(photoAnswer()));
        QCOMPARE(desk.looks.size(), std::size_t(1));
        QCOMPARE(desk.looks.front().first, photoKey);
        QVERIFY(!desk.looks.front().second);
        desk.caches.tellKey(looksOf(*snapshot->fleet));
        tests::settle(*page);
        QCOMPARE(text(*view->facts(), "lease", "cache-us-east"), QStringLiteral("value, stale bit unknown"));
        QVERIFY(text(*view->facts(), "server", "cache-us-east").startsWith(QStringLiteral("cache-us-east-")));
        QCOMPARE(text(*view->facts(), "row", "cache-us-east"), QStringLiteral("version 7"));
        QCOMPARE(text(*view->facts(), "version", "cache-us-east"), QStringLiteral("version 7, as its row"));
        QCOMPARE(text(*view->facts(), "version", "cache-us-west"), QStringLiteral("version 6, older than its row"));
        QCOMPARE(text(*view->facts(), "age", "cache-us-east"), QStringLiteral("13 min"));
        QCOMPARE(text(*view->facts(), "age", "cache-us-west"), QStringLiteral("-")); // another item than the look-up read
        QCOMPARE(text(*view->facts(), "ttl", "cache-us-east"), QStringLiteral("45 min"));
        QCOMPARE(text(*view->facts(), "access", "cache-us-east"), QStringLiteral("14 s"));
        QCOMPARE(text(*view->facts(), "cas", "cache-us-west"), QStringLiteral("12"));
        QCOMPARE(text(*view->facts(), "flags", "cache-us-east"), QStringLiteral("-"));
        QCOMPARE(text(*view->facts(), "lease", "cache-eu-west"), QStringLiteral("unknown: connection refused"));
        QCOMPARE(text(*view->facts(), "version", "cache-eu-west"), QStringLiteral("-"));
        QCOMPARE(text(*view->facts(), "row", "cache-eu-west"), QStringLiteral("version 7"));
        QCOMPARE(plain(view->cost()->text()), QStringLiteral("This look cost each server 2 gets and a move in its LRU, and touched no lease."));
        QCOMPARE(view->values()->values().size(), std::size_t(2));
        QCOMPARE(view->values()->values()[0].regions, QStringLiteral("us-east"));
        QVERIFY(view->values()->values()[0].text.startsWith(QStringLiteral("{\n  \"id\": \"3757879166802130197\"")));
        QVERIFY(view->values()->values()[0].kind.startsWith(QStringLiteral("JSON, ")));
    }

    void theCaseOfTheWindowIsRecorded()
    {
        Desk desk;
        desk.lookups.setCaseNumber(QStringLiteral("48213"));
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        auto *view = page->keyView();
        QVERIFY(view->caseField()->isVisible());
        QCOMPARE(view->caseField()->text(), QStringLiteral("48213"));
        view->ask(QString::fromStdString(photoKey));
        const auto *question = std::get_if<inspect::lookup::Question>(&desk.question);
        QVERIFY(question);
        QCOMPARE(question->caseNumber, std::string("48213"));
        view->caseField()->setText(QStringLiteral("48214 "));
        QCOMPARE(desk.lookups.caseNumber(), QStringLiteral("48214"));
        QCOMPARE(view->caseField()->text(), QStringLiteral("48214 ")); // nothing is changed under who types
        view->ask(QString::fromStdString(photoKey));
        question = std::get_if<inspect::lookup::Question>(&desk.question);
        QCOMPARE(question->caseNumber, std::string("48214"));
    }

    void regionsWithTheSameValueShareOne()
    {
        pages::KeyPicture picture;
        picture.key = "k";
        std::vector<cacheflow::PlacedLook> items;
        for (const char *region : {"a", "b", "c"})
            items.push_back({{base::RegionName(region), base::PoolName(region), base::ServerId(region)}, item(std::string(region) == "b" ? "2" : "1", 1)});
        picture.items = base::Result<std::vector<cacheflow::PlacedLook>>(items);
        const auto values = pages::valueTexts(*fixtures::well()->fleet, picture);
        QCOMPARE(values.size(), std::size_t(2));
        QCOMPARE(values[0].regions, QStringLiteral("a, c"));
        QCOMPARE(plain(values[1].kind), QStringLiteral("integer, 1 B"));
    }

    void whoMayNotSeeUsersSeesNoValue()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::Role);
        const auto page = pageWith(desk, snapshot);
        page->keyView()->ask(QString::fromStdString(photoKey));
        desk.lookups.tell(desk.lookupNumber, base::Result<inspect::lookup::Answer>(base::fail(base::ErrorCode::NoRights, "looking people up needs the role support")));
        desk.caches.tellKey(looksOf(*snapshot->fleet));
        for (const auto &value : page->keyView()->values()->values())
            QVERIFY2(!value.text.contains(QStringLiteral("Elbe")) && !value.text.contains(QStringLiteral("version")), qPrintable(value.text));
        QCOMPARE(text(*page->keyView()->facts(), "lease", "cache-us-east"), QStringLiteral("value, stale bit unknown"));
        QVERIFY(text(*page->keyView()->facts(), "row", "cache-us-east").contains(QStringLiteral("needs the role support")));
    }

    void winsAreTakenOnlyWhenAgreedToAndOnce()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        auto *view = page->keyView();
        view->ask(QStringLiteral("session:abc"));
        QCOMPARE(desk.looks.size(), std::size_t(1));
        QVERIFY(!desk.looks.back().second);
        view->takeWins()->setChecked(true);
        QVERIFY(view->explained()->isVisible());
        QVERIFY2(view->explained()->text().contains(QStringLiteral("A reader that asks in between waits")), qPrintable(view->explained()->text()));
        QCOMPARE(view->button()->text(), QStringLiteral("Look and take wins"));
        view->button()->click();
        QVERIFY(desk.looks.back().second);
        QVERIFY(!view->takeWins()->isChecked());
        auto places = *cacheflow::placesOf(*snapshot->fleet, "session:abc", {});
        auto stale = item("old", 3, ItemLook::Lease::ValueStale);
        stale.flags = "W X";
        desk.caches.tellKey({"session:abc", true, std::vector<cacheflow::PlacedLook>{{places[0], stale}}});
        QCOMPARE(text(*view->facts(), "flags", "cache-us-east"), QStringLiteral("W X"));
        QCOMPARE(text(*view->facts(), "lease", "cache-us-east"), QStringLiteral("value, stale"));
        QCOMPARE(text(*view->facts(), "row", "cache-us-east"), QStringLiteral("-"));
        QVERIFY(view->cost()->text().contains(QStringLiteral("gave it back")));
        view->button()->click();
        QVERIFY(!desk.looks.back().second);
    }

    void anAnswerToAnotherKeyIsNotShown()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        page->keyView()->ask(QStringLiteral("session:abc"));
        desk.caches.tellKey(looksOf(*snapshot->fleet));
        QCOMPARE(text(*page->keyView()->facts(), "lease", "cache-us-east"), QStringLiteral("…"));
    }

    void keysThatCannotBeAreSaidSo()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        page->keyView()->ask(QString(251, QLatin1Char('k')));
        QVERIFY(desk.looks.empty());
        QVERIFY(page->keyView()->explained()->isVisible());
        QVERIFY(page->keyView()->explained()->text().startsWith(QStringLiteral("No server can hold this key.")));
        page->keyView()->ask(QStringLiteral("not one key"));
        QVERIFY(page->keyView()->explained()->text().startsWith(QStringLiteral("There is no key in it.")));
    }

    void aDeleteIsPlannedConfirmedAndTold()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        lookAtPhoto(desk, *page, snapshot);
        auto *view = page->keyView();
        view->deleteButton()->click();
        tests::settle(*page);
        QVERIFY(view->planRows()->isVisible() && view->confirm()->isVisible() && !view->values()->isVisible());
        QCOMPARE(view->planRows()->table()->facts()->rowCount(), 3);
        QCOMPARE(text(*view->planRows(), "cache-us-west", "holds"), QStringLiteral("value, stale bit unknown"));
        QCOMPARE(text(*view->planRows(), "cache-us-west", "reads"), QStringLiteral("1"));
        QVERIFY2(plain(view->confirm()->sentence()).startsWith(QStringLiteral("Delete m:3757879166802130197 from 3 pools: cache-us-east-")), qPrintable(view->confirm()->sentence()));
        QVERIFY2(plain(view->confirm()->sentence()).contains(QStringLiteral("About 3 extra reads of the databases.")), qPrintable(view->confirm()->sentence()));
        QVERIFY(!view->confirm()->arming().isArmed);
        view->where()->setCurrent(1); // one region: us-west
        QCOMPARE(view->planRows()->table()->facts()->rowCount(), 1);
        view->confirm()->setDeafFor(0);
        view->confirm()->name()->setText(QString::fromStdString(photoKey));
        QVERIFY(!view->confirm()->arming().isArmed); // production: why?
        view->confirm()->reason()->setText(QStringLiteral("it is older than its row"));
        QVERIFY2(view->confirm()->arming().isArmed, qPrintable(view->confirm()->arming().missing));
        view->confirm()->button()->click();
        QCOMPARE(desk.deletes.size(), std::size_t(1));
        QCOMPARE(desk.deletes.front().first.places.size(), std::size_t(1));
        QCOMPARE(desk.deletes.front().first.places.front().region, base::RegionName("us-west"));
        QCOMPARE(desk.deletes.front().second, std::string("it is older than its row"));
        view->confirm()->button()->click(); // once is enough
        QCOMPARE(desk.deletes.size(), std::size_t(1));
        desk.caches.tellDeleted({desk.deletes.front().first, std::vector<cacheflow::DeletedPlace>{{desk.deletes.front().first.places.front(), true}}});
        tests::settle(*page);
        QCOMPARE(text(*view->planRows(), "cache-us-west", "result"), QStringLiteral("deleted"));
        QCOMPARE(view->planRows()->note(), QStringLiteral("Deleted from 1 of 1 pools."));
        QVERIFY(!view->confirm()->isVisible());
        desk.caches.tellDeleted({desk.deletes.front().first, std::vector<cacheflow::DeletedPlace>{{desk.deletes.front().first.places.front(), true}},
                                 base::Error{base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, {}}});
        QCOMPARE(view->planRows()->note(), QStringLiteral("Deleted from 1 of 1 pools. What came of it could not be recorded: no answer within 1 s"));
        QTest::keyClick(view, Qt::Key_Escape);
        QVERIFY(!view->isDeleting() && view->values()->isVisible());
    }

    void aLookUpLeadsToThePlanOfItsRegion()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        QVERIFY(page->showKeyDelete(photoKey, base::RegionName("eu-west")));
        auto *view = page->keyView();
        QVERIFY(view->isVisible() && view->isDeleting());
        QCOMPARE(view->planRows()->table()->facts()->rowCount(), 1);
        QVERIFY(page->showKeyDelete(photoKey, {}));
        QCOMPARE(view->planRows()->table()->facts()->rowCount(), static_cast<int>(snapshot->fleet->regions.size()));
    }

    void whatCouldNotBeRecordedIsNotDeleted()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None, fleet::Environment::Local);
        const auto page = pageWith(desk, snapshot);
        lookAtPhoto(desk, *page, snapshot);
        auto *view = page->keyView();
        view->openDelete();
        view->confirm()->setDeafFor(0);
        tests::settle(*page);
        QVERIFY(view->confirm()->arming().isArmed); // local: by the button alone
        view->confirm()->button()->click();
        desk.caches.tellDeleted({desk.deletes.front().first, base::fail(base::ErrorCode::Unreachable, "no route to host")});
        QVERIFY2(view->confirm()->sentence().startsWith(QStringLiteral("Nothing was deleted, as the directory could not record it:")), qPrintable(view->confirm()->sentence()));
        QVERIFY(view->confirm()->isVisible());
    }

    void supportMayLookOnly()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::Role);
        const auto page = pageWith(desk, snapshot);
        lookAtPhoto(desk, *page, snapshot);
        page->keyView()->openDelete();
        tests::settle(*page);
        QVERIFY(!page->keyView()->confirm()->isVisible());
        QVERIFY(page->keyView()->refuses()->isVisible());
        QVERIFY2(page->keyView()->refuses()->text().startsWith(QStringLiteral("Needs role on-call or ops. You are helpdesk.")), qPrintable(page->keyView()->refuses()->text()));
        QTest::keyClick(page->keyView(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(desk.deletes.empty());
    }

    void whereNobodySaysThatLeasesAreUsedReadsAreALeast()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*snapshotWith(facts::ClaimRefusal::None));
        for (auto &report : snapshot->invalidators)
            report.leases.clear();
        const auto plan = *cacheflow::planDelete(*snapshot->fleet, "session:abc", {});
        pages::KeyPicture picture;
        picture.key = "session:abc";
        QVERIFY(pages::deleteWords(*snapshot, plan, picture).cost.startsWith(QStringLiteral("At least 3 extra reads")));
        std::vector<cacheflow::PlacedLook> items;
        for (const auto &place : plan.places)
            items.push_back({place, ItemLook{}});
        picture.items = base::Result<std::vector<cacheflow::PlacedLook>>(items);
        QVERIFY(pages::deleteWords(*snapshot, plan, picture).cost.startsWith(QStringLiteral("It is not there now")));
    }

    void howKeysLieIsTold()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        desk.caches.tellSpread(spreads());
        QCOMPARE(text(*page->keyView()->spread(), "cache-us-east-2", "share"), QStringLiteral("52 %"));
        QCOMPARE(text(*page->keyView()->spread(), "cache-us-east-2", "moved"), QStringLiteral("52 %"));
        QCOMPARE(text(*page->keyView()->spread(), "+cache-us-east", "server"), QStringLiteral("One more in us-east"));
        QCOMPARE(text(*page->keyView()->spread(), "+cache-us-east", "moved"), QStringLiteral("33 %"));
    }

    void aHotKeyLeadsHereAndToItsLookUp()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        page->showView(CachePage::HotKeys);
        cacheflow::HotKeysReport report;
        report.counted = std::chrono::seconds(1);
        report.members.resize(1);
        report.members[0].keys.gets = 10;
        report.members[0].keys.top = {{photoKey, 10, 0}, {"session:abc", 2, 0}};
        report.isOver = true;
        desk.caches.tellHotKeys(base::RegionName("us-east"), report);
        auto *table = page->hotKeysView()->read()->table();
        QSignalSpy lookUp(page.get(), &pages::Page::lookUpRequested);
        for (const auto &[key, acts] : {std::pair{photoKey, 2}, {std::string("session:abc"), 1}}) {
            QMenu menu;
            Q_EMIT table->menuAboutToShow(&menu, key);
            QCOMPARE(menu.actions().size(), qsizetype(acts)); // nobody stands behind a session
            menu.actions().last()->trigger();
        }
        QCOMPARE(lookUp.count(), 1);
        QCOMPARE(lookUp.first().at(1).toString(), QString::fromStdString(photoKey));
        QCOMPARE(page->view(), CachePage::Key);
        QCOMPARE(desk.looks.back().first, std::string("session:abc"));
        page->showView(CachePage::HotKeys);
        table->choose(photoKey);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(page->view(), CachePage::Key);
        QVERIFY(desk.lookupNumber > 0);
    }

    void theLinkCarriesTheKeyAndAsksNothing()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        lookAtPhoto(desk, *page, snapshot);
        Desk other;
        const auto again = pageWith(other, snapshot);
        again->restoreViewState(page->viewState());
        QCOMPARE(again->view(), CachePage::Key);
        QCOMPARE(again->keyView()->field()->text(), QString::number(fixtures::kPhoto));
        QVERIFY(other.looks.empty() && other.lookupNumber == 0);
    }

    void everyTableKeepsItsContract()
    {
        Desk desk;
        const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
        const auto page = pageWith(desk, snapshot);
        std::vector<std::unique_ptr<QAbstractItemModelTester>> testers;
        for (const auto *panel : {page->keyView()->facts(), page->keyView()->spread(), page->keyView()->planRows()})
            testers.push_back(std::make_unique<QAbstractItemModelTester>(panel->table()->facts(), QAbstractItemModelTester::FailureReportingMode::QtTest));
        lookAtPhoto(desk, *page, snapshot);
        page->keyView()->openDelete();
        page->keyView()->closeDelete();
        const QStringList lines = page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QVERIFY2(lines.first().startsWith(QStringLiteral("at,fact,cache-us-east")), qPrintable(lines.first()));
        QCOMPARE(lines.size(), qsizetype(12));
    }

    void everythingHasItsPlace()
    {
        for (const auto &[name, size] : tests::pageSizes) {
            Desk desk;
            const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
            const auto page = pageWith(desk, snapshot, size);
            auto *view = page->keyView();
            const auto look = [&](const char *state) {
                tests::settle(*page);
                QList<QWidget *> parts;
                for (auto *part : view->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
                    parts << part;
                const QStringList faults = tests::overlaps(parts) + tests::faultsOf(*page);
                QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("%1, %2: %3").arg(QLatin1String(name), QLatin1String(state), faults.join(QLatin1String("\n")))));
            };
            look("nothing asked");
            lookAtPhoto(desk, *page, snapshot);
            look("a photo");
            view->takeWins()->setChecked(true);
            look("wins agreed to");
            view->openDelete();
            look("its delete");
        }
    }

    void pictures()
    {
        if (qEnvironmentVariableIsEmpty("SHARDLENS_PICTURES"))
            return; // nobody wants them
        for (const bool dark : {true, false}) {
            m_theme->setMode(dark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
            const QSize size = dark ? QSize(1408, 904) : QSize(1088, 704);
            Desk desk;
            const auto snapshot = snapshotWith(facts::ClaimRefusal::None);
            const auto page = pageWith(desk, snapshot, size);
            const QString tone = dark ? QStringLiteral("dark") : QStringLiteral("light");
            tests::savePicture(*page, QStringLiteral("cache-key-none-") + tone);
            lookAtPhoto(desk, *page, snapshot);
            tests::savePicture(*page, QStringLiteral("cache-key-") + tone);
            page->keyView()->openDelete();
            tests::settle(*page);
            tests::savePicture(*page, QStringLiteral("cache-key-delete-") + tone);
            page->keyView()->closeDelete();
            page->keyView()->takeWins()->setChecked(true);
            tests::settle(*page);
            tests::savePicture(*page, QStringLiteral("cache-key-wins-") + tone);
        }
    }
};

QTEST_MAIN(KeyViewTest)
#include "KeyViewTest.moc"
