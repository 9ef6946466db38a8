// SPDX-License-Identifier: GPL-3.0-or-later
// Each state of a fact on each page, light and dark: what a page must say of it can be read on it, and its picture can be looked at.
// SHARDLENS_PICTURES names a folder that the pictures are written to.
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
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

const std::map<QString, MakePage> makers{{QStringLiteral("overview"), make<pages::OverviewPage>},
                                         {QStringLiteral("shards"), make<pages::ShardsPage>},
                                         {QStringLiteral("replication"), make<pages::ReplicationPage>},
                                         {QStringLiteral("redis"), make<pages::RedisPage>},
                                         {QStringLiteral("cache"), make<pages::CachePage>},
                                         {QStringLiteral("lookup"), make<pages::LookupPage>},
                                         {QStringLiteral("feeds"), make<pages::FeedsPage>},
                                         {QStringLiteral("operations"), make<pages::OperationsPage>}};

/// What must be read on a page in a state: parts of texts.
struct Expected {
    const char *page;
    const char *state;
    QStringList says;
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
    };
    return all;
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
                for (const QString &wanted : one.says)
                    QVERIFY2(std::any_of(texts.begin(), texts.end(), [&](const QString &text) { return text.contains(wanted); }),
                             qPrintable(QStringLiteral("\"%1\" is not said; these are: %2").arg(wanted, texts.join(QStringLiteral(" | ")))));
            }
            tests::savePicture(*shown, QStringLiteral("%1-%2-%3").arg(page, state, theme::Theme::name(mode)));
        }
    }

private:
    std::unique_ptr<theme::Theme> m_theme;
};

QTEST_MAIN(StatesTest)
#include "StatesTest.moc"
