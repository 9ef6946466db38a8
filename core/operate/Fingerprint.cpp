// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Fingerprint.h"

#include "core/operate/Stonith.h"
#include "core/operate/checks/Checks.h"

#include <array>

namespace shardlens::operate {

namespace {

using base::ServerId;

std::string notKnown(const facts::Unknown &why)
{
    return "unknown: " + std::string(facts::name(why.why));
}

template <class T, class Write>
std::string textOf(const facts::Known<T> &fact, Write write)
{
    return fact ? write(*fact) : notKnown(fact.error());
}

std::string number(std::int64_t value)
{
    return std::to_string(value);
}

void addMember(const Sight &sight, const ServerId &id, Fingerprint &print)
{
    const auto put = [&](const char *fact, std::string value) { print.facts[id.text() + "." + fact] = std::move(value); };
    const auto say = [&](const char *fact, std::string value, bool isRemembered) {
        put(fact, std::move(value));
        if (isRemembered)
            print.remembered.insert(id.text() + "." + fact);
    };
    const fleet::Server *server = sight.fleet().server(id);
    put("address", server ? server->address.own.host + ":" + number(server->address.own.port) : std::string());
    if (const facts::Mark *mark = facts::markOn(sight.snapshot().shared.get(), sight.fleet(), id))
        put("mark", mark->kind == facts::Mark::Kind::Region ? "evacuated" : "maintenance");
    if (stonithOf(sight.fleet(), id))
        put("turned_off_by", stonithText(sight.fleet(), id));
    const bool isSilent = !sight.isFresh(id);
    put("answers", isSilent ? "no" : "yes");
    const facts::PostgresSample *sample = sight.last(id);
    if (!sample)
        return say("role", notKnown(sight.whySilent(id)), isSilent);
    say("system", std::to_string(sample->systemIdentifier), isSilent);
    say("version", number(sample->versionNumber), isSilent);
    say("role", sample->inRecovery ? "standby" : "primary", isSilent);
    say("timeline", textOf(sample->timeline, [](std::int32_t value) { return number(value); }), isSilent);
    say("term", textOf(sample->term, number), isSilent);
    say("brake", sample->readOnlyByDefault ? "on" : "off", isSilent);
    say("replay", sample->replayPaused ? "paused" : "runs", isSilent);
    if (const facts::StandbyLag *lag = sight.lag(id)) {
        const bool isCut = isSilent || !sight.isFresh(lag->upstream.isEmpty() ? sight.primary() : lag->upstream);
        say("receives_from", lag->upstream.text(), isCut);
        say("link", isLive(lag) ? "up" : std::string(facts::name(lag->state)), isCut);
    }
    if (!sample->settings)
        return say("settings", notKnown(sample->settings.error()), isSilent);
    for (const auto &[name, value] : *sample->settings)
        say(("setting." + name).c_str(), value, isSilent);
}

} // namespace

std::string Fingerprint::digest() const
{
    std::uint64_t hash = 14695981039346656037ULL; // FNV-1a
    const auto add = [&](const std::string &text) {
        for (const char letter : text)
            hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
        hash = (hash ^ 0xFFU) * 1099511628211ULL; // no text holds this byte: it parts one from the next
    };
    for (const auto &[fact, value] : facts) {
        if (remembered.contains(fact))
            continue;
        add(fact);
        add(value);
    }
    static constexpr std::array<char, 17> digits{"0123456789abcdef"};
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[(hash >> static_cast<unsigned>(shift)) & 15U];
    return out;
}

Fingerprint fingerprintOf(const Sight &sight)
{
    Fingerprint print;
    auto &facts = print.facts;
    std::vector<std::string> members;
    for (const ServerId &id : sight.cluster().servers) {
        members.push_back(id.text());
        addMember(sight, id, print);
    }
    facts["cluster.members"] = joined(members);
    facts["cluster.primary"] = textOf(sight.facts().primary, [](const ServerId &id) { return id.text(); });
    if (sight.isManaged()) {
        const facts::ManagerReport *patroni = sight.manager();
        const facts::ManagerMember *leader = patroni ? patroni->leader() : nullptr;
        facts["cluster.manager"] = std::string(fleet::name(sight.cluster().manager)) + (patroni && patroni->isPaused ? ", paused" : "");
        facts["cluster.manager_leader"] = leader ? leader->name : std::string();
    }
    for (const RouterUse &use : sight.routers()) {
        for (const facts::RouterTarget *target : {use.writes, use.reads}) {
            if (target)
                facts[use.router->server.text() + "." + target->database] =
                    textOf(target->leadsTo, [](const ServerId &id) { return id.text(); }) + (target->paused ? ", paused" : "");
        }
    }
    return print;
}

void addAct(Fingerprint &print, const Intent &intent, const ServerId &to)
{
    const auto put = [&](const char *fact, const std::string &value) {
        if (!value.empty())
            print.facts[std::string("plan.") + fact] = value;
    };
    put("act", std::string(name(actOf(intent))));
    put("to", to.text());
    put("warms", warmsOf(intent) ? "yes" : "");
    if (const auto *small = std::get_if<SmallAct>(&intent)) {
        put("on", small->on.text());
        put("object", small->object);
        put("began", small->began);
    }
}

std::vector<Difference> differencesBetween(const Fingerprint &before, const Fingerprint &after)
{
    std::vector<Difference> differences;
    const auto valueIn = [](const Fingerprint &print, const std::string &fact) {
        const auto found = print.facts.find(fact);
        return found == print.facts.end() ? std::string() : found->second;
    };
    std::map<std::string, std::string> all = before.facts;
    all.insert(after.facts.begin(), after.facts.end());
    for (const auto &entry : all) {
        Difference one{entry.first, valueIn(before, entry.first), valueIn(after, entry.first)};
        if (one.before != one.after)
            differences.push_back(std::move(one));
    }
    return differences;
}

} // namespace shardlens::operate
