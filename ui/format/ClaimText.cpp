// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ClaimText.h"

#include "core/facts/Calm.h"
#include "ui/format/Numbers.h"
#include "ui/format/ServingText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace shardlens::ui::format {

namespace {

using facts::Claim;
using facts::ClaimRefusal;
using facts::ConsoleSeen;
using facts::Shared;

/// Told less often than each second; older than this the list says its age.
constexpr base::seconds readLately{6};

QString listOf(const std::vector<std::string> &names)
{
    QStringList list;
    for (const std::string &name : names)
        list << text(name);
    return joinedNames(list, 4);
}

QString notTold(const Claim &claim)
{
    return claim.isPending ? QLatin1Char(' ') + Words::tr("(others do not see it yet)") : QString();
}

/// The servers that a problem says are lost: one, or those of a region.
std::vector<base::ServerId> serversOf(const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    if (!problem.place.server.isEmpty())
        return {problem.place.server};
    std::vector<base::ServerId> servers;
    if (problem.rule != facts::Rule::RegionSilent || !snapshot.fleet)
        return servers;
    for (const fleet::Server &server : snapshot.fleet->servers) {
        if (problem.place.region.isEmpty() || server.region == problem.place.region)
            servers.push_back(server.id);
    }
    return servers;
}

/// A console that lost most of them lost the thing.
bool hasLost(const ConsoleSeen &seen, const std::vector<base::ServerId> &servers)
{
    const auto lost = std::count_if(servers.begin(), servers.end(), [&](const auto &id) { return std::find(seen.lost.begin(), seen.lost.end(), id) != seen.lost.end(); });
    return 2 * static_cast<std::size_t>(lost) > servers.size();
}

} // namespace

QString personText(const facts::Person &person)
{
    const QString user = text(person.databaseUser);
    if (person.osUser.empty() || person.osUser == person.databaseUser)
        return user;
    return person.host.empty() ? Words::tr("%1 (%2)").arg(user, text(person.osUser)) : Words::tr("%1 (%2 on %3)").arg(user, text(person.osUser), text(person.host));
}

ClaimRefusal refusalIn(const base::Error &error)
{
    for (int i = 0; i <= int(ClaimRefusal::Rights); ++i) {
        if (facts::name(static_cast<ClaimRefusal>(i)) == error.message)
            return static_cast<ClaimRefusal>(i);
    }
    return error.code == base::ErrorCode::NoRights ? ClaimRefusal::Rights : ClaimRefusal::None;
}

QString refusalText(ClaimRefusal refusal, const std::string &you, const std::vector<std::string> &whoMay)
{
    const QString user = text(you);
    const QString who = whoMay.empty() ? Words::tr("The fleet file names no database user with that role.")
                                       : Words::tr("%1 may: start as that user with SHARDLENS_USER or --as.").arg(listOf(whoMay));
    switch (refusal) {
    case ClaimRefusal::None: return {};
    case ClaimRefusal::NoDirectory: return Words::tr("The fleet file names no directory, where other consoles would see it.");
    case ClaimRefusal::LookOnly: return Words::tr("This fleet is only looked at. Whoever keeps its fleet file switches acting on there: acting = true.");
    case ClaimRefusal::NoUser: return Words::tr("Needs a database user with role on-call or ops. %1").arg(who);
    case ClaimRefusal::Role: return Words::tr("Needs role on-call or ops. You are %1. %2").arg(user, who);
    case ClaimRefusal::NotPrepared: return Words::tr("The directory has no place for it yet. Its owner makes one by running directory.sql on it again.");
    case ClaimRefusal::Rights: return Words::tr("The directory does not let database user %1 do it. Its owner can: GRANT shardlens_operator TO %1.").arg(user);
    }
    return {};
}

QString directoryTrouble(const base::Error &error)
{
    const bool isSilent = error.code == base::ErrorCode::TimedOut || error.code == base::ErrorCode::Refused || error.code == base::ErrorCode::Unreachable;
    return (isSilent ? Words::tr("The directory does not answer (%1).") : Words::tr("The directory cannot be asked (%1).")).arg(text(error.message));
}

QStringList otherConsoles(const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    QStringList lines;
    const auto servers = serversOf(problem, snapshot);
    if (!snapshot.shared || servers.empty())
        return lines;
    const QString what = problem.place.server.isEmpty() ? text(problem.place.region.text()) : text(problem.place.server.text());
    std::map<std::tuple<QString, QString, bool>, int> consoles; // alike ones are told once
    for (const ConsoleSeen &seen : snapshot.shared->consoles) {
        if (!seen.isOwn)
            ++consoles[{text(seen.region.text()), personText(seen.by), hasLost(seen, servers)}];
    }
    for (const auto &[alike, number] : consoles) {
        const auto &[where, who, lost] = alike;
        if (number == 1)
            lines << (lost ? Words::tr("Console of %1 in %2 lost %3 too.") : Words::tr("Console of %1 in %2 still reaches %3.")).arg(who, where, what);
        else
            lines << (lost ? Words::tr("%1 consoles of %2 in %3 lost %4 too.") : Words::tr("%1 consoles of %2 in %3 still reach %4.")).arg(count(number), who, where, what);
    }
    return lines;
}

QString reachText(const ConsoleSeen &seen)
{
    const QString reached = Words::tr("%1 of %2 servers").arg(count(seen.answering), count(seen.declared));
    if (seen.lost.empty())
        return reached;
    QStringList lost;
    for (const base::ServerId &id : seen.lost)
        lost << text(id.text());
    return Words::tr("%1, lost %2").arg(reached, joinedNames(lost));
}

ClaimText claimText(const facts::Problem &problem, const facts::Snapshot &snapshot)
{
    ClaimText words;
    const Shared *shared = snapshot.shared.get();
    if (!shared)
        return words;
    words.whyNot = refusalText(shared->refusal, shared->you, shared->whoMay);
    words.others = otherConsoles(problem, snapshot);
    if (const Claim *claim = facts::claimOn(shared, problem, Claim::Kind::Claimed, snapshot.takenUtc)) {
        words.isClaimed = true;
        words.isYours = claim->by.databaseUser == shared->you;
        words.onIt = Words::tr("%1 is on it").arg(text(claim->by.databaseUser)) + notTold(*claim);
    } else if (shared->readAt) {
        words.onIt = Words::tr("nobody is on it yet");
    }
    if (const Claim *claim = facts::claimOn(shared, problem, Claim::Kind::Quieted, snapshot.takenUtc)) {
        words.isQuiet = true;
        const QString until = claim->until ? clockMinute(*claim->until, snapshot.takenUtc) : QString();
        words.quiet = Words::tr("Quiet until %1 by %2: %3").arg(until, text(claim->by.databaseUser), text(claim->reason)) + notTold(*claim);
    }
    if (const facts::Mark *mark = words.isQuiet ? nullptr : facts::calmedBy(problem, snapshot)) {
        words.isQuiet = words.isMarked = true;
        const QString until = mark->until ? clockMinute(*mark->until, snapshot.takenUtc) : QString();
        words.quiet = mark->kind == facts::Mark::Kind::Region
                          ? Words::tr("Expected: %1 is evacuated since %2, by %3: %4")
                                .arg(text(mark->subject), clockMinute(mark->since, snapshot.takenUtc), text(mark->by.databaseUser), text(mark->reason))
                          : Words::tr("%1 is in maintenance until %2, by %3: %4")
                                .arg(text(mark->subject), until, text(mark->by.databaseUser), text(mark->reason));
    }
    const bool isOld = shared->readAt && snapshot.takenAt - *shared->readAt > readLately;
    if (shared->trouble && shared->refusal != ClaimRefusal::NotPrepared) {
        words.trouble = directoryTrouble(*shared->trouble);
        if (shared->readUtc && isOld)
            words.trouble += QLatin1Char(' ') + Words::tr("Who is on what is from %1.").arg(clockTime(*shared->readUtc, snapshot.takenUtc));
        else if (!shared->readAt)
            words.trouble += QLatin1Char(' ') + Words::tr("Who is on what is not known.");
    }
    return words;
}

} // namespace shardlens::ui::format
