// SPDX-License-Identifier: GPL-3.0-or-later
// `cache delete`: the plan, who may, the audit row, the deletes, and the row of what came of them.
#include "app/owed/Owed.h"
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/KeyDelete.h"
#include "core/cacheflow/KeyLook.h"
#include "core/desk/Standing.h"
#include "ui/format/ClaimText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using cacheflow::DeletedPlace;
using cacheflow::DeletePlan;

constexpr base::milliseconds deletedPatience{1000};

base::Result<DeletePlan> planOf(const fleet::Fleet &fleet, const Options &options)
{
    if (options.everywhere == !options.region.empty())
        return base::fail(base::ErrorCode::BadInput, "Say where: --region REGION, or --all.");
    return cacheflow::planDelete(fleet, options.texts.front(), options.region);
}

struct ExtraReads {
    int reads = 0;
    bool isLeast = false;
};

/// Where there is no item nothing is missed that was not missed before.
ExtraReads extraReads(const cacheflow::KeyPlace &place, const std::vector<cacheflow::PlacedLook> &looks, const InvalidatorAnswers &answers)
{
    const auto look = std::find_if(looks.begin(), looks.end(), [&](const cacheflow::PlacedLook &one) { return one.place == place; });
    if (look != looks.end() && look->look && look->look->lease == cacheflow::ItemLook::Lease::Absent)
        return {};
    const auto answer = answers.find(place.region);
    if (answer == answers.end() || !answer->second)
        return {1, true};
    const auto leases = answer->second->leases.find(place.pool);
    return {1, leases == answer->second->leases.end() || leases->second.perSecond.empty()};
}

QString extraReadsText(const ExtraReads &sum)
{
    if (sum.reads == 0)
        return QStringLiteral("It is not there now: no extra read is expected. A lease that is out is void.");
    const QString reads = sum.reads == 1 ? QStringLiteral("1 extra read") : QStringLiteral("%1 extra reads").arg(sum.reads);
    return (sum.isLeast ? QStringLiteral("At least %1 of the databases. A lease that is out is void.") : QStringLiteral("About %1 of the databases. A lease that is out is void.")).arg(reads);
}

Answer plannedFor(const fleet::Fleet &fleet, const DeletePlan &plan, const Options &options)
{
    const auto looks = cacheflow::lookEverywhere(fleet, plan.key, plan.places, false, deletedPatience);
    return deletePlanOf(plan, looks, askInvalidators(fleet), options);
}

void resultLine(Answer &answer, const DeletedPlace &one, const std::string &key, bool asJson)
{
    const auto &done = one.wasThere;
    if (asJson) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("key", key)
            .member("region", one.place.region.text())
            .member("server", one.place.server.text())
            .member("deleted", done.has_value());
        if (done)
            json.member("was_there", *done);
        else
            json.member("error", done.error().message);
        json.endObject();
        return answer.line(out);
    }
    const QString what = !done   ? QStringLiteral("not deleted: ") + text(done.error().message)
                         : *done ? QStringLiteral("deleted")
                                 : QStringLiteral("was not there");
    answer.line(QStringLiteral("%1  %2  %3").arg(text(one.place.region), text(one.place.server), what));
}

Exit nothingDone(const QString &why, Exit exit)
{
    Answer answer;
    answer.error = plain(QStringLiteral("Nothing was deleted. ") + why).toStdString() + "\n";
    answer.exit = exit;
    return print(answer);
}

} // namespace

Answer deletePlanOf(const DeletePlan &plan, const std::vector<cacheflow::PlacedLook> &looks, const InvalidatorAnswers &answers, const Options &options)
{
    Answer answer;
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("key", plan.key).key("places").beginArray();
    QString words = QStringLiteral("Delete %1 from %2 of %3:")
                        .arg(text(plan.key), plan.places.size() == 1 ? QStringLiteral("one pool") : QStringLiteral("%1 pools").arg(plan.places.size()),
                             plan.places.size() == 1 ? QStringLiteral("one region") : QStringLiteral("their regions"));
    ExtraReads sum;
    for (const auto &place : plan.places) {
        const ExtraReads one = extraReads(place, looks, answers);
        sum.reads += one.reads;
        sum.isLeast = sum.isLeast || one.isLeast;
        words += QStringLiteral("\n  %1  %2  %3").arg(text(place.region), text(place.pool), text(place.server));
        json.beginObject().member("region", place.region.text()).member("pool", place.pool.text()).member("server", place.server.text());
        json.member("extra_reads", one.reads).member("extra_reads_is_least", one.isLeast).endObject();
    }
    json.endArray().member("extra_reads", sum.reads).member("extra_reads_is_least", sum.isLeast).endObject();
    if (options.json)
        answer.line(out);
    else
        answer.line(words + QLatin1Char('\n') + extraReadsText(sum));
    return answer;
}

Exit deleteKey(const Options &options)
{
    const auto loaded = loadFleet(options);
    if (!loaded)
        return loaded.error();
    const fleet::Fleet &fleet = **loaded;
    const std::string &key = options.texts.front();
    const auto plan = planOf(fleet, options);
    if (!plan)
        return nothingDone(text(plan.error().message), Exit::Usage);
    Answer answer;
    if (!options.json || options.planOnly)
        answer = plannedFor(fleet, *plan, options);
    if (options.planOnly)
        return print(answer);
    const desk::Standing standing = desk::standingOf(fleet, options.user);
    if (standing.refusal != facts::ClaimRefusal::None)
        return nothingDone(format::refusalText(standing.refusal, standing.user ? standing.user->name : options.user, standing.whoMay),
                           Exit::Problem);
    const bool isGuarded = fleet.environment != fleet::Environment::Local;
    if (isGuarded && options.confirm != key)
        return nothingDone(
            QStringLiteral("This fleet is %1: say --confirm %2.").arg(text(std::string(fleet::name(fleet.environment))), text(key)),
            Exit::Problem);
    if (isGuarded && options.reason.empty())
        return nothingDone(
            QStringLiteral("This fleet is %1: say why, with --reason.").arg(text(std::string(fleet::name(fleet.environment)))),
            Exit::Problem);
    owed::ActRecorder recorder(*loaded, deskOptions(fleet, options), "key " + key, options.reason);
    const auto record = [&](const char *action, const std::string &detail) { return recorder.record(action, detail); };
    const auto end = cacheflow::carryOut(fleet, *plan, record);
    if (!end) {
        const Answer trouble = deskTrouble(end.error(), fleet, options, false);
        return nothingDone(QStringLiteral("The directory could not record it: ") + text(trouble.error).trimmed(), trouble.exit);
    }
    for (const DeletedPlace &one : end->places)
        resultLine(answer, one, key, options.json);
    const auto failed = std::count_if(end->places.begin(), end->places.end(), [](const DeletedPlace &one) { return !one.wasThere; });
    answer.exit = failed == 0 ? Exit::Well : failed == std::ptrdiff_t(end->places.size()) ? Exit::Failed : Exit::Incomplete;
    if (end->unrecorded)
        answer.error = plain(QStringLiteral("What came of it could not be recorded: ") + text(end->unrecorded->message)).toStdString() + "\n";
    return print(answer);
}

} // namespace shardlens::ctl
