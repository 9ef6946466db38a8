// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/GroupWriting.h"

#include "core/operate/checks/GroupChecks.h"
#include "core/operate/plan/Writing.h"

#include <utility>

namespace shardlens::operate {

using base::seconds;
using base::ServerId;

namespace {

constexpr auto askReplication = "INFO replication";
constexpr auto keepIt = "CONFIG REWRITE";
// Nobody answers there: a replica that is led to it keeps its data and its offset, and receives nothing.
constexpr auto nowhere = "REPLICAOF 127.0.0.1 1";
// Long enough that no PING of its own moves the old primary's offset past what others have: else it could only come back by a full copy.
constexpr auto quietPings = "CONFIG SET repl-ping-replica-period 3600";

} // namespace

GroupWriting::GroupWriting(const GroupSight &sight, Act act, ServerId candidate)
    : m_sight(sight), m_act(act), m_old(sight.primary()), m_new(std::move(candidate))
{
}

std::vector<Step> GroupWriting::take()
{
    for (Step &step : m_steps) {
        for (std::vector<Command> *asked : {&step.preconditions, &step.commands, &step.verifications}) {
            for (Command &command : *asked)
                command.onlyAsks = command.by == By::Redis && (command.text == askReplication || command.text.starts_with("CONFIG GET") || command.text.starts_with("GET "));
        }
    }
    return std::move(m_steps);
}

Step &GroupWriting::add(StepKind kind, std::vector<ServerId> targets, base::milliseconds deadline, bool holdsWrites)
{
    Step step;
    step.number = static_cast<int>(m_steps.size()) + 1;
    step.kind = kind;
    step.targets = std::move(targets);
    step.deadline = deadline;
    step.holdsWrites = holdsWrites;
    step.usual = facts::unknown(facts::WhyUnknown::NoValue, "no_past_run");
    m_steps.push_back(std::move(step));
    return m_steps.back();
}

Command GroupWriting::redis(const ServerId &on, std::string text, std::string expects) const
{
    Command command;
    command.by = By::Redis;
    command.on = on;
    command.text = std::move(text);
    command.expects = std::move(expects);
    return command;
}

fleet::Endpoint GroupWriting::dialledBy(const ServerId &replica, const ServerId &primary) const
{
    const fleet::Server *server = m_sight.fleet().server(primary);
    return server ? server->address.from(m_sight.regionOf(replica)) : fleet::Endpoint();
}

std::string GroupWriting::following(const ServerId &replica, const ServerId &primary) const
{
    const fleet::Endpoint endpoint = dialledBy(replica, primary);
    return "REPLICAOF " + endpoint.host + " " + std::to_string(endpoint.port);
}

Command GroupWriting::linked(const ServerId &replica) const
{
    const fleet::Endpoint endpoint = dialledBy(replica, m_new);
    return redis(replica, askReplication,
                 "INFO role=slave master_link_status=up master_host=" + endpoint.host + " master_port=" + std::to_string(endpoint.port));
}

Command GroupWriting::stable(const base::RegionName &region, HostAct act) const
{
    HostDeed deed;
    deed.act = act;
    deed.group = m_sight.group().name.text();
    deed.leadsTo = act == HostAct::PointStable ? m_new.text() : std::string();
    Command command;
    command.by = canLead(m_sight, region) ? By::Host : By::Hand;
    command.on = stableId(m_sight.group().name, region);
    command.text = textOf(deed);
    command.deed = std::move(deed);
    return command;
}

std::vector<Command> GroupWriting::restoring(const ServerId &on) const
{
    const auto was = [&](const char *name, std::int64_t otherwise) { return std::to_string(m_sight.settingNumber(m_old, name, otherwise)); };
    return {redis(on, "CONFIG SET min-replicas-to-write " + was("min-replicas-to-write", 0)), redis(on, "CONFIG SET repl-ping-replica-period " + was("repl-ping-replica-period", 10))};
}

std::vector<ServerId> GroupWriting::reachable() const
{
    std::vector<ServerId> ids;
    for (const ServerId &id : m_sight.replicas()) {
        if (m_sight.isFresh(id))
            ids.push_back(id);
    }
    return ids;
}

void GroupWriting::proveCatchUp()
{
    Step &step = add(StepKind::ProveCatchUp, {m_new}, seconds(2), false);
    step.commands = {redis(m_old, askReplication)};
    step.commands.back().keepsAs = "now";
    step.commands.back().takes = "master_repl_offset";
    step.verifications = {redis(m_new, askReplication, "INFO role=slave master_link_status=up slave_repl_offset>={now}")};
    step.exchanges = 2;
}

void GroupWriting::pauseWrites()
{
    Step &step = add(StepKind::PauseWrites, {m_old}, pauseOfWrites - seconds(3), true);
    step.commands = {redis(m_old, "CLIENT PAUSE " + std::to_string(pauseOfWrites.count()) + " WRITE"), redis(m_old, askReplication)};
    step.commands.back().keepsAs = "written";
    step.commands.back().takes = "master_repl_offset";
    step.verifications = {redis(m_new, askReplication, "INFO role=slave slave_repl_offset>={written}")};
    step.undo = {redis(m_old, "CLIENT UNPAUSE")};
    step.exchanges = 2;
}

void GroupWriting::refuseWrites()
{
    Step &step = add(StepKind::RefuseWrites, {m_old}, seconds(1), true);
    step.commands = {redis(m_old, "CONFIG SET min-replicas-to-write " + std::to_string(refusingReplicas)), redis(m_old, quietPings)};
    if (m_act == Act::Switchover) {
        step.commands.push_back(redis(m_old, askReplication));
        step.commands.back().keepsAs = "final"; // after the refusal: nothing that is acknowledged comes behind it
        step.commands.back().takes = "master_repl_offset";
    }
    step.verifications = {redis(m_old, "CONFIG GET min-replicas-to-write", "INFO min-replicas-to-write=" + std::to_string(refusingReplicas))};
    if (m_act == Act::Failover && !m_sight.isFresh(m_old)) { // dead when this was planned, it may be back by now, or once this is taken up again
        step.mayBeLeft = true;
        step.deadline = base::milliseconds(300);
    }
    step.undo = restoring(m_old);
    step.exchanges = 1;
}

void GroupWriting::cutLinks()
{
    Step &step = add(StepKind::CutLinks, reachable(), seconds(2), true);
    for (const ServerId &id : step.targets) {
        step.commands.push_back(redis(id, nowhere));
        step.verifications.push_back(redis(id, askReplication, "INFO role=slave master_link_status=down"));
        step.undo.push_back(redis(id, following(id, m_old)));
    }
}

void GroupWriting::compareOffsets()
{
    Step &step = add(StepKind::CompareOffsets, {m_new}, seconds(2), true);
    step.commands = {redis(m_new, askReplication)};
    step.commands.back().keepsAs = "final";
    step.commands.back().takes = "slave_repl_offset";
    const facts::RedisSample *own = m_sight.last(m_new);
    for (const ServerId &id : reachable()) {
        const facts::RedisSample *other = m_sight.last(id);
        // One of another history is further along on another way: it cannot be compared, and takes a full copy.
        if (id != m_new && own && other && other->replicationId == own->replicationId)
            step.verifications.push_back(redis(id, askReplication, "INFO role=slave slave_repl_offset<={final}"));
    }
}

void GroupWriting::promote()
{
    Step &step = add(StepKind::Promote, {m_new}, seconds(5), true);
    step.isPointOfNoReturn = true;
    step.preconditions = {redis(m_new, askReplication, "INFO role=slave slave_repl_offset>={final}")};
    if (m_act == Act::Switchover)
        step.preconditions.insert(step.preconditions.begin(), redis(m_old, "CONFIG GET min-replicas-to-write", "INFO min-replicas-to-write=" + std::to_string(refusingReplicas)));
    step.commands = {redis(m_new, "REPLICAOF NO ONE")};
    step.verifications = {redis(m_new, askReplication, "INFO role=master")};
    step.exchanges = 3; // the last look leaves with the promotion
}

void GroupWriting::raiseTerm()
{
    const auto term = m_sight.term();
    const bool keepsTerm = !m_sight.group().termKey.empty();
    Step &step = add(keepsTerm ? StepKind::RaiseTerm : StepKind::WriteMarker, {m_new}, seconds(2), true);
    if (keepsTerm) {
        step.detail = std::to_string(term.value_or(0) + 1);
        step.commands.push_back(redis(m_new, "SET " + m_sight.group().termKey + " " + step.detail));
    }
    step.commands.push_back(redis(m_new, std::string("SET ") + markerKey + " {token} EX 86400"));
    step.verifications = {redis(m_new, std::string("GET ") + markerKey, "{token}")};
    // Started again before all stable addresses lead to it, it must take no writes: an old primary that is started again, too, does.
    if (staysShut()) {
        step.commands.insert(step.commands.begin(), takingWrites(m_new)); // as it does, unless this is repeated
        step.commands.push_back(redis(m_new, "CONFIG SET min-replicas-to-write " + std::to_string(refusingReplicas)));
        step.verifications.push_back(redis(m_new, "CONFIG GET min-replicas-to-write", "INFO min-replicas-to-write=" + std::to_string(refusingReplicas)));
    }
    // Before anything leads to it: started again, it would else follow the old primary and lose what it acknowledged. Written whenever it is
    // looked at, so that no lost answer leaves it out, and ahead of the looks, which leave with it.
    if (keepsRole(m_new))
        step.verifications.insert(step.verifications.begin(), redis(m_new, keepIt, "OK"));
    step.exchanges = 1;
}

void GroupWriting::takeWrites()
{
    if (!staysShut())
        return;
    Step &step = add(StepKind::TakeWrites, {m_new}, seconds(2), true);
    step.commands = {takingWrites(m_new)};
    step.verifications = {seenTakingWrites(m_new)};
    step.exchanges = 1;
}

void GroupWriting::pointStables()
{
    if (m_sight.group().stableAddress.empty())
        return;
    Step &step = add(StepKind::PointStables, {}, seconds(3), true);
    step.detail = m_new.text();
    for (const auto &[region, endpoint] : m_sight.group().stableAddress) {
        step.targets.push_back(stableId(m_sight.group().name, region));
        step.commands.push_back(stable(region, HostAct::PointStable));
        step.commands.back().expects = "INFO role=master marker={token}";
    }
    step.exchanges = 2;
}

/// Once all lead to it: started again it takes writes.
void GroupWriting::keepOpen()
{
    if (!staysShut())
        return;
    Step &step = add(StepKind::KeepRoles, {m_new}, seconds(2), false);
    step.mayBeLeft = true;
    step.commands = {takingWrites(m_new)}; // as it does, unless it was started again since
    step.verifications = {redis(m_new, keepIt, "OK"), seenTakingWrites(m_new)};
}

void GroupWriting::demoteOld()
{
    Step &step = add(StepKind::DemoteOld, {m_old}, seconds(5), false);
    step.detail = m_new.text();
    step.mayBeLeft = true; // its region's guard does the same when it comes back
    // Its settings come back only where it is seen to be a replica: until then they are what holds it.
    step.commands = {redis(m_old, following(m_old, m_new))};
    if (keepsRole(m_old)) // leaves with the command ahead of it: no term comes to a server whose file still makes it a primary
        step.commands.push_back(redis(m_old, keepIt));
    step.commands.push_back(redis(m_old, askReplication, "INFO role=slave"));
    for (Command &command : restoring(m_old))
        step.commands.push_back(std::move(command));
    step.commands.push_back(redis(m_old, "CLIENT UNPAUSE"));
    step.commands.push_back(redis(m_old, "CLIENT KILL TYPE normal SKIPME yes"));
    step.verifications = {seenTakingWrites(m_old)};
    if (keepsRole(m_old)) // and again: started anew it would refuse writes, and be no candidate, by what its file held until here
        step.verifications.push_back(redis(m_old, keepIt, "OK"));
    step.verifications.push_back(linked(m_old));
}

void GroupWriting::followAll()
{
    const std::vector<ServerId> others = m_sight.othersThan(m_new);
    if (others.empty())
        return;
    Step &step = add(StepKind::Follow, others, seconds(10), false);
    step.mayBeLeft = true;
    for (const ServerId &id : others) {
        step.commands.push_back(redis(id, following(id, m_new)));
        if (keepsRole(id)) // with the command ahead of it: whoever is started again follows whom it followed
            step.commands.push_back(redis(id, keepIt));
        step.verifications.push_back(linked(id));
    }
}

void GroupWriting::seeFollowers()
{
    std::vector<ServerId> members = m_sight.othersThan(m_new);
    members.push_back(m_old);
    Step &step = add(StepKind::SeeFollowers, members, seconds(10), false);
    step.mayBeLeft = true;
    for (const ServerId &id : members)
        step.verifications.push_back(redis(id, std::string("GET ") + markerKey, "{token}"));
}

void GroupWriting::proveKeeping()
{
    if (!keepsRole(m_new))
        return;
    Step &step = add(StepKind::KeepRoles, {m_new}, seconds(2), false);
    step.commands = {redis(m_new, keepIt, "OK")}; // as it is already: there is nothing to take back
}

/// One that was started without a file has its role from whoever starts it.
bool GroupWriting::keepsRole(const ServerId &id) const
{
    return !m_sight.setting(id, "config_file").value_or(std::string()).empty();
}

/// Whether the new primary's file lets it refuse writes until the stable addresses lead to it. Sentinels write files of their own.
bool GroupWriting::staysShut() const
{
    return keepsRole(m_new) && !m_sight.isManaged() && !m_sight.group().stableAddress.empty();
}

Command GroupWriting::takingWrites(const ServerId &on) const
{
    return redis(on, "CONFIG SET min-replicas-to-write " + std::to_string(m_sight.settingNumber(on, "min-replicas-to-write", 0)));
}

Command GroupWriting::seenTakingWrites(const ServerId &on) const
{
    return redis(on, "CONFIG GET min-replicas-to-write", "INFO min-replicas-to-write=" + std::to_string(m_sight.settingNumber(on, "min-replicas-to-write", 0)));
}

void GroupWriting::recordTerm()
{
    const auto &directory = m_sight.fleet().directory;
    const fleet::Cluster *cluster = directory ? m_sight.fleet().cluster(directory->cluster) : nullptr;
    const facts::ClusterFacts *facts = cluster ? m_sight.snapshot().cluster(cluster->name) : nullptr;
    if (m_sight.group().termKey.empty() || !facts || !facts->primary)
        return;
    Step &step = add(StepKind::RecordTerm, {*facts->primary}, seconds(2), false);
    step.mayBeLeft = true;
    step.detail = std::to_string(m_sight.term().value_or(0) + 1);
    const std::string table = identifier(directory->schema) + ".terms";
    Command record;
    record.on = *facts->primary;
    record.database = directory->database;
    const std::string subject = literal(m_sight.group().name.text());
    record.text = "INSERT INTO " + table + " AS t (kind, subject, term, raised_by) VALUES ('redis_group', " + subject + ", " + step.detail +
                  ", '{operation}') ON CONFLICT (kind, subject) DO UPDATE SET term = excluded.term, raised_at = now(), raised_by = excluded.raised_by WHERE t.term < excluded.term";
    Command check = record;
    check.text = "SELECT term FROM " + table + " WHERE kind = 'redis_group' AND subject = " + subject;
    check.expects = step.detail;
    step.commands = {std::move(record)};
    step.verifications = {std::move(check)};
}

} // namespace shardlens::operate
