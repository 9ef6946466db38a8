// SPDX-License-Identifier: GPL-3.0-or-later
// What runs on a host, and what is missed once it is gone.
#include "app/shardlensctl/HostAnswers.h"

#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "core/base/Iso8601.h"
#include "core/clients/shell/Remote.h"
#include "ui/format/HostText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using campaign::Hosted;

constexpr base::seconds kernelPatience{10};

void hostedLines(Answer &answer, const std::vector<Hosted> &hosted, const facts::Snapshot &snapshot)
{
    TextTable table({{QStringLiteral("SERVER")},
                     {QStringLiteral("DOES")},
                     {QStringLiteral("STATE")},
                     {QStringLiteral("LAG"), true},
                     {QStringLiteral("WITHOUT IT")}});
    for (const Hosted &one : hosted) {
        const facts::Observation *seen = snapshot.observation(one.server);
        table.add({text(one.server), format::partOf(one), seen ? stateWords(*seen, snapshot) : QStringLiteral("asking"),
                   one.part == campaign::Part::Standby ? known(one.lag, format::lag) : QStringLiteral("-"), format::goneText(one)});
    }
    answer.add(table);
}

void kernelMembers(JsonWriter &json, const base::Result<facts::Kernel> &kernel)
{
    if (kernel)
        json.member("kernel", kernel->release).member("booted_at", base::isoUtc(kernel->bootedAt));
    else
        json.key("kernel").null().member("kernel_unknown", kernel.error().message);
}

} // namespace

void hostedJson(JsonWriter &json, const std::vector<Hosted> &hosted)
{
    json.beginArray();
    for (const Hosted &one : hosted) {
        json.beginObject()
            .member("server", one.server.text())
            .member("kind", fleet::name(one.kind))
            .member("part", name(one.part))
            .member("of", one.of);
        json.member("state", facts::name(one.reach)).member("no_second", campaign::hasNoSecond(one));
        json.key("others").beginArray();
        for (const base::ServerId &id : one.others)
            json.text(id.text());
        json.endArray();
        if (one.part == campaign::Part::Standby)
            knownMember(json, "lag_ms", one.lag);
        if (one.part == campaign::Part::Standby && one.kind == fleet::ServerKind::Postgres)
            knownMember(json, "log_kept_seconds", one.logKeptFor,
                        [](base::microseconds value) { return static_cast<double>(value.count()) / 1e6; });
        if (one.part == campaign::Part::Member)
            knownMember(json, "hits_per_second", one.hitsPerSecond);
        json.endObject();
    }
    json.endArray();
}

Answer hostAnswer(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    const fleet::Fleet &fleet = *snapshot.fleet;
    const auto host =
        std::find_if(fleet.hosts.begin(), fleet.hosts.end(), [&](const fleet::Host &one) { return one.name.text() == options.subject; });
    if (host == fleet.hosts.end()) {
        answer.error = "the fleet has no host '" + options.subject + "'\n";
        answer.exit = Exit::Usage;
        return answer;
    }
    const std::vector<Hosted> hosted = campaign::hostedOn(snapshot, host->name);
    const facts::Mark *mark = campaign::markOf(snapshot, host->name);
    const auto kernel = shell::kernelOf(*host, std::chrono::steady_clock::now() + kernelPatience);
    answer.exit = std::any_of(hosted.begin(), hosted.end(), campaign::hasNoSecond) ? Exit::Problem : Exit::Well;
    if (options.json) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("host", host->name.text())
            .member("region", host->region.text())
            .member("reach", fleet::name(host->reach.way));
        kernelMembers(json, kernel);
        json.member("marked", mark != nullptr);
        if (mark)
            json.member("marked_by", mark->by.databaseUser)
                .member("marked_since", base::isoUtc(mark->since))
                .member("reason", mark->reason);
        hostedJson(json.key("servers"), hosted);
        json.endObject();
        answer.line(out);
        return answer;
    }
    answer.line(QStringLiteral("%1 in %2.").arg(text(host->name), text(host->region)));
    campaign::KernelSeen seen;
    if (kernel)
        seen.now = *kernel;
    else
        seen.unknown = kernel.error().message;
    answer.line(format::kernelText(seen));
    if (mark)
        answer.line(QStringLiteral("In maintenance since %1 by %2: %3.")
                        .arg(format::dateTime(mark->since), text(mark->by.databaseUser), text(mark->reason)));
    hostedLines(answer, hosted, snapshot);
    return answer;
}

} // namespace shardlens::ctl
