// SPDX-License-Identifier: GPL-3.0-or-later
// Look-ups on a small fleet of real servers, whose copies are put out of step by hand.
#include "app/localfleet/seed/Doors.h"
#include "core/cacheflow/HotKeyWatch.h"
#include "core/clients/wire/Talk.h"
#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"
#include "core/inspect/lookup/Looker.h"
#include "tests/live/inspect/LookFleet.h"

#include <QTest>

#include <algorithm>
#include <cctype>
#include <future>
#include <set>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using live::outcomeOf;
using namespace std::chrono_literals;

namespace {

const base::RegionName east("us-east");
const base::RegionName west("us-west");

} // namespace

class LiveLookupTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<live::LookFleet> m_live;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const base::Clock> m_clock = std::make_shared<base::SystemClock>();
    std::unique_ptr<Looker> m_looker;
    std::uint64_t m_user = 0;
    std::uint64_t m_media = 0;
    std::string m_userSchema;
    std::string m_mediaSchema;

    std::string schemaOf(std::uint64_t id) const { return "insta" + std::to_string((id >> 10) & 0x1fff); }
    base::Result<Answer> look(const std::string &pasted, const std::function<void(Question &)> &change = {}) const
    {
        const Recognised found = recognise(pasted, *m_fleet, m_clock->utcNow());
        if (found.finds.empty())
            return base::fail(base::ErrorCode::BadInput, "nothing was found");
        Question question;
        question.find = found.finds.front();
        if (change)
            change(question);
        return m_looker->answer(question);
    }
    std::string link(std::uint64_t media) const { return "hi, https://insta.example/p/" + std::string(ids::Shortcode(media).text()) + "/?utm_source=x please"; }
    std::string lastAudit(const char *column) const
    {
        return m_live->sql("directory-us-east", std::string("select ") + column + " from directory.audit order by seq desc limit 1");
    }

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aUserIsToldWithLists();
    void aNameLeadsToTheUser();
    void aMediaIsToldFromALinkInAMessage();
    void garbageAsksNobody();
    void anIdOfNothing_data();
    void anIdOfNothing();
    void aShardAndAKeyAreTold();
    void personalFieldsAreReadAfterTheRecordOnly();
    void aPrivateCaptionIsReadAfterTheRecordOnly();
    void aFullNameMayBePersonalToo();
    void aCopyOlderThanTheRowIsNamed();
    void aCopyIsFoundInWhicheverPoolHasIt();
    void noLeaseIsTaken();
    void aWatchOfHotKeysCountsNoLookUp();
    void aWrongMapEntryIsNamedAndItsBucketVerified();
    void aDeletedMediaIsToldAndWhereItStillShows();
    void aFeedIsResolvedAndMarked();
    void aFeedIsReadAgainAfterItsTablesChanged();
    void aFeedIsExplainedAndCompared();
    void associationsAndMissingInverses();
    void manyAtOnce();
    void aFrozenServerCostsOnlyWhatLiesOnIt();
    void withoutTheDirectoryNothingIsUnmasked();
    void aDeadPrimaryIsReadFromItsStandby();
};

void LiveLookupTest::initTestCase()
{
    m_live = std::make_unique<live::LookFleet>();
    const std::string trouble = m_live->begin();
    QVERIFY2(trouble.empty(), trouble.c_str());
    m_fleet = m_live->declared();
    LookerOptions options;
    options.user = "shardlens_support";
    m_looker = std::make_unique<Looker>(m_fleet, options, m_clock);
    // Somebody who posts, in whatever shard, and one of their posts that is public.
    for (int shard = 0; shard < 16 && m_media == 0; ++shard) {
        const std::string schema = "insta" + std::to_string(shard);
        m_user =
            std::strtoull(m_live->sql("u1-us-east", "select id from " + schema + ".users where media_count > 1 and following_count > 0 order by id limit 1").c_str(), nullptr, 10);
        m_media = std::strtoull(
            m_live->sql("m1-us-east", "select id from " + schema + ".media where owner_id = " + std::to_string(m_user) + " and not is_private order by id limit 1").c_str(),
            nullptr, 10);
    }
    QVERIFY(m_user != 0 && m_media != 0);
    m_userSchema = schemaOf(m_user);
    m_mediaSchema = schemaOf(m_media);
    const auto isReplayed = [&] { return m_live->sql("m1-us-west", "select count(*) from " + m_mediaSchema + ".media where id = " + std::to_string(m_media)) == "1"; };
    QTRY_VERIFY_WITH_TIMEOUT(isReplayed(), 10000);
}

void LiveLookupTest::cleanupTestCase()
{
    m_looker.reset();
    m_live.reset();
}

void LiveLookupTest::aUserIsToldWithLists()
{
    const auto answer = look(std::to_string(m_user));
    QCOMPARE(outcomeOf(answer), QStringLiteral("user exists"));
    const UserCard &user = *answer->user;
    QCOMPARE(QString::fromStdString(user.name),
             QString::fromStdString(m_live->sql("u1-us-east", "select name from " + m_userSchema + ".users where id = " + std::to_string(m_user))));
    QCOMPARE(user.from.server, base::ServerId("u1-us-east"));
    QCOMPARE(user.from.masterRegion, east);
    QVERIFY(user.followers.actual && user.following.actual && user.media.actual);
    QVERIFY(!user.followers.isMiscount() && !user.following.isMiscount() && !user.media.isMiscount());
    QCOMPARE(user.followingList.items.size(), std::size_t(std::min<std::int64_t>(25, user.following.stored)));
    QVERIFY(std::is_sorted(user.followingList.items.begin(), user.followingList.items.end(), [](const auto &a, const auto &b) { return a.since > b.since; }));
    QVERIFY(!user.recentMedia.items.empty());
    QCOMPARE(user.feeds.size(), std::size_t(2));
    QVERIFY(user.feeds[1].mainFeed && user.feeds[0].mainFeed && *user.feeds[1].mainFeed == *user.feeds[0].mainFeed);
    QCOMPARE(user.personal.size(), std::size_t(4));
    for (const PersonalField &field : user.personal)
        QVERIFY2(field.value.isMasked && !field.value.value, field.name.c_str());
    QCOMPARE(answer->regions.size(), std::size_t(2));
    for (const RegionRow &row : answer->regions) {
        QCOMPARE(row.sees, Sees::It);
        QVERIFY(row.row && row.row->version == user.version && row.differences.empty());
    }
    QCOMPARE(answer->regions[1].row->server, base::ServerId("u1-us-west"));
    QVERIFY(!answer->regions[1].row->isPrimary && answer->regions[1].row->replayedUpTo);
    // Recorded, as the person's own database user, before the rows were read.
    QCOMPARE(answer->recording.state, Recording::State::Recorded);
    QCOMPARE(QString::number(answer->recording.number), QString::fromStdString(lastAudit("seq")));
    QCOMPARE(QString::fromStdString(lastAudit("action || ' ' || subject || ' ' || database_user")), QStringLiteral("look_up id %1 shardlens_support").arg(m_user));
    QCOMPARE(answer->stages.front().stage, Stage::Record);
    // Pages go on where the one before ended, and none is told twice.
    const auto paged = look(std::to_string(m_user), [](Question &question) { question.following.limit = 1; });
    QVERIFY(paged && paged->user->followingList.items.size() == 1);
    if (user.following.stored > 1) {
        QVERIFY(!paged->user->followingList.next.empty());
        const auto next = look(std::to_string(m_user), [&](Question &question) { question.following = {1, paged->user->followingList.next}; });
        QVERIFY(next && next->user->followingList.items.front() == user.followingList.items[1]);
    }
    // Asked again, warm: one round for all of it, and no server twice in it.
    QCOMPARE(paged->stages.size(), std::size_t(2));
    std::set<std::string> servers;
    for (const ServerTiming &server : paged->stages[1].servers)
        QVERIFY2(servers.insert(server.server.text()).second || server.server.text().starts_with("cache-"), server.server.text().c_str());
}

void LiveLookupTest::aNameLeadsToTheUser()
{
    const std::string name = m_live->sql("u1-us-east", "select name from " + m_userSchema + ".users where id = " + std::to_string(m_user));
    const auto answer = look("who is @" + name + "?");
    QCOMPARE(outcomeOf(answer), QStringLiteral("user exists"));
    QCOMPARE(answer->user->id, m_user);
    QCOMPARE(outcomeOf(look("@nobody_at_all")), QStringLiteral("none nobody_has_name"));
    QCOMPARE(outcomeOf(look("'; drop table x; --")), QStringLiteral("none nobody_has_name"));
    QCOMPARE(outcomeOf(look("100%_\"\\")), QStringLiteral("none nobody_has_name"));
    const auto listed = look(name.substr(0, 2) + "*");
    QVERIFY(listed && std::any_of(listed->names.begin(), listed->names.end(), [&](const NameHit &hit) { return hit.user == m_user; }));
    const auto wild = look("%*");
    QVERIFY2(wild && wild->names.empty(), "a person's own wildcard means itself");
}

void LiveLookupTest::aMediaIsToldFromALinkInAMessage()
{
    const auto answer = look(link(m_media));
    QCOMPARE(outcomeOf(answer), QStringLiteral("media exists"));
    QCOMPARE(answer->media->owner, m_user);
    QVERIFY(answer->media->ownerName && !answer->media->ownerName->empty());
    QVERIFY(answer->user && answer->user->id == m_user);
    QVERIFY(!answer->media->caption.isMasked && answer->media->caption.value);
    for (const RegionRow &row : answer->regions) {
        QVERIFY(row.map && row.map->owner == m_user);
        QVERIFY(row.cached && row.cached->state == CopyState::Absent);
    }
    // Another's private caption is not read.
    for (int shard = 0; shard < 16; ++shard) {
        const std::string hidden = m_live->sql("m1-us-east", "select id from insta" + std::to_string(shard) + ".media where is_private and caption <> '' limit 1");
        if (hidden.empty())
            continue;
        const auto other = look(hidden);
        QCOMPARE(other->entity, Entity::Media);
        QVERIFY(other->media->isPrivate && other->media->caption.isMasked && !other->media->caption.value);
        return;
    }
    QFAIL("the seed has no private media");
}

void LiveLookupTest::garbageAsksNobody()
{
    const std::string before = lastAudit("seq");
    QVERIFY(!look(std::string(1'000'000, 'a')));
    QVERIFY(!look("(((\"\")))"));
    QCOMPARE(QString::fromStdString(lastAudit("seq")), QString::fromStdString(before));
}

void LiveLookupTest::anIdOfNothing_data()
{
    QTest::addColumn<QString>("pasted");
    QTest::addColumn<QString>("outcome");
    const auto nowMs = std::chrono::floor<base::milliseconds>(m_clock->utcNow().time_since_epoch()).count();
    const auto id = [&](std::int64_t minted, std::uint32_t shard) { return QString::number((std::uint64_t(minted - m_fleet->idLayout.epochMs) << 23) | (shard << 10) | 7); };
    QTest::newRow("a valid ID of nothing") << id(nowMs - 86'400'000, 3) << "none no_trace";
    QTest::newRow("an ID of an unallocated shard") << id(nowMs - 86'400'000, 5000) << "none no_such_shard";
    QTest::newRow("an ID of the future") << id(nowMs + 86'400'000, 3) << "none not_minted";
    QTest::newRow("2^63 - 1") << "9223372036854775807"
                              << "none not_minted";
    QTest::newRow("2^63 as Postgres shows it") << "-9223372036854775808"
                                               << "none not_minted";
    QTest::newRow("a short code of 40 letters") << "CUK-1wjqqsPAbCdEfGhIjKlMnOpQrStUvWxYz012"
                                                << "media no_such_shard";
}

void LiveLookupTest::anIdOfNothing()
{
    QFETCH(QString, pasted);
    QFETCH(QString, outcome);
    const auto answer = look(pasted.toStdString());
    QCOMPARE(outcomeOf(answer), outcome);
    QVERIFY(answer->troubles.empty());
}

void LiveLookupTest::aShardAndAKeyAreTold()
{
    const auto shard = look("insta3");
    QVERIFY(shard && shard->shards.size() == 2);
    for (const ShardCard &card : shard->shards) {
        QVERIFY(card.declared && card.isInRange);
        QCOMPARE(std::count_if(card.places.begin(), card.places.end(), [](const auto &place) { return place.hasIt && *place.hasIt; }), 2);
        QCOMPARE(std::count_if(card.places.begin(), card.places.end(), [](const auto &place) { return place.isPrimary; }), 1);
    }
    const auto key = look("feed:" + std::to_string(m_user));
    QCOMPARE(key->keys.size(), std::size_t(2));
    for (const KeyCopy &copy : key->keys)
        QVERIFY(copy.exists && *copy.exists && copy.type == "list" && copy.length > 0);
    const auto none = look("cache:no-such-key");
    QCOMPARE(none->keys.size(), std::size_t(2));
    QVERIFY(none->keys[0].exists && !*none->keys[0].exists);
}

void LiveLookupTest::personalFieldsAreReadAfterTheRecordOnly()
{
    const std::string email = m_live->sql("u1-us-east", "select email from " + m_userSchema + ".users where id = " + std::to_string(m_user));
    const auto refused = look(std::to_string(m_user), [](Question &question) { question.unmask = Unmask{"", "48213"}; });
    QVERIFY(!refused && refused.error().code == base::ErrorCode::BadInput);
    const auto shown = look(std::to_string(m_user), [](Question &question) {
        question.caseNumber = "48213";
        question.unmask = Unmask{"the person asks which address", "48213"};
    });
    QCOMPARE(outcomeOf(shown), QStringLiteral("user exists"));
    QVERIFY(shown->troubles.empty());
    const auto &personal = shown->user->personal;
    QVERIFY(!personal[0].value.isMasked);
    QCOMPARE(QString::fromStdString(personal[0].value.value.value_or("")), QString::fromStdString(email));
    QVERIFY(personal[2].value.value && personal[2].value.value->size() == 10 && personal[3].value.value); // birthday, last_ip
    QCOMPARE(QString::fromStdString(lastAudit("action || ' ' || subject || ' ' || reason || ' ' || case_number")),
             QStringLiteral("look_up_unmasked id %1 the person asks which address 48213").arg(m_user));
    // Straight from the table nobody with this role may read it.
    auto session = seed::openPrimary(*m_fleet, *m_fleet->cluster(base::ClusterName("u1")), fleet::Role::Support, {});
    QVERIFY(session);
    const auto straight = session->exec("select email from " + m_userSchema + ".users limit 1", 5s);
    QVERIFY(!straight && straight.error().sqlState == "42501");
}

/// The grants say so, not only the console.
void LiveLookupTest::aPrivateCaptionIsReadAfterTheRecordOnly()
{
    std::string schema;
    std::string media;
    for (int shard = 0; shard < 16 && media.empty(); ++shard) {
        schema = "insta" + std::to_string(shard);
        media = m_live->sql("m1-us-east", "select id from " + schema + ".media where is_private and caption <> '' limit 1");
    }
    QVERIFY2(!media.empty(), "the seed has private media");
    const std::string caption = m_live->sql("m1-us-east", "select caption from " + schema + ".media where id = " + media);
    const std::string comment = m_live->sql("m1-us-east", "insert into " + schema + ".comments (media_id, user_id, body) values (" + media + ", 1, 'for your eyes only') returning id");
    const std::string open = m_live->sql("m1-us-east", "select caption from " + m_mediaSchema + ".media where id = " + std::to_string(m_media));
    auto session = seed::openPrimary(*m_fleet, *m_fleet->cluster(base::ClusterName("m1")), fleet::Role::Support, {});
    QVERIFY(session);
    for (const std::string &straight : {"select caption from " + schema + ".media limit 1", "select body from " + schema + ".comments limit 1",
                                        "select m from " + schema + ".media m limit 1", "select * from " + schema + ".comments limit 1"}) {
        const auto refused = session->exec(straight, 5s);
        QVERIFY2(!refused && refused.error().sqlState == "42501", straight.c_str());
    }
    const auto told = [&](const std::string &sql) {
        const auto rows = session->exec(sql, 5s);
        return !rows ? "error: " + rows.error().message : rows->isEmpty() ? std::string("(no row)") : rows->at(0, 0).value_or("(null)");
    };
    QCOMPARE(told("select caption from " + schema + ".caption_of(" + media + ", 0)"), std::string("(null)"));
    QCOMPARE(told("select caption from " + schema + ".caption_of(" + media + ", null)"), std::string("(null)"));
    QCOMPARE(told("select fingerprint from " + schema + ".caption_of(" + media + ", 0)"), m_live->sql("m1-us-east", "select md5(caption) from " + schema + ".media where id = " + media));
    QCOMPARE(told("select body from " + schema + ".comment_of(" + comment + ", 0)"), std::string("(null)"));
    QCOMPARE(told("select body from " + schema + ".comment_of(" + comment + ", 7)"), std::string("for your eyes only"));
    QCOMPARE(told("select caption from " + m_mediaSchema + ".caption_of(" + std::to_string(m_media) + ", 0)"), open);

    const auto masked = look(media);
    QVERIFY(masked && masked->media && masked->troubles.empty());
    QVERIFY(masked->media->caption.isMasked && !masked->media->caption.value);
    const auto shown = look(media, [](Question &question) {
        question.caseNumber = "48213";
        question.unmask = Unmask{"the person asks what was written", "48213"};
    });
    QVERIFY(shown && shown->troubles.empty());
    QCOMPARE(QString::fromStdString(shown->media->caption.value.value_or("")), QString::fromStdString(caption));
    QVERIFY(!shown->media->commentList.items.empty());
    QCOMPARE(QString::fromStdString(shown->media->commentList.items.front().body.value.value_or("")), QStringLiteral("for your eyes only"));
    (void)m_live->sql("m1-us-east", "delete from " + schema + ".comments where id = " + comment);
    // On-call reads it as before: nothing of theirs goes by the functions.
    auto operates = seed::openPrimary(*m_fleet, *m_fleet->cluster(base::ClusterName("m1")), fleet::Role::Ops, {});
    QVERIFY(operates && operates->exec("select caption from " + schema + ".media limit 1", 5s));
    // A shard of before has no such functions: its columns are read, by the grants that it had.
    const std::string old = m_live->sql("m1-us-east", "alter function " + schema + ".caption_of(bigint, bigint) rename to caption_was; grant select on " + schema + ".media, " + schema + ".comments to shardlens_support");
    QVERIFY2(!old.starts_with("error"), old.c_str());
    LookerOptions options;
    options.user = "shardlens_support";
    Looker looker(m_fleet, options, m_clock);
    Question question;
    question.find.kind = Kind::Media;
    question.find.id = std::strtoull(media.c_str(), nullptr, 10);
    for (int time = 0; time < 2; ++time) { // the second time it is known
        const auto before = looker.answer(question);
        QVERIFY2(before && before->media && before->media->exists && before->troubles.empty(), qPrintable(outcomeOf(before)));
        QVERIFY(before->media->caption.isMasked && !before->media->caption.value);
    }
    // It is made and the rights are taken away while the console runs.
    const std::string made = m_live->sql("m1-us-east", "alter function " + schema + ".caption_was(bigint, bigint) rename to caption_of; revoke select on " + schema + ".media, " + schema +
                                                           ".comments from shardlens_support; grant select (id, owner_id, filter, width, height, is_private, like_count, comment_count, created_at, version, "
                                                           "updated_at) on " + schema + ".media to shardlens_support; grant select (id, media_id, user_id, created_at, version, updated_at) on " + schema +
                                                           ".comments to shardlens_support");
    QVERIFY2(!made.starts_with("error"), made.c_str());
    const auto after = looker.answer(question);
    QVERIFY2(after && after->media && after->media->exists && after->troubles.empty(), qPrintable(outcomeOf(after)));
}

void LiveLookupTest::aFullNameMayBePersonalToo()
{
    auto strict = std::make_shared<fleet::Fleet>(*m_fleet);
    strict->queries.personal().names = {"email", "full_name", "bio"};
    LookerOptions options;
    options.user = "shardlens_support";
    Looker looker(strict, options, m_clock);
    const std::string columns = "(full_name, bio) on " + m_userSchema + ".users ";
    QVERIFY(!m_live->sql("u1-us-east", "revoke select " + columns + "from shardlens_operator, shardlens_support").starts_with("error"));
    const std::string fullName = m_live->sql("u1-us-east", "select full_name from " + m_userSchema + ".users where id = " + std::to_string(m_user));
    Question question;
    question.find.kind = Kind::User;
    question.find.id = m_user;
    const auto masked = looker.answer(question);
    QCOMPARE(outcomeOf(masked), QStringLiteral("user exists"));
    QVERIFY(masked->troubles.empty() && masked->user->fullName.empty() && masked->user->bio.empty());
    QVERIFY(std::all_of(masked->user->personal.begin(), masked->user->personal.end(), [](const PersonalField &field) { return field.value.isMasked && !field.value.value; }));
    question.caseNumber = "48213";
    question.unmask = Unmask{"whose account is it", "48213"};
    const auto shown = looker.answer(question);
    QVERIFY(shown && shown->troubles.empty() && shown->user->personal.size() == 3);
    QCOMPARE(QString::fromStdString(shown->user->personal[1].value.value.value_or("")), QString::fromStdString(fullName));
    QVERIFY(shown->user->personal[2].value.value);
    QVERIFY(QString::fromStdString(lastAudit("detail")).contains(QLatin1String("full_name")));
    QVERIFY(!m_live->sql("u1-us-east", "grant select " + columns + "to shardlens_operator, shardlens_support").starts_with("error"));
}

void LiveLookupTest::aCopyOlderThanTheRowIsNamed()
{
    const std::string id = std::to_string(m_media);
    const auto before = look(link(m_media));
    QVERIFY(before && before->media->exists);
    auto caches = m_live->pool(west);
    QVERIFY(caches);
    const std::string old = "{\"id\":\"" + id + "\",\"owner\":\"" + std::to_string(m_user) + "\",\"caption\":\"as it was\",\"version\":" + std::to_string(before->media->version) +
                            ",\"updated_at\":\"2026-01-02T03:04:05.000Z\"}";
    QVERIFY(caches->set("m:" + id, old, 600s));
    (void)m_live->sql("m1-us-east", "update " + m_mediaSchema + ".media set version = version + 1, updated_at = now() where id = " + id);
    const auto isStale = [&] { return outcomeOf(look(link(m_media))); };
    QTRY_COMPARE_WITH_TIMEOUT(isStale(), QStringLiteral("media exists_amiss, stale_copy us-west"), 5000);
    const auto answer = look(link(m_media));
    const RegionRow &row = answer->regions[1];
    QCOMPARE(row.sees, Sees::OldCopy);
    QVERIFY(row.cached->server.text().starts_with("cache-us-west") && row.cached->ttl && row.cached->ttl->count() > 590);
    QCOMPARE(row.row->version, before->media->version + 1);
    QVERIFY(std::any_of(row.differences.begin(), row.differences.end(), [](const Difference &one) { return one.copy == Copy::Cached && one.field == Field::Version; }));
    QVERIFY(
        std::any_of(row.differences.begin(), row.differences.end(), [](const Difference &one) { return one.field == Field::Caption && one.here.empty() && one.truth.empty(); }));
    const auto age = answer->verdict.findings.front().age; // since the row changed: the copy was made from one of months ago
    QVERIFY2(age >= 2s && age < 1min, std::to_string(age.count()).c_str());
}

/// The fleet file does not tell which of a region's pools a key is of.
void LiveLookupTest::aCopyIsFoundInWhicheverPoolHasIt()
{
    auto parted = std::make_shared<fleet::Fleet>(*m_fleet);
    const auto whole = std::find_if(parted->pools.begin(), parted->pools.end(), [](const fleet::Pool &pool) { return pool.region == west; });
    QVERIFY(whole != parted->pools.end() && whole->servers.size() == 2);
    fleet::Pool second = *whole;
    second.name = base::PoolName("second-us-west");
    second.servers.erase(second.servers.begin());
    whole->servers.pop_back();
    parted->pools.push_back(second);
    LookerOptions options;
    options.user = "shardlens_support";
    Looker looker(parted, options, m_clock);
    const std::string key = "m:" + std::to_string(m_media);
    auto both = m_live->pool(west);
    QVERIFY(both);
    const auto kept = both->get(key); // of the test before, for those after
    QVERIFY(kept && *kept && both->remove(key));
    const fleet::Server *server = parted->server(second.servers.front());
    auto cache = memcached::Session::open({{server->id.text(), server->address.from(west)}}, fleet::Hashing::Ketama, 1s);
    QVERIFY(cache && cache->set(key, R"({"id":"1","version":1,"updated_at":"2026-01-02T03:04:05.000Z"})", 600s));
    Question question;
    question.find.kind = Kind::Media;
    question.find.id = m_media;
    const auto seen = looker.answer(question);
    QVERIFY(seen && seen->regions[1].cached);
    QCOMPARE(seen->regions[1].cached->pool, second.name);
    QCOMPARE(seen->regions[1].cached->server, server->id);
    QCOMPARE(seen->regions[1].cached->version, 1);
    QVERIFY(seen->regions[1].others.empty());
    QVERIFY(cache->remove(key));
    const auto gone = looker.answer(question);
    QVERIFY(gone && gone->regions[1].cached && gone->regions[1].cached->state == CopyState::Absent);
    question.find.kind = Kind::CachedKey;
    question.find.text = key;
    const auto places = looker.answer(question);
    QVERIFY(places && places->keys.size() == 3);
    QCOMPARE(places->keys[2].pool, second.name);
    QVERIFY(both->set(key, **kept, 600s));
}

void LiveLookupTest::noLeaseIsTaken()
{
    // Marked stale, the item lets the first client that asks by "mg" fill it: the look-up is not to be that client.
    const auto seen = look(link(m_media));
    const fleet::Server *server = m_fleet->server(seen->regions[1].cached->server);
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    auto talk = wire::Talk::dial(server->address.own.host, server->address.own.port, deadline);
    QVERIFY(talk);
    const std::string key = "m:" + std::to_string(m_media);
    const auto ask = [&](const std::string &line) {
        (void)talk->send(line + "\r\nmn\r\n", deadline);
        return QString::fromStdString(talk->receiveUntil("MN\r\n", deadline).value_or("nothing"));
    };
    QVERIFY(ask("md " + key + " I T600").startsWith(QLatin1String("HD")));
    QCOMPARE(look(link(m_media))->regions[1].cached->state, CopyState::Exists);
    QCOMPARE(look(link(m_media))->regions[0].cached->state, CopyState::Absent); // and nothing is made where nothing is
    const QString won = ask("mg " + key + " t");
    QVERIFY2(won.contains(QLatin1String(" W")), qPrintable(won));
}

void LiveLookupTest::aWatchOfHotKeysCountsNoLookUp()
{
    const fleet::Server *server = m_fleet->server(look(link(m_media))->regions[1].cached->server);
    cacheflow::HotKeyOptions options;
    options.counting = 2s;
    auto watched = std::async(std::launch::async, [&] {
        return cacheflow::watchHotKeys({{server->id.text(), server->address.own}}, options, std::make_shared<wire::Interrupt>(), [](const cacheflow::HotKeysReport &) {});
    });
    while (watched.wait_for(50ms) != std::future_status::ready)
        QVERIFY(look(link(m_media)));
    const auto report = watched.get();
    QVERIFY(report.members.size() == 1 && !report.members.front().error);
    const cacheflow::HotKeys &keys = report.members.front().keys;
    QVERIFY2(keys.own > 5, "the look-ups were seen");
    const std::string key = "m:" + std::to_string(m_media);
    QVERIFY(std::none_of(keys.top.begin(), keys.top.end(), [&](const cacheflow::HotKey &one) { return one.key == key; }));
}

void LiveLookupTest::aWrongMapEntryIsNamedAndItsBucketVerified()
{
    const auto before = look(link(m_media), [](Question &question) { question.withLists = false; });
    const std::string bucket = std::to_string(before->regions[0].map->bucket);
    const auto verified = m_looker->verifyBucket(std::uint32_t(before->regions[0].map->bucket));
    QVERIFY(verified && verified->wrong.empty() && verified->entries > 0 && verified->unresolved == 0);
    QCOMPARE(QString::fromStdString(m_live->redis(fleet::RedisRole::MediaMap, {"HSET", "mediamap:" + bucket, std::to_string(m_media), "4242"})), QStringLiteral("0"));
    const auto differs = [&] { return outcomeOf(look(link(m_media))); };
    QTRY_COMPARE_WITH_TIMEOUT(differs(), QStringLiteral("media exists_amiss, stale_copy us-west, map_other_owner us-east us-west"), 5000);
    const auto wrong = m_looker->verifyBucket(std::uint32_t(before->regions[0].map->bucket));
    QVERIFY(wrong && wrong->wrong.size() == 1 && wrong->wrong.front().media == m_media && wrong->wrong.front().mapOwner == 4242 && wrong->wrong.front().rowOwner == m_user);
    (void)m_live->redis(fleet::RedisRole::MediaMap, {"HSET", "mediamap:" + bucket, std::to_string(m_media), std::to_string(m_user)});
    QTRY_VERIFY_WITH_TIMEOUT(!differs().contains(QLatin1String("map_other_owner")), 5000);
    const auto none = m_looker->verifyBucket(999'999);
    QVERIFY(!none && none.error().code == base::ErrorCode::NotFound);
}

void LiveLookupTest::aDeletedMediaIsToldAndWhereItStillShows()
{
    const std::string id = std::to_string(m_media);
    (void)m_live->sql("m1-us-east", "with gone as (delete from " + m_mediaSchema + ".media where id = " + id + " returning id) insert into " + m_mediaSchema +
                                        ".deleted (id, kind, by) select id, 'media', 'moderation' from gone");
    const auto now = [&] { return outcomeOf(look(link(m_media))); };
    QTRY_COMPARE_WITH_TIMEOUT(now(), QStringLiteral("media deleted_amiss, still_shown us-west, map_left_over us-east us-west"), 5000);
    const auto answer = look(link(m_media));
    QCOMPARE(QString::fromStdString(answer->verdict.by), QStringLiteral("moderation"));
    QVERIFY(answer->verdict.since && answer->media->tombstone);
    QCOMPARE(answer->regions[0].sees, Sees::Deletion);
    QCOMPARE(answer->regions[1].sees, Sees::ItStill);
    const auto age = answer->verdict.findings.front().age; // since it was deleted: the copy was written long before
    QVERIFY2(age > 0s && age < 1min, std::to_string(age.count()).c_str());
}

void LiveLookupTest::aFeedIsResolvedAndMarked()
{
    const std::string key = "feed:" + std::to_string(m_user);
    const auto before = m_looker->feed({m_user, FeedKind::Main, {}, 0, 500, {}});
    QVERIFY2(before, before ? "" : before.error().message.c_str());
    QVERIFY(!before->entries.empty());
    QVERIFY(
        std::all_of(before->entries.begin(), before->entries.end(), [&](const FeedEntry &entry) { return entry.isResolved && (entry.marks.empty() || entry.media == m_media); }));
    // Nobody's newest of all, then the first entry once more.
    const std::string nothing = std::to_string(before->entries.front().media + (std::uint64_t(1) << 30));
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPUSH", key, before->entries.front().raw});
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPUSH", key, nothing});
    const auto page = m_looker->feed({m_user, FeedKind::Main, {}, 0, 3, {}});
    QVERIFY(page && page->entries.size() == 3 && page->next == 3);
    QCOMPARE(page->entries[0].marks, std::vector<Mark>{Mark::Dangling});
    QVERIFY(page->entries[1].marks.empty());
    QCOMPARE(page->entries[2].marks, std::vector<Mark>{Mark::Duplicate});
    const auto second = m_looker->feed({m_user, FeedKind::Main, {}, 2, 1, {}});
    QVERIFY2(second && second->entries.size() == 1 && second->entries[0].marks == std::vector<Mark>{Mark::Duplicate}, "a page is judged against the entry above it");
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPUSH", key, before->entries.front().raw});
    const auto lower = m_looker->feed({m_user, FeedKind::Main, {}, 2, 1, {}});
    QVERIFY2(lower && lower->entries.size() == 1 && lower->entries[0].marks == std::vector<Mark>{Mark::Duplicate}, "and against all that stands further up");
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPOP", key});
    const auto compared = m_looker->compare(m_user, {});
    QVERIFY(compared && compared->isComplete);
    QVERIFY(std::find(compared->extra.begin(), compared->extra.end(), std::strtoull(nothing.c_str(), nullptr, 10)) != compared->extra.end());
    QCOMPARE(compared->duplicates, std::vector<std::uint64_t>{before->entries.front().media});
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPOP", key});
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LPOP", key});
    const auto activity = m_looker->feed({m_user, FeedKind::Activity, west, 0, 50, {}});
    QVERIFY(activity && activity->server == base::ServerId("feeds-us-west") && !activity->isPrimary);
    QVERIFY(m_looker->feed({m_user, FeedKind::Main, base::RegionName("mars"), 0, 50, {}}).error().code == base::ErrorCode::NotFound);
}

void LiveLookupTest::aFeedIsReadAgainAfterItsTablesChanged()
{
    const FeedQuestion question{m_user, FeedKind::Main, {}, 0, 500, {}};
    const auto before = m_looker->feed(question);
    QVERIFY(before && !before->entries.empty());
    // The statements that the session keeps answer a column of another type now.
    for (const FeedEntry &entry : before->entries) {
        const std::string table = "insta" + std::to_string(ids::anatomy(entry.media, m_fleet->idLayout).shard.value) + ".media";
        QVERIFY(!m_live->sql("m1-us-east", "alter table " + table + " alter column version type bigint").starts_with("error"));
    }
    const auto after = m_looker->feed(question);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QVERIFY(after->troubles.empty());
    QCOMPARE(after->entries.size(), before->entries.size());
    QVERIFY(std::all_of(after->entries.begin(), after->entries.end(), [](const FeedEntry &entry) { return entry.isResolved; }));
}

void LiveLookupTest::aFeedIsExplainedAndCompared()
{
    const auto feed = m_looker->feed({m_user, FeedKind::Main, {}, 0, 1, {}});
    QVERIFY(feed && !feed->entries.empty());
    const FeedEntry &entry = feed->entries.front();
    const auto there = m_looker->explain(m_user, entry.media);
    QVERIFY2(there, there ? "" : there.error().message.c_str());
    QVERIFY(!there->cause);
    QCOMPARE(there->steps.back().result, StepResult::Holds);
    const auto compared = m_looker->compare(m_user, {});
    QVERIFY2(compared && compared->missing.empty() && compared->duplicates.empty() && compared->misordered.empty(), "the seed's own feed is as it should be");
    // Unfollowed behind the feed's back.
    const std::string pair = "user_id = " + std::to_string(m_user) + " and followed_id = " + std::to_string(entry.owner);
    (void)m_live->sql("u1-us-east", "delete from " + m_userSchema + ".follows where " + pair);
    const auto unfollowed = m_looker->explain(m_user, entry.media);
    QVERIFY(unfollowed && unfollowed->cause && unfollowed->steps[*unfollowed->cause].step == FeedStep::Follows);
    const auto marked = m_looker->feed({m_user, FeedKind::Main, {}, 0, 1, {}});
    QCOMPARE(marked->entries.front().marks, std::vector<Mark>{Mark::Unfollowed});
    const auto miscounted = look(std::to_string(m_user));
    QVERIFY(miscounted && miscounted->user->following.isMiscount());
    // Taken out of one region's feed alone: that cannot be done to a replica, so out of all.
    (void)m_live->redis(fleet::RedisRole::Feeds, {"LREM", "feed:" + std::to_string(m_user), "0", entry.raw});
    (void)m_live->sql("u1-us-east", "insert into " + m_userSchema + ".follows (user_id, followed_id, created_at) values (" + std::to_string(m_user) + ", " +
                                        std::to_string(entry.owner) + ", timestamptz '2012-01-01')");
    const auto missing = m_looker->explain(m_user, entry.media);
    QVERIFY(missing && missing->cause && missing->steps[*missing->cause].step == FeedStep::InFeed);
    const auto again = m_looker->compare(m_user, {});
    QVERIFY(again && again->missing == std::vector<std::uint64_t>{entry.media});
}

void LiveLookupTest::associationsAndMissingInverses()
{
    GraphQuestion question;
    question.id = m_user;
    question.assoc = Assoc::Follows;
    question.span.limit = 1000;
    const auto follows = m_looker->graph(question);
    QVERIFY2(follows, follows ? "" : follows.error().message.c_str());
    QVERIFY(follows->count && *follows->count == std::int64_t(follows->edges.items.size()) && !follows->edges.items.empty());
    QVERIFY(std::all_of(follows->edges.items.begin(), follows->edges.items.end(), [](const Edge &edge) { return edge.hasInverse && *edge.hasInverse; }));
    QCOMPARE(follows->from.masterRegion, east);
    const std::uint64_t followed = follows->edges.items.front().to;
    (void)m_live->sql("u1-us-east",
                      "delete from " + schemaOf(followed) + ".followers where user_id = " + std::to_string(followed) + " and follower_id = " + std::to_string(m_user));
    const auto broken = m_looker->graph(question);
    QCOMPARE(std::count_if(broken->edges.items.begin(), broken->edges.items.end(), [](const Edge &edge) { return edge.hasInverse && !*edge.hasInverse; }), 1);
    for (const Assoc assoc : {Assoc::FollowedBy, Assoc::Authored, Assoc::Liked}) {
        question.assoc = assoc;
        const auto page = m_looker->graph(question);
        QVERIFY2(page && page->count && *page->count == std::int64_t(page->edges.items.size()), name(assoc).data());
    }
    question.assoc = Assoc::Authored;
    question.span = {1, {}};
    const auto first = m_looker->graph(question);
    QVERIFY(first && first->edges.items.size() == 1);
    for (const Assoc assoc : {Assoc::LikedBy, Assoc::Commented}) {
        const auto page = m_looker->graph({first->edges.items.front().to, assoc, {1000, {}}, {}});
        QVERIFY2(page && page->count && *page->count == std::int64_t(page->edges.items.size()), name(assoc).data());
    }
}

void LiveLookupTest::manyAtOnce()
{
    std::vector<Find> finds;
    for (const std::string &text : {std::to_string(m_user), link(m_media), std::string("@nobody_at_all"), std::string("9223372036854775807")})
        finds.push_back(recognise(text, *m_fleet, m_clock->utcNow()).finds.front());
    finds.push_back(finds.front());
    finds.back().kind = Kind::UserName;
    finds.back().text = m_live->sql("u1-us-east", "select name from " + m_userSchema + ".users where id = " + std::to_string(m_user));
    const std::string known = finds.back().text;
    finds.push_back(finds.back());
    finds.back().text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(known[0]))); // it is kept in lower case
    const auto look = m_looker->bulk(finds);
    QVERIFY2(look, look ? "" : look.error().message.c_str());
    QString outcomes;
    for (const BulkLine &line : look->lines)
        outcomes += QString::fromUtf8(name(line.entity).data()) + QLatin1Char(' ') + QString::fromUtf8(name(line.outcome).data()) + QStringLiteral("; ");
    QCOMPARE(outcomes, QStringLiteral("user exists; media deleted; none nobody_has_name; none not_minted; user exists; user exists; "));
    QCOMPARE(look->lines.back().id, m_user);
    QCOMPARE(look->recording.state, Recording::State::Recorded);
    const QString detail = QString::fromStdString(lastAudit("detail"));
    for (const QString &asked : {QString::number(m_user), QString::fromStdString(known), QStringLiteral("nobody_at_all")})
        QVERIFY2(detail.contains(QLatin1Char('"') + asked + QLatin1Char('"')), qPrintable(detail));
}

void LiveLookupTest::aFrozenServerCostsOnlyWhatLiesOnIt()
{
    QVERIFY(m_live->inflict("freeze", "u1-us-west"));
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = look(std::to_string(m_user));
    const auto took = std::chrono::steady_clock::now() - begun;
    QVERIFY2(took < 1500ms, "its deadline is a second");
    QVERIFY(answer && answer->user->exists);
    QCOMPARE(answer->user->from.server, base::ServerId("u1-us-east"));
    QCOMPARE(answer->troubles.size(), std::size_t(1));
    QCOMPARE(answer->troubles.front().server, base::ServerId("u1-us-west"));
    QVERIFY(answer->regions[1].row && answer->regions[1].row->server == base::ServerId("u1-us-east"));
    QCOMPARE(answer->regions[1].row->standsFor, base::ServerId("u1-us-west"));
    // What does not lie on it is as quick as ever.
    const auto other = look(link(m_media));
    QVERIFY(other && other->troubles.empty() && other->took < 500ms);
    QVERIFY(m_live->heal("freeze", "u1-us-west"));
}

void LiveLookupTest::withoutTheDirectoryNothingIsUnmasked()
{
    QVERIFY(m_live->inflict("kill", "directory-us-east"));
    const auto refused = look(std::to_string(m_user), [](Question &question) { question.unmask = Unmask{"a reason", "4711"}; });
    QVERIFY(!refused);
    QVERIFY2(QString::fromStdString(refused.error().message).contains(QLatin1String("nothing is unmasked")), refused.error().message.c_str());
    const auto masked = look(std::to_string(m_user));
    QVERIFY(masked && masked->user->exists && masked->user->personal[0].value.isMasked);
    QCOMPARE(masked->recording.state, Recording::State::Failed);
    // One that begins now has the map from the other member, and searches no catalog for the shard.
    LookerOptions options;
    options.user = "shardlens_support";
    Looker fresh(m_fleet, options, m_clock);
    Question question;
    question.find.kind = Kind::User;
    question.find.id = m_user;
    const auto first = fresh.answer(question);
    QVERIFY(first && first->user && first->user->exists);
    for (const StageTiming &stage : first->stages) {
        for (const ServerTiming &server : stage.servers)
            QVERIFY2(stage.stage != Stage::Place || server.server.text().starts_with("directory-"), server.server.text().c_str());
    }
    QVERIFY(m_live->heal("kill", "directory-us-east"));
    const auto again = [&] { return look(std::to_string(m_user))->recording.state == Recording::State::Recorded; };
    QTRY_VERIFY_WITH_TIMEOUT(again(), 10000);
}

void LiveLookupTest::aDeadPrimaryIsReadFromItsStandby()
{
    QVERIFY(m_live->inflict("kill", "u1-us-east"));
    // A server that hung is asked again after a moment.
    const auto isAnswered = [&] { return look(std::to_string(m_user))->verdict.outcome != Outcome::NotKnown; };
    QTRY_VERIFY_WITH_TIMEOUT(isAnswered(), 6000);
    const auto answer = look(std::to_string(m_user));
    QVERIFY(answer && answer->user && answer->user->exists);
    QVERIFY(answer->user->from.isStandby && answer->user->from.server == base::ServerId("u1-us-west"));
    QVERIFY(answer->user->followers.actual); // lists come from it too
    QVERIFY(std::any_of(answer->verdict.findings.begin(), answer->verdict.findings.end(), [](const Finding &finding) { return finding.amiss == Amiss::PrimarySilent; }));
    QVERIFY(m_live->heal("kill", "u1-us-east"));
}

QTEST_GUILESS_MAIN(LiveLookupTest)
#include "test_live_lookup.moc"
