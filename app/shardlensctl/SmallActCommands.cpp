// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/SmallActCommands.h"

#include "app/shardlensctl/ActCommands.h"
#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/LoadFleet.h"
#include "core/clients/keychain/Keychain.h"
#include "core/inspect/activity/BackendLook.h"
#include "core/operate/SmallActs.h"
#include "ui/format/Numbers.h"

#include <charconv>

namespace shardlens::ctl {

namespace {

using inspect::BackendSeen;
using operate::Act;

constexpr base::milliseconds lookPatience{3000};

bool isOnRouter(Act act)
{
    return act == Act::PauseRouter || act == Act::ResumeRouter || act == Act::PointRouter;
}

Exit complainOf(const std::string &words, Exit exit)
{
    Answer answer;
    answer.error = words + "\n";
    answer.exit = exit;
    return print(answer);
}

Answer told(const BackendSeen &seen, bool json)
{
    Answer answer;
    if (json) {
        std::string out;
        JsonWriter writer(out);
        writer.beginObject()
            .member("pid", seen.pid)
            .member("began", seen.began)
            .member("user", seen.user)
            .member("database", seen.database);
        writer.member("application", seen.application)
            .member("state", seen.state)
            .member("query", seen.query)
            .member("is_client", seen.isClient);
        if (seen.transactionAge)
            writer.member("transaction_age_ms", inMs(*seen.transactionAge));
        writer.endObject();
        answer.line(out);
        return answer;
    }
    QString line = QStringLiteral("Backend %1: user %2, database %3, application %4, %5")
                       .arg(seen.pid)
                       .arg(text(seen.user), text(seen.database), text(seen.application), text(seen.state));
    if (seen.transactionAge)
        line += QStringLiteral(", transaction open for ") + ui::format::duration(*seen.transactionAge);
    answer.line(line + QStringLiteral(", since ") + text(seen.began));
    answer.line("  " + seen.query);
    return answer;
}

/// The backend that is there now; its exit where nothing may be ended.
tl::expected<BackendSeen, Exit> backendFor(const Options &options, const fleet::Fleet &fleet)
{
    std::int32_t pid = 0;
    const auto read = std::from_chars(options.object.data(), options.object.data() + options.object.size(), pid);
    if (read.ec != std::errc() || read.ptr != options.object.data() + options.object.size() || pid <= 0)
        return tl::unexpected(complainOf("'" + options.object + "' is no backend's pid", Exit::Usage));
    const auto seen = inspect::lookAtBackend(
        fleet, fleet.ownRegion, base::ServerId(options.on), pid, [](const std::string &entry) { return keychain::read(entry); },
        lookPatience);
    if (!seen)
        return tl::unexpected(complainOf("The backend could not be looked at: " + seen.error().message,
                                         seen.error().code == base::ErrorCode::NotFound ? Exit::Usage : Exit::Failed));
    if (!*seen)
        return tl::unexpected(complainOf("There is no backend " + options.object + " on " + options.on + " now.", Exit::Problem));
    if (!(*seen)->isClient)
        return tl::unexpected(
            complainOf("Backend " + options.object + " on " + options.on + " is no client's: it is not ended from here.", Exit::Problem));
    return **seen;
}

} // namespace

base::Result<operate::Intent> intentOf(const Options &options, const fleet::Fleet &fleet)
{
    const base::ServerId to(options.server);
    if (options.command == Command::Switchover || options.command == Command::Failover) {
        // A name is a cluster's or a group's, never both.
        const bool isGroup = fleet.redisGroup(base::GroupName(options.cluster));
        if (options.warms && (isGroup || options.command == Command::Failover))
            return base::fail(base::ErrorCode::BadInput, "--warm is for the switchover of a cluster: a Redis group's replicas hold all in memory, and a failover waits for nothing");
        return operate::moveOf(options.command == Command::Switchover ? Act::Switchover : Act::Failover, isGroup ? base::ClusterName() : base::ClusterName(options.cluster),
                               isGroup ? base::GroupName(options.cluster) : base::GroupName(), to, options.warms);
    }
    if (options.command == Command::Prepare || options.act == Act::PrepareCluster) {
        operate::SmallAct prepare;
        prepare.act = Act::PrepareCluster;
        prepare.cluster = base::ClusterName(options.cluster);
        prepare.object = options.warms || options.object == operate::withWarming ? std::string(operate::withWarming) : std::string();
        return prepare;
    }
    auto small = isOnRouter(options.act) ? operate::routerAct(fleet, options.act, options.on, options.object, to)
                                         : operate::serverAct(fleet, options.act, base::ServerId(options.on), options.object, to);
    if (!small)
        return base::fail(small.error());
    small->began = options.began;
    return *small;
}

Exit doSmallAct(const Options &asked)
{
    Options options = asked;
    Answer shown;
    if (options.act == Act::EndBackend) {
        const auto fleet = loadFleet(options);
        if (!fleet)
            return fleet.error();
        const auto backend = backendFor(options, **fleet);
        if (!backend)
            return backend.error();
        options.began = backend->began;
        shown = told(*backend, options.json);
    }
    if (!options.planOnly) {
        if (!options.json)
            (void)print(shown);
        return startAct(options);
    }
    const auto snapshot = observe(options, Need::Plans, Directory::Asked);
    if (!snapshot)
        return snapshot.error();
    Answer answer = planAnswer(**snapshot, options);
    answer.out = options.json ? answer.out + shown.out : shown.out + answer.out;
    return print(answer);
}

} // namespace shardlens::ctl
