// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
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

void targetJson(Answer &answer, const facts::RouterFacts &router, const facts::RouterTarget &target, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("router", router.server.text()).member("region", router.region.text()).member("database", target.database);
    json.member("cluster", target.cluster.text()).member("for", target.forReads ? "reads" : "writes");
    knownMember(json, "leads_to", target.leadsTo);
    knownMember(json, "right", target.right);
    json.member("paused", target.paused).member("waiting", target.waiting);
    knownMember(json, "transactions_per_second", transactionsOf(snapshot, router.server, target.database));
    freshMembers(json, snapshot.observation(router.server), snapshot);
    json.endObject();
    answer.line(out);
}

} // namespace

Answer routersOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("ROUTER")},
                     {QStringLiteral("DATABASE")},
                     {QStringLiteral("FOR")},
                     {QStringLiteral("LEADS TO")},
                     {QStringLiteral("TARGET")},
                     {QStringLiteral("WAITING"), true},
                     {QStringLiteral("TRANSACTIONS"), true},
                     {QStringLiteral("STATE")}});
    for (const facts::RouterFacts &router : snapshot.routers) {
        const facts::Observation *observation = snapshot.observation(router.server);
        const bool fresh = isFresh(observation, snapshot);
        const QString state = observation ? stateWords(*observation, snapshot) : QStringLiteral("unknown: not asked");
        for (const facts::RouterTarget &target : router.targets) {
            if (options.json) {
                targetJson(answer, router, target, snapshot);
                continue;
            }
            table.add({text(router.server), text(target.database), target.forReads ? QStringLiteral("reads") : QStringLiteral("writes"),
                       agedWords(known(target.leadsTo, [](const base::ServerId &id) { return text(id); }), fresh),
                       agedWords(rightWords(target), fresh), agedWords(QString::number(target.waiting), fresh),
                       agedWords(known(transactionsOf(snapshot, router.server, target.database), format::rate), fresh), state});
        }
    }
    if (!options.json)
        answer.add(table);
    answer.exit = exitFor(snapshot, fleet::ServerKind::Pgbouncer,
                          {Rule::RouterDown, Rule::RouterMisdirected, Rule::RouterPaused, Rule::RouterSuspectedPaused, Rule::RouterRetrying, Rule::RouterWaiting});
    return answer;
}

} // namespace shardlens::ctl
