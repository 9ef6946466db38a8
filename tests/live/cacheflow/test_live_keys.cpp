// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of a small seeded fleet's real pools: looked at and deleted as the console's page does it, warmed from another region, and
// compared with their rows by the region's invalidator.
#include "app/shardlens/CacheWire.h"
#include "core/cacheflow/Warming.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/clients/memcached/MetaSession.h"
#include "tests/live/inspect/LookFleet.h"

#include <QSignalSpy>
#include <QTest>

#include <cstdlib>
#include <set>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::Warmed;
using cacheflow::WarmOptions;

namespace {

const base::RegionName eastPool("us-east");
const base::RegionName westPool("us-west");

} // namespace

class LiveKeysTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<live::LookFleet> m_live;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::vector<std::uint64_t> m_users;

    std::string schemaOf(std::uint64_t id) const { return "insta" + std::to_string((id >> 10) & 0x1fff); }
    static std::string keyOf(std::uint64_t id) { return "u:" + std::to_string(id); }
    std::int64_t versionOf(std::uint64_t id) const
    {
        return std::strtoll(m_live->sql("u1-us-east", "select version from " + schemaOf(id) + ".users where id = " + std::to_string(id)).c_str(), nullptr, 10);
    }
    static std::string itemOf(std::uint64_t id, std::int64_t version)
    {
        return "{\"id\":\"" + std::to_string(id) + "\",\"version\":" + std::to_string(version) + "}";
    }
    /// Read once, as a key that somebody wants.
    void put(const base::RegionName &region, const std::string &key, const std::string &value) const
    {
        auto pool = m_live->pool(region);
        QVERIFY(pool && pool->set(key, value, 3600s));
        QVERIFY(pool->get(key));
    }
    std::string valueIn(const base::RegionName &region, const std::string &key) const
    {
        auto pool = m_live->pool(region);
        const auto value = pool ? pool->get(key) : base::Result<std::optional<std::string>>(base::fail(pool.error()));
        return !value ? "error: " + value.error().message : value->value_or("(none)");
    }
    clients::InvalidatorAnswer told(const base::RegionName &region) const
    {
        return clients::askInvalidator(m_fleet->invalidatorOf(region)->address.own, 2s).value_or(clients::InvalidatorAnswer{});
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_live = std::make_unique<live::LookFleet>();
        const std::string trouble = m_live->begin();
        QVERIFY2(trouble.empty(), trouble.c_str());
        m_fleet = m_live->declared();
        for (int shard = 0; shard < 16 && m_users.size() < 40; ++shard) {
            for (int at = 0; at < 10; ++at) {
                const auto id = std::strtoull(m_live->sql("u1-us-east", "select id from insta" + std::to_string(shard) + ".users order by id offset " + std::to_string(at) + " limit 1").c_str(), nullptr, 10);
                if (id != 0)
                    m_users.push_back(id);
            }
        }
        QVERIFY(m_users.size() > 20);
        const auto last = m_users.back();
        const auto isReplayed = [&] { return m_live->sql("u1-us-west", "select count(*) from " + schemaOf(last) + ".users where id = " + std::to_string(last)) == "1"; };
        QTRY_VERIFY_WITH_TIMEOUT(isReplayed(), 10000);
    }
    void cleanupTestCase() { m_live.reset(); }

    void aRegionIsWarmedAndNothingStaleIsSet()
    {
        for (const auto id : m_users)
            put(eastPool, keyOf(id), itemOf(id, versionOf(id)));
        const auto behind = m_users[0];
        const auto ahead = m_users[1];
        const auto there = m_users[2];
        put(eastPool, keyOf(behind), itemOf(behind, versionOf(behind) - 1));
        put(eastPool, keyOf(ahead), itemOf(ahead, versionOf(ahead) + 1));
        put(eastPool, "u:1", itemOf(1, 1)); // nobody has this ID
        put(eastPool, "session:abc", "no row is known of it");
        put(westPool, keyOf(there), "theirs");
        const auto *person = m_fleet->access.firstWith(fleet::Role::Ops);
        const auto map = cacheflow::declaredMap(*m_fleet, m_fleet->access.observer, {});
        QVERIFY2(map && person, map ? "" : map.error().message.c_str());
        WarmOptions options;
        options.perSecond = 1e6;
        const auto plan = cacheflow::planWarming(*m_fleet, eastPool, westPool, options);
        QVERIFY2(plan && plan->errors.empty(), plan ? plan->errors.empty() ? "" : plan->errors.front().message.c_str() : plan.error().message.c_str());
        QCOMPARE(plan->keys.size(), m_users.size()); // without the one that is there, with the one that nobody has
        QVERIFY(plan->rowless >= 1);
        QCOMPARE(plan->there, std::uint64_t(1));
        cacheflow::RegionRows rows(*m_fleet, westPool, *map, *person, {});
        const Warmed done = cacheflow::warm(*m_fleet, *plan, [&](const auto &keys) { return rows.read(keys); }, options, {});
        QVERIFY2(!done.error, done.error ? done.error->message.c_str() : "");
        QCOMPARE(done.filled, std::uint64_t(m_users.size() - 3));
        QCOMPARE(done.differs, std::uint64_t(2));
        QCOMPARE(done.gone, std::uint64_t(1));
        QCOMPARE(valueIn(westPool, keyOf(m_users[3])), itemOf(m_users[3], versionOf(m_users[3])));
        QCOMPARE(valueIn(westPool, keyOf(there)), std::string("theirs"));
        for (const auto id : {behind, ahead, std::uint64_t(1)})
            QCOMPARE(valueIn(westPool, keyOf(id)), std::string("(none)"));
        // What is filled lives no longer than where it came from.
        const auto places = *cacheflow::placesOf(*m_fleet, keyOf(m_users[3]), "us-west");
        const auto looks = cacheflow::lookEverywhere(*m_fleet, keyOf(m_users[3]), places, false, 1s);
        QVERIFY(looks[0].look && looks[0].look->expiresIn && *looks[0].look->expiresIn <= 3600s && *looks[0].look->expiresIn > 3000s);
    }

    void aKeyIsLookedAtAndDeletedFromThePage()
    {
        ui::pages::CacheBoard board;
        app::CacheWire wire(m_fleet, board, {});
        std::optional<ui::pages::KeyLooks> looks;
        std::optional<ui::pages::KeyDeleted> deleted;
        std::vector<cacheflow::PoolSpread> spread;
        QObject::connect(&board, &ui::pages::CacheBoard::keyTold, this, [&](const ui::pages::KeyLooks &told) { looks.emplace(told); });
        QObject::connect(&board, &ui::pages::CacheBoard::keyDeleted, this, [&](const ui::pages::KeyDeleted &told) { deleted.emplace(told); });
        QObject::connect(&board, &ui::pages::CacheBoard::spreadTold, this, [&](const std::vector<cacheflow::PoolSpread> &told) { spread = told; });
        const std::string key = keyOf(m_users[5]);
        put(eastPool, key, "east");
        put(westPool, key, "west");
        board.lookAtKey(key, false);
        QTRY_VERIFY_WITH_TIMEOUT(looks.has_value(), 5000);
        QVERIFY(looks->items && looks->items->size() == 2);
        QCOMPARE(looks->items->at(1).look->value, std::string("west"));
        QCOMPARE(looks->items->at(1).look->lease, cacheflow::ItemLook::Lease::ValueUnknown);
        board.askSpread();
        QTRY_COMPARE_WITH_TIMEOUT(spread.size(), std::size_t(2), 5000);
        const auto plan = *cacheflow::planDelete(*m_fleet, key, "us-west");
        board.deleteKey(plan, "it is older than its row");
        QTRY_VERIFY_WITH_TIMEOUT(deleted.has_value(), 5000);
        QVERIFY2(deleted->places.has_value(), deleted->places ? "" : deleted->places.error().message.c_str());
        QVERIFY(deleted->places->front().wasThere && *deleted->places->front().wasThere);
        QCOMPARE(valueIn(westPool, key), std::string("(none)"));
        QCOMPARE(valueIn(eastPool, key), std::string("east"));
        const std::string rowBefore = " from directory.audit order by seq desc offset 1 limit 1";
        QCOMPARE(m_live->sql("directory-us-east", "select action || ', ' || subject || ', ' || reason || ', ' || database_user" + rowBefore),
                 "cache_delete, key " + key + ", it is older than its row, shardlens_operator");
        QCOMPARE(m_live->sql("directory-us-east", "select detail->'members'->>0" + rowBefore), plan.places.front().server.text());
        QCOMPARE(m_live->sql("directory-us-east", "select action || ', ' || subject || ', ' || (detail->'members'->0->>'became') from directory.audit order by seq desc limit 1"),
                 "cache_deleted, key " + key + ", deleted");
    }

    void theInvalidatorComparesAFewAllTheTime()
    {
        std::set<std::string> stale; // every other one
        for (std::size_t i = 0; i < m_users.size(); ++i) {
            const bool isStale = i % 2 == 0;
            put(westPool, keyOf(m_users[i]), itemOf(m_users[i], versionOf(m_users[i]) - (isStale ? 1 : 0)));
            if (isStale)
                stale.insert(keyOf(m_users[i]));
        }
        const auto measured = [&] { return told(westPool).staleness.value_or(clients::SampledStaleness{}); };
        QTRY_VERIFY_WITH_TIMEOUT(measured().stale > 0, 90000);
        const auto found = measured();
        QCOMPARE(found.error, std::string());
        QVERIFY(!found.staleKeys.empty());
        for (const std::string &key : found.staleKeys)
            QVERIFY2(stale.contains(key), key.c_str());
        QVERIFY(found.oldest.has_value());
        QTRY_VERIFY_WITH_TIMEOUT(measured().compared > measured().stale, 60000);
    }
};

QTEST_GUILESS_MAIN(LiveKeysTest)
#include "test_live_keys.moc"
