// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the pools: where they lie, what lies there, what would move.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/ItemValue.h"
#include "core/cacheflow/KeyLook.h"
#include "core/cacheflow/KeyOwner.h"
#include "core/cacheflow/PoolPlacing.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/Standing.h"
#include "core/inspect/lookup/Looker.h"
#include "ui/format/ClaimText.h"
#include "ui/format/ItemText.h"
#include "ui/format/Numbers.h"

#include <algorithm>
#include <charconv>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using cacheflow::ItemLook;
using cacheflow::KeyPlace;

constexpr std::size_t keysSampled = 100'000;
constexpr base::milliseconds itemPatience{1000};
constexpr std::size_t mostShown = 200; ///< bytes of a value in a table
constexpr std::size_t mostToJson = std::size_t(1) << 20;

Exit refusedKey(const std::string &sentence, Exit exit = Exit::Usage)
{
    Answer answer;
    answer.error = sentence + "\n";
    answer.exit = exit;
    return print(answer);
}

std::string_view leaseWord(ItemLook::Lease lease)
{
    switch (lease) {
    case ItemLook::Lease::Absent: return "absent";
    case ItemLook::Lease::StubHeld: return "stub_held";
    case ItemLook::Lease::ValueUnknown: return "value_stale_bit_unknown";
    case ItemLook::Lease::ValueGood: return "value_good";
    case ItemLook::Lease::ValueStale: return "value_stale";
    case ItemLook::Lease::ValueFilling: return "value_stale_being_filled";
    }
    return "";
}

void itemJson(Answer &answer, const std::string &key, const KeyPlace &place, const base::Result<ItemLook> &look, const std::vector<std::string> &masked, const std::string &why)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("key", key)
        .member("region", place.region.text())
        .member("pool", place.pool.text())
        .member("server", place.server.text());
    if (!look) {
        json.member("unknown", look.error().message).endObject();
        return answer.line(out);
    }
    json.member("lease", leaseWord(look->lease));
    if (look->lease != ItemLook::Lease::Absent) {
        const auto decoded = cacheflow::decodeValue(look->value, cacheflow::ValueLayout::Compact, mostToJson, masked);
        json.member("kind", cacheflow::name(decoded.kind)).member("value", why.empty() ? std::optional(decoded.text) : std::nullopt);
        json.member("value_cut", decoded.isCut).member("masked", orNull(why));
        json.member("value_bytes", look->value.size()).member("item_bytes", look->itemBytes).member("flags", look->flags);
        json.member("cas", std::to_string(look->cas)).member("client_flags", look->clientFlags).member("fetched", look->wasFetched);
        const auto seconds = [&](const char *name, const std::optional<base::seconds> &value) {
            if (value)
                json.member(name, std::int64_t(value->count()));
            else
                json.key(name).null();
        };
        seconds("expires_in_s", look->expiresIn);
        seconds("last_access_s_ago", look->lastAccess);
    }
    json.endObject();
    answer.line(out);
}

void itemText(Answer &answer, const KeyPlace &place, const base::Result<ItemLook> &look, const std::vector<std::string> &masked, const std::string &why)
{
    const QString where = QStringLiteral("%1  %2  %3").arg(text(place.region), text(place.pool), text(place.server));
    if (!look)
        return answer.line(where + QStringLiteral("  unknown: ") + text(look.error().message));
    answer.line(where + QStringLiteral("  ") + format::leaseText(look->lease));
    if (look->lease == ItemLook::Lease::Absent)
        return;
    const auto age = [](const std::optional<base::seconds> &value, const QString &none) { return value ? format::age(*value) : none; };
    answer.line(QStringLiteral("    %1 (%2 with its header), CAS %3, flags %4, expires in %5, last access %6 before this look%7")
                    .arg(format::bytes({static_cast<std::int64_t>(look->value.size())}),
                         format::bytes({static_cast<std::int64_t>(look->itemBytes)}), QString::number(look->cas),
                         QString::number(look->clientFlags),
                         age(look->expiresIn, QStringLiteral("under 2 s or never: memcached does not tell which")),
                         age(look->lastAccess, QStringLiteral("not known")),
                         look->wasFetched ? QString() : QStringLiteral(", never fetched")));
    const auto value = cacheflow::decodeValue(look->value, cacheflow::ValueLayout::Compact, mostShown, masked);
    if (value.kind != cacheflow::ItemValue::Kind::Empty && !why.empty())
        answer.line(QStringLiteral("    %1: masked: %2").arg(text(std::string(cacheflow::name(value.kind))), text(why)));
    else if (value.kind != cacheflow::ItemValue::Kind::Empty)
        answer.line(QStringLiteral("    %1: %2%3").arg(text(std::string(cacheflow::name(value.kind))), text(value.text), value.isCut ? QStringLiteral("...") : QString()));
}

/// Has it recorded who looks at which user or photo, as a look-up is. A key that is nobody's needs none.
std::string recordLook(const std::shared_ptr<const fleet::Fleet> &fleet, const std::string &key, const Options &options)
{
    const auto entity = cacheflow::entityOf(fleet->keys, key);
    if (!entity)
        return {};
    inspect::lookup::LookerOptions how;
    how.from = fleet->ownRegion;
    how.user = options.user;
    how.keychain = [](const std::string &entry) { return keychain::read(entry); };
    inspect::lookup::Looker looker(fleet, how, std::make_shared<base::SystemClock>());
    inspect::lookup::Question question;
    question.find.kind = entity->kind == "user" ? inspect::lookup::Kind::User : inspect::lookup::Kind::Media;
    question.find.text = key;
    question.find.id = entity->id;
    question.caseNumber = options.look.caseNumber;
    question.withRegions = question.withLists = false;
    const auto look = looker.answer(question);
    if (!look)
        return whyMasked(base::fail(look.error()));
    return whyMasked(look->recording);
}

base::Result<std::optional<memcached::Member>> addedMember(const std::string &address)
{
    if (address.empty())
        return std::optional<memcached::Member>();
    const auto colon = address.rfind(':');
    unsigned port = 0;
    const bool isGood =
        colon != std::string::npos && colon > 0 &&
        std::from_chars(address.data() + colon + 1, address.data() + address.size(), port).ptr == address.data() + address.size() &&
        port > 0 && port < 65536;
    if (!isGood)
        return base::fail(base::ErrorCode::BadInput, "--add takes an address, host:port, not '" + address + "'.");
    return std::optional(memcached::Member{address, {address.substr(0, colon), static_cast<std::uint16_t>(port)}});
}

void movesAnswer(Answer &answer, const fleet::Pool &pool, const cacheflow::Moves &moves, bool asJson)
{
    const auto share = [&](std::size_t count) {
        return moves.sampled == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(moves.sampled);
    };
    if (asJson) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("pool", pool.name.text())
            .member("region", pool.region.text())
            .member("hashing", fleet::name(pool.hashing));
        json.member("sampled", moves.sampled).member("moved_share", moves.share());
        for (const auto &[name, spread] : {std::pair{"before", &moves.before}, {"after", &moves.after}}) {
            json.key(name).beginObject();
            for (const auto &[server, count] : *spread)
                json.member(server, share(count));
            json.endObject();
        }
        json.endObject();
        return answer.line(out);
    }
    answer.line(QStringLiteral("%1 (%2): %3 of the keys would be looked for on another server, and be missed there at first.")
                    .arg(text(pool.name), text(std::string(fleet::name(pool.hashing))), format::share(moves.share())));
    TextTable table({{QStringLiteral("SERVER")}, {QStringLiteral("KEYS NOW"), true}, {QStringLiteral("KEYS THEN"), true}});
    std::map<std::string, std::pair<std::size_t, std::size_t>> both;
    for (const auto &[server, count] : moves.before)
        both[server].first = count;
    for (const auto &[server, count] : moves.after)
        both[server].second = count;
    for (const auto &[server, counts] : both)
        table.add({text(server), format::share(share(counts.first)), format::share(share(counts.second))});
    answer.add(table);
    answer.line(QStringLiteral("From a sample of %1 made-up keys.").arg(format::count(static_cast<std::int64_t>(moves.sampled))));
}

std::string regionMeant(const fleet::Fleet &fleet, const Options &options)
{
    return options.region.empty() ? fleet.ownRegion.text() : options.region;
}

/// A server that leaves tells which pool is meant; one that joins needs a region, and may join any pool of it.
std::vector<const fleet::Pool *> poolsMeant(const fleet::Fleet &fleet, const Options &options)
{
    std::vector<const fleet::Pool *> pools;
    const fleet::Pool *left = options.removed.empty() ? nullptr : fleet.poolOf(base::ServerId(options.removed));
    for (const fleet::Pool &pool : fleet.pools) {
        if (options.removed.empty() ? pool.region.text() == regionMeant(fleet, options) : &pool == left)
            pools.push_back(&pool);
    }
    return pools;
}

} // namespace

Exit locateKeys(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    Answer answer;
    TextTable table({{QStringLiteral("KEY")}, {QStringLiteral("REGION")}, {QStringLiteral("POOL")}, {QStringLiteral("SERVER")}});
    for (const std::string &key : options.texts) {
        const auto places = cacheflow::placesOf(**loaded, key, options.region);
        if (!places)
            return refusedKey(places.error().message);
        for (const KeyPlace &place : *places) {
            table.add({text(key), text(place.region), text(place.pool), text(place.server)});
            if (!options.json)
                continue;
            std::string out;
            JsonWriter(out)
                .beginObject()
                .member("key", key)
                .member("region", place.region.text())
                .member("pool", place.pool.text())
                .member("server", place.server.text())
                .endObject();
            answer.line(out);
        }
    }
    if (!options.json)
        answer.add(table);
    return print(answer);
}

Exit showMoves(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const auto added = addedMember(options.added);
    if (!added)
        return refusedKey(added.error().message);
    if (!*added && options.removed.empty())
        return refusedKey("Say what would change: --add HOST:PORT, --remove SERVER, or both.");
    const std::vector<const fleet::Pool *> pools = poolsMeant(fleet, options);
    if (pools.empty())
        return refusedKey(options.removed.empty() ? "There is no pool in region '" + regionMeant(fleet, options) + "'."
                                               : "No pool has a server '" + options.removed + "'.");
    Answer answer;
    for (const fleet::Pool *pool : pools) {
        const auto moves = cacheflow::movesIf(cacheflow::membersWithin(fleet, *pool), pool->hashing, cacheflow::sampleKeys(fleet, keysSampled),
                                              *added, options.removed);
        if (!moves)
            return refusedKey(moves.error().message);
        movesAnswer(answer, *pool, *moves, options.json);
    }
    return print(answer);
}

std::string whyMasked(const base::Result<inspect::lookup::Recording> &recorded)
{
    using State = inspect::lookup::Recording::State;
    if (recorded && recorded->state != State::Failed)
        return {};
    const base::Error &error = recorded ? recorded->error : recorded.error();
    if (error.code == base::ErrorCode::NoRights)
        return "what belongs to a user or a photo is shown to the roles support, on-call and ops";
    return "that somebody looks at it could not be recorded" + (error.message.empty() ? std::string() : ": " + error.message);
}

Answer inspectedOf(const fleet::Fleet &fleet, const std::string &key, const std::vector<cacheflow::PlacedLook> &looks, const std::string &why, const Options &options)
{
    Answer answer;
    answer.exit = why.empty() ? Exit::Well : Exit::Problem;
    const std::vector<std::string> masked = cacheflow::maskedMembers(fleet.queries);
    for (const auto &[place, look] : looks) {
        if (!look)
            answer.exit = Exit::Problem;
        if (options.json)
            itemJson(answer, key, place, look, masked, why);
        else
            itemText(answer, place, look, masked, why);
    }
    return answer;
}

Exit inspectKey(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const std::string &key = options.texts.front();
    const auto places = cacheflow::placesOf(fleet, key, options.region);
    if (!places)
        return refusedKey(places.error().message);
    // To take the right to fill and give it back is an act: clients that ask meanwhile wait.
    const desk::Standing standing = desk::standingOf(fleet, options.user);
    if (options.consumes && standing.refusal != facts::ClaimRefusal::None)
        return refusedKey("No win was taken. " + plain(format::refusalText(standing.refusal, standing.user ? standing.user->name : options.user, standing.whoMay)).toStdString(),
                          Exit::Problem);
    const std::string why = recordLook(*loaded, key, options); // before anything of it is read
    Answer answer = inspectedOf(fleet, key, cacheflow::lookEverywhere(fleet, key, *places, options.consumes, itemPatience), why, options);
    if (!options.json)
        answer.line(format::lookCostText(options.consumes, false) +
                    (options.consumes ? QString() : QStringLiteral(" Whether a value is marked stale is seen only by taking the right to fill it: --consume.")));
    return print(answer);
}

} // namespace shardlens::ctl
