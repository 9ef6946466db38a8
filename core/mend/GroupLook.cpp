// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/GroupLook.h"

#include "core/execute/LockKey.h"

#include <algorithm>
#include <charconv>

namespace shardlens::mend {

using base::Result;
using inspect::lookup::Link;

namespace {

std::int64_t numberIn(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The value of a line "name:value" of INFO; 0 where it is not told.
std::int64_t infoNumber(const std::string &info, const std::string &name)
{
    const auto at = info.find("\n" + name + ":");
    return at == std::string::npos ? 0 : numberIn(std::string_view(info).substr(at + name.size() + 2));
}

Result<MemberSaid> askMember(Link &link, const fleet::RedisGroup &group)
{
    std::vector<std::vector<std::string>> commands{{"ROLE"},
                                                   {"PUBSUB", "CHANNELS", execute::lockChannelStart(group.name.text()) + "*"},
                                                   {"CONFIG", "GET", "min-replicas-to-write"},
                                                   {"INFO", "replication"}};
    if (!group.termKey.empty())
        commands.push_back({"GET", group.termKey});
    const auto replies = link.redis(commands);
    if (!replies)
        return base::fail(replies.error());
    const redis::Reply &role = replies->at(0);
    const redis::Reply &channels = replies->at(1);
    for (const redis::Reply *needed : {&role, &channels}) { // the others may be denied to this user, and say less
        if (needed->isError())
            return base::fail(base::ErrorCode::Rejected, needed->text, link.server().id.text());
    }
    MemberSaid said;
    said.server = link.server().id;
    said.isPrimary = !role.items.empty() && role.items.front().text == "master";
    for (const redis::Reply &channel : channels.items)
        said.operations.push_back(channel.text);
    if (replies->at(2).items.size() == 2)
        said.wantsReplicas = numberIn(replies->at(2).items[1].text);
    // Whether a replica is near enough is told only where it matters.
    said.goodReplicas = infoNumber(replies->at(3).text, said.wantsReplicas > 0 ? "min_slaves_good_slaves" : "connected_slaves");
    if (!group.termKey.empty())
        said.term = replies->at(4).text;
    return said;
}

void askDirectory(inspect::lookup::Context &context, GroupSeen &seen)
{
    const fleet::Fleet &fleet = *context.fleet;
    const fleet::Cluster *cluster = fleet.directory ? fleet.cluster(fleet.directory->cluster) : nullptr;
    if (!cluster) {
        seen.directoryTrouble = "the fleet has no directory";
        return;
    }
    // The primary alone: a standby may tell the term before.
    const base::ServerId likely = inspect::lookup::likelyPrimary(context.links, *cluster);
    std::vector<base::ServerId> members = inspect::lookup::nearestFirst(fleet, *cluster, context.ground->from);
    std::stable_partition(members.begin(), members.end(), [&](const base::ServerId &id) { return id == likely; });
    const std::string sql = "select pg_is_in_recovery(), (select term from " + inspect::lookup::quotedName(fleet.directory->schema) +
                            ".terms where kind = 'redis_group' and subject = $1)";
    seen.directoryTrouble = "no primary of the directory answers"; // until one does
    for (const base::ServerId &id : members) {
        inspect::lookup::Rounds rounds;
        inspect::lookup::Round round(context.links, inspect::lookup::Stage::Place);
        bool isOver = false;
        round.ask(id, [&](Link &link) -> Result<void> {
            const auto rows = link.query(fleet.directory->database, sql, {seen.group->name.text()});
            if (!rows) {
                seen.directoryTrouble = rows.error().message;
                return base::fail(rows.error());
            }
            isOver = rows->at(0, 0) == "f";
            if (isOver && rows->at(0, 1))
                seen.directoryTerm = numberIn(*rows->at(0, 1));
            return {};
        });
        round.run(rounds);
        if (!isOver)
            continue;
        seen.directoryTrouble.clear();
        return;
    }
}

std::string joinedNames(const std::vector<std::string> &names)
{
    std::string out;
    for (const std::string &name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

} // namespace

const MemberSaid *GroupSeen::primary() const
{
    const auto isPrimary = [](const MemberSaid &member) { return member.isPrimary; };
    const auto found = std::find_if(members.begin(), members.end(), isPrimary);
    return std::count_if(members.begin(), members.end(), isPrimary) == 1 ? &*found : nullptr;
}

GroupSeen lookAtGroup(inspect::lookup::Context &context, const fleet::RedisGroup &group)
{
    GroupSeen seen;
    seen.group = &group;
    std::vector<Result<MemberSaid>> said(group.servers.size(), base::fail(base::ErrorCode::NotFound, "the fleet has no such server"));
    inspect::lookup::Rounds rounds;
    inspect::lookup::Round round(context.links, inspect::lookup::Stage::Place);
    for (std::size_t i = 0; i < group.servers.size(); ++i) {
        round.ask(group.servers[i], [&group, &into = said[i]](Link &link) -> Result<void> {
            into = askMember(link, group);
            return into ? Result<void>() : base::fail(into.error());
        });
    }
    round.run(rounds);
    for (std::size_t i = 0; i < group.servers.size(); ++i) {
        if (said[i])
            seen.members.push_back(*std::move(said[i]));
        else
            seen.silent.emplace_back(group.servers[i], said[i].error());
    }
    if (!group.termKey.empty())
        askDirectory(context, seen);
    return seen;
}

std::vector<Check> groupChecks(const GroupSeen &seen)
{
    std::vector<Check> checks;
    const MemberSaid *primary = seen.primary();
    std::vector<std::string> primaries;
    std::vector<std::string> operations;
    for (const MemberSaid &member : seen.members) {
        if (member.isPrimary)
            primaries.push_back(member.server.text());
        for (const std::string &operation : member.operations) {
            if (std::find(operations.begin(), operations.end(), operation) == operations.end())
                operations.push_back(operation);
        }
    }
    std::vector<std::string> silent;
    for (const auto &[server, error] : seen.silent)
        silent.push_back(server.text());
    checks.push_back({CheckId::OnePrimary, primary != nullptr,
                      joinedNames(primaries) + (silent.empty() ? std::string() : "; no answer from " + joinedNames(silent)), "1"});
    const bool takesWrites = primary && primary->goodReplicas >= primary->wantsReplicas;
    checks.push_back({CheckId::TakesWrites, takesWrites, std::to_string(primary ? primary->goodReplicas : 0),
                      std::to_string(primary ? primary->wantsReplicas : 0)});
    checks.push_back({CheckId::NoOperation, operations.empty(), joinedNames(operations), {}});
    if (seen.group->termKey.empty())
        return checks;
    // The directory has none before the first operation, and may lack the last one's: an older one than any that is known is what tells.
    std::int64_t newest = seen.directoryTerm.value_or(1);
    for (const MemberSaid &member : seen.members)
        newest = std::max(newest, numberIn(member.term));
    checks.push_back({CheckId::NewestTerm, primary && seen.directoryTrouble.empty() && numberIn(primary->term) >= newest,
                      primary ? primary->term : std::string(), seen.directoryTrouble.empty() ? std::to_string(newest) : seen.directoryTrouble});
    return checks;
}

} // namespace shardlens::mend
