// SPDX-License-Identifier: GPL-3.0-or-later
// What look-ups say on a terminal and as JSON: masked fields have no value in either.
#include "app/shardlensctl/LookJson.h"
#include "app/shardlensctl/LookLines.h"
#include "app/shardlensctl/LookMend.h"
#include "app/shardlensctl/LookText.h"
#include "core/inspect/lookup/Looker.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Lookups.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>
#include <set>
#include <sstream>

using namespace shardlens;
using namespace shardlens::ctl;
using namespace shardlens::inspect::lookup;

namespace {

const base::UtcTime now = base::UtcTime(std::chrono::seconds(1'764'360'000)); // 2025-11-28T20:00:00Z

Answer aUser(bool isUnmasked)
{
    Answer answer;
    answer.find.kind = Kind::Id;
    answer.find.text = "42";
    answer.find.id = 42;
    answer.entity = Entity::User;
    answer.askedAt = now;
    answer.recording = {Recording::State::Recorded, 4112, {}};
    UserCard user;
    user.id = 42;
    user.exists = true;
    user.from = {ClusterName("u1"), "insta3", ServerId("u1-us-east"), RegionName("us-east"), false};
    user.name = "ann.lee";
    user.createdAt = user.updatedAt = now;
    user.followers = {1204, 1203};
    user.personal = {{"email", {!isUnmasked, isUnmasked ? std::optional<std::string>("ann@example.com") : std::nullopt}}};
    user.sessions = Sessions{2, {{now, now}}, 5000, true};
    answer.user = user;
    RegionRow row;
    row.region = RegionName("us-west");
    row.sees = Sees::OldCopy;
    row.since = now;
    answer.regions.push_back(row);
    Finding finding;
    finding.amiss = Amiss::StaleCopy;
    finding.regions = {RegionName("us-west")};
    finding.age = std::chrono::minutes(14);
    answer.verdict = {inspect::lookup::Outcome::ExistsAmiss, now, {}, {finding}, {NotRecorded::Viewers}};
    return answer;
}

/// The same in a fleet that counts the full name as personal, too.
Answer aStrictUser(bool isUnmasked)
{
    Answer answer = aUser(isUnmasked);
    answer.user->personal.push_back({"full_name", {!isUnmasked, isUnmasked ? std::optional<std::string>("Ann Lee") : std::nullopt}});
    return answer;
}

template <class Out, class... Rest>
QJsonObject jsonOf(const Out &out, const Rest &...rest)
{
    std::string text;
    JsonWriter json(text);
    writeJson(json, out, rest...);
    QJsonParseError error{};
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject{{QStringLiteral("broken"), error.errorString()}};
}

const std::string likeACode = "CUK-1wjqqsP"; // a photo's, and somebody may be called so

/// Answers as the fleet would: names are somebody's, IDs lead to nothing, or to a server that is silent.
struct FakeDirectory {
    std::map<std::string, std::uint64_t> users;
    std::set<std::uint64_t> silentIds;
    bool isSilent = false;
    std::vector<Find> asked;

    AskMany ask()
    {
        return [this](const std::vector<Find> &finds) -> base::Result<BulkLook> {
            BulkLook look;
            for (const Find &find : finds) {
                asked.push_back(find);
                look.lines.push_back(lineOf(find));
                if (silentIds.contains(find.id) && find.kind != Kind::UserName)
                    look.troubles = {{ServerId("u1-us-east"), {base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, base::Effect::None}}};
            }
            if (isSilent)
                look.troubles.push_back({ServerId("directory-us-east"), {base::ErrorCode::TimedOut, "no answer within 1 s", {}, {}, base::Effect::None}});
            return look;
        };
    }

    [[nodiscard]] BulkLine lineOf(const Find &find) const
    {
        BulkLine line;
        line.find = find;
        if (find.kind != Kind::UserName) {
            line.id = find.id;
            line.outcome = silentIds.contains(find.id) ? inspect::lookup::Outcome::NotKnown : inspect::lookup::Outcome::NoTrace;
            return line;
        }
        const auto user = users.find(find.text);
        const bool isSomebody = !isSilent && user != users.end();
        line.id = isSomebody ? user->second : 0;
        line.entity = isSomebody ? Entity::User : Entity::None;
        line.outcome = isSomebody ? inspect::lookup::Outcome::Exists : isSilent ? inspect::lookup::Outcome::NotKnown : inspect::lookup::Outcome::NobodyHasName;
        return line;
    }
};

} // namespace

class LookAnswersTest : public QObject
{
    Q_OBJECT

    fixtures::FleetPtr m_fleet = fixtures::defaultFleet();

private Q_SLOTS:
    void theSentenceStandsFirstAndTheMiscountIsNamed();
    void maskedFieldsHaveNoValueAnywhere();
    void aFeedIsATableWithMarks();
    void anExplanationMarksItsCause();
    void manyAreALineEach();
    void nothingIsUnmaskedWithoutAReasonAndACase();
    void aBucketAndAnAssociationAreJson();
    void whatIsNowhereIsNotSaidToBeHere();
    void aMendIsToldWithWhatIsInItsWay();
    void aListIsToldByItsFirstFew();
    void aNameGoesBeforeTheCodeThatItLooksLike();
    void whatElseItCouldMeanIsTold();
    void eachLineOfTheInputHasOneOfTheOutput();
};

void LookAnswersTest::aListIsToldByItsFirstFew()
{
    Answer answer = aUser(false);
    const auto lineOf = [&](const char *label) {
        const QStringList lines = lookText(answer, *m_fleet).split(QLatin1Char('\n')).filter(QLatin1String(label));
        return lines.isEmpty() ? QString() : lines.front().simplified();
    };
    QCOMPARE(lineOf("new followers"), QString());
    for (std::uint64_t id = 1; id <= 23; ++id)
        answer.user->followerList.items.push_back({id, now});
    QCOMPARE(lineOf("new followers"), QStringLiteral("new followers 1 2 3 4 5 and 18 more"));
    answer.user->followerList.next = "24"; // a page of a longer list
    QCOMPARE(lineOf("new followers"), QStringLiteral("new followers 1 2 3 4 5 and 1,198 more"));
    answer.user->recentMedia.items.resize(5);
    QCOMPARE(lineOf("new photos"), QStringLiteral("new photos 0 0 0 0 0"));
    answer.user->followingList.items.push_back({7, now});
    QCOMPARE(lineOf("new following"), QStringLiteral("new following 7"));
    answer.media.emplace().exists = true;
    answer.media->likeList.items.push_back({8, now});
    answer.media->commentList.items.resize(1);
    QCOMPARE(lineOf("new likes by"), QStringLiteral("new likes by 8"));
    QCOMPARE(lineOf("new comments"), QStringLiteral("new comments 0"));
}

void LookAnswersTest::whatIsNowhereIsNotSaidToBeHere()
{
    Answer answer;
    answer.find.kind = Kind::Shard;
    answer.find.text = "insta7777";
    answer.find.id = 7777;
    answer.verdict.outcome = inspect::lookup::Outcome::Listed;
    answer.shards.resize(2);
    answer.shards[0].isInRange = answer.shards[1].isInRange = false;
    QVERIFY2(lookText(answer, *m_fleet).contains(QStringLiteral("There is no part 7777 of the data.")), qPrintable(lookText(answer, *m_fleet)));
    answer.shards[1].isInRange = true;
    answer.shards[1].declared = facts::unknown(facts::WhyUnknown::ServerSilent, "directory");
    answer.shards[1].places.resize(1);
    answer.shards[1].places[0].hasIt = facts::unknown(facts::WhyUnknown::ServerSilent, "u1-us-east");
    QVERIFY(lookText(answer, *m_fleet).contains(QStringLiteral("Not known now: no server that answers has part 7777 of the data.")));
    QVERIFY(lookText(answer, *m_fleet).contains(QStringLiteral("where it is declared is unknown: the directory does not answer")));
    answer.shards[1].places[0].hasIt = false;
    QVERIFY(lookText(answer, *m_fleet).contains(QStringLiteral("No server has part 7777 of the data.")));
    answer.shards[1].places[0].hasIt = true;
    QVERIFY(lookText(answer, *m_fleet).contains(QStringLiteral("Part 7777 of the data is here")));
    answer.find.kind = Kind::RedisKey;
    answer.shards.clear();
    answer.keys.resize(2);
    answer.keys[0].exists = false;
    answer.keys[1].exists = facts::unknown(facts::WhyUnknown::ServerSilent, "feeds-us-west");
    QVERIFY2(lookText(answer, *m_fleet).contains(QStringLiteral("Not known: the key is on none of the servers that answered, and 1 did not.")), qPrintable(lookText(answer, *m_fleet)));
    answer.keys[1].exists = false;
    QVERIFY(lookText(answer, *m_fleet).contains(QStringLiteral("The key is nowhere.")));
}

void LookAnswersTest::aMendIsToldWithWhatIsInItsWay()
{
    const QString well = mendText(fixtures::feedMend());
    QVERIFY2(well.startsWith(QStringLiteral("Put the feed of user %1 right on feeds-us-east: 2 added, 1 removed, 1 moved; 120 entries, were 119.").arg(fixtures::kOwner)), qPrintable(well));
    QVERIFY(well.contains(QStringLiteral("One that was minted within the last minute is left alone.")));
    QVERIFY(well.contains(QStringLiteral("RPUSH feed:%1 ").arg(fixtures::kOwner)) && well.contains(QStringLiteral("100 more")));
    QVERIFY(!well.contains(QStringLiteral("FAILED")));
    mend::Plan bucket;
    bucket.intent.what = mend::What::MapBucket;
    bucket.intent.bucket = 7;
    bucket.primary = ServerId("mediamap-us-east");
    bucket.unsearched = 3;
    QVERIFY2(mendText(bucket).startsWith(QStringLiteral("There is nothing to put right in bucket 7 of the media map. 3 shards could not be read through for media that it lacks.")),
             qPrintable(mendText(bucket)));
    bucket.unsearched = 1;
    QVERIFY2(mendText(bucket).contains(QStringLiteral(" 1 shard could not be read through")), qPrintable(mendText(bucket)));
    const QString refused = mendText(fixtures::feedMend(false));
    QVERIFY2(refused.contains(QStringLiteral("FAILED  The primary has the group’s newest term: 7 on the primary, newest known: 8")) ||
                 refused.contains(QStringLiteral("FAILED  The primary has the group's newest term: 7 on the primary, newest known: 8")),
             qPrintable(refused));
    const QJsonObject json = jsonOf(fixtures::mapMend());
    QCOMPARE(json[QStringLiteral("what")].toString(), QStringLiteral("map_entry"));
    QCOMPARE(json[QStringLiteral("passes")].toBool(), true);
    const QJsonObject change = json[QStringLiteral("changes")].toArray().at(0).toObject();
    QCOMPARE(change[QStringLiteral("change")].toString(), QStringLiteral("replaced"));
    QCOMPARE(change[QStringLiteral("was")].toString(), QStringLiteral("42"));
    QCOMPARE(change[QStringLiteral("becomes")].toString(), QString::number(fixtures::kOwner));
    QCOMPARE(json[QStringLiteral("commands")].toArray().size(), 3);
}

void LookAnswersTest::theSentenceStandsFirstAndTheMiscountIsNamed()
{
    const QStringList lines = lookText(aUser(false), *m_fleet).split(QLatin1Char('\n'));
    QVERIFY2(lines.at(0).startsWith(QLatin1String("42: An ID")), qPrintable(lines.at(0)));
    QVERIFY2(lines.at(1).startsWith(QLatin1String("The account exists.")), qPrintable(lines.at(1)));
    const QString all = lines.join(QLatin1Char('\n'));
    QVERIFY(all.contains(QLatin1String("1,204 stored, 1,203 rows: MISCOUNT")));
    QVERIFY(all.contains(QLatin1String("insta3 on u1, read from u1-us-east, primary in us-east")));
    QVERIFY(all.contains(QLatin1String("! us-west: the cached copy is older")));
    QVERIFY(all.contains(QLatin1String("This look-up is recorded, entry 4,112.")));
    QVERIFY(traceText(aUser(false), *m_fleet).startsWith(QLatin1String("The account exists.")));
}

void LookAnswersTest::maskedFieldsHaveNoValueAnywhere()
{
    const QJsonObject masked = jsonOf(aUser(false), std::string("sentence"));
    QCOMPARE(masked[QStringLiteral("user")][QStringLiteral("personal")][QStringLiteral("email")].toObject(), (QJsonObject{{QStringLiteral("masked"), true}}));
    QVERIFY(lookText(aUser(false), *m_fleet).contains(QLatin1String("masked (--unmask --reason TEXT --case N)")));
    const QJsonObject shown = jsonOf(aUser(true), std::string("sentence"));
    QCOMPARE(shown[QStringLiteral("user")][QStringLiteral("personal")][QStringLiteral("email")].toString(), QStringLiteral("ann@example.com"));
    QVERIFY(lookText(aUser(true), *m_fleet).contains(QLatin1String("ann@example.com")));
    QCOMPARE(shown[QStringLiteral("verdict")][QStringLiteral("outcome")].toString(), QStringLiteral("exists_amiss"));
    // Of a fleet that counts the full name as personal, too, it stands nowhere else.
    const QJsonObject strict = jsonOf(aStrictUser(false), std::string("sentence"));
    QVERIFY(!strict[QStringLiteral("user")].toObject().contains(QStringLiteral("full_name")) && strict[QStringLiteral("user")].toObject().contains(QStringLiteral("bio")));
    QCOMPARE(strict[QStringLiteral("user")][QStringLiteral("personal")][QStringLiteral("full_name")].toObject(), (QJsonObject{{QStringLiteral("masked"), true}}));
    QCOMPARE(lookText(aStrictUser(false), *m_fleet).count(QLatin1String("full name")), 1);
    QVERIFY(lookText(aStrictUser(true), *m_fleet).contains(QLatin1String("Ann Lee")));
    QCOMPARE(shown[QStringLiteral("regions")][0][QStringLiteral("sees")].toString(), QStringLiteral("old_copy"));
    QCOMPARE(shown[QStringLiteral("user")][QStringLiteral("sessions")][QStringLiteral("count")].toInt(), 2);
}

void LookAnswersTest::aFeedIsATableWithMarks()
{
    FeedPage page;
    page.question.user = 42;
    page.server = ServerId("feeds-us-east");
    page.length = 500;
    page.trimmedTo = 500;
    page.askedAt = now;
    page.next = 2;
    FeedEntry well;
    well.media = 77;
    well.owner = 5;
    well.isResolved = true;
    well.caption = {false, "hello\nthere"};
    well.postedAt = now - std::chrono::hours(2);
    FeedEntry gone;
    gone.position = 1;
    gone.media = 78;
    gone.isResolved = true;
    gone.marks = {Mark::Dangling, Mark::Duplicate};
    page.entries = {well, gone};
    const QString text = feedText(page);
    QVERIFY2(text.startsWith(QLatin1String("Main feed of user 42 as feeds-us-east has it: 500 entries, kept to 500")), qPrintable(text));
    QVERIFY(text.contains(QLatin1String("hello there"))); // a line an entry
    QVERIFY(text.contains(QLatin1String("no such photo, twice")));
    QVERIFY(text.contains(QLatin1String("More: --offset 2")));
    const QJsonObject json = jsonOf(page);
    QCOMPARE(json[QStringLiteral("entries")][1][QStringLiteral("marks")].toArray(),
             (QJsonArray{QStringLiteral("dangling"), QStringLiteral("duplicate")}));
    QCOMPARE(json[QStringLiteral("entries")][1][QStringLiteral("caption")].toObject(), (QJsonObject{{QStringLiteral("masked"), true}}));
}

void LookAnswersTest::anExplanationMarksItsCause()
{
    FeedExplanation explanation;
    explanation.user = 42;
    explanation.media = 77;
    explanation.steps = {{FeedStep::UserExists, StepResult::Holds, {}},
                         {FeedStep::Follows, StepResult::Fails, {}},
                         {FeedStep::Inverse, StepResult::NotReached, {}}};
    explanation.cause = 1;
    const QStringList lines = explanationText(explanation).split(QLatin1Char('\n'));
    QVERIFY2(lines.at(0).contains(QLatin1String("does not follow")), qPrintable(lines.at(0)));
    QVERIFY2(lines.at(2).startsWith(QLatin1String("> fails")), qPrintable(lines.at(2)));
    QVERIFY2(lines.at(3).startsWith(QLatin1String("  not reached")), qPrintable(lines.at(3)));
    QCOMPARE(jsonOf(explanation, std::string("s"))[QStringLiteral("cause")].toString(), QStringLiteral("follows"));
}

void LookAnswersTest::manyAreALineEach()
{
    BulkLine line;
    line.find.text = "77";
    line.id = 77;
    line.entity = Entity::Media;
    line.outcome = inspect::lookup::Outcome::Exists;
    line.owner = 42;
    line.at = now;
    QCOMPARE(bulkText(line), QStringLiteral("77\texists\tmedia\t77\t2025-11-28T20:00:00.000Z\t42"));
    line.outcome = inspect::lookup::Outcome::NoTrace;
    line.entity = Entity::None;
    line.at.reset();
    line.owner = 0;
    QCOMPARE(bulkText(line), QStringLiteral("77\tno trace\tnone\t77\t-\t-"));
    const QJsonObject told = jsonOf(&line, std::string("77 "), std::string());
    QCOMPARE(told[QStringLiteral("outcome")].toString(), QStringLiteral("no_trace"));
    QCOMPARE(told[QStringLiteral("input")].toString(), QStringLiteral("77 "));
    QVERIFY(told.contains(QStringLiteral("owner")) && told[QStringLiteral("owner")].isNull() && told[QStringLiteral("error")].isNull());
    const BulkLine *none = nullptr;
    const QJsonObject unread = jsonOf(none, std::string("?"), std::string("nothing that could be looked up"));
    QCOMPARE(unread.keys(), told.keys());
    QCOMPARE(unread[QStringLiteral("error")].toString(), QStringLiteral("nothing that could be looked up"));
}

void LookAnswersTest::aNameGoesBeforeTheCodeThatItLooksLike()
{
    const Recognised found = recognise(likeACode, *m_fleet, now);
    QVERIFY(found.finds.size() >= 2 && found.finds.front().kind == Kind::Media);
    FakeDirectory directory;
    directory.users[likeACode] = 42;
    const auto user = userMeant(found, likeACode, directory.ask());
    QVERIFY(user && *user == 42);
    QCOMPARE(*mediaMeant(found, likeACode), found.finds.front().id); // and not where a photo is wanted
    QVERIFY(!mediaMeant(recognise("ann.lee", *m_fleet, now), "ann.lee"));
    directory.users.clear();
    const auto nobody = userMeant(found, likeACode, directory.ask());
    QVERIFY(!nobody && nobody.error().code == base::ErrorCode::NotFound);
    directory.isSilent = true;
    const auto silent = userMeant(found, likeACode, directory.ask());
    QVERIFY(!silent && silent.error().code == base::ErrorCode::Unreachable);
    QVERIFY2(silent.error().message.find("directory-us-east did not answer") != std::string::npos, silent.error().message.c_str());
    directory.asked.clear();
    QCOMPARE(*userMeant(recognise("12345678901234567", *m_fleet, now), "12345678901234567", directory.ask()), std::uint64_t(12345678901234567));
    QVERIFY(directory.asked.empty()); // an ID needs no directory
}

void LookAnswersTest::whatElseItCouldMeanIsTold()
{
    const Recognised found = recognise(likeACode, *m_fleet, now);
    QCOMPARE(alsoPossible(found, 0), std::vector<std::string>{"@" + likeACode});
    const Recognised shard = recognise("17", *m_fleet, now);
    QCOMPARE(shard.finds.front().kind, Kind::Shard);
    QCOMPARE(alsoPossible(shard, 0), (std::vector<std::string>{"user:17", "media:17"}));
    QCOMPARE(recognise("@" + likeACode, *m_fleet, now).finds.front().kind, Kind::UserName); // it is then taken for that
    QVERIFY(alsoPossible(recognise("12345678901234567", *m_fleet, now), 0).empty());
}

void LookAnswersTest::eachLineOfTheInputHasOneOfTheOutput()
{
    FakeDirectory directory;
    directory.users[likeACode] = 42;
    directory.silentIds.insert(12345678901234567U);
    QStringList answers;
    QStringList errors;
    const LinesOut out{[&](const std::string &line) { answers << QString::fromStdString(line); }, [&](const std::string &line) { errors << QString::fromStdString(line); }, {}};
    std::istringstream text(likeACode + "\r\n\n12345678901234567\n???\n12345678901234568");
    const Exit exit = lookUpLines(text, *m_fleet, false, directory.ask(), out);
    QCOMPARE(answers.size(), 5);
    QVERIFY2(answers[0].startsWith(QString::fromStdString(likeACode) + QStringLiteral("\texists\tuser\t42\t")), qPrintable(answers[0])); // no such photo: the name
    QCOMPARE(answers[1], QStringLiteral("\terror: nothing that could be looked up"));
    QVERIFY2(answers[2].contains(QStringLiteral("\tnot known\t")) && answers[2].endsWith(QStringLiteral("\tu1-us-east did not answer")), qPrintable(answers[2]));
    QCOMPARE(answers[3], QStringLiteral("???\terror: nothing that could be looked up"));
    QVERIFY2(answers[4].contains(QStringLiteral("\tno trace\t")), qPrintable(answers[4]));
    QVERIFY2(errors.contains(QStringLiteral("line 4: nothing that could be looked up: ???")), qPrintable(errors.join(QLatin1Char('\n'))));
    QCOMPARE(errors.last(), QStringLiteral("5 lines looked up: 1 found, 1 not there, 1 not known, 2 with nothing that could be looked up."));
    QCOMPARE(int(exit), int(Exit::Failed));

    answers.clear();
    std::istringstream again(likeACode + "\n???\n");
    QCOMPARE(int(lookUpLines(again, *m_fleet, true, directory.ask(), out)), int(Exit::Problem));
    QCOMPARE(answers.size(), 2);
    const auto object = [&](int i) { return QJsonDocument::fromJson(answers[i].toUtf8()).object(); };
    QCOMPARE(object(0)[QStringLiteral("input")].toString(), QString::fromStdString(likeACode));
    QCOMPARE(object(0)[QStringLiteral("taken_for")].toString(), QStringLiteral("user_name"));
    QCOMPARE(object(1)[QStringLiteral("error")].toString(), QStringLiteral("nothing that could be looked up"));
    QCOMPARE(object(0).keys(), object(1).keys());

    // Who may not look gets his lines too.
    answers.clear();
    std::istringstream refused("12345678901234567\n");
    const auto refuse = [](const std::vector<Find> &) -> base::Result<BulkLook> { return base::fail(base::ErrorCode::NoRights, "your role may not look people up"); };
    QCOMPARE(int(lookUpLines(refused, *m_fleet, false, refuse, out)), int(Exit::Problem));
    QCOMPARE(answers, QStringList{QStringLiteral("12345678901234567\terror: your role may not look people up")});
}

void LookAnswersTest::nothingIsUnmaskedWithoutAReasonAndACase()
{
    Looker looker(m_fleet, {}, std::make_shared<base::SystemClock>());
    for (const Unmask &unmask : {Unmask{"asks", ""}, Unmask{"", "48213"}}) {
        Question question;
        question.unmask = unmask;
        const auto refused = looker.answer(question); // before any server is asked
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), int(base::ErrorCode::BadInput));
    }
}

void LookAnswersTest::aBucketAndAnAssociationAreJson()
{
    BucketCheck check;
    check.bucket = 3;
    check.buckets = 10;
    check.server = ServerId("mediamap-us-east");
    check.entries = 480;
    check.wrong = {{77, 5, 6, false, "77", "5"}, {78, 5, 0, false, "78", "5"}};
    const QString text = bucketText(check);
    QVERIFY2(text.contains(QLatin1String("480 entries, 2 wrong")) && text.contains(QLatin1String("its row says 6")) &&
                 text.contains(QLatin1String("there is no such media")),
             qPrintable(text));
    QCOMPARE(jsonOf(check)[QStringLiteral("wrong")].toArray().size(), 2);
    QVERIFY(jsonOf(check)[QStringLiteral("wrong")].toArray()[1].toObject()[QStringLiteral("row_owner")].isNull());
    QCOMPARE(int(bucketExit(check)), int(Exit::Problem));
    check.wrong.clear();
    QCOMPARE(int(bucketExit(check)), int(Exit::Well));
    check.missing = {{79, 6}};
    QVERIFY2(bucketText(check).contains(QLatin1String("480 entries, 0 wrong, 1 missing\n")) && bucketText(check).contains(QLatin1String("not in the map, its row says 6")),
             qPrintable(bucketText(check)));
    QCOMPARE(jsonOf(check)[QStringLiteral("missing")].toArray()[0].toObject()[QStringLiteral("media")].toString(), QStringLiteral("79"));
    QCOMPARE(int(bucketExit(check)), int(Exit::Problem));
    check.missing.clear();
    check.searched = 61;
    check.unsearched = 3; // nothing is said of them, so that it is not well
    QCOMPARE(int(bucketExit(check)), int(Exit::Problem));
    QVERIFY2(bucketText(check).contains(QLatin1String("Of 64 shards that may have media of the bucket 3 were not read through")), qPrintable(bucketText(check)));
    QCOMPARE(jsonOf(check)[QStringLiteral("shards_unsearched")].toInt(), 3);
    QVERIFY(jsonOf(check)[QStringLiteral("shards_unsearched_why")].isNull());
    check.unsearchedWhy = "u1: permission denied";
    QVERIFY2(bucketText(check).contains(QLatin1String("may be more (u1: permission denied).")), qPrintable(bucketText(check)));
    QCOMPARE(jsonOf(check)[QStringLiteral("shards_unsearched_why")].toString(), QStringLiteral("u1: permission denied"));
    check.unsearched = 0;
    QCOMPARE(int(bucketExit(check)), int(Exit::Well));
    check.troubles.push_back({ServerId("u1-us-east"), {base::ErrorCode::TimedOut, "no answer", {}, {}, base::Effect::None}});
    QCOMPARE(int(bucketExit(check)), int(Exit::Problem));
    QVERIFY2(bucketText(check).contains(QLatin1String("Not all is checked")), qPrintable(bucketText(check)));
    GraphPage page;
    page.question.id = 42;
    page.count = 2;
    page.edges.items = {{5, now, true}, {6, now, false}};
    page.edges.next = "1:6";
    QVERIFY(graphText(page).contains(QLatin1String("NO INVERSE EDGE")));
    QCOMPARE(graphText(page).count(QLatin1String("NO INVERSE EDGE")), 1);
    QCOMPARE(jsonOf(page)[QStringLiteral("edges")].toArray().size(), 2);
}

QTEST_GUILESS_MAIN(LookAnswersTest)
#include "test_look_answers.moc"
