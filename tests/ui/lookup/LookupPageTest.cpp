// SPDX-License-Identifier: GPL-3.0-or-later
// SHARDLENS_PICTURES names a folder that a picture of each state is written to.
#include "ui/pages/lookup/LookupPage.h"
#include "tests/ui/Sweep.h"
#include "tests/ui/Warnings.h"
#include "tests/ui/lookup/LookupBench.h"
#include "ui/format/LookupText.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/feeds/FeedsPage.h"
#include "ui/pages/lookup/CardPanel.h"
#include "ui/pages/lookup/ChoicePanel.h"
#include "ui/pages/lookup/DetailPanel.h"
#include "ui/pages/lookup/IdDrawing.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/UnmaskPanel.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::LookupPage;
using pages::LookupSheet;
namespace look = inspect::lookup;

using Bench = tests::LookupBench<LookupPage>;

namespace {

const QString photoLink = QStringLiteral("https://insta.example/p/DQmqzEuFPUV/?utm_source=ig");

/// Answers that a state is made of, by name.
const std::vector<std::pair<const char *, look::Answer>> &answers()
{
    static const std::vector<std::pair<const char *, look::Answer>> all{{"photo", fixtures::photo()},
                                                                        {"old-copy", fixtures::photoWithOldCopy()},
                                                                        {"another-owner", fixtures::photoOfAnother()},
                                                                        {"deleted", fixtures::deletedPhoto()},
                                                                        {"no-trace", fixtures::noTrace()},
                                                                        {"partly-down", fixtures::photoPartlyDown()},
                                                                        {"not-known", fixtures::photoNotKnown()},
                                                                        {"account", fixtures::account()},
                                                                        {"unmasked", fixtures::unmaskedAccount()},
                                                                        {"sessions", fixtures::accountWithSessions()},
                                                                        {"nobody", fixtures::nobodyHasName()},
                                                                        {"names", fixtures::namesBeginning()},
                                                                        {"future", fixtures::futureId()},
                                                                        {"cache-key", fixtures::cacheKey()}};
    return all;
}

look::Answer answerNamed(const QString &name)
{
    for (const auto &[known, answer] : answers()) {
        if (name == QLatin1String(known))
            return answer;
    }
    return {};
}

/// What an answer was asked for with, so that the page takes it for such a thing.
QString textFor(const look::Answer &answer)
{
    switch (answer.find.kind) {
    case look::Kind::UserName: return QStringLiteral("mara.k");
    case look::Kind::NamePrefix: return QStringLiteral("ann*");
    case look::Kind::CachedKey: return QStringLiteral("m:%1").arg(fixtures::kPhoto);
    default: return QStringLiteral("“hi, my photo vanished\n%1 help”").arg(photoLink);
    }
}

/// All that must never be sent to somebody else: of the person, of the photo, of who did what.
QStringList whatIsPersonal()
{
    QStringList all{QStringLiteral("mara"),
                    QStringLiteral("Kowalski"),
                    QString::number(fixtures::kOwner),
                    QString::number(fixtures::kPhoto),
                    QStringLiteral("Evening at the lake"),
                    QStringLiteral("user:")};
    for (const std::string &value : fixtures::personalValues())
        all << QString::fromStdString(value);
    return all;
}

} // namespace

class LookupPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static void show(Bench &bench, const look::Answer &answer, const QString &caseNumber = QStringLiteral("48213"))
    {
        bench.page->bar()->caseField()->setText(caseNumber);
        bench.page->lookUp(textFor(answer));
        bench.questions.answer(answer);
        tests::settle(*bench.page);
    }
    /// A field scrolls: what was pasted into it may be longer than it is.
    static QStringList faultsBesideFields(QWidget &page)
    {
        QStringList faults = tests::faultsOf(page);
        faults.erase(std::remove_if(faults.begin(), faults.end(),
                                    [](const QString &fault) {
                                        return fault.contains(QStringLiteral("> QLineEdit")) && fault.startsWith(QStringLiteral("cut by"));
                                    }),
                     faults.end());
        return faults;
    }
    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }
    static QString clipboard() { return QGuiApplication::clipboard()->text(); }
    static bool says(QWidget &page, const QString &words)
    {
        const QStringList texts = tests::textsIn(page);
        return std::any_of(texts.begin(), texts.end(), [&](const QString &text) { return text.contains(words); });
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }
    void init()
    {
        m_theme->setTextSize(100);
        tests::failOnUnexpectedWarnings();
    }

    void everyStateIsDrawnWhole_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("text");
        QStringList names{QStringLiteral("empty"),  QStringLiteral("asking"),  QStringLiteral("garbage"), QStringLiteral("no-rights"),
                          QStringLiteral("pinned"), QStringLiteral("several"), QStringLiteral("remedies")};
        for (const auto &[name, answer] : answers())
            names << QString::fromLatin1(name);
        for (const QString &name : names) {
            for (const auto &size : tests::pageSizes) {
                for (const int text : {100, 150})
                    if (tests::isLookedAt(size.size, text))
                        QTest::addRow("%s at %s, text %d", qPrintable(name), size.name, text) << name << size.size << text;
            }
        }
    }
    void everyStateIsDrawnWhole()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(int, text);
        m_theme->setTextSize(text);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
                continue;
            m_theme->setMode(mode);
            Bench bench(size, state == QLatin1String("remedies"));
            LookupPage &page = *bench.page;
            if (state == QLatin1String("remedies")) {
                look::Answer both = fixtures::photoWithOldCopy();
                const auto other = fixtures::photoOfAnother().verdict.findings;
                both.verdict.findings.insert(both.verdict.findings.end(), other.begin(), other.end());
                show(bench, both);
            } else if (state == QLatin1String("asking")) {
                page.lookUp(photoLink);
            } else if (state == QLatin1String("garbage")) {
                page.lookUp(QStringLiteral("?!"));
            } else if (state == QLatin1String("no-rights")) {
                page.lookUp(photoLink);
                bench.questions.refuse<look::Answer>(
                    {base::ErrorCode::NoRights, "looker has the role observer", {}, {}, base::Effect::None});
            } else if (state == QLatin1String("pinned")) {
                for (const auto *name : {"photo", "old-copy", "account", "deleted"}) {
                    show(bench, answerNamed(QString::fromLatin1(name)));
                    page.verdict()->pin()->click();
                }
            } else if (state == QLatin1String("several")) {
                page.lookUp(
                    QStringLiteral("either %1 or https://insta.example/p/CUK-1wjqqsP/ or 482584233761418119, says mara.k").arg(photoLink));
                bench.questions.answer(fixtures::photo());
            } else if (state != QLatin1String("empty")) {
                show(bench, answerNamed(state));
            }
            tests::settle(page);
            tests::savePicture(page, QStringLiteral("lookup-%1-%2x%3-%4-%5")
                                         .arg(state)
                                         .arg(size.width())
                                         .arg(size.height())
                                         .arg(text)
                                         .arg(theme::Theme::name(mode)));
            const QStringList faults = faultsBesideFields(page);
            QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
        }
        m_theme->setTextSize(100);
    }

    void everyStateSaysWhatMustBeSaid_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("second");
        QTest::newRow("all agree") << "photo"
                                   << "The photo exists, and everybody sees it as it is."
                                   << "";
        QTest::newRow("an old copy says deleted")
            << "old-copy"
            << "The photo exists. People in Europe see an old copy that says it is deleted; that copy is 14 min out of date."
            << "";
        QTest::newRow("the map names another") << "another-owner"
                                               << "The photo exists. It is listed under another account."
                                               << "";
        QTest::newRow("deleted by its owner") << "deleted"
                                              << "The photo was deleted on 20 Nov 2026, 22:14 UTC by its owner."
                                              << "";
        QTest::newRow("no trace, and what is not recorded") << "no-trace"
                                                            << "No trace. The ID is valid and was minted on "
                                                            << "";
        QTest::newRow("partly down, servers named") << "partly-down"
                                                    << "What people in the United States (west) see is not known now."
                                                    << "m2-us-west, cache-us-west-1";
        QTest::newRow("nothing answers") << "not-known"
                                         << "Not known now: what would tell it does not answer."
                                         << "m2-us-east, m2-us-west, m2-eu-west";
        QTest::newRow("a miscount") << "account"
                                    << "The account exists. Numbers shown with it are not the real ones."
                                    << "";
        QTest::newRow("an ID of the future") << "future"
                                             << "Nobody can have this yet"
                                             << "";
        QTest::newRow("a prefix") << "names"
                                  << "12 names begin with “ann”."
                                  << "";
        QTest::newRow("a key") << "cache-key"
                               << "The key is on 2 of 3 servers."
                               << "";
    }
    void everyStateSaysWhatMustBeSaid()
    {
        QFETCH(QString, state);
        QFETCH(QString, sentence);
        QFETCH(QString, second);
        Bench bench;
        show(bench, answerNamed(state));
        const LookupSheet &sheet = bench.page->sheet();
        QVERIFY2(plain(sheet.sentence).contains(sentence), qPrintable(sheet.sentence));
        QVERIFY2(sheet.second.contains(second), qPrintable(sheet.second));
        QCOMPARE(bench.page->verdict()->sentence(), sheet.sentence);
    }

    /// Where a region is not known, nobody speaks of everybody: not the sentence, not the reply, not what on-call reads.
    void everybodyIsSaidOnlyOfAllRegions()
    {
        const auto fleet = fixtures::defaultFleet();
        const look::Answer half = fixtures::photoPartlyDown();
        QCOMPARE(format::lookupWords(half, *fleet).sentence, QStringLiteral("The photo exists. What people in the United States (west) see is not known now."));
        QCOMPARE(format::lookupReply(half, *fleet, {}), QStringLiteral("Your photo is there. A part of our service does not answer right now, so we cannot tell yet whether it can be seen everywhere."));
        QVERIFY(!format::lookupEvidence(half, *fleet).contains(QStringLiteral("everybody")));
        QVERIFY(format::lookupEvidence(half, *fleet).contains(QStringLiteral("- us-west: not enough of it answers to tell what people see there")));
        QVERIFY(format::lookupReply(fixtures::photo(), *fleet, {}).contains(QStringLiteral("everywhere")));
    }

    /// What support reads and sends has no database words; what on-call gets may.
    void supportReadsNoDatabaseWords()
    {
        const QStringList words{QStringLiteral("shard"),     QStringLiteral("primary"),   QStringLiteral("standby"),
                                QStringLiteral("replica"),   QStringLiteral("cache"),     QStringLiteral("Redis"),
                                QStringLiteral("memcached"), QStringLiteral("Postgres"),  QStringLiteral("row"),
                                QStringLiteral("schema"),    QStringLiteral("media map"), QStringLiteral("tombstone")};
        for (const auto &[name, answer] : answers()) {
            if (answer.find.kind == look::Kind::CachedKey || answer.find.kind == look::Kind::Shard)
                continue; // who asks for those knows them
            const auto fleet = fixtures::defaultFleet();
            // Servers that did not answer are named; their names may hold such words.
            const QString sentence = format::lookupWords(answer, *fleet).sentence + format::lookupReply(answer, *fleet, {});
            for (const QString &word : words)
                QVERIFY2(
                    !sentence.contains(QRegularExpression(QStringLiteral("\\b%1").arg(word), QRegularExpression::CaseInsensitiveOption)),
                    qPrintable(QLatin1String(name) + QLatin1String(": ") + sentence));
        }
    }

    void aPasteAsksAtOnceWithTheWholeMessage()
    {
        Bench bench;
        QGuiApplication::clipboard()->setText(QStringLiteral("hi,\nmy photo vanished:\n\n%1\n\nhelp").arg(photoLink));
        bench.page->bar()->field()->setFocus();
        QTest::keySequence(bench.page->bar()->field(), QKeySequence::Paste);
        QCOMPARE(bench.questions.asked.size(), std::size_t(1));
        const auto *question = bench.questions.newest<look::Question>();
        QVERIFY(question);
        QCOMPARE(question->find.id, fixtures::kPhoto);
        QVERIFY(!question->unmask);
        QVERIFY(!bench.page->bar()->field()->text().contains(QLatin1Char('\n')));
        QCOMPARE(bench.page->sheet().state, LookupSheet::State::Asking);
    }

    void enterAsksAndAWaitSaysHowLong()
    {
        Bench bench;
        QTest::keyClicks(bench.page->bar()->field(), QString::number(fixtures::kPhoto));
        QCOMPARE(bench.questions.asked.size(), std::size_t(0));
        QTest::keyClick(bench.page->bar()->field(), Qt::Key_Return);
        QCOMPARE(bench.questions.asked.size(), std::size_t(1));
        QVERIFY(!bench.page->hasLiveData());
        QVERIFY(!says(*bench.page, QStringLiteral("asking, ")));
        bench.clock->advance(std::chrono::milliseconds(800));
        QTRY_VERIFY(says(*bench.page, QStringLiteral("asking, 0.8 s")));
        bench.questions.answer(fixtures::photo());
        QVERIFY(bench.page->hasLiveData());
        QVERIFY(!says(*bench.page, QStringLiteral("asking, ")));
    }

    void digitsChooseAReadingUnlessTheyAreTyped()
    {
        Bench bench;
        bench.page->lookUp(QStringLiteral("%1 and https://insta.example/p/CUK-1wjqqsP/").arg(photoLink));
        bench.questions.answer(fixtures::photo());
        QVERIFY(bench.page->sheet().readings.size() >= 2);
        bench.page->activateWindow();
        QTRY_VERIFY(bench.page->isActiveWindow());
        bench.page->readings()->list()->setFocus();
        QTest::keyClick(bench.page->readings()->list(), Qt::Key_2);
        QCOMPARE(bench.questions.asked.size(), std::size_t(2));
        QCOMPARE(bench.page->sheet().reading, 1);
        bench.page->bar()->field()->setFocus();
        QTest::keyClick(bench.page->bar()->field(), Qt::Key_1);
        QCOMPARE(bench.questions.asked.size(), std::size_t(2));
    }

    void anAnswerThatWasOvertakenIsNotShown()
    {
        Bench bench;
        bench.page->lookUp(photoLink);
        const auto first = bench.questions.asked.back().number;
        bench.page->lookUp(QStringLiteral("mara.k"));
        bench.questions.board.tell(first, base::Result<look::Answer>(fixtures::photo()));
        QCOMPARE(bench.page->sheet().state, LookupSheet::State::Asking);
        bench.questions.answer(fixtures::account());
        QCOMPARE(bench.page->sheet().cardTitle, QStringLiteral("Account"));
    }

    void theReplyHoldsNothingOfAnybody()
    {
        for (const auto &[name, answer] : answers()) {
            Bench bench;
            show(bench, answer);
            QGuiApplication::clipboard()->clear();
            bench.page->verdict()->copyReply()->click();
            for (const QString &value : whatIsPersonal())
                QVERIFY2(!clipboard().contains(value, Qt::CaseInsensitive),
                         qPrintable(QLatin1String(name) + QLatin1String(": ") + clipboard()));
            if (!clipboard().isEmpty())
                QVERIFY2(clipboard().contains(QStringLiteral("48213")), name);
            QCOMPARE(bench.page->sheet().reply, clipboard());
        }
    }

    void onCallGetsALinkTheCaseAndTheEvidence()
    {
        Bench bench;
        show(bench, fixtures::photoWithOldCopy());
        bench.page->verdict()->handOver()->click();
        const QStringList lines = clipboard().split(QLatin1Char('\n'));
        QCOMPARE(lines.value(0), QStringLiteral("shardlens://insta-main/lookup?look=%1&case=48213").arg(fixtures::kPhoto));
        QCOMPARE(lines.value(1), QStringLiteral("Case 48213"));
        QVERIFY(clipboard().contains(QStringLiteral("cache-eu-west-2")));
        QVERIFY(clipboard().contains(QStringLiteral("version 6")));
        show(bench, fixtures::unmaskedAccount());
        bench.page->verdict()->handOver()->click();
        for (const std::string &value : fixtures::personalValues())
            QVERIFY2(!clipboard().contains(QString::fromStdString(value)), qPrintable(clipboard()));
    }

    void onCallIsToldWhatPutsItRight()
    {
        Bench bench;
        show(bench, fixtures::photoWithOldCopy());
        bench.page->verdict()->handOver()->click();
        QVERIFY2(clipboard().contains(QStringLiteral("shardlensctl cache delete m:%1 --region eu-west").arg(fixtures::kPhoto)), qPrintable(clipboard()));
    }

    void aWrongMapEntryIsMendedFromTheLookUp()
    {
        Bench bench({1088, 704}, true);
        show(bench, fixtures::photo());
        QVERIFY(!bench.page->mendButton()->isVisible()); // nothing is wrong with it
        show(bench, fixtures::photoOfAnother());
        QVERIFY(bench.page->mendButton()->isVisible());
        bench.page->mendButton()->click();
        const auto *question = bench.questions.newest<pages::MendQuestion>();
        QVERIFY(question);
        QCOMPARE(question->intent.what, mend::What::MapEntry);
        QCOMPARE(question->intent.media, fixtures::kPhoto);
        QCOMPARE(question->intent.caseNumber, std::string("48213"));
        bench.questions.answer(fixtures::mapMend());
        tests::settle(*bench.page);
        const auto &changes = bench.page->mendView()->changes()->list()->outline()->rows();
        QCOMPARE(changes.size(), std::size_t(1));
        QCOMPARE(changes[0].second, QStringLiteral("in mediamap:17: owner %1, was 42").arg(fixtures::kOwner));
        auto *bar = bench.page->mendView()->confirmBar();
        bar->setDeafFor(0);
        bar->name()->setText(QString::number(fixtures::kPhoto));
        bar->reason()->setText(QStringLiteral("a ticket"));
        bar->button()->click();
        QVERIFY(bench.questions.newest<pages::MendOrder>());
        bench.questions.answer(mend::Done{"mediamap-20261121-141230-4f2a", 4114, 1, 0});
        QVERIFY(bench.questions.newest<look::Question>() && std::holds_alternative<look::Question>(bench.questions.asked.back().question)); // looked up anew
        Bench looking;
        show(looking, fixtures::photoOfAnother());
        QVERIFY(!looking.page->mendButton()->isVisible());
    }

    void aBucketOfTheMapIsVerifiedFromTheLookUp()
    {
        Bench bench({1088, 704}, true);
        look::Answer bucket = fixtures::cacheKey();
        bucket.find.kind = look::Kind::RedisKey;
        bucket.find.text = "mediamap:17";
        bench.page->lookUp(QStringLiteral("mediamap:17"));
        bench.questions.answer(bucket);
        QCOMPARE(bench.page->mendButton()->text(), QStringLiteral("Verify the bucket…"));
        bench.page->mendButton()->click();
        const auto *question = bench.questions.newest<pages::MendQuestion>();
        QVERIFY(question && question->intent.what == mend::What::MapBucket);
        QCOMPARE(question->intent.bucket, 17U);
    }

    void whoOnlyLooksSeesABucketAgainstTheShards()
    {
        Bench bench; // support
        look::Answer bucket = fixtures::cacheKey();
        bucket.find.kind = look::Kind::RedisKey;
        bucket.find.text = "mediamap:17";
        bench.page->lookUp(QStringLiteral("mediamap:17"));
        bench.questions.answer(bucket);
        QVERIFY(!bench.page->mendButton()->isVisible());
        QVERIFY2(!bench.questions.newest<pages::BucketQuestion>(), "not before somebody wants it");
        bench.page->detail()->showChoice(pages::bucketList);
        const auto *question = bench.questions.newest<pages::BucketQuestion>();
        QVERIFY(question);
        QCOMPARE(question->bucket, 17U);
        const auto asked = bench.questions.asked.size();
        bench.page->detail()->showChoice("keys");
        bench.page->detail()->showChoice(pages::bucketList);
        QCOMPARE(bench.questions.asked.size(), asked); // it is under way
        look::BucketCheck check;
        check.bucket = 17;
        check.server = base::ServerId("mediamap-us-east");
        check.entries = 512;
        check.unresolved = 3;
        check.wrong = {{fixtures::kPhoto, 42, fixtures::kOwner, false, {}, {}}, {7, 42, 0, false, {}, {}}};
        check.missing = {{9, fixtures::kOwner}};
        bench.questions.answer(check);
        const auto &rows = bench.page->detail()->list()->outline()->rows();
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[2].title, QStringLiteral("9"));
        QCOMPARE(rows[2].right, QStringLiteral("not in the map"));
        QCOMPARE(rows[0].title, QString::number(fixtures::kPhoto));
        QCOMPARE(rows[0].second, QStringLiteral("its row says %1").arg(fixtures::kOwner));
        QCOMPARE(rows[0].right, QStringLiteral("map: 42"));
        QCOMPARE(rows[1].second, QStringLiteral("there is no such photo"));
        // Of a photo it is that of its map entry; a failure says why.
        bench.page->lookUp(QString::number(fixtures::kPhoto));
        bench.questions.answer(fixtures::photo());
        bench.page->detail()->showChoice(pages::bucketList);
        QVERIFY(bench.questions.newest<pages::BucketQuestion>() != question && std::holds_alternative<pages::BucketQuestion>(bench.questions.asked.back().question));
        bench.questions.refuse<look::BucketCheck>({base::ErrorCode::TimedOut, "no answer within 1 s", {}, "mediamap-us-east", base::Effect::None});
        QVERIFY(bench.page->detail()->list()->outline()->rows().empty());
    }

    void aStaleCopyIsDeletedFromTheLookUp()
    {
        Bench bench({1088, 704}, true);
        show(bench, fixtures::photo());
        QVERIFY(!bench.page->deleteButton()->isVisible());
        show(bench, fixtures::photoWithOldCopy());
        QCOMPARE(bench.page->deleteButton()->text(), QStringLiteral("Delete the copy in eu-west…"));
        std::string key;
        base::RegionName region;
        connect(bench.page.get(), &pages::Page::keyDeleteRequested, this, [&](const std::string &of, const base::RegionName &in) {
            key = of;
            region = in;
        });
        bench.page->deleteButton()->click();
        QCOMPARE(key, "m:" + std::to_string(fixtures::kPhoto));
        QCOMPARE(region, base::RegionName("eu-west"));
        const auto before = bench.questions.asked.size();
        bench.caches.tellDeleted({*cacheflow::planDelete(*bench.snapshot->fleet, "m:1", {}), std::vector<cacheflow::DeletedPlace>()});
        QCOMPARE(bench.questions.asked.size(), before); // somebody else's
        bench.caches.tellDeleted({*cacheflow::planDelete(*bench.snapshot->fleet, key, region.text()), std::vector<cacheflow::DeletedPlace>()});
        QCOMPARE(bench.questions.asked.size(), before + 1); // looked up anew

        auto everywhere = fixtures::photoWithOldCopy();
        auto &finding = everywhere.verdict.findings.front();
        finding.regions.clear();
        for (const auto &row : everywhere.regions)
            finding.regions.push_back(row.region);
        show(bench, everywhere);
        QCOMPARE(bench.page->deleteButton()->text(), QStringLiteral("Delete the copies…"));
        bench.page->deleteButton()->click();
        QVERIFY(region.isEmpty());
        Bench looking;
        show(looking, fixtures::photoWithOldCopy());
        QVERIFY(!looking.page->deleteButton()->isVisible());
    }

    void whatIsMaskedNeedsAReasonAndACase()
    {
        Bench bench;
        show(bench, fixtures::account(), {});
        auto *unmask = bench.page->unmask();
        QVERIFY(unmask->isVisible());
        QVERIFY(says(*bench.page, QStringLiteral("masked")));
        QTest::keyClicks(unmask->reason(), QStringLiteral("asks for their address"));
        QVERIFY(!unmask->button()->isEnabled());
        QVERIFY(says(*bench.page, QStringLiteral("needs the case number")));
        bench.page->bar()->caseField()->setText(QStringLiteral("48213"));
        QVERIFY(unmask->button()->isEnabled());
        unmask->button()->click();
        const auto *question = bench.questions.newest<look::Question>();
        QVERIFY(question && question->unmask);
        QCOMPARE(question->unmask->reason, std::string("asks for their address"));
        QCOMPARE(question->unmask->caseNumber, std::string("48213"));
        QVERIFY(bench.page->sheet().hasMasked); // until the answer is there
        bench.questions.answer(fixtures::unmaskedAccount());
        tests::settle(*bench.page);
        for (const std::string &value : fixtures::personalValues())
            QVERIFY2(ui::operate::textOf(bench.page->sheet().card).contains(QString::fromStdString(value)), value.c_str());
        QVERIFY(!unmask->isVisible());
    }

    void whatWasUnmaskedIsReadOnTheScreenAlone()
    {
        Bench bench;
        show(bench, fixtures::unmaskedAccount());
        LookupPage &page = *bench.page;
        auto *list = page.card()->list();
        list->selectAll();
        QTest::keySequence(list, QKeySequence::Copy);
        QVERIFY2(clipboard().contains(QStringLiteral("E-mail: masked")), qPrintable(clipboard()));
        const QString byKeys = clipboard();
        QGuiApplication::clipboard()->clear();
        QContextMenuEvent asked(QContextMenuEvent::Mouse, QPoint(10, 10), list->viewport()->mapToGlobal(QPoint(10, 10)));
        QCoreApplication::sendEvent(list->viewport(), &asked);
        auto *menu = list->findChild<QMenu *>();
        QVERIFY(menu);
        menu->actions().constFirst()->trigger();
        menu->close();
        const QString byMenu = clipboard();
        QCOMPARE(byMenu, byKeys);
        page.verdict()->handOver()->click();
        const QString handedOver = clipboard();
        page.verdict()->pin()->click();
        const auto pinned = [&] {
            page.tabs()->setCurrent(1);
            return ui::operate::textOf(page.sheet().card);
        };
        for (const std::string &value : fixtures::personalValues()) {
            const QString text = QString::fromStdString(value);
            QVERIFY2(ui::operate::textOf(page.sheet().card).contains(text), value.c_str());
            QVERIFY2(!page.asCsv().contains(text), value.c_str());
            QVERIFY2(!byKeys.contains(text) && !handedOver.contains(text), value.c_str());
        }
        for (const std::string &value : fixtures::personalValues())
            QVERIFY2(!pinned().contains(QString::fromStdString(value)), value.c_str());
        QVERIFY(page.sheet().hasMasked);
    }

    void commentsOfAPrivatePhotoAreCopiedMasked()
    {
        auto answer = fixtures::photo();
        answer.media->isPrivate = true;
        answer.media->commentList.items.resize(1);
        answer.media->commentList.items.front().body = {false, std::string("see you at the lake")};
        Bench bench;
        show(bench, answer);
        bench.page->detail()->showChoice("comments");
        auto *list = bench.page->detail()->list();
        QVERIFY(ui::operate::textOf(list->outline()->rows()).contains(QStringLiteral("see you at the lake")));
        list->selectAll();
        QTest::keySequence(list, QKeySequence::Copy);
        QVERIFY2(clipboard().contains(QStringLiteral("masked")), qPrintable(clipboard()));
        QVERIFY2(!clipboard().contains(QStringLiteral("lake")), qPrintable(clipboard()));
        bench.page->card()->list()->selectAll();
        QTest::keySequence(bench.page->card()->list(), QKeySequence::Copy);
        QVERIFY2(clipboard().contains(QStringLiteral("Caption: masked")), qPrintable(clipboard()));
        QVERIFY(!bench.page->asCsv().contains(QStringLiteral("Evening at the lake")));
    }

    void sessionsAreCountedWithTheirAges()
    {
        Bench bench;
        show(bench, fixtures::accountWithSessions());
        const auto *question = bench.questions.newest<look::Question>();
        QVERIFY(question && question->withSessions);
        const auto cardText = [&] { return plain(ui::operate::textOf(bench.page->sheet().card)); };
        QVERIFY2(cardText().contains(QStringLiteral("Sessions: 7\n")), qPrintable(cardText()));
        QVERIFY2(cardText().contains(QStringLiteral("Begun 12 min ago: seen 4 min ago")), qPrintable(cardText()));
        QVERIFY2(cardText().contains(QStringLiteral(": seen not known")), qPrintable(cardText()));
        QVERIFY2(cardText().contains(QStringLiteral("2 more sessions are older.")), qPrintable(cardText()));

        auto limited = fixtures::accountWithSessions();
        limited.user->sessions->isComplete = false;
        show(bench, limited);
        QVERIFY2(cardText().contains(QStringLiteral("Sessions: 7 among the first 4,112 of all")), qPrintable(cardText()));
        limited.user->sessions = facts::unknown(facts::WhyUnknown::ServerSilent, "sessions-us-east");
        show(bench, limited);
        QVERIFY2(cardText().contains(QStringLiteral("Sessions: unknown: ")), qPrintable(cardText()));
        show(bench, fixtures::account()); // nobody asked
        QVERIFY2(!cardText().contains(QStringLiteral("Sessions")), qPrintable(cardText()));
    }

    void aRefusedUnmaskingLeavesTheMasks()
    {
        Bench bench;
        show(bench, fixtures::account());
        bench.page->unmask()->reason()->setText(QStringLiteral("because"));
        bench.page->unmask()->button()->click();
        bench.questions.refuse<look::Answer>(
            {base::ErrorCode::NoRights, "the directory does not answer", {}, "directory-us-east", base::Effect::None});
        QCOMPARE(bench.page->sheet().state, LookupSheet::State::Answered);
        QVERIFY(bench.page->sheet().hasMasked);
        QVERIFY2(bench.page->unmask()->said().contains(QStringLiteral("the directory does not answer")),
                 qPrintable(bench.page->unmask()->said()));
    }

    void withoutARecordNothingIsOffered()
    {
        look::Answer answer = fixtures::account();
        answer.recording = {look::Recording::State::Failed, 0, {base::ErrorCode::Refused, "refused", {}, {}, base::Effect::None}};
        Bench bench;
        show(bench, answer);
        QVERIFY(!bench.page->unmask()->button()->isVisible());
        QVERIFY(bench.page->unmask()->said().contains(QStringLiteral("does not record")));
        QVERIFY(says(*bench.page, QStringLiteral("This is not recorded")));
    }

    void whatIsMaskedIsNowhere()
    {
        Bench bench;
        show(bench, fixtures::account());
        const LookupSheet &sheet = bench.page->sheet();
        QVERIFY(!bench.page->asCsv().isEmpty());
        for (const std::string &value : fixtures::personalValues()) {
            const QString text = QString::fromStdString(value);
            QVERIFY(!bench.page->asCsv().contains(text));
            QVERIFY(!ui::operate::textOf(sheet.card).contains(text));
            QVERIFY(!sheet.evidence.contains(text));
        }
        bench.page->card()->list()->selectAll();
        QTest::keySequence(bench.page->card()->list(), QKeySequence::Copy);
        QVERIFY(clipboard().contains(QStringLiteral("E-mail: masked")));
    }

    void regionsThatAreAmissAreOpened()
    {
        Bench bench;
        show(bench, fixtures::photoWithOldCopy());
        auto *rows = bench.page->seen()->list()->outline();
        QVERIFY(rows->isOpen("eu-west"));
        QVERIFY(!rows->isOpen("us-east"));
        const auto *copy = rows->rowAt(rows->index(rows->rowOf("eu-west/2"), 0));
        QVERIFY(copy);
        QCOMPARE(copy->shape, theme::Shape::NotEqual);
        QVERIFY2(copy->text().contains(QStringLiteral("Copy, cache-eu-west-2")), qPrintable(copy->text()));
        // A tick later what the person opened is still open.
        bench.page->seen()->list()->setOpen("us-east", true);
        bench.page->showSnapshot(bench.snapshot);
        QVERIFY(rows->isOpen("us-east"));
    }

    void aListThatIsOpenedTellsWhichEdgesLackTheirInverse()
    {
        Bench bench;
        const look::Answer account = fixtures::account();
        show(bench, account);
        QVERIFY(!bench.questions.newest<look::GraphQuestion>()); // not before somebody looks at it
        bench.page->detail()->showChoice("followers");
        const auto *question = bench.questions.newest<look::GraphQuestion>();
        QVERIFY(question && question->assoc == look::Assoc::FollowedBy && question->span.after.empty());
        look::GraphPage page;
        page.question = *question;
        page.oldest = fixtures::lookedUpAt();
        for (const look::Person &person : account.user->followerList.items)
            page.edges.items.push_back({person.id, person.since, person.id != account.user->followerList.items[1].id});
        bench.questions.answer(page);
        const auto &rows = bench.page->detail()->list()->outline()->rows();
        QCOMPARE(rows.size(), account.user->followerList.items.size());
        QCOMPARE(rows[0].shape, theme::Shape::None);
        QCOMPARE(rows[1].second, QStringLiteral("the other side does not have it"));
        const std::size_t asked = bench.questions.asked.size();
        bench.page->detail()->showChoice("id");
        bench.page->detail()->showChoice("followers");
        QCOMPARE(bench.questions.asked.size(), asked); // once
        bench.page->detail()->showChoice("liked");
        QCOMPARE(bench.questions.newest<look::GraphQuestion>()->assoc, look::Assoc::Liked);
        page.question = *bench.questions.newest<look::GraphQuestion>();
        page.edges.items = {{fixtures::kPhoto, fixtures::lookedUpAt(), true}};
        bench.questions.answer(page);
        QCOMPARE(rows.size(), std::size_t(1));
    }

    void listsGoOnWhereTheyEnded()
    {
        Bench bench;
        show(bench, fixtures::account());
        bench.page->detail()->showChoice("followers");
        QVERIFY(bench.page->detail()->more()->isVisible());
        bench.page->detail()->more()->click();
        const auto *question = bench.questions.newest<look::GraphQuestion>();
        QVERIFY(question);
        QCOMPARE(question->assoc, look::Assoc::FollowedBy);
        QCOMPARE(question->span.after, std::string("25"));
        look::GraphPage page;
        page.question = *question;
        page.edges.items = {{fixtures::kOwner + 1, fixtures::lookedUpAt(), true}, {fixtures::kOwner + 2, fixtures::lookedUpAt(), false}};
        bench.questions.answer(page);
        QCOMPARE(bench.page->detail()->list()->outline()->rowCount(), 27);
        QVERIFY(!bench.page->detail()->more()->isVisible());
        QCOMPARE(bench.page->detail()->list()->outline()->rows().back().shape, theme::Shape::NotEqual); // the other side lacks it
    }

    void pinnedOnesAreTabsOrStandSideBySide()
    {
        Bench bench;
        for (int i = 0; i < 5; ++i) {
            show(bench, i % 2 == 0 ? fixtures::photo() : fixtures::account());
            bench.page->verdict()->pin()->click();
        }
        QCOMPARE(bench.page->pinned(), LookupPage::kMostPinned);
        QVERIFY(!bench.page->verdict()->pin()->isEnabled());
        QVERIFY(bench.page->tabs()->isVisible());
        QCOMPARE(bench.page->tabs()->choices().size(), 5);
        bench.page->tabs()->setCurrent(2);
        QCOMPARE(bench.page->sheet().cardTitle, QStringLiteral("Account"));
        bench.page->resize(2328, 1336);
        tests::settle(*bench.page);
        QVERIFY(!bench.page->tabs()->isVisible());
        QVERIFY(says(*bench.page, QStringLiteral("Unpin")));
    }

    void nothingIsKeptAfterACase()
    {
        Bench bench;
        show(bench, fixtures::photo());
        QTest::keyClick(bench.page->bar()->caseField(), Qt::Key_Return);
        bench.page->verdict()->pin()->click();
        QCOMPARE(bench.page->recent()->list()->outline()->rowCount(), 1);
        bench.page->bar()->caseField()->setText(QStringLiteral("48214"));
        QTest::keyClick(bench.page->bar()->caseField(), Qt::Key_Return);
        QCOMPARE(bench.page->pinned(), std::size_t(0));
        QCOMPARE(bench.page->sheet().state, LookupSheet::State::Empty);
        QVERIFY(bench.page->bar()->field()->text().isEmpty());
    }

    void aCaseIsGivenOnceForAllPages()
    {
        Bench bench;
        pages::PageContext context{bench.snapshot->fleet, nullptr, bench.clock};
        context.lookups = &bench.questions.board;
        show(bench, fixtures::photo());
        QTest::keyClick(bench.page->bar()->caseField(), Qt::Key_Return);
        bench.page->verdict()->pin()->click();
        pages::FeedsPage feeds(context); // made when it is first gone to
        feeds.showSnapshot(bench.snapshot);
        QCOMPARE(feeds.bar()->caseNumber(), QStringLiteral("48213"));
        feeds.lookUp(QString::number(fixtures::kOwner));
        const auto *question = bench.questions.newest<look::FeedQuestion>();
        QVERIFY(question);
        QCOMPARE(question->caseNumber, std::string("48213"));
        // What an earlier window left behind is no case of this one.
        feeds.restoreViewState({{QStringLiteral("user"), QString::number(fixtures::kOwner)}, {QStringLiteral("case"), QStringLiteral("11111")}});
        QCOMPARE(bench.page->bar()->caseNumber(), QStringLiteral("48213"));

        QCOMPARE(bench.page->pinned(), std::size_t(1));
        feeds.bar()->caseField()->setText(QStringLiteral("48214"));
        QCOMPARE(bench.page->bar()->caseNumber(), QStringLiteral("48214"));
        QCOMPARE(bench.page->pinned(), std::size_t(1)); // it is still being typed
        QTest::keyClick(feeds.bar()->caseField(), Qt::Key_Return);
        QCOMPARE(bench.page->pinned(), std::size_t(0));
        bench.page->lookUp(photoLink);
        QCOMPARE(bench.questions.newest<look::Question>()->caseNumber, std::string("48214"));
    }

    void aHiddenPageAsksNothing()
    {
        const QVariantMap state{{QStringLiteral("look"), QString::number(fixtures::kPhoto)},
                                {QStringLiteral("as"), QStringLiteral("id")},
                                {QStringLiteral("case"), QStringLiteral("48213")}};
        Bench bench;
        bench.page->hide();
        bench.page->restoreViewState(state);
        QCOMPARE(bench.questions.asked.size(), std::size_t(0));
        QCOMPARE(bench.page->bar()->field()->text(), QString::number(fixtures::kPhoto));
        bench.page->show();
        bench.page->restoreViewState(state);
        QCOMPARE(bench.questions.asked.size(), std::size_t(1));
        QCOMPARE(bench.page->viewState(), state);
    }

    void aLinkHoldsNothingThatWasPastedRoundIt()
    {
        Bench bench;
        show(bench, fixtures::photo());
        const QVariantMap state = bench.page->viewState();
        for (const QVariant &value : state)
            QVERIFY2(!value.toString().contains(QStringLiteral("vanished")), qPrintable(value.toString()));
        QCOMPARE(state.value(QStringLiteral("look")).toString(), QString::number(fixtures::kPhoto));
    }

    void modelsKeepTheirRules()
    {
        Bench bench;
        QList<QAbstractItemModelTester *> testers;
        for (auto *list : {bench.page->readings()->list(), bench.page->recent()->list(), bench.page->seen()->list(),
                           bench.page->detail()->list(), bench.page->card()->list(), bench.page->owner()->list()})
            testers << new QAbstractItemModelTester(list->outline(), QAbstractItemModelTester::FailureReportingMode::QtTest, this);
        for (const auto &[name, answer] : answers())
            show(bench, answer);
        qDeleteAll(testers);
    }

    void theIdIsDrawnForWhoCannotSeeIt()
    {
        Bench bench;
        show(bench, fixtures::photo());
        const QString text = bench.page->detail()->drawing()->accessibleName();
        QVERIFY2(text.contains(QStringLiteral("41 bits: minted 20")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("13 bits: shard 1341")) || text.contains(QStringLiteral("13 bits: shard ")),
                 qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("10 bits: sequence 277")), qPrintable(text));
    }
};

QTEST_MAIN(LookupPageTest)
#include "LookupPageTest.moc"
