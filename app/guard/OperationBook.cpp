// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/OperationBook.h"

#include "app/guard/StateFile.h"
#include "core/base/Json.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Result;
using clients::GuardAnnouncement;
using clients::GuardOperation;
using clients::GuardReply;
using State = OperationReport::State;

namespace
{

bool isUnderWay(State state)
{
    return state == State::Running || state == State::TakingOver || state == State::Waiting;
}

GuardReply refusal(const std::string &why, std::int64_t number, std::int64_t term)
{
    GuardReply reply;
    reply.refused = why;
    reply.newest = clients::GuardOrders::Newest{number, term};
    return reply;
}

nlohmann::json kept(const GuardAnnouncement &told)
{
    return {{"operation", told.of.operation}, {"number", told.of.number},  {"act", operate::name(told.act)},
            {"told_term", told.term},         {"from", told.from.text()},  {"to", told.to.text()},
            {"on", told.on.text()},           {"database", told.database}, {"restores", told.restores}, {"hold_ms", told.hold.count()}};
}

GuardAnnouncement announcementOf(const std::string &cluster, const nlohmann::json &from)
{
    GuardAnnouncement told;
    told.of = {base::ClusterName(cluster), from.value("operation", std::string()), from.value("number", std::int64_t(0))};
    told.act = operate::actNamed(from.value("act", std::string())).value_or(operate::Act::Switchover);
    told.term = from.value("told_term", std::int64_t(0));
    told.from = base::ServerId(from.value("from", std::string()));
    told.to = base::ServerId(from.value("to", std::string()));
    told.on = base::ServerId(from.value("on", std::string()));
    told.database = from.value("database", std::string());
    told.restores = from.value("restores", std::string());
    told.hold = base::milliseconds(from.value("hold_ms", std::int64_t(5000)));
    return told;
}

} // namespace

OperationBook::OperationBook(std::filesystem::path state, Report &report) : m_file(state.empty() ? state : state / "operations.json"), m_report(report) {}

Result<void> OperationBook::load()
{
    const std::scoped_lock lock(m_mutex);
    const auto text = m_file.empty() ? std::optional<std::string>() : readState(m_file);
    if (!text)
        return {};
    const auto document = base::readJson(*text);
    if (!document.is_object())
        return base::fail(ErrorCode::Protocol, m_file.string() + " cannot be read; without it this guard would obey older operations again");
    try { // a field of another type than ever was written
        for (const auto &[cluster, from] : document.items()) {
            Entry entry;
            entry.told = announcementOf(cluster, from);
            entry.term = from.value("term", entry.told.term);
            entry.termBefore = from.value("term_before", entry.term);
            entry.isFenced = from.value("fenced", false);
            entry.since = utcNow();
            entry.heardAt = std::chrono::steady_clock::now();
            const auto state = operationStateNamed(from.value("state", std::string())).value_or(State::Running);
            turn(entry, isUnderWay(state) ? State::Running : state, from.value("said", std::string()));
            m_entries[entry.told.of.cluster] = std::move(entry);
        }
    } catch (const nlohmann::json::exception &error) {
        return base::fail(ErrorCode::Protocol, m_file.string() + ": " + error.what());
    }
    return {};
}

Result<void> OperationBook::save() const
{
    if (m_file.empty())
        return {};
    nlohmann::json document = nlohmann::json::object();
    for (const auto &[cluster, entry] : m_entries) {
        nlohmann::json &out = document[cluster.text()] = kept(entry.told);
        out["term"] = entry.term;
        out["term_before"] = entry.termBefore;
        out["state"] = name(entry.state);
        out["said"] = entry.said;
        out["fenced"] = entry.isFenced;
    }
    return writeState(m_file, base::jsonText(document, 1) + "\n");
}

void OperationBook::turn(Entry &entry, State state, const std::string &said)
{
    if (entry.state != state || entry.since == base::UtcTime{})
        entry.since = utcNow();
    entry.state = state;
    entry.said = said;
    m_report.setOperation(entry.told.of.cluster, {entry.told.of.operation, entry.told.of.number, entry.term, state, entry.since, said});
}

std::optional<GuardReply> OperationBook::announce(const GuardAnnouncement &told, base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(told.of.cluster);
    Entry entry;
    if (found != m_entries.end()) {
        entry = found->second;
        const auto older = [&](const std::string &why) { return refusal(why, entry.told.of.number, entry.term); };
        const std::string newest = "operation " + entry.told.of.operation + " (number " + std::to_string(entry.told.of.number) + ")";
        if (told.of.number < entry.told.of.number || (told.of.number == entry.told.of.number && told.of.operation != entry.told.of.operation))
            return older("this guard was told of " + newest + ", which is not older");
        if (told.term != 0 && told.term < entry.term)
            return older("this guard was told of term " + std::to_string(entry.term) + " by " + newest);
        if (told.of.number == entry.told.of.number && entry.state != State::Running)
            return older(newest + " is over here: " + entry.said + "; go on under a higher number");
    }
    entry.isFenced = entry.isFenced && entry.told.of.operation == told.of.operation; // taken up again, it goes on with what it stopped
    if (entry.told.of.operation != told.of.operation)
        entry.termBefore = entry.term;
    entry.told = told;
    entry.term = std::max(entry.term, told.term);
    entry.heardAt = now;
    entry.isHeard = true;
    entry.since = {};
    std::optional<Entry> before = found != m_entries.end() ? std::optional(found->second) : std::nullopt;
    Entry &placed = m_entries[told.of.cluster] = entry;
    if (const auto saved = save(); !saved) {
        if (before)
            m_entries[told.of.cluster] = *before;
        else
            m_entries.erase(told.of.cluster);
        GuardReply reply;
        reply.refused = saved.error().message;
        reply.code = saved.error().code;
        return reply;
    }
    turn(placed, State::Running, {});
    return std::nullopt;
}

std::optional<GuardReply> OperationBook::whyNot(const GuardOperation &of) const
{
    const auto found = m_entries.find(of.cluster);
    if (found == m_entries.end() || of.number > found->second.told.of.number)
        return refusal("operation " + of.operation + " was not announced to this guard", found == m_entries.end() ? 0 : found->second.told.of.number, found == m_entries.end() ? 0 : found->second.term);
    const Entry &entry = found->second;
    if (entry.told.of != of)
        return refusal("this guard was told of operation " + entry.told.of.operation + " (number " + std::to_string(entry.told.of.number) + "), which is newer", entry.told.of.number, entry.term);
    if (entry.state != State::Running)
        return refusal("operation " + of.operation + " is over here: " + (entry.said.empty() ? std::string(name(entry.state)) : entry.said), entry.told.of.number, entry.term);
    return std::nullopt;
}

std::optional<GuardReply> OperationBook::hear(const GuardOperation &of, base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    auto why = whyNot(of);
    if (!why) {
        m_entries[of.cluster].heardAt = now;
        m_entries[of.cluster].isHeard = true;
    }
    return why;
}

std::optional<GuardReply> OperationBook::begin(const GuardOperation &of, base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    auto why = whyNot(of);
    if (!why) {
        m_entries[of.cluster].heardAt = now;
        m_entries[of.cluster].isHeard = true;
        ++m_entries[of.cluster].busy;
    }
    return why;
}

void OperationBook::end(const GuardOperation &of, base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(of.cluster);
    if (found == m_entries.end())
        return;
    found->second.busy = std::max(0, found->second.busy - 1); // also of one that another has replaced meanwhile
    if (found->second.told.of == of)
        found->second.heardAt = now;
}

std::optional<GuardReply> OperationBook::release(const GuardOperation &of, std::int64_t termInForce)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_entries.find(of.cluster); found != m_entries.end() && found->second.told.of == of && found->second.state == State::Released)
        return std::nullopt;
    if (auto why = whyNot(of))
        return why;
    Entry &entry = m_entries[of.cluster];
    if (termInForce > 0 && termInForce < entry.term)
        entry.term = std::max(termInForce, entry.termBefore);
    turn(entry, State::Released, "released");
    (void)save(); // lost, the deadline passes once more and nothing is found that has to be done
    return std::nullopt;
}

void OperationBook::settleTerm(const base::ClusterName &cluster, std::int64_t termInForce)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(cluster);
    if (found == m_entries.end() || found->second.term <= termInForce)
        return;
    found->second.term = found->second.termBefore = termInForce;
    (void)save(); // lost, the members are asked once more
}

bool OperationBook::isHeld(const base::ClusterName &cluster) const
{
    return holder(cluster).has_value();
}

std::optional<std::string> OperationBook::holder(const base::ClusterName &cluster) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(cluster);
    return found != m_entries.end() && isUnderWay(found->second.state) ? std::optional(found->second.told.of.operation) : std::nullopt;
}

std::string OperationBook::restores(const base::ClusterName &group, const base::ServerId &server) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(group);
    return found != m_entries.end() && found->second.told.from == server ? found->second.told.restores : std::string();
}

bool OperationBook::isFenced(const base::ClusterName &cluster, const base::ServerId &server) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(cluster);
    if (found == m_entries.end())
        return false;
    const Entry &entry = found->second;
    return entry.isFenced && entry.isHeard && entry.state == State::Running && entry.told.from == server;
}

void OperationBook::noteFence(const GuardOperation &of, const base::ServerId &stopped)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(of.cluster);
    if (found == m_entries.end() || found->second.told.of != of || found->second.told.act != operate::Act::Failover || found->second.told.from != stopped)
        return;
    if (!std::exchange(found->second.isFenced, true))
        (void)save(); // lost with the guard, it is spared as before until the failover is over
}

std::int64_t OperationBook::newestTerm(const base::ClusterName &cluster) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(cluster);
    return found == m_entries.end() ? 0 : found->second.term;
}

std::vector<GuardAnnouncement> OperationBook::overdue(base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    std::vector<GuardAnnouncement> late;
    for (auto &[cluster, entry] : m_entries) {
        if (entry.state != State::Running || entry.busy > 0 || now - entry.heardAt <= entry.told.hold)
            continue;
        turn(entry, State::TakingOver, "nothing was heard for " + std::to_string(entry.told.hold.count()) + " ms");
        late.push_back(entry.told);
    }
    if (!late.empty())
        (void)save();
    return late;
}

bool OperationBook::isTakingOver(const GuardOperation &of) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(of.cluster);
    return found != m_entries.end() && found->second.told.of == of && (found->second.state == State::TakingOver || found->second.state == State::Waiting);
}

void OperationBook::note(const GuardOperation &of, State state, const std::string &said)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(of.cluster);
    if (found == m_entries.end() || found->second.told.of != of)
        return;
    const bool isNew = found->second.state != state;
    turn(found->second, state, said);
    if (isNew)
        (void)save();
}

} // namespace shardlens::guard
