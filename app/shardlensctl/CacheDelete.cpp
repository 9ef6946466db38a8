// SPDX-License-Identifier: GPL-3.0-or-later
// `cache delete`: the plan, who may, the audit row, then the deletes.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/DeskCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/KeyDelete.h"
#include "core/desk/Errand.h"
#include "core/desk/Standing.h"
#include "ui/format/ClaimText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using cacheflow::DeletedPlace;
using cacheflow::DeletePlan;

base::Result<DeletePlan> planOf(const fleet::Fleet &fleet, const Options &options)
{
    if (options.everywhere == !options.region.empty())
        return base::fail(base::ErrorCode::BadInput, "Say where: --region REGION, or --all.");
    return cacheflow::planDelete(fleet, options.texts.front(), options.region);
}

QString planText(const DeletePlan &plan)
{
    QString out = QStringLiteral("Delete %1 from %2 of %3:")
                      .arg(text(plan.key), plan.places.size() == 1 ? QStringLiteral("one pool") : QStringLiteral("%1 pools").arg(plan.places.size()),
                           plan.places.size() == 1 ? QStringLiteral("one region") : QStringLiteral("their regions"));
    for (const auto &place : plan.places)
        out += QStringLiteral("\n  %1  %2  %3").arg(text(place.region), text(place.pool), text(place.server));
    return out + QStringLiteral("\nEach pool's next reader reads the row once and fills the key again; a lease that is out is void.");
}

std::string planJson(const DeletePlan &plan)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("key", plan.key).key("places").beginArray();
    for (const auto &place : plan.places)
        json.beginObject().member("region", place.region.text()).member("pool", place.pool.text()).member("server", place.server.text()).endObject();
    json.endArray().endObject();
    return out;
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
    if (!options.json)
        answer.line(planText(*plan));
    else if (options.planOnly)
        answer.line(planJson(*plan));
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
    const auto record = [&](const DeletePlan &what) {
        return desk::recordOnce(*loaded, deskOptions(fleet, options), {"cache_delete", "key " + what.key, options.reason, cacheflow::deleteRecord(what)});
    };
    const auto done = cacheflow::carryOut(fleet, *plan, record);
    if (!done) {
        const Answer trouble = deskTrouble(done.error(), fleet, options, false);
        return nothingDone(QStringLiteral("The directory could not record it: ") + text(trouble.error).trimmed(), trouble.exit);
    }
    for (const DeletedPlace &one : *done)
        resultLine(answer, one, key, options.json);
    const auto failed = std::count_if(done->begin(), done->end(), [](const DeletedPlace &one) { return !one.wasThere; });
    answer.exit = failed == 0 ? Exit::Well : failed == std::ptrdiff_t(done->size()) ? Exit::Failed : Exit::Incomplete;
    return print(answer);
}

} // namespace shardlens::ctl
