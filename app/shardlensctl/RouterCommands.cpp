// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::Rule;

facts::Known<double> transactionsOf(const facts::Snapshot &snapshot, const base::ServerId &router, const std::string &database)
{
    const facts::Observation *observation = snapshot.observation(router);
    const facts::RouterRates *rates = observation ? observation->routerRates() : nullptr;
    if (!rates)
        return facts::notAsked<double>();
    for (const auto &entry : rates->databases) {
        if (entry.name == database)
            return entry.transactionsPerSecond;
    }
    return facts::unknown(facts::WhyUnknown::NoValue);
}

QString rightWords(const facts::RouterTarget &target)
{
    const QString right = known(target.right, [](bool is) { return is ? QStringLiteral("right") : QStringLiteral("wrong"); });
    return target.paused ? right + QStringLiteral(", paused") : right;
}

void targetJson(const facts::RouterFacts &router, const facts::RouterTarget &target, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("router", router.server.text()).member("region", router.region.text()).member("database", target.database);
    json.member("cluster", target.cluster.text()).member("for", target.forReads ? "reads" : "writes");
    knownMember(json, "leads_to", target.leadsTo);
    knownMember(json, "right", target.right);
    json.member("paused", target.paused).member("waiting", target.waiting);
    knownMember(json, "transactions_per_second", transactionsOf(snapshot, router.server, target.database));
    json.endObject();
    printLine(out);
}

} // namespace

Exit showRouters(const Options &options)
{
    const auto observed = observe(options, Need::Rates);
    if (!observed)
        return observed.error();
    const facts::Snapshot &snapshot = **observed;
    TextTable table({{QStringLiteral("ROUTER")}, {QStringLiteral("DATABASE")}, {QStringLiteral("FOR")}, {QStringLiteral("LEADS TO")}, {QStringLiteral("TARGET")},
                     {QStringLiteral("WAITING"), true}, {QStringLiteral("TRANSACTIONS"), true}});
    for (const facts::RouterFacts &router : snapshot.routers) {
        const facts::Observation *observation = snapshot.observation(router.server);
        if (!observation || observation->reach.state != facts::ReachState::Answering) {
            const QString state = observation ? stateWords(*observation, snapshot) : QStringLiteral("unknown: not asked");
            if (!options.json)
                table.add({text(router.server), QStringLiteral("-"), QStringLiteral("-"), state, QStringLiteral("-"), QStringLiteral("-"), QStringLiteral("-")});
        }
        for (const facts::RouterTarget &target : router.targets) {
            if (options.json) {
                targetJson(router, target, snapshot);
                continue;
            }
            table.add({text(router.server), text(target.database), target.forReads ? QStringLiteral("reads") : QStringLiteral("writes"),
                       known(target.leadsTo, [](const base::ServerId &id) { return text(id); }), rightWords(target), QString::number(target.waiting),
                       known(transactionsOf(snapshot, router.server, target.database), format::rate)});
        }
    }
    if (!options.json)
        table.print();
    return exitFor(snapshot, {Rule::RouterDown, Rule::RouterMisdirected, Rule::RouterPaused, Rule::RouterWaiting});
}

} // namespace shardlens::ctl
