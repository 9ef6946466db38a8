// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds and the media map put right on real servers, and look-ups of shards whose tables are called otherwise.
#include "app/localfleet/seed/Doors.h"
#include "core/mend/Mender.h"
#include "core/record/MendFolder.h"
#include "core/record/OperationJournal.h"
#include "tests/live/inspect/LookFleet.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using namespace std::chrono_literals;
using live::outcomeOf;
using mend::Intent;
using mend::What;

class LiveMendTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_state;
    std::unique_ptr<live::LookFleet> m_live;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const base::Clock> m_clock = std::make_shared<base::SystemClock>();
    std::unique_ptr<mend::Mender> m_mender;
    std::uint64_t m_user = 0;
    std::uint64_t m_media = 0;
    std::uint64_t m_owner = 0;

    static std::string schemaOf(std::uint64_t id) { return "insta" + std::to_string((id >> 10) & 0x1fff); }
    std::string feedKey() const { return "feed:" + std::to_string(m_user); }
    std::string feeds(const std::vector<std::string_view> &words) const { return m_live->redis(fleet::RedisRole::Feeds, words); }
    std::string map(const std::vector<std::string_view> &words) const { return m_live->redis(fleet::RedisRole::MediaMap, words); }
    std::vector<std::string> feed() const
    {
        auto session = seed::openRedisPrimary(*m_fleet, *seed::groupWith(*m_fleet, fleet::RedisRole::Feeds), {});
        const auto reply = session ? session->command({"LRANGE", feedKey(), "0", "-1"}, 5s) : base::Result<redis::Reply>(base::fail(session.error()));
        std::vector<std::string> entries;
        if (reply) {
            for (const redis::Reply &item : reply->items)
                entries.push_back(item.text);
        }
        return entries;
    }
    Intent feedIntent() const
    {
        Intent intent;
        intent.user = m_user;
        return intent;
    }
    Intent entryIntent() const
    {
        Intent intent;
        intent.what = What::MapEntry;
        intent.media = m_media;
        return intent;
    }
    std::string audited(const char *column) const
    {
        return m_live->sql("directory-us-east", std::string("select ") + column + " from directory.audit where action like 'feed_%' or action like 'media_%' order by seq desc limit 1");
    }
    /// Mends it if it needs that. It may be asked again and again.
    bool isRightAgain()
    {
        const auto plan = m_mender->plan(feedIntent());
        return plan && plan->passes() && (!plan->isNeeded() || m_mender->carryOut(*plan, "a test").has_value());
    }
    /// The checks that do not pass, and why nothing is written.
    QString refusalOf(const Intent &intent)
    {
        const auto plan = m_mender->plan(intent);
        if (!plan)
            return QStringLiteral("no plan: ") + QString::fromStdString(plan.error().message);
        QStringList failed;
        for (const mend::Check &check : plan->checks) {
            if (!check.passed)
                failed << QString::fromUtf8(name(check.id).data());
        }
        const auto done = m_mender->carryOut(*plan, "a test");
        return done ? QStringLiteral("it was written") : failed.join(QLatin1Char(' '));
    }

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_live.reset(); }
    void aFeedThatIsRightNeedsNothing();
    void aFeedIsRebuiltAndTakenBack();
    void whatIsPushedMeanwhileIsKept();
    void aFeedThatOthersChangedIsNotTakenBack();
    void anEntryOfTheMapIsMendedAndTakenBack();
    void aBucketIsMended();
    void whatABucketLacksIsFoundAndAdded();
    void aGroupThatMayNotBeWrittenToIsLeftAlone_data();
    void aGroupThatMayNotBeWrittenToIsLeftAlone();
    void aGroupThatChangedSinceIsLeftAlone();
    void whoOnlyLooksPlansAndWritesNothing();
    void withoutTheDirectoryNothingIsWritten();
    void otherTablesAreLookedUpByTheFleetFilesNames();
};

void LiveMendTest::initTestCase()
{
    m_live = std::make_unique<live::LookFleet>();
    const std::string trouble = m_live->begin();
    QVERIFY2(trouble.empty(), trouble.c_str());
    m_fleet = m_live->declared();
    m_state = std::make_unique<QTemporaryDir>(); // by now as the servers' own user
    QVERIFY(m_state->isValid());
    qputenv("XDG_STATE_HOME", m_state->path().toUtf8());
    LookerOptions options;
    options.user = "shardlens_operator";
    m_mender = std::make_unique<mend::Mender>(m_fleet, options, m_clock);
    for (int shard = 0; shard < 16 && m_user == 0; ++shard) {
        const std::string schema = "insta" + std::to_string(shard);
        const std::string user = m_live->sql("u1-us-east", "select id from " + schema + ".users where following_count > 2 order by id limit 1");
        if (std::atoi(feeds({"LLEN", "feed:" + user}).c_str()) > 4)
            m_user = std::strtoull(user.c_str(), nullptr, 10);
    }
    QVERIFY(m_user != 0);
    m_media = std::strtoull(feed().front().c_str(), nullptr, 10);
    m_owner = std::strtoull(m_live->sql("m1-us-east", "select owner_id from " + schemaOf(m_media) + ".media where id = " + std::to_string(m_media)).c_str(), nullptr, 10);
    QVERIFY(m_media != 0 && m_owner != 0);
}

void LiveMendTest::aFeedThatIsRightNeedsNothing()
{
    const auto plan = m_mender->plan(feedIntent());
    QVERIFY2(plan, plan ? "" : plan.error().message.c_str());
    QVERIFY(plan->passes());
    QVERIFY2(!plan->isNeeded(), mend::name(plan->changes.empty() ? mend::Change::Kind::Added : plan->changes.front().kind).data());
    QCOMPARE(plan->primary, base::ServerId("feeds-us-east"));
    QVERIFY(plan->term > 0);
    const auto refused = m_mender->carryOut(*plan, "a test");
    QVERIFY(!refused && refused.error().code == base::ErrorCode::Rejected);
}

void LiveMendTest::aFeedIsRebuiltAndTakenBack()
{
    const std::vector<std::string> right = feed();
    // One missing, one out of place, one twice, one that is nothing.
    (void)feeds({"LREM", feedKey(), "0", right[0]});
    (void)feeds({"LREM", feedKey(), "0", right[3]});
    (void)feeds({"RPUSH", feedKey(), right[3], right[1], "no ID"});
    (void)feeds({"PEXPIRE", feedKey(), "3600000"});
    const std::vector<std::string> wrong = feed();
    const auto plan = m_mender->plan(feedIntent());
    QVERIFY2(plan && plan->passes() && plan->isNeeded(), plan ? "" : plan.error().message.c_str());
    QCOMPARE(plan->list->after, right);
    QCOMPARE(feed(), wrong); // a plan touches nothing
    const auto done = m_mender->carryOut(*plan, "a ticket");
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(feed(), right);
    const int left = std::atoi(feeds({"PTTL", feedKey()}).c_str());
    QVERIFY2(left > 3000000 && left <= 3600000, "it lives as long as before");
    (void)feeds({"PERSIST", feedKey()});
    QCOMPARE(QString::fromStdString(audited("action || ' ' || subject || ' ' || reason || ' ' || database_user")),
             QStringLiteral("feed_rebuild feed of user %1 a ticket shardlens_operator").arg(m_user));
    QCOMPARE(QString::fromStdString(audited("seq")), QString::number(done->audit));
    const auto lines = record::readJournal(record::mendsFolder(*m_fleet), done->id);
    QVERIFY(lines && lines->lines.size() == 2);
    QVERIFY(mend::keptIn(done->id, lines->lines)->plan.list->before == wrong);
    // The replica has it too.
    Looker looker(m_fleet, [] { LookerOptions options; options.user = "shardlens_support"; return options; }(), m_clock);
    const auto agrees = [&] {
        const auto compared = looker.compare(m_user, base::RegionName("us-west"));
        return compared && compared->agrees();
    };
    QTRY_VERIFY_WITH_TIMEOUT(agrees(), 5000);
    const auto back = m_mender->planUndo(feedIntent());
    QVERIFY2(back && back->passes(), back ? "" : back.error().message.c_str());
    QCOMPARE(back->undoes, done->id);
    const auto undone = m_mender->carryOut(*back, "it was a test");
    QVERIFY2(undone, undone ? "" : undone.error().message.c_str());
    QCOMPARE(feed(), wrong);
    QCOMPARE(QString::fromStdString(audited("action")), QStringLiteral("feed_rebuild_undone"));
    // It is taken back once.
    const auto none = m_mender->planUndo(feedIntent());
    QVERIFY(!none && none.error().code == base::ErrorCode::NotFound);
    const auto again = m_mender->plan(feedIntent());
    QVERIFY(again && m_mender->carryOut(*again, "a ticket"));
    QCOMPARE(feed(), right);
}

void LiveMendTest::whatIsPushedMeanwhileIsKept()
{
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]});
    const auto plan = m_mender->plan(feedIntent());
    QVERIFY(plan && plan->changes.size() == 1);
    (void)feeds({"LPUSH", feedKey(), "9000000000000000001"});
    const auto done = m_mender->carryOut(*plan, "a ticket");
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(done->carried, std::size_t(1));
    std::vector<std::string> wanted = right;
    wanted.insert(wanted.begin(), "9000000000000000001");
    QCOMPARE(feed(), wanted);
    (void)feeds({"LREM", feedKey(), "0", "9000000000000000001"});
}

void LiveMendTest::aFeedThatOthersChangedIsNotTakenBack()
{
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]}); // since the last mend
    const auto back = m_mender->planUndo(feedIntent());
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QVERIFY(!back->passes());
    QCOMPARE(back->checks.back().id, mend::CheckId::StillTheSame);
    const auto refused = m_mender->carryOut(*back, "a test");
    QVERIFY(!refused && refused.error().effect == base::Effect::None);
    const auto plan = m_mender->plan(feedIntent());
    // A plan that others overtook is refused as well, and says so.
    (void)feeds({"LREM", feedKey(), "0", right[0]});
    const auto overtaken = m_mender->carryOut(*plan, "a test");
    QVERIFY(!overtaken && overtaken.error().code == base::ErrorCode::Rejected);
    QVERIFY2(overtaken.error().message.find("is not as it was when this was planned") != std::string::npos, overtaken.error().message.c_str());
    const auto anew = m_mender->plan(feedIntent());
    QVERIFY(anew && m_mender->carryOut(*anew, "a test"));
    QCOMPARE(feed(), right);
}

void LiveMendTest::anEntryOfTheMapIsMendedAndTakenBack()
{
    const auto right = m_mender->plan(entryIntent());
    QVERIFY2(right && right->passes() && !right->isNeeded(), right ? "" : right.error().message.c_str());
    Looker looker(m_fleet, [] { LookerOptions options; options.user = "shardlens_support"; return options; }(), m_clock);
    Question question;
    question.find.kind = Kind::Media;
    question.find.id = m_media;
    const auto answer = looker.answer(question);
    QVERIFY(answer && answer->regions[0].map);
    const std::string key = "mediamap:" + std::to_string(answer->regions[0].map->bucket);
    const std::string field = std::to_string(m_media);
    (void)map({"HSET", key, field, "4242"});
    const auto plan = m_mender->plan(entryIntent());
    QVERIFY(plan && plan->passes());
    QVERIFY((plan->fields == std::vector<mend::FieldWrite>{{key, field, "4242", std::to_string(m_owner)}}));
    const auto done = m_mender->carryOut(*plan, "a ticket");
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(map({"HGET", key, field}), std::to_string(m_owner));
    QCOMPARE(QString::fromStdString(audited("action || ' ' || subject")), QStringLiteral("media_map_mend media map entry of media %1").arg(m_media));
    const auto back = m_mender->planUndo(entryIntent());
    QVERIFY(back && back->passes() && m_mender->carryOut(*back, "a test"));
    QCOMPARE(map({"HGET", key, field}), std::string("4242"));
    const auto again = m_mender->plan(entryIntent());
    QVERIFY(again && m_mender->carryOut(*again, "a ticket"));
    QCOMPARE(map({"HGET", key, field}), std::to_string(m_owner));
    // Gone from the map, it comes back.
    (void)map({"HDEL", key, field});
    const auto missing = m_mender->plan(entryIntent());
    QVERIFY(missing && m_mender->carryOut(*missing, "a ticket"));
    QCOMPARE(map({"HGET", key, field}), std::to_string(m_owner));
}

void LiveMendTest::aBucketIsMended()
{
    Looker looker(m_fleet, [] { LookerOptions options; options.user = "shardlens_support"; return options; }(), m_clock);
    Question question;
    question.find.kind = Kind::Media;
    question.find.id = m_media;
    const auto answer = looker.answer(question);
    const auto number = static_cast<std::uint32_t>(answer->regions[0].map->bucket);
    const std::string key = "mediamap:" + std::to_string(number);
    const std::string elsewhere = "mediamap:" + std::to_string(number == 0 ? 1 : 0);
    const std::string field = std::to_string(m_media);
    Intent intent;
    intent.what = What::MapBucket;
    intent.bucket = number == 0 ? 1 : 0;
    // It strayed into another bucket, beside one of no media and a garbled one.
    (void)map({"HDEL", key, field});
    (void)map({"HSET", elsewhere, field, std::to_string(m_owner)});
    (void)map({"HSET", elsewhere, "no ID", "1"});
    const auto plan = m_mender->plan(intent);
    QVERIFY2(plan && plan->passes(), plan ? "" : plan.error().message.c_str());
    QCOMPARE(plan->changes.size(), std::size_t(3)); // added where it belongs, removed where it does not, the garbled one removed
    const auto done = m_mender->carryOut(*plan, "a ticket");
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(map({"HGET", key, field}), std::to_string(m_owner));
    QCOMPARE(map({"HEXISTS", elsewhere, field}), std::string("0"));
    const auto verified = looker.verifyBucket(intent.bucket, base::ServerId(plan->primary));
    QVERIFY(verified && verified->wrong.empty() && verified->isPrimary);
    const auto back = m_mender->planUndo(intent);
    QVERIFY(back && m_mender->carryOut(*back, "a test"));
    QCOMPARE(map({"HEXISTS", elsewhere, "no ID"}), std::string("1"));
    const auto again = m_mender->plan(intent);
    QVERIFY(again && m_mender->carryOut(*again, "a ticket"));
}

void LiveMendTest::whatABucketLacksIsFoundAndAdded()
{
    Looker looker(m_fleet, [] { LookerOptions options; options.user = "shardlens_support"; return options; }(), m_clock);
    Question question;
    question.find.kind = Kind::Media;
    question.find.id = m_media;
    const auto answer = looker.answer(question);
    QVERIFY(answer && answer->regions[0].map);
    Intent intent;
    intent.what = What::MapBucket;
    intent.bucket = static_cast<std::uint32_t>(answer->regions[0].map->bucket);
    const std::string key = "mediamap:" + std::to_string(intent.bucket);
    const std::string field = std::to_string(m_media);
    const ServerId primary(m_mender->plan(intent)->primary);
    const auto whole = looker.verifyBucket(intent.bucket, primary);
    QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
    QVERIFY2(whole->missing.empty(), "the seed writes an entry for each of its media");
    QVERIFY(whole->searched > 0);
    QCOMPARE(whole->unsearched, 0);
    (void)map({"HDEL", key, field});
    const auto verified = looker.verifyBucket(intent.bucket, primary);
    QVERIFY(verified && verified->wrong.empty());
    QVERIFY((verified->missing == std::vector<inspect::lookup::BucketCheck::Missing>{{m_media, m_owner}}));
    const auto plan = m_mender->plan(intent);
    QVERIFY2(plan && plan->passes(), plan ? "" : plan.error().message.c_str());
    QVERIFY((plan->fields == std::vector<mend::FieldWrite>{{key, field, std::nullopt, std::to_string(m_owner)}}));
    QCOMPARE(plan->unsearched, 0);
    const auto done = m_mender->carryOut(*plan, "a ticket");
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(map({"HGET", key, field}), std::to_string(m_owner));
    const auto right = m_mender->plan(intent);
    QVERIFY(right && right->passes() && !right->isNeeded());
}

void LiveMendTest::aGroupThatMayNotBeWrittenToIsLeftAlone_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("failed");
    QTest::newRow("an operation runs on it") << "operation" << "no_operation";
    QTest::newRow("the directory knows a newer term") << "term" << "newest_term";
    QTest::newRow("braked") << "brake" << "takes_writes";
    QTest::newRow("a shard is silent") << "freeze" << "shards_answered";
}

void LiveMendTest::aGroupThatMayNotBeWrittenToIsLeftAlone()
{
    QFETCH(QString, what);
    QFETCH(QString, failed);
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]});
    const std::vector<std::string> wrong = feed();
    auto listener = seed::openRedisPrimary(*m_fleet, *seed::groupWith(*m_fleet, fleet::RedisRole::Feeds), {});
    if (what == QLatin1String("operation"))
        QVERIFY(listener->command({"SUBSCRIBE", "shardlens:operation:feeds:5:feeds-test"}, 5s));
    else if (what == QLatin1String("term"))
        (void)m_live->sql("directory-us-east", "insert into directory.terms (kind, subject, term) values ('redis_group', 'feeds', 99)");
    else if (what == QLatin1String("brake"))
        (void)feeds({"CONFIG", "SET", "min-replicas-to-write", "5"});
    else
        QVERIFY(m_live->inflict("freeze", "m1-us-east"));
    const QString refusal = refusalOf(feedIntent());
    listener->close();
    (void)feeds({"CONFIG", "SET", "min-replicas-to-write", "0"});
    (void)m_live->sql("directory-us-east", "delete from directory.terms where subject = 'feeds'");
    if (what == QLatin1String("freeze"))
        QVERIFY(m_live->heal("freeze", "m1-us-east"));
    QCOMPARE(refusal, failed);
    QCOMPARE(feed(), wrong);
    QTRY_VERIFY_WITH_TIMEOUT(isRightAgain(), 10000); // a server that hung is asked again after a moment
    QCOMPARE(feed(), right);
}

void LiveMendTest::aGroupThatChangedSinceIsLeftAlone()
{
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]});
    const auto plan = m_mender->plan(feedIntent());
    QVERIFY(plan && plan->passes());
    const std::string term = feeds({"GET", "shardlens:term"});
    (void)feeds({"SET", "shardlens:term", "99"});
    const auto refused = m_mender->carryOut(*plan, "a test");
    (void)feeds({"SET", "shardlens:term", term});
    QVERIFY(!refused && refused.error().code == base::ErrorCode::Rejected && refused.error().effect == base::Effect::None);
    QVERIFY2(refused.error().message.find("another primary or term") != std::string::npos, refused.error().message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(isRightAgain(), 5000); // once the replica has the term back too
    QCOMPARE(feed(), right);
}

void LiveMendTest::whoOnlyLooksPlansAndWritesNothing()
{
    LookerOptions options;
    options.user = "shardlens_support";
    mend::Mender support(m_fleet, options, m_clock);
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]});
    const auto plan = support.plan(feedIntent());
    QVERIFY2(plan && plan->isNeeded(), plan ? "" : plan.error().message.c_str());
    const auto refused = support.carryOut(*plan, "a test");
    QVERIFY(!refused && refused.error().code == base::ErrorCode::NoRights);
    QCOMPARE(feed().size(), right.size() - 1);
    QVERIFY(m_mender->carryOut(*m_mender->plan(feedIntent()), "a test"));
}

void LiveMendTest::withoutTheDirectoryNothingIsWritten()
{
    const std::vector<std::string> right = feed();
    (void)feeds({"LREM", feedKey(), "0", right[1]});
    const auto plan = m_mender->plan(feedIntent());
    QVERIFY(plan && plan->passes());
    QVERIFY(m_live->inflict("kill", "directory-us-east"));
    const auto refused = m_mender->carryOut(*plan, "a test");
    QVERIFY(m_live->heal("kill", "directory-us-east"));
    QVERIFY(!refused && refused.error().effect == base::Effect::None);
    QCOMPARE(feed().size(), right.size() - 1);
    QTRY_VERIFY_WITH_TIMEOUT(isRightAgain(), 10000);
}

/// Last: it renames what the seed made.
void LiveMendTest::otherTablesAreLookedUpByTheFleetFilesNames()
{
    for (int shard = 0; shard < 16; ++shard) {
        const std::string schema = "insta" + std::to_string(shard) + ".";
        const std::string users = m_live->sql("u1-us-east", "alter table " + schema + "users rename to accounts; alter table " + schema + "accounts rename name to handle; alter table " +
                                                                schema + "follows rename followed_id to whom; alter table " + schema + "deleted rename to graves");
        const std::string media = m_live->sql("m1-us-east", "alter table " + schema + "media rename to photos; alter table " + schema + "photos rename owner_id to by_user; alter table " +
                                                                schema + "photos rename version to revision; alter table " + schema + "deleted rename to graves");
        QVERIFY2(!users.starts_with("error") && !media.starts_with("error"), (users + media).c_str());
    }
    const std::string renamed = m_live->sql("directory-us-east", "alter table directory.names rename to handles; alter table directory.handles rename user_id to account");
    QVERIFY2(!renamed.starts_with("error"), renamed.c_str());
    auto own = std::make_shared<fleet::Fleet>(*m_fleet);
    for (fleet::Partition &partition : own->partitions) {
        std::replace(partition.tables.begin(), partition.tables.end(), std::string("users"), std::string("accounts"));
        std::replace(partition.tables.begin(), partition.tables.end(), std::string("media"), std::string("photos"));
    }
    fleet::Queries &names = own->queries;
    names.of(fleet::RowKind::Users).table = "accounts";
    names.of(fleet::RowKind::Users).columns["name"] = "handle";
    names.of(fleet::RowKind::Follows).columns["followed_id"] = "whom";
    names.of(fleet::RowKind::Media).table = "photos";
    names.of(fleet::RowKind::Media).columns["owner_id"] = "by_user";
    names.of(fleet::RowKind::Media).columns["version"] = "revision";
    names.of(fleet::RowKind::DeletedUsers).table = names.of(fleet::RowKind::DeletedMedia).table = "graves";
    names.of(fleet::RowKind::Names).table = "handles";
    names.of(fleet::RowKind::Names).columns["user_id"] = "account";
    names.personal().names = {"phone", "email"};
    LookerOptions options;
    options.user = "shardlens_support";
    Looker looker(own, options, m_clock);
    Question question;
    question.find.kind = Kind::Id;
    question.find.id = m_user;
    const auto user = looker.answer(question);
    QVERIFY2(user && user->user && user->user->exists && user->troubles.empty(), qPrintable(outcomeOf(user)));
    QCOMPARE(user->user->name, m_live->sql("u1-us-east", "select handle from " + schemaOf(m_user) + ".accounts where id = " + std::to_string(m_user)));
    QVERIFY(user->user->following.actual && !user->user->following.isMiscount());
    Question byName;
    byName.find.kind = Kind::UserName;
    byName.find.text = user->user->name;
    byName.unmask = Unmask{"a test", "7"};
    const auto shown = looker.answer(byName);
    QVERIFY2(shown && shown->user && shown->user->id == m_user && shown->troubles.empty(), qPrintable(outcomeOf(shown)));
    QCOMPARE(shown->user->personal.size(), std::size_t(2));
    QCOMPARE(shown->user->personal[1].name, std::string("email"));
    QVERIFY(shown->user->personal[1].value.value.value_or("").find('@') != std::string::npos);
    question.find.kind = Kind::Media;
    question.find.id = m_media;
    const auto media = looker.answer(question);
    QVERIFY2(media && media->media && media->media->exists && media->troubles.empty(), qPrintable(outcomeOf(media)));
    QCOMPARE(media->media->owner, m_owner);
    const auto page = looker.feed({m_user, FeedKind::Main, {}, 0, 100, {}});
    QVERIFY(page && !page->entries.empty() && page->entries.front().isResolved && page->entries.front().owner == m_owner);
    const auto compared = looker.compare(m_user, {});
    QVERIFY(compared && compared->isComplete);
    GraphQuestion graph;
    graph.id = m_user;
    const auto follows = looker.graph(graph);
    QVERIFY(follows && follows->count && *follows->count > 0);
    Find ofUser;
    ofUser.id = m_user;
    Find ofMedia = question.find;
    const auto bulk = looker.bulk({ofUser, ofMedia});
    QVERIFY(bulk && bulk->lines[0].outcome == Outcome::Exists && bulk->lines[1].outcome == Outcome::Exists && bulk->lines[1].owner == m_owner);
    // By the usual names, nothing of it would be found.
    Looker usual(m_fleet, options, m_clock);
    const auto none = usual.answer(question);
    QVERIFY(none && (!none->media || !none->media->exists));
}

QTEST_GUILESS_MAIN(LiveMendTest)
#include "test_live_mend.moc"
