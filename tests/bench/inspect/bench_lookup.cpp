// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/Seed.h"
#include "core/fleet/FleetFile.h"
#include "core/inspect/lookup/Looker.h"
#include "core/inspect/lookup/Sql.h"
#include "tests/bench/inspect/ByHand.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

// Look-ups on a fleet of three regions without added latency, against the same questions asked by hand over open connections.
// "By hand" is the sum over dependent stages of each stage's slowest statement, as one who asked all servers at once would wait.

namespace {

using namespace shardlens;
using namespace shardlens::inspect::lookup;
using bench::median;
using bench::Ms;

constexpr std::uint32_t shards = 128;
constexpr int looks = 200;
constexpr std::size_t bulkSize = 10'000;

struct Row {
    std::string what;
    Ms product = 0;
    Ms byHand = 0;
    Ms limit = 0;
};
bool allKept = true;

void print(const Row &row)
{
    const bool isKept = row.product <= row.limit;
    allKept = allKept && isKept;
    std::printf("%-44s %10.2f %10.2f %8.2f %10.2f  %s\n", row.what.c_str(), row.product, row.byHand,
                row.byHand > 0 ? row.product / row.byHand : 0, row.limit, isKept ? "kept" : "MISSED");
}

std::string schemaOf(std::uint64_t id)
{
    return "insta" + std::to_string((id >> 10) & 0x1fff);
}

const std::string audit = "select seq from directory.append_audit('bench', 'bench', 'look_up', 'bench', '', '', '{}'::jsonb)";

/// Users and media of the world that was seeded.
struct People {
    std::vector<std::uint64_t> users;
    std::vector<std::uint64_t> media;
};

Question about(Kind kind, std::uint64_t id)
{
    Question question;
    question.find.kind = kind;
    question.find.id = id;
    return question;
}

Ms lookTime(Looker &looker, const Question &question)
{
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = looker.answer(question);
    const Ms took = bench::since(begun);
    if (!answer || (answer->verdict.outcome != Outcome::Exists && answer->verdict.outcome != Outcome::ExistsAmiss &&
                    answer->verdict.outcome != Outcome::Deleted))
        std::fprintf(stderr, "a look-up went wrong: %s\n",
                     answer ? std::string(name(answer->verdict.outcome)).c_str() : answer.error().message.c_str());
    return took;
}

void benchOne(Looker &looker, bench::ByHand &hand, const People &people)
{
    for (const bool isMedia : {false, true}) {
        std::vector<Ms> product;
        std::vector<Ms> record;
        std::vector<Ms> rows;
        std::vector<Ms> owner;
        for (int i = 0; i < looks; ++i) {
            const std::uint64_t id =
                isMedia ? people.media[std::size_t(i) * 37 % people.media.size()] : people.users[std::size_t(i) * 37 % people.users.size()];
            product.push_back(lookTime(looker, about(isMedia ? Kind::Media : Kind::User, id)));
            record.push_back(hand.query("directory", audit));
            MediaParts parts;
            parts.lists = true;
            parts.ofOwner = !isMedia;
            parts.ofMedia = isMedia;
            parts.entry = 0; // as whoever looks may read
            const Sql media = mediaStatement({}, schemaOf(id), id, parts);
            Ms slowest = hand.query("m1", media.text, media.parameters);
            if (!isMedia) {
                const Sql user = userStatement({}, schemaOf(id), id, {true, {}, {}, {}});
                slowest = std::max(slowest, hand.query("u1", user.text, user.parameters));
            } else {
                const Sql user = userStatement({}, schemaOf(id), people.users.front(), {});
                owner.push_back(hand.query("u1", user.text, user.parameters));
            }
            rows.push_back(slowest);
        }
        const Ms byHand = median(record) + median(rows) + median(owner);
        print({isMedia ? "a media, three regions, ms" : "a user, three regions, ms", median(product), byHand, 1.5 * byHand + 5});
    }
}

/// The copies of every region side by side, without lists. By hand: the row on the primary, which is the slowest of a round's.
void benchTrace(Looker &looker, bench::ByHand &hand, const People &people)
{
    std::vector<Ms> product;
    std::vector<Ms> record;
    std::vector<Ms> rows;
    std::vector<Ms> owner;
    for (int i = 0; i < looks; ++i) {
        const std::uint64_t id = people.media[std::size_t(i) * 41 % people.media.size()];
        Question question = about(Kind::Media, id);
        question.withLists = false;
        product.push_back(lookTime(looker, question));
        record.push_back(hand.query("directory", audit));
        MediaParts parts;
        parts.entry = 0;
        const Sql media = mediaStatement({}, schemaOf(id), id, parts);
        rows.push_back(hand.query("m1", media.text, media.parameters));
        const Sql user = userStatement({}, schemaOf(people.users.front()), people.users.front(), {});
        owner.push_back(hand.query("u1", user.text, user.parameters));
    }
    const Ms byHand = median(record) + median(rows) + median(owner);
    print({"a media traced, three regions, ms", median(product), byHand, 1.5 * byHand + 5});
}

void benchBulk(Looker &looker, bench::ByHand &hand, const People &people)
{
    std::vector<Find> finds;
    std::map<std::string, std::vector<std::uint64_t>> usersBy;
    std::map<std::string, std::vector<std::uint64_t>> mediaBy;
    std::vector<std::string> userStatements;
    std::vector<std::string> mediaStatements;
    for (std::size_t i = 0; i < bulkSize; ++i) {
        const bool isMedia = i % 2 == 0;
        const std::uint64_t id = isMedia ? people.media[i / 2 % people.media.size()] : people.users[i / 2 % people.users.size()];
        finds.push_back(about(isMedia ? Kind::Media : Kind::User, id).find);
        (isMedia ? mediaBy : usersBy)[schemaOf(id)].push_back(id);
        const std::string from = schemaOf(id) + (isMedia ? ".media" : ".users") + " where id = " + std::to_string(id);
        (isMedia ? mediaStatements : userStatements)
            .push_back((isMedia ? "select id, owner_id, created_at, version from " : "select id, name, created_at, version from ") + from);
    }
    std::vector<Ms> product;
    std::vector<Ms> perShard;
    for (int i = 0; i < 5; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        const auto look = looker.bulk(finds);
        product.push_back(bench::since(begun));
        const auto wrong = !look ? 0 : std::count_if(look->lines.begin(), look->lines.end(), [](const BulkLine &line) {
            return line.outcome != Outcome::Exists && line.outcome != Outcome::Deleted;
        });
        if (!look || wrong > 0)
            std::fprintf(stderr, "bulk: %s, %td lines not found\n", look ? "answered" : look.error().message.c_str(), wrong);
        Ms sum = 0;
        for (const auto &[schema, ids] : usersBy)
            sum += hand.query("u1", "select id, name, created_at, version from " + schema + ".users where id = any($1::bigint[])",
                              {arrayOf(ids)});
        for (const auto &[schema, ids] : mediaBy)
            sum += hand.query("m1", "select id, owner_id, created_at, version from " + schema + ".media where id = any($1::bigint[])",
                              {arrayOf(ids)});
        perShard.push_back(sum);
    }
    const Ms psql = hand.psql("u1", userStatements) + hand.psql("m1", mediaStatements);
    print({"10,000 mixed IDs / one query per shard, ms", median(product), median(perShard), 2 * median(perShard)});
    print({"10,000 mixed IDs / a psql query each, ms", median(product), psql, psql / 15});
}

void benchFeed(Looker &looker, bench::ByHand &hand, const People &people)
{
    std::uint64_t user = 0;
    std::vector<std::string> entries;
    for (const std::uint64_t id : people.users) {
        std::vector<std::string> read;
        (void)hand.lrange("feed:" + std::to_string(id), 499, read);
        if (read.size() > entries.size()) {
            entries = read;
            user = id;
        }
        if (entries.size() == 500)
            break;
    }
    std::map<std::string, std::vector<std::uint64_t>> by;
    for (const std::string &entry : entries) {
        const std::uint64_t id = std::strtoull(entry.c_str(), nullptr, 10);
        by[schemaOf(id)].push_back(id);
    }
    std::vector<Ms> product;
    std::vector<Ms> byHand;
    std::map<std::size_t, std::vector<Ms>> stages;
    for (int i = 0; i < 50; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        const auto page = looker.feed({user, FeedKind::Main, {}, 0, 500, {}});
        product.push_back(bench::since(begun));
        if (!page || page->entries.size() != entries.size())
            std::fprintf(stderr, "the feed was not read\n");
        for (std::size_t stage = 0; page && stage < page->stages.size(); ++stage)
            stages[stage].push_back(std::chrono::duration<double, std::milli>(page->stages[stage].took).count());
        Ms slowest = 0;
        for (const auto &[schema, ids] : by)
            slowest = std::max(
                slowest, hand.query("m1", "select id, owner_id, (select f.caption from " + schema + ".caption_of(id, 0) f), created_at from " + schema + ".media where id = any($1::bigint[])",
                                    {arrayOf(ids)}));
        std::vector<std::string> read;
        byHand.push_back(hand.lrange("feed:" + std::to_string(user), 499, read) + slowest);
    }
    print({"a feed of " + std::to_string(entries.size()) + " over " + std::to_string(by.size()) + " shards, ms", median(product),
           median(byHand), 3 * median(byHand)});
    for (const auto &[stage, took] : stages)
        std::printf("  stage %zu of it %39.2f\n", stage + 1, median(took));
}

People peopleOf(const fleet::Fleet &fleet)
{
    People people;
    // Every living user and media, as the directory and the shards tell.
    auto directory = seed::openPrimary(fleet, *fleet.cluster(base::ClusterName("directory")), fleet::Role::Support, {});
    const auto users = directory->exec("select user_id from directory.names order by user_id", std::chrono::seconds(10));
    for (std::size_t i = 0; users && i < users->rows.size(); ++i)
        people.users.push_back(std::strtoull(users->at(i, 0).value_or("0").c_str(), nullptr, 10));
    auto media = seed::openPrimary(fleet, *fleet.cluster(base::ClusterName("m1")), fleet::Role::Support, {});
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
        const auto rows = media->exec("select id from insta" + std::to_string(shard) + ".media", std::chrono::seconds(10));
        for (std::size_t i = 0; rows && i < rows->rows.size(); ++i)
            people.media.push_back(std::strtoull(rows->at(i, 0).value_or("0").c_str(), nullptr, 10));
    }
    return people;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const auto home = *localfleet::Home::at("/tmp/shardlens-bench-look-" + std::to_string(::getpid()));
    if (!localfleet::Owner::become(home.root()))
        return 1;
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.home = "us-east";
    shape.shards = shards;
    shape.latencyMs = 0;
    localfleet::Progress silent;
    const auto ground = localfleet::up(home, &shape, silent);
    bool isWhole = ground.has_value();
    if (isWhole) {
        const auto fleet = std::make_shared<const fleet::Fleet>(*fleet::readFleetFile(home.fleetFile().string()));
        isWhole = seed::seed(*fleet, {5000, 20000, 3, std::nullopt}, {}).has_value();
        LookerOptions options;
        options.user = "shardlens_support";
        Looker looker(fleet, options, std::make_shared<base::SystemClock>());
        bench::ByHand hand(*fleet);
        const People people = peopleOf(*fleet);
        isWhole = isWhole && !people.users.empty() && !people.media.empty();
        if (isWhole) {
            std::printf("%-44s %10s %10s %8s %10s\n", "", "product", "by hand", "ratio", "limit");
            for (int i = 0; i < 3; ++i) // connections are open, and roles known
                (void)lookTime(looker, about(Kind::Id, people.users.front()));
            benchOne(looker, hand, people);
            benchTrace(looker, hand, people);
            benchFeed(looker, hand, people);
            benchBulk(looker, hand, people);
        }
    } else {
        std::fprintf(stderr, "no fleet: %s\n", ground.error().message.c_str());
    }
    (void)localfleet::down(home, true, silent);
#ifdef NDEBUG
    return isWhole && allKept ? 0 : 1;
#else
    return isWhole ? 0 : 1; // not optimised: the figures are shown, not judged
#endif
}
