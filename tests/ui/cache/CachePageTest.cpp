// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/PageBench.h"
#include "ui/models/Roles.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/cache/CacheRows.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::CachePage;

class CachePageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }

    static QString text(const pages::RowsPanel &panel, const char *row, const char *column, int role = Qt::DisplayRole)
    {
        const auto *facts = panel.table()->facts();
        return plain(facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), role).toString());
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void aRowAPoolAndARowAServer()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QCOMPARE(page->pools()->table()->facts()->rowCount(), 3);
        QCOMPARE(page->servers()->table()->facts()->rowCount(), 6);
        QCOMPARE(text(*page->pools(), "cache-us-east", "answering"), QStringLiteral("2 of 2 answer"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "hit_ratio").left(4), QStringLiteral("98.6"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "used_bytes"), QStringLiteral("602 MiB of 1.00 GiB"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "items"), QStringLiteral("824,000"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "connections"), QStringLiteral("84 of 2,048"));
        QCOMPARE(text(*page->servers(), "cache-us-east-1", "process"), QStringLiteral("2900")); // an identifier: not grouped
        QCOMPARE(text(*page->servers(), "cache-us-east-1", "state"), QStringLiteral("answers"));
        QVERIFY(text(*page->servers(), "cache-us-east-1", "uptime_seconds").startsWith(QStringLiteral("2 d ")));
    }

    void aSumNeverCountsWhatIsNotKnownAsNothing()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::partlyDown(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-eu-west", "answering"), QStringLiteral("1 of 2 answer"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "used_bytes"), QStringLiteral("≥ 301 MiB of 512 MiB (1 of 2 unknown)"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "items"), QStringLiteral("≥ 412,000 (1 of 2 unknown)"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "items", models::BriefRole), QStringLiteral("≥ 412,000"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "gets_per_second").left(7), QStringLiteral("unknown"));
        QVERIFY(plain(pages::cacheSummary(*fixtures::partlyDown())).endsWith(QStringLiteral("≥ 903 MiB of 1.50 GiB used (3 of 6 unknown)")));
        QVERIFY(plain(pages::cacheSummary(*fixtures::allDown())).endsWith(QStringLiteral("memory not known")));
        QVERIFY(text(*page->servers(), "cache-eu-west-1", "state").startsWith(QStringLiteral("down 41 s: connection refused")));
        QCOMPARE(text(*page->servers(), "cache-eu-west-1", "used_bytes"), QStringLiteral("301 MiB of 512 MiB")); // the last value, drawn old
        QCOMPARE(text(*page->servers(), "cache-eu-west-1", "used_bytes", models::StaleRole), QStringLiteral("true"));
    }

    void noGetsIsADashAndNotNought()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::servicesTroubled(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio"), QStringLiteral("-"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio", Qt::ToolTipRole), QStringLiteral("no gets"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio", Qt::AccessibleTextRole), QStringLiteral("Hit rate no gets"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "gets_per_second"), QStringLiteral("0 /s"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "victim_age_seconds"), QStringLiteral("41.0 s"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "victim_age_seconds"), QStringLiteral("-"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "victim_age_seconds", Qt::ToolTipRole), QStringLiteral("nothing was evicted"));
    }

    void askingIsSaid()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::asking(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-east", "answering"), QStringLiteral("asking, 0.8 s"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "gets_per_second", models::BriefRole), QStringLiteral("…"));
        QVERIFY(!page->hasLiveData());
    }

    void linesShareAnAxisThatSeldomChanges()
    {
        const auto line = [](double a, double b) { return facts::Series{{{}, a, a, a, 1}, {{}, b, b, b, 1}, {{}, 0, 0, 0, 0}}; };
        const auto span = pages::spanOf({line(0.9861, 0.9844), line(0.9771, 0.9852)});
        QVERIFY(span.low <= 0.9771 && span.high >= 0.9861);
        QVERIFY(span.high - span.low < 0.03);
        const auto nearly = pages::spanOf({line(0.9862, 0.9845), line(0.9772, 0.9853)});
        QCOMPARE(nearly.low, span.low);
        QCOMPARE(nearly.high, span.high);
        const auto all = pages::spanOf({line(1.0, 0.9999)});
        QVERIFY(all.high <= 1.0 + 1e-9);
        const auto none = pages::spanOf({{}});
        QCOMPARE(none.low, 0.0);
        QCOMPARE(none.high, 1.0);
    }

    void subjectsAreFound()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QVERIFY(page->select(base::ServerId("cache-eu-west-2")));
        QCOMPARE(page->servers()->table()->currentId(), std::string("cache-eu-west-2"));
        QCOMPARE(page->pools()->table()->currentId(), std::string("cache-eu-west"));
        QVERIFY(page->select(base::PoolName("cache-us-west")));
        QCOMPARE(page->servers()->table()->currentId(), std::string("cache-us-west-1"));
        QVERIFY(!page->select(base::GroupName("feeds")));
        const auto other = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        page->findChild<QLineEdit *>()->setText(QStringLiteral("us-west"));
        other->restoreViewState(page->viewState());
        QCOMPARE(other->servers()->table()->ordered()->rowCount(), 2);
        QCOMPARE(other->servers()->table()->currentId(), std::string("cache-us-west-1"));
    }

    void theInspectorHearsWhatWasChosenLast()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QSignalSpy changed(page.get(), &pages::Page::selectionChanged);
        QVERIFY(std::holds_alternative<std::monostate>(page->selection()));
        page->select(base::ServerId("cache-eu-west-2"));
        QVERIFY(page->selection() == pages::Subject(base::ServerId("cache-eu-west-2")));
        page->select(base::PoolName("cache-us-west"));
        QVERIFY(page->selection() == pages::Subject(base::PoolName("cache-us-west")));
        QVERIFY(changed.count() >= 2);
        page->servers()->table()->choose("cache-us-east-1");
        QVERIFY(page->selection() == pages::Subject(base::ServerId("cache-us-east-1")));
        QSignalSpy inspect(page.get(), &pages::Page::inspectRequested);
        QTest::keyClick(page->servers()->table(), Qt::Key_Return);
        QCOMPARE(inspect.count(), 1);
        QVERIFY(inspect.first().first().value<pages::Subject>() == pages::Subject(base::ServerId("cache-us-east-1")));
    }

    void theExportIsRaw()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        const QStringList lines = page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines.first().startsWith(QStringLiteral("at,server,pool,state,hit_ratio,")));
        QVERIFY(lines[1].contains(QString::number(301LL << 20)));
        page->pools()->table()->setFocus();
        page->activateWindow();
        QTRY_VERIFY(page->pools()->table()->hasFocus());
        QCOMPARE(page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts).size(), qsizetype(4));
    }
};

QTEST_MAIN(CachePageTest)
#include "CachePageTest.moc"
