// SPDX-License-Identifier: GPL-3.0-or-later
// `cache delete`: the plan, who may, the audit row, then the deletes.
#include "app/shardlensctl/CacheCommands.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/cacheflow/PoolPlacing.h"
#include "core/clients/keychain/Keychain.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/desk/Desk.h"
#include "core/desk/Standing.h"
#include "ui/format/ClaimText.h"

#include <algorithm>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

constexpr base::milliseconds deletePatience{1000};
constexpr base::milliseconds auditPatience{2000};

struct ToDelete {
    const fleet::Pool *pool = nullptr;
    memcached::Member member; ///< as dialled from here
};

base::Result<std::vector<ToDelete>> planDelete(const fleet::Fleet &fleet, const Options &options)
{
    const std::string &key = options.texts.front();
    if (const auto good = memcached::checkKey(key); !good)
        return base::fail(good.error());
    if (options.everywhere == !options.region.empty())
        return base::fail(base::ErrorCode::BadInput, "Say where: --region REGION, or --all.");
    std::vector<ToDelete> plan;
    for (const fleet::Pool &pool : fleet.pools) {
        if (!options.everywhere && pool.region.text() != options.region)
            continue;
        const auto placement = memcached::KeyPlacement::of(cacheflow::membersWithin(fleet, pool), pool.hashing);
        if (!placement)
            return base::fail(placement.error());
        const fleet::Server *server = fleet.server(pool.servers.at(placement->memberOf(key)));
        plan.push_back({&pool, {server->id.text(), server->address.from(fleet.ownRegion)}});
    }
    if (plan.empty())
        return base::fail(base::ErrorCode::NotFound, "There is no pool in a region '" + options.region + "'.");
    return plan;
}

base::Result<postgres::Session> directoryPrimary(const fleet::Fleet &fleet, const fleet::DatabaseUser &user)
{
    const fleet::Cluster *cluster = fleet.cluster(fleet.directory->cluster);
    base::Error last{base::ErrorCode::Unreachable, "the directory has no primary", {}, {}, base::Effect::None};
    for (const base::ServerId &id : cluster->servers) {
        const fleet::Server *server = fleet.server(id);
        const fleet::Endpoint &endpoint = server->address.from(fleet.ownRegion);
        const auto secret = secrets::resolve(user.secret, {endpoint.host, endpoint.port, fleet.directory->database, user.name},
                                             [](const std::string &entry) { return keychain::read(entry); });
        if (!secret)
            return base::fail(secret.error());
        postgres::SessionOptions options;
        options.tls = fleet.access.tls;
        options.applicationName = "shardlensctl";
        auto session =
            postgres::Session::connect({id.text(), endpoint, fleet.directory->database, user.name}, *secret, options, auditPatience);
        const auto standby = session ? session->exec("SELECT pg_is_in_recovery()", auditPatience)
                                     : base::Result<postgres::Rows>(base::fail(session.error()));
        if (standby && standby->first() == "f")
            return session;
        if (!standby)
            last = standby.error();
    }
    return base::fail(last);
}

/// Before anything is deleted: what cannot be told to others is not done.
base::Result<void> auditDelete(const fleet::Fleet &fleet, const fleet::DatabaseUser &user, const std::vector<ToDelete> &plan,
                         const Options &options)
{
    auto session = directoryPrimary(fleet, user);
    if (!session)
        return base::fail(session.error());
    std::string detail;
    JsonWriter json(detail);
    json.beginObject().member("key", options.texts.front()).key("members").beginArray();
    for (const ToDelete &one : plan)
        json.text(one.member.server);
    json.endArray().endObject();
    const facts::Person person = desk::whoRuns();
    const auto done =
        session->exec("SELECT seq FROM " + fleet.directory->schema + ".append_audit($1, $2, 'cache_delete', $3, $4, '', $5::jsonb)",
                      {person.osUser, person.host, "key " + options.texts.front(), options.reason, detail}, auditPatience);
    return done ? base::Result<void>() : base::Result<void>(base::fail(done.error()));
}

/// True: there was an item.
base::Result<bool> deleteOn(const memcached::Member &member, const std::string &key)
{
    auto session = memcached::MetaSession::dial(member, deletePatience);
    if (!session)
        return base::fail(session.error());
    const auto answer = session->ask("md " + key + "\r\n", deletePatience);
    if (!answer)
        return base::fail(answer.error());
    if (answer->code == memcached::MetaAnswer::Code::Refused)
        return base::fail(base::ErrorCode::Rejected, answer->flags);
    return answer->code == memcached::MetaAnswer::Code::Done;
}

QString planText(const std::vector<ToDelete> &plan, const std::string &key)
{
    QString out = QStringLiteral("Delete %1 from %2 of %3:")
                      .arg(text(key), plan.size() == 1 ? QStringLiteral("one pool") : QStringLiteral("%1 pools").arg(plan.size()),
                           plan.size() == 1 ? QStringLiteral("one region") : QStringLiteral("their regions"));
    for (const ToDelete &one : plan)
        out += QStringLiteral("\n  %1  %2  %3").arg(text(one.pool->region), text(one.pool->name), text(one.member.server));
    return out + QStringLiteral("\nEach pool's next reader reads the row once and fills the key again; a lease that is out is void.");
}

void resultLine(Answer &answer, const ToDelete &one, const std::string &key, const base::Result<bool> &done, bool asJson)
{
    if (asJson) {
        std::string out;
        JsonWriter json(out);
        json.beginObject()
            .member("key", key)
            .member("region", one.pool->region.text())
            .member("server", one.member.server)
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
    answer.line(QStringLiteral("%1  %2  %3").arg(text(one.pool->region), text(one.member.server), what));
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
    const auto plan = planDelete(fleet, options);
    if (!plan)
        return nothingDone(text(plan.error().message), Exit::Usage);
    Answer answer;
    if (!options.json || options.planOnly)
        answer.line(planText(*plan, key));
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
    if (const auto told = auditDelete(fleet, *standing.user, *plan, options); !told)
        return nothingDone(QStringLiteral("The directory could not record it: ") + text(told.error().message),
                           told.error().code == base::ErrorCode::NoRights ? Exit::Problem : Exit::Failed);
    std::size_t failed = 0;
    for (const ToDelete &one : *plan) {
        const auto done = deleteOn(one.member, key);
        failed += done ? 0 : 1;
        resultLine(answer, one, key, done, options.json);
    }
    answer.exit = failed == 0 ? Exit::Well : failed == plan->size() ? Exit::Failed : Exit::Incomplete;
    return print(answer);
}

} // namespace shardlens::ctl
