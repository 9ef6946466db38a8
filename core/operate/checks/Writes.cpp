// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/SqlStatements.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>

namespace shardlens::operate {

namespace {

using base::microseconds;
using base::ServerId;
using facts::WhyUnknown;

Check commitsWaiting(const Sight &sight, const ServerId &primary, const facts::PostgresSample &sample)
{
    if (!sample.connections)
        return unknown(CheckId::CommitsWaiting, primary, sample.connections.error(), Remedy::GrantRight);
    const std::vector<facts::Evidence> reading{sight.said(primary, "commits_waiting", std::int64_t(sample.connections->waitingForSync), std::int64_t(0))};
    return sample.connections->waitingForSync == 0 ? passed(CheckId::CommitsWaiting, primary, reading) : failed(CheckId::CommitsWaiting, primary, reading, Remedy::SetSyncNames);
}

/// A router's PAUSE waits for open transactions, and the brake ends them.
Check longTransaction(const Sight &sight, const ServerId &primary, const facts::PostgresSample &sample)
{
    if (!sample.longestTransaction) {
        if (sample.longestTransaction.error().why == WhyUnknown::NoValue)
            return passed(CheckId::LongTransaction, primary);
        return unknown(CheckId::LongTransaction, primary, sample.longestTransaction.error(), Remedy::GrantRight);
    }
    const microseconds longest = *sample.longestTransaction;
    const microseconds most = sight.fleet().thresholds.longTransaction;
    std::vector<facts::Evidence> readings{sight.said(primary, "longest_transaction", longest, longest > most ? most : microseconds(sight.limits.transaction))};
    if (sample.oldestTransaction) {
        readings.push_back(sight.said(primary, "pid", std::int64_t(sample.oldestTransaction->pid)));
        readings.push_back(sight.said(primary, "application", sample.oldestTransaction->application));
    }
    if (longest > most)
        return forceable(failed(CheckId::LongTransaction, primary, std::move(readings), Remedy::EndTransactions));
    return longest > microseconds(sight.limits.transaction) ? warned(CheckId::LongTransaction, primary, std::move(readings), Remedy::EndTransactions)
                                                            : passed(CheckId::LongTransaction, primary, std::move(readings));
}

/// A prepared transaction has no session that could be ended: whoever commits it later would write past the final position.
Check preparedTransactions(const Sight &sight, const ServerId &primary)
{
    const facts::MoveReading *move = sight.move(primary);
    if (!move)
        return unknown(CheckId::PreparedTransactions, primary, sight.whyNoMove(primary), Remedy::WaitForAnswers);
    std::vector<facts::Evidence> readings{sight.read(primary, "prepared_transactions", std::int64_t(move->preparedTransactions), std::int64_t(0))};
    if (move->oldestPrepared)
        readings.push_back(sight.read(primary, "oldest", *move->oldestPrepared));
    return move->preparedTransactions == 0 ? passed(CheckId::PreparedTransactions, primary, std::move(readings))
                                           : failed(CheckId::PreparedTransactions, primary, std::move(readings), Remedy::EndPrepared);
}

Check baseBackup(const Sight &sight, const ServerId &primary)
{
    const facts::MoveReading *move = sight.move(primary);
    if (!move)
        return unknown(CheckId::BaseBackup, primary, sight.whyNoMove(primary), Remedy::WaitForAnswers);
    const std::vector<facts::Evidence> reading{sight.read(primary, "base_backups", std::int64_t(move->baseBackups), std::int64_t(0))};
    return move->baseBackups == 0 ? passed(CheckId::BaseBackup, primary, reading) : forceable(failed(CheckId::BaseBackup, primary, reading, Remedy::WaitForBackup));
}

Check archiveBacklog(const Sight &sight, const ServerId &primary)
{
    const auto mode = sight.setting(primary, "archive_mode");
    if (mode == "off")
        return passed(CheckId::ArchiveBacklog, primary, {sight.said(primary, "archive_mode", *mode)});
    const facts::MoveReading *move = sight.move(primary);
    if (!move || !move->archiveWaiting)
        return unknown(CheckId::ArchiveBacklog, primary, move ? move->archiveWaiting.error() : sight.whyNoMove(primary), Remedy::GrantRight);
    const std::int64_t waiting = *move->archiveWaiting;
    const bool many = waiting >= sight.limits.archiveMost;
    std::vector<facts::Evidence> readings{sight.read(primary, "segments_not_archived", waiting, many ? sight.limits.archiveMost : sight.limits.archiveWarn)};
    if (move->archiveFailing)
        readings.push_back(sight.read(primary, "newest_attempt", std::string("failed")));
    if (many)
        return forceable(failed(CheckId::ArchiveBacklog, primary, std::move(readings), Remedy::MendArchiving));
    return waiting >= sight.limits.archiveWarn || move->archiveFailing ? warned(CheckId::ArchiveBacklog, primary, std::move(readings), Remedy::MendArchiving)
                                                                       : passed(CheckId::ArchiveBacklog, primary, std::move(readings));
}

Check brakeLeft(const Sight &sight, const ServerId &primary, const facts::PostgresSample &sample)
{
    const std::vector<facts::Evidence> reading{sight.said(primary, "default_transaction_read_only", std::string(sample.readOnlyByDefault ? "on" : "off"))};
    return sample.readOnlyByDefault ? warned(CheckId::Brake, primary, reading, Remedy::LiftBrake) : passed(CheckId::Brake, primary, reading);
}

constexpr const char *brakeSetting = "default_transaction_read_only";

/// As Postgres reads a boolean: any beginning of these words that is no beginning of another.
bool isOff(std::string value)
{
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto begins = [&](std::string_view word, std::size_t least) { return value.size() >= least && word.starts_with(value); };
    return value == "0" || begins("off", 2) || begins("false", 1) || begins("no", 1);
}

std::string resetOf(const facts::RoleSetting &one)
{
    if (one.role.empty() && !one.database.empty())
        return "ALTER DATABASE " + facts::sqlName(one.database) + " RESET " + one.name;
    return "ALTER ROLE " + (one.role.empty() ? std::string("ALL") : facts::sqlName(one.role)) + (one.database.empty() ? std::string() : " IN DATABASE " + facts::sqlName(one.database)) +
           " RESET " + one.name;
}

std::string whoseIs(const facts::RoleSetting &one)
{
    const std::string role = one.role.empty() ? "every role" : "role " + one.role;
    return one.value + " for " + role + (one.database.empty() ? std::string() : " in database " + one.database);
}

/// The brake is the server's own setting: what a role or a database has for itself goes before it, superuser or not, and a session of theirs that
/// comes after the others were ended writes past the final position. The product sets none itself, so each of them counts.
/// transaction_read_only does not outlive the login, as each transaction begins with the default: it is told, and stops nothing.
Check brakeHolds(const Sight &sight, const ServerId &primary)
{
    const facts::MoveReading *move = sight.move(primary);
    if (!move || !move->readOnlySettings) {
        const facts::Unknown why = move ? move->readOnlySettings.error() : sight.whyNoMove(primary);
        return unknown(CheckId::BrakeHolds, primary, why, why.why == WhyUnknown::NoRights ? Remedy::GrantRight : Remedy::WaitForAnswers);
    }
    std::vector<facts::RoleSetting> against = *move->readOnlySettings;
    std::erase_if(against, [](const facts::RoleSetting &one) { return !isOff(one.value); });
    const auto decides = [](const facts::RoleSetting &one) { return one.name == brakeSetting; };
    std::stable_partition(against.begin(), against.end(), decides);
    std::vector<facts::Evidence> readings{sight.read(primary, "settings_against_the_brake", std::count_if(against.begin(), against.end(), decides), std::int64_t(0))};
    if (against.empty())
        return passed(CheckId::BrakeHolds, primary, std::move(readings));
    std::string resets;
    for (const facts::RoleSetting &one : against) {
        readings.push_back(sight.read(primary, one.name, whoseIs(one), std::string("on")));
        resets += (resets.empty() ? "" : "; ") + resetOf(one);
    }
    return decides(against.front()) ? forceable(named(failed(CheckId::BrakeHolds, primary, std::move(readings), Remedy::ResetRoleSetting), resets))
                                    : named(warned(CheckId::BrakeHolds, primary, std::move(readings), Remedy::ResetRoleSetting), resets);
}

/// A manager stops the old primary instead of braking it.
Checks brakesOf(const Sight &sight, const ServerId &primary, const facts::PostgresSample &sample)
{
    Checks checks{brakeLeft(sight, primary, sample)};
    if (!sight.isManaged())
        checks.push_back(brakeHolds(sight, primary));
    return checks;
}

} // namespace

Checks checkWrites(const Sight &sight, Act act)
{
    if (act == Act::Failover)
        return {};
    const ServerId primary = sight.primary();
    const facts::PostgresSample *sample = sight.fresh(primary);
    if (!sample) {
        Checks silent;
        for (const CheckId id : {CheckId::CommitsWaiting, CheckId::LongTransaction, CheckId::PreparedTransactions, CheckId::BaseBackup, CheckId::ArchiveBacklog, CheckId::Brake})
            silent.push_back(unknown(id, primary, sight.whySilent(primary), Remedy::WaitForAnswers));
        if (!sight.isManaged())
            silent.push_back(unknown(CheckId::BrakeHolds, primary, sight.whySilent(primary), Remedy::WaitForAnswers));
        return silent;
    }
    Checks checks{commitsWaiting(sight, primary, *sample), longTransaction(sight, primary, *sample), preparedTransactions(sight, primary),
                  baseBackup(sight, primary), archiveBacklog(sight, primary)};
    for (Check &check : brakesOf(sight, primary, *sample))
        checks.push_back(std::move(check));
    return checks;
}

} // namespace shardlens::operate
