// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PostgresPollParse.h"

#include "core/base/Json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace shardlens::clients {

namespace {

using facts::Known;
using facts::unknown;
using facts::WhyUnknown;
using nlohmann::json;

using Field = std::optional<std::string_view>;

const char *const monitorGrant = "pg_monitor";

template <class Number>
std::optional<Number> numberOf(const Field &field, int base = 10)
{
    if (!field)
        return std::nullopt;
    Number value{};
    const auto end = field->data() + field->size();
    const auto read = std::from_chars(field->data(), end, value, base);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

base::UtcTime utc(std::int64_t micros)
{
    return base::UtcTime(base::microseconds(micros));
}

Known<base::UtcTime> timeOf(const Field &field)
{
    const auto number = numberOf<std::int64_t>(field);
    if (!number)
        return unknown(WhyUnknown::NoValue);
    return utc(*number);
}

Known<base::Lsn> lsnOf(const Field &field, const char *notHere)
{
    if (!field)
        return notHere == nullptr ? unknown(WhyUnknown::NoValue) : unknown(WhyUnknown::NotSupported, notHere);
    if (const auto lsn = base::Lsn::parse(*field))
        return *lsn;
    return unknown(WhyUnknown::Unreadable, std::string(*field));
}

// The members of JSON arrays below. A NULL where rights are missing means "may not"; else it means "has none".
struct JsonRow {
    const json &row;
    WhyUnknown whyNull = WhyUnknown::NoValue;

    [[nodiscard]] tl::unexpected<facts::Unknown> none() const
    {
        return unknown(whyNull, whyNull == WhyUnknown::NoRights ? monitorGrant : "");
    }
    [[nodiscard]] std::string text(std::size_t i) const { return row.at(i).is_string() ? row.at(i).get<std::string>() : std::string(); }
    [[nodiscard]] std::int64_t number(std::size_t i) const { return row.at(i).is_number() ? row.at(i).get<std::int64_t>() : 0; }
    [[nodiscard]] std::int32_t count(std::size_t i) const { return static_cast<std::int32_t>(number(i)); }
    [[nodiscard]] bool flag(std::size_t i) const { return row.at(i).is_boolean() && row.at(i).get<bool>(); }
    [[nodiscard]] Known<base::Lsn> lsn(std::size_t i) const
    {
        if (!row.at(i).is_string())
            return none();
        if (const auto lsn = base::Lsn::parse(row.at(i).get<std::string>()))
            return *lsn;
        return unknown(WhyUnknown::Unreadable, row.at(i).get<std::string>());
    }
    [[nodiscard]] Known<base::microseconds> span(std::size_t i) const
    {
        if (!row.at(i).is_number())
            return none();
        return base::microseconds(number(i));
    }
    [[nodiscard]] Known<base::UtcTime> time(std::size_t i) const
    {
        if (!row.at(i).is_number())
            return none();
        return utc(number(i));
    }
};

json jsonOf(const Field &field)
{
    return field ? base::parseJson(*field) : json();
}

std::vector<facts::SenderRow> sendersOf(const json &rows, bool monitor)
{
    std::vector<facts::SenderRow> senders;
    for (const auto &one : rows) {
        const JsonRow row{one, monitor ? WhyUnknown::NoValue : WhyUnknown::NoRights};
        facts::SenderRow sender;
        sender.pid = row.count(0);
        sender.applicationName = row.text(1);
        sender.state = row.text(2);
        sender.syncState = row.text(3);
        sender.sent = row.lsn(4);
        sender.written = row.lsn(5);
        sender.flushed = row.lsn(6);
        sender.replayed = row.lsn(7);
        sender.writeLag = row.span(8);
        sender.flushLag = row.span(9);
        sender.replayLag = row.span(10);
        sender.replyTime = row.time(11);
        senders.push_back(std::move(sender));
    }
    std::sort(senders.begin(), senders.end(), [](const auto &a, const auto &b) {
        return std::pair(a.applicationName, a.pid) < std::pair(b.applicationName, b.pid);
    });
    return senders;
}

Known<std::optional<facts::ReceiverRow>> receiverOf(const json &one, bool monitor)
{
    if (one.is_null())
        return std::optional<facts::ReceiverRow>();
    // Without the right a receiver shows as a row of NULLs.
    if (!monitor)
        return unknown(WhyUnknown::NoRights, monitorGrant);
    const JsonRow row{one};
    facts::ReceiverRow receiver;
    receiver.status = row.text(0);
    receiver.slotName = row.text(1);
    receiver.senderHost = row.text(2);
    receiver.senderPort = row.count(3);
    if (one.at(4).is_number())
        receiver.receivedTimeline = row.count(4);
    else
        receiver.receivedTimeline = unknown(WhyUnknown::NoValue);
    receiver.flushed = row.lsn(5);
    receiver.latestEnd = row.lsn(6);
    receiver.lastMessageSent = row.time(7);
    receiver.lastMessageReceived = row.time(8);
    receiver.lastMessageAge = row.span(9);
    return std::optional(receiver);
}

std::vector<facts::SlotRow> slotsOf(const json &rows, const facts::PostgresSample &sample)
{
    std::vector<facts::SlotRow> slots;
    const auto &newest = sample.inRecovery ? sample.replayed : sample.current;
    for (const auto &one : rows) {
        const JsonRow row{one};
        facts::SlotRow slot;
        slot.name = row.text(0);
        slot.physical = row.text(1) == "physical";
        slot.active = row.flag(2);
        slot.walStatus = row.text(3);
        slot.restartLsn = row.lsn(4);
        if (slot.restartLsn && newest)
            slot.retained = base::bytesBehind(*newest, *slot.restartLsn);
        else
            slot.retained = unknown(WhyUnknown::NoValue);
        if (one.at(5).is_number())
            slot.safeSize = base::Bytes{row.number(5)};
        else
            slot.safeSize = unknown(WhyUnknown::NoValue);
        slots.push_back(std::move(slot));
    }
    std::sort(slots.begin(), slots.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
    return slots;
}

void readConnections(const json &one, bool monitor, facts::PostgresSample &sample)
{
    if (!monitor || one.is_null()) {
        sample.connections = unknown(WhyUnknown::NoRights, monitorGrant);
        sample.longestTransaction = unknown(WhyUnknown::NoRights, monitorGrant);
        sample.longestIdleInTransaction = sample.longestLockWait = sample.longestSyncWait = sample.longestTransaction;
        sample.oldestXminAge = unknown(WhyUnknown::NoRights, monitorGrant);
        return;
    }
    const JsonRow row{one};
    sample.connections = facts::ConnectionCounts{row.count(0), row.count(1), row.count(2), row.count(3), row.count(4), row.count(5), row.count(6), row.count(8)};
    sample.longestTransaction = row.span(7);
    sample.longestIdleInTransaction = row.span(9);
    sample.longestLockWait = row.span(10);
    sample.longestSyncWait = row.span(11);
    if (one.at(12).is_number())
        sample.oldestXminAge = row.number(12);
    else
        sample.oldestXminAge = row.none();
}

Known<facts::Backend> backendOf(const json &one, bool monitor)
{
    if (!monitor)
        return unknown(WhyUnknown::NoRights, monitorGrant);
    if (one.is_null())
        return unknown(WhyUnknown::NoValue);
    const JsonRow row{one};
    return facts::Backend{row.count(0), row.text(1), row.text(2), base::microseconds(row.number(3))};
}

facts::PostgresCounters countersOf(const json &one)
{
    const JsonRow row{one};
    return {row.number(0), row.number(1), row.number(2), row.number(3), row.number(4), row.number(5), row.number(6), row.number(7)};
}

// A standby has no timeline of its own: it follows the newest that it received, else the one it must reach, else the
// one of its last restart point.
Known<std::int32_t> timelineOf(const Field &walFile, const json &control, const facts::PostgresSample &sample)
{
    if (const auto own = numberOf<std::int32_t>(walFile, 16))
        return *own;
    std::int32_t newest = 0;
    if (sample.receiver && *sample.receiver && (*sample.receiver)->receivedTimeline)
        newest = *(*sample.receiver)->receivedTimeline;
    if (control.is_array()) {
        const JsonRow row{control};
        newest = std::max({newest, row.count(0), row.count(1)});
    }
    if (newest == 0)
        return unknown(WhyUnknown::NoValue);
    return newest;
}

tl::unexpected<facts::Unknown> whyNoTable(TableState state, const char *name)
{
    switch (state) {
    case TableState::NotDeclared: return unknown(WhyUnknown::NotConfigured, name);
    case TableState::Missing: return unknown(WhyUnknown::NotConfigured, name);
    case TableState::NoRights: return unknown(WhyUnknown::NoRights, name);
    case TableState::OtherColumns: return unknown(WhyUnknown::Unreadable, name);
    case TableState::Readable: return unknown(WhyUnknown::NoValue);
    }
    return unknown(WhyUnknown::NoValue);
}

std::vector<facts::HeartbeatRow> heartbeatsOf(const json &rows)
{
    std::vector<facts::HeartbeatRow> beats;
    for (const auto &one : rows) {
        const JsonRow row{one};
        beats.push_back({base::RegionName(row.text(0)), utc(row.number(1)), row.number(2)});
    }
    std::sort(beats.begin(), beats.end(), [](const auto &a, const auto &b) { return a.region < b.region; });
    return beats;
}

TableState tableState(const PqRows &rows, const char *name, bool declared)
{
    if (!declared)
        return TableState::NotDeclared;
    const auto field = rows.at(0, rows.column(name));
    if (!field)
        return TableState::Missing;
    if (*field == "readable")
        return TableState::Readable;
    return *field == "rights" ? TableState::NoRights : TableState::OtherColumns;
}

Known<std::vector<facts::RoleSetting>> readOnlySettingsOf(const json &move, const PollAbilities &abilities)
{
    if (!abilities.roleSettings)
        return unknown(WhyUnknown::NoRights, "pg_db_role_setting");
    std::vector<facts::RoleSetting> settings;
    for (const json &one : move.at("read_only_settings")) {
        const JsonRow row{one};
        settings.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
    }
    return settings;
}

facts::PostgresSample sampleOf(const PqRows &rows, const PollAbilities &abilities)
{
    const auto at = [&](PollColumn column) { return rows.at(0, static_cast<int>(column)); };
    facts::PostgresSample sample;
    sample.systemIdentifier = numberOf<std::uint64_t>(at(PollColumn::SystemIdentifier)).value_or(0);
    sample.versionNumber = abilities.version;
    sample.inRecovery = at(PollColumn::InRecovery) == "t";
    sample.serverTime = timeOf(at(PollColumn::Now)).value_or(base::UtcTime());
    sample.startedAt = timeOf(at(PollColumn::StartedAt)).value_or(base::UtcTime());
    sample.configLoadedAt = timeOf(at(PollColumn::ConfigLoadedAt));
    sample.current = lsnOf(at(PollColumn::Current), sample.inRecovery ? "standby" : nullptr);
    sample.flushed = lsnOf(at(PollColumn::Flushed), sample.inRecovery ? "standby" : nullptr);
    sample.received = lsnOf(at(PollColumn::Received), sample.inRecovery ? nullptr : "primary");
    sample.replayed = lsnOf(at(PollColumn::Replayed), sample.inRecovery ? nullptr : "primary");
    sample.lastReplayedCommit = timeOf(at(PollColumn::LastReplayedCommit));
    sample.replayPaused = sample.inRecovery && at(PollColumn::PauseState) != "not paused";
    sample.readOnlyByDefault = at(PollColumn::Brake) == "on";
    sample.senders = sendersOf(jsonOf(at(PollColumn::Senders)), abilities.monitor);
    sample.receiver = receiverOf(jsonOf(at(PollColumn::Receiver)), abilities.monitor);
    sample.slots = slotsOf(jsonOf(at(PollColumn::Slots)), sample);
    readConnections(jsonOf(at(PollColumn::Connections)), abilities.monitor, sample);
    sample.counters = countersOf(jsonOf(at(PollColumn::Counters)));
    sample.timeline = timelineOf(at(PollColumn::WalFile), jsonOf(at(PollColumn::ControlTimelines)), sample);
    if (abilities.heartbeat == TableState::Readable)
        sample.heartbeats = heartbeatsOf(jsonOf(at(PollColumn::Heartbeats)));
    else
        sample.heartbeats = whyNoTable(abilities.heartbeat, "heartbeat");
    if (const auto term = numberOf<std::int64_t>(at(PollColumn::Term)))
        sample.term = *term;
    else
        sample.term = whyNoTable(abilities.term, "term");
    sample.oldestTransaction = backendOf(jsonOf(at(PollColumn::OldestTransaction)), abilities.monitor);
    sample.blocker = backendOf(jsonOf(at(PollColumn::Blocker)), abilities.monitor);
    return sample;
}

} // namespace

tl::expected<facts::PostgresSample, base::Error> parsePoll(const PqRows &rows, const PollAbilities &abilities)
{
    if (rows.rowCount() != 1)
        return tl::unexpected(base::Error{base::ErrorCode::Protocol, "the poll answered with " + std::to_string(rows.rowCount()) + " rows", {}, {}, base::Effect::None});
    try {
        return sampleOf(rows, abilities);
    } catch (const json::exception &exception) {
        return tl::unexpected(base::Error{base::ErrorCode::Protocol, exception.what(), {}, {}, base::Effect::None});
    }
}

Known<facts::MoveReading> parseMove(const PqRows &rows, const PollAbilities &abilities, base::Instant readAt)
{
    const Field field = rows.rowCount() == 1 ? rows.at(0, 0) : Field();
    if (!field)
        return unknown(WhyUnknown::Unreadable, "move");
    try {
        const json one = base::parseJson(*field);
        facts::MoveReading move;
        move.readAt = readAt;
        move.preparedTransactions = one.at("prepared").get<std::int32_t>();
        if (one.at("oldest_prepared").is_number())
            move.oldestPrepared = base::microseconds(one.at("oldest_prepared").get<std::int64_t>());
        else
            move.oldestPrepared = unknown(WhyUnknown::NoValue);
        move.baseBackups = one.at("base_backups").get<std::int32_t>();
        move.subscriptions = one.at("subscriptions").get<std::int32_t>();
        move.archiveFailing = one.at("archive_failing").get<bool>();
        if (abilities.archive)
            move.archiveWaiting = one.at("archive_waiting").get<std::int64_t>();
        else
            move.archiveWaiting = unknown(WhyUnknown::NoRights, monitorGrant);
        const auto texts = [&](const char *key) { return one.at(key).is_null() ? std::vector<std::string>() : one.at(key).get<std::vector<std::string>>(); };
        if (abilities.hba)
            move.hbaRules = texts("hba");
        else
            move.hbaRules = unknown(WhyUnknown::NoRights, "pg_hba_file_rules");
        move.readOnlySettings = readOnlySettingsOf(one, abilities);
        move.managers = texts("managers");
        if (const auto raised = one.find("term_raised"); raised != one.end() && raised->is_number())
            move.termRaisedAt = base::UtcTime(base::microseconds(raised->get<std::int64_t>()));
        if (one.contains("lacks")) {
            move.lacks = texts("lacks");
            move.notInstalled = texts("not_installed");
            move.makers = texts("makers");
            move.schemaMakers = texts("schema_makers");
        }
        return move;
    } catch (const json::exception &exception) {
        return unknown(WhyUnknown::Unreadable, exception.what());
    }
}

PollAbilities parseAbilities(const PqRows &rows, int version, bool heartbeatDeclared, bool termDeclared)
{
    PollAbilities abilities;
    abilities.version = version;
    abilities.monitor = rows.at(0, rows.column("monitor")) == "t";
    abilities.hba = rows.at(0, rows.column("hba")) == "t";
    abilities.archive = rows.at(0, rows.column("archive")) == "t";
    abilities.roleSettings = rows.at(0, rows.column("role_settings")) == "t";
    abilities.control = rows.at(0, rows.column("control")) == "t";
    abilities.heartbeat = tableState(rows, "heartbeat", heartbeatDeclared);
    abilities.term = tableState(rows, "term", termDeclared);
    return abilities;
}

} // namespace shardlens::clients
