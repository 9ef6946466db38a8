// SPDX-License-Identifier: GPL-3.0-or-later
// A standby gets its data anew. It goes on with the old ones while they are copied, and they are kept until it streams with the new.
// Likewise an old primary that a rewind did not bring back; that one is stopped meanwhile.
#include "core/facts/derive/Settings.h"
#include "core/operate/Unguarded.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;

constexpr std::chrono::hours copyPatience{12};

/// The log since the copy began is kept by a slot of its own: the standby, that still runs, moves its own one on.
std::string copySlotOf(const fleet::Fleet &fleet, const ServerId &on)
{
    return facts::derive::replicationName(fleet, on) + "_copy";
}

std::string createSlot(const std::string &slot)
{
    return "SELECT pg_create_physical_replication_slot(" + literal(slot) +
           ", true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = " + literal(slot) + ")";
}

/// A slot from where the copy's one began: the log that old and new data need to catch up is kept on.
std::string beginSlotAtCopy(const std::string &slot, const std::string &copySlot)
{
    return "SELECT pg_copy_physical_replication_slot(slot_name, " + literal(slot) + ") FROM pg_replication_slots WHERE slot_name = " + literal(copySlot) +
           " AND NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = " + literal(slot) + ")";
}

/// Refused while the copy's sender has not seen yet that it ended: whoever drops it tries again.
std::string dropEndedSlot(const std::string &slot)
{
    return "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = " + literal(slot);
}

std::string dropIdleSlot(const std::string &slot)
{
    return "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = " + literal(slot) + " AND NOT active";
}

} // namespace

ServerId whoTellsConnection(const Sight &sight, const ServerId &on)
{
    const auto tells = [&](const ServerId &id) {
        const facts::PostgresSample *sample = sight.fresh(id);
        return sample && sample->inRecovery;
    };
    if (tells(on))
        return on;
    const auto &members = sight.cluster().servers;
    const auto found = std::find_if(members.begin(), members.end(), tells);
    return found == members.end() ? ServerId() : *found;
}

void Writing::rebuild(const ServerId &on, const ServerId &from)
{
    const ServerId teller = whoTellsConnection(m_sight, on);
    const std::string there = "{conninfo of " + teller.text() + " with " + addressText(m_sight.fleet(), from, m_sight.regionOf(on)) + " application_name=";
    const std::string connection = there + applicationNameOf(m_sight.fleet(), on) + "}";
    copyData(on, from, there + "shardlens_copy}"); // under its own name a copy would be taken for the standby, also by synchronous_standby_names
    Step &copies = m_steps.back();
    copies.commands.insert(copies.commands.begin(), sql(teller, "SELECT current_setting('primary_conninfo')"));
    copies.commands.front().keepsAs = "conninfo of " + teller.text();
    stopStandby(on);
    exchangeData(on, from, connection);
    dropReplaced(on, from);
}

/// In place of the rejoining, should that be left: as a rebuilding, but that there is nothing that could go on with the old data,
/// and nothing to go back to. Whoever streams already, and only needs longer, is left to that.
void Writing::copyOld()
{
    const auto rejoin = std::find_if(m_steps.begin(), m_steps.end(), [](const Step &step) { return step.kind == StepKind::RejoinOld; });
    const fleet::Host *machine = m_sight.fleet().hostOf(m_old);
    const bool canCopy = machine && machine->reach.way == fleet::HostReach::Way::Local && !isUnguarded(m_sight.fleet(), m_old);
    // Where a region or host is left, the next moves wait for this one: nobody waits for a copy there.
    if (rejoin == m_steps.end() || !canCopy || !m_shuns.empty())
        return;
    const int insteadOf = rejoin->number;
    const std::size_t first = m_steps.size();
    const std::string there = "{conninfo of " + m_new.text() + " with " + addressText(m_sight.fleet(), m_new, m_sight.regionOf(m_old)) + " application_name=";
    const std::string connection = there + applicationNameOf(m_sight.fleet(), m_old) + "}";
    holdOld(connection);
    copyData(m_old, m_new, there + "shardlens_copy}");
    const std::string slot = copySlotOf(m_sight.fleet(), m_old);
    m_steps.back().preconditions.clear();
    m_steps.back().undo.back() = sql(m_new, dropEndedSlot(slot));
    const std::vector<Command> clears = m_steps.back().undo;
    exchangeData(m_old, m_new, connection);
    Step &exchange = m_steps.back();
    exchange.preconditions.clear();
    exchange.commands.insert(exchange.commands.begin(), host(m_old, onData(HostAct::Stop, m_old)));
    exchange.verifications.insert(exchange.verifications.begin() + 1, sql(m_old, "SHOW default_transaction_read_only", "off"));
    exchange.undo = clears;
    dropReplaced(m_old, m_new);
    for (std::size_t i = first; i < m_steps.size(); ++i) {
        m_steps[i].insteadOf = insteadOf;
        m_steps[i].mayBeLeft = true;
    }
}

/// A rewind that broke off leaves data that would come up as a primary's.
void Writing::holdOld(const std::string &connection)
{
    Step &step = add(StepKind::HoldOld, {m_old}, std::chrono::seconds(30), false);
    step.preconditions = {sql(m_new,
                              "SELECT count(*) FROM pg_stat_replication WHERE application_name = " + literal(applicationNameOf(m_sight.fleet(), m_old)) +
                                  " AND backend_start < clock_timestamp() - interval '3 s'",
                              "0")};
    step.commands = {sql(m_new, "SELECT current_setting('primary_conninfo')"), host(m_old, onData(HostAct::Stop, m_old))};
    step.commands.front().keepsAs = "conninfo of " + m_new.text();
    HostDeed standby = onData(HostAct::MakeStandby, m_old);
    standby.connection = connection;
    standby.slot = facts::derive::replicationName(m_sight.fleet(), m_old);
    step.commands.push_back(host(m_old, std::move(standby)));
    step.verifications = {host(m_old, onData(HostAct::AskStopped, m_old))};
    step.verifications.back().expects = "stopped";
    step.exchanges = 4;
}

void Writing::copyData(const ServerId &on, const ServerId &from, const std::string &connection)
{
    Step &step = add(StepKind::CopyData, {on}, copyPatience, false);
    step.detail = from.text();
    if (m_sight.isFresh(on))
        step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", "t")};
    const std::string slot = copySlotOf(m_sight.fleet(), on);
    HostDeed begin = onData(HostAct::BeginCopy, on);
    begin.connection = connection;
    begin.slot = slot;
    step.commands = {sql(from, createSlot(slot)), host(on, std::move(begin))};
    step.verifications = {host(on, onData(HostAct::AskCopied, on))};
    step.verifications.back().expects = "copied";
    step.undo = {host(on, onData(HostAct::EndCopy, on)), sql(from, dropIdleSlot(slot))};
    step.exchanges = 4;
}

void Writing::stopStandby(const ServerId &on)
{
    Step &step = add(StepKind::StopStandby, {on}, std::chrono::seconds(60), false);
    // Seen again at the last moment: whatever is copied by now, a primary is never stopped by this.
    if (m_sight.isFresh(on))
        step.preconditions = {sql(on, "SELECT pg_is_in_recovery()", "t")};
    step.commands = {host(on, onData(HostAct::Stop, on))};
    step.verifications = {host(on, onData(HostAct::AskStopped, on))};
    step.verifications.back().expects = "stopped";
    if (m_sight.isFresh(on))
        step.undo = {host(on, onData(HostAct::Start, on))};
}

void Writing::exchangeData(const ServerId &on, const ServerId &from, const std::string &connection)
{
    Step &step = add(StepKind::ExchangeData, {on}, std::chrono::minutes(10), false);
    step.detail = from.text();
    const std::string slot = facts::derive::replicationName(m_sight.fleet(), on);
    step.preconditions = {host(on, onData(HostAct::AskStopped, on))};
    step.preconditions.back().expects = "stopped";
    HostDeed standby = onData(HostAct::MakeStandby, on);
    standby.connection = connection;
    standby.slot = slot;
    // The slot may be one that lost what it kept: such a one is of no use any more.
    const Command dropsSlot = sql(from, dropIdleSlot(slot));
    const Command beginsSlot = sql(from, beginSlotAtCopy(slot, copySlotOf(m_sight.fleet(), on)));
    step.commands = {host(on, onData(HostAct::TakeCopy, on)), host(on, std::move(standby)), dropsSlot, beginsSlot, host(on, onData(HostAct::Start, on))};
    step.verifications = {sql(on, "SELECT pg_is_in_recovery()", "t"),
                          sql(from,
                              "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = " +
                                  literal(applicationNameOf(m_sight.fleet(), on)),
                              "1")};
    step.undo = {host(on, onData(HostAct::Stop, on)), host(on, onData(HostAct::ReturnData, on)), dropsSlot, beginsSlot};
    step.exchanges = 6;
}

void Writing::dropReplaced(const ServerId &on, const ServerId &from)
{
    Step &step = add(StepKind::DropReplaced, {on}, std::chrono::minutes(10), false);
    const std::string slot = copySlotOf(m_sight.fleet(), on);
    step.commands = {host(on, onData(HostAct::DropReplaced, on)), sql(from, dropIdleSlot(slot))};
    step.verifications = {sql(from, "SELECT count(*) FROM pg_replication_slots WHERE slot_name = " + literal(slot), "0")};
    step.mayBeLeft = true;
}

} // namespace shardlens::operate
