// SPDX-License-Identifier: GPL-3.0-or-later
// Who is on it, who may not and who could, what other consoles see, and the timeline to paste.
#include "tests/fixtures/Snapshots.h"
#include "ui/format/ClaimText.h"
#include "ui/format/EventText.h"
#include "ui/format/Timeline.h"

#include <QRegularExpression>
#include <QTest>

using namespace shardlens;
using namespace shardlens::ui::format;
using namespace std::chrono_literals;
using facts::Claim;
using facts::ClaimRefusal;
using facts::Shared;

namespace {

/// The incident, with a directory that says what a test wants.
class Told
{
public:
    Told() : snapshot(*fixtures::incident())
    {
        shared.readAt = snapshot.takenAt - 500ms;
        shared.readUtc = snapshot.takenUtc - 500ms;
        shared.you = "oncall1";
        shared.whoMay = {"oncall1", "ops1"};
    }

    Told &claim(const char *by, Claim::Kind kind = Claim::Kind::Claimed, bool pending = false)
    {
        shared.claims.push_back({kind, problem().id(), {by, "", ""}, kind == Claim::Kind::Quieted ? "kernel upgrade" : "", snapshot.takenUtc - 10s, snapshot.takenUtc + 30min, pending});
        return *this;
    }
    Told &refused(ClaimRefusal refusal, const char *you = "support1")
    {
        shared.refusal = refusal;
        shared.you = you;
        return *this;
    }
    Told &directoryDown()
    {
        shared.trouble = base::Error{base::ErrorCode::TimedOut, "directory-us-east: no answer within 1 s", {}, {}, base::Effect::None};
        shared.readAt = snapshot.takenAt - 14s;
        shared.readUtc = snapshot.takenUtc - 14s;
        return *this;
    }
    Told &console(const char *by, const char *region, std::vector<base::ServerId> lost, bool own = false)
    {
        shared.consoles.push_back({"x", {by, "", ""}, base::RegionName(region), 30, 33, std::move(lost), 1s, own});
        return *this;
    }

    [[nodiscard]] const facts::Problem &problem() const { return snapshot.problems.front(); }
    [[nodiscard]] ClaimText words()
    {
        snapshot.shared = std::make_shared<const Shared>(shared);
        return claimText(problem(), snapshot);
    }

    facts::Snapshot snapshot;
    Shared shared;
};

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

QString all(const ClaimText &words)
{
    QStringList parts{words.onIt, words.quiet, words.trouble, words.whyNot};
    parts += words.others;
    parts.removeAll(QString());
    return plain(parts.join(QLatin1String(" | ")));
}

using Make = Told (*)();

} // namespace
Q_DECLARE_METATYPE(Make)

class TestClaimText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void says_data()
    {
        QTest::addColumn<Make>("make");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, Make make, const char *expected) { QTest::newRow(name) << make << QString::fromUtf8(expected); };
        row("nobody yet", [] { return Told(); }, "nobody is on it yet");
        row("somebody", [] { return Told().claim("oncall2"); }, "oncall2 is on it");
        row("not told yet", [] { return Told().claim("oncall1", Claim::Kind::Claimed, true); }, "oncall1 is on it (others do not see it yet)");
        row("quiet", [] { return Told().claim("oncall1", Claim::Kind::Quieted); }, "nobody is on it yet | Quiet until 03:44Z by oncall1: kernel upgrade");
        row("the directory is down", [] { return Told().claim("oncall2").directoryDown(); },
            "oncall2 is on it | The directory does not answer (directory-us-east: no answer within 1 s). Who is on what is from 03:14:00Z.");
        row("support may not", [] { return Told().refused(ClaimRefusal::Role); },
            "nobody is on it yet | Needs role on-call or ops. You are support1. oncall1 and ops1 may: start as that user with SHARDLENS_USER or --as.");
        row("look-only", [] { return Told().refused(ClaimRefusal::LookOnly); },
            "nobody is on it yet | This fleet is only looked at. Whoever keeps its fleet file switches acting on there: acting = true.");
        row("no grant", [] { return Told().refused(ClaimRefusal::Rights, "oncall9"); },
            "nobody is on it yet | The directory does not let database user oncall9 do it. Its owner can: GRANT shardlens_operator TO oncall9.");
        row("another console lost it too", [] { return Told().console("oncall1", "us-east", {}, true).console("oncall2", "us-west", {base::ServerId("u1-us-east")}); },
            "nobody is on it yet | Console of oncall2 in us-west lost u1-us-east too.");
        row("one person's two consoles are told once",
            [] { return Told().console("oncall2", "us-west", {base::ServerId("u1-us-east")}).console("oncall2", "us-west", {base::ServerId("u1-us-east")}); },
            "nobody is on it yet | 2 consoles of oncall2 in us-west lost u1-us-east too.");
        row("only this one lost it", [] { return Told().console("oncall2", "us-west", {}); }, "nobody is on it yet | Console of oncall2 in us-west still reaches u1-us-east.");
    }
    void says()
    {
        QFETCH(Make, make);
        QFETCH(QString, expected);
        QCOMPARE(all(make().words()), expected);
    }

    void whoIsNotAskedSaysNothing()
    {
        const auto incident = fixtures::incident();
        QCOMPARE(claimText(incident->problems.front(), *incident), ClaimText());
    }

    void everyRefusalSaysWhoCould()
    {
        for (int i = 1; i <= int(ClaimRefusal::Rights); ++i) {
            const QString words = refusalText(static_cast<ClaimRefusal>(i), "x", {"oncall1"});
            QVERIFY2(words.endsWith(QLatin1Char('.')) && words.size() > 30, qPrintable(words));
        }
        QVERIFY(refusalText(ClaimRefusal::None, "x", {}).isEmpty());
    }

    void aPersonIsNamedWithWhoLoggedIn()
    {
        QCOMPARE(personText({"oncall1", "", ""}), "oncall1");
        QCOMPARE(personText({"anna", "anna", "ws3"}), "anna");
        QCOMPARE(personText({"oncall1", "anna", "ws3"}), "oncall1 (anna on ws3)");
    }

    void theTimelineIsWholeAndAbsolute()
    {
        Told told;
        told.claim("oncall1").console("oncall2", "us-west", {base::ServerId("u1-us-east")});
        (void)told.words();
        const QString text = timelineText(told.problem(), std::nullopt, told.snapshot);
        const QStringList wanted{"Incident timeline of ", "u1 takes no writes: u1-us-east is down.", "Began 2026-11-21 03:13:4", "Still there at 2026-11-21 03:14:14Z",
                                 "Hit: 512 of 1,024 users shards, about 50 % of users.", "On it: oncall1, since 2026-11-21 03:14:04Z.", "Console of oncall2 in us-west lost u1-us-east too.",
                                 "Writes u1 fail from us-east, us-west and eu-west since 2026-11-21 03:13:4", "What changed, from 2026-11-21 02:43:4"};
        for (const QString &one : wanted)
            QVERIFY2(text.contains(one), qPrintable(one + QStringLiteral("\nis not in\n") + text));
        QVERIFY2(!text.contains(QStringLiteral(" ago")), qPrintable(text));
        QVERIFY(!text.contains(QChar(0x202F)) && text.endsWith(QLatin1Char('\n')));
        // No time of day without its date.
        QVERIFY2(!text.contains(QRegularExpression(QStringLiteral("(?<!\\d )\\b\\d\\d:\\d\\d:\\d\\dZ"))), qPrintable(text));
    }

    void whatHappenedToAServerIsToldOfTheServer()
    {
        const auto well = fixtures::well();
        facts::Event event;
        event.kind = facts::EventKind::RoleChanged;
        event.place = {base::RegionName("us-west"), base::ServerId("m1-us-west"), base::ClusterName("m1"), {}, {}};
        event.after = "primary";
        QCOMPARE(eventText(event, *well).where, QStringLiteral("m1-us-west"));
        event.kind = facts::EventKind::TimelineChanged; // of the cluster
        QCOMPARE(eventText(event, *well).where, QStringLiteral("m1"));
    }

    void anEndedProblemsTimelineHasItsEnd()
    {
        const auto well = fixtures::well();
        QVERIFY(!well->ended.empty());
        const QString text = timelineText(well->ended.front(), well->endedAt.front(), *well);
        QVERIFY2(text.contains(QStringLiteral("Ended 2026-11-21 02:4")), qPrintable(text));
        QVERIFY(!text.contains(QStringLiteral("Refused now")));
        const QString since = timelineText(well->takenUtc - 10h, *well->events, *well);
        QVERIFY2(since.contains(QStringLiteral("Ended 2026-11-21 02:4")), qPrintable(since));
    }
};

QTEST_APPLESS_MAIN(TestClaimText)
#include "test_claim_text.moc"
