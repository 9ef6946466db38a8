// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/inspect/LookFleet.h"

#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/Seed.h"
#include "core/fleet/FleetFile.h"

#include <unistd.h>

namespace shardlens::live {

using namespace std::chrono_literals;

LookFleet::~LookFleet()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

std::string LookFleet::begin()
{
    auto home = localfleet::Home::at("/tmp/shardlens-look-" + std::to_string(::getpid()));
    if (!home)
        return home.error().message;
    m_home = *home;
    if (const auto owner = localfleet::Owner::become(m_home->root()); !owner)
        return owner.error().message;
    localfleet::Shape shape;
    shape.regions = {"us-east", "us-west"};
    shape.usersClusters = shape.mediaClusters = 1;
    shape.home = "us-east";
    shape.shards = 16;
    shape.latencyMs = 0;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    if (!ground)
        return ground.error().message;
    m_ground = *ground;
    auto read = fleet::readFleetFile(m_home->fleetFile().string());
    if (!read)
        return "the fleet file cannot be read";
    m_fleet = std::make_shared<const fleet::Fleet>(*std::move(read));
    const auto seeded = seed::seed(*m_fleet, {200, 1000, 5, std::nullopt}, {});
    return seeded ? std::string() : seeded.error().message;
}

std::string LookFleet::sql(const char *server, const std::string &statement) const
{
    const localfleet::Instance *instance = m_ground->server(server);
    const auto told = localfleet::postgres::query(*m_ground, *instance, m_ground->database(*instance), statement);
    return told ? told->substr(0, told->find('\n')) : "error: " + told.error().message;
}

std::string LookFleet::redis(fleet::RedisRole role, const std::vector<std::string_view> &words) const
{
    auto session = seed::openRedisPrimary(*m_fleet, *seed::groupWith(*m_fleet, role), {});
    const auto reply = session ? session->command(words, 5s) : base::Result<redis::Reply>(base::fail(session.error()));
    return !reply ? "error: " + reply.error().message : reply->kind == redis::Reply::Kind::Integer ? std::to_string(reply->integer) : reply->text;
}

base::Result<memcached::Session> LookFleet::pool(const base::RegionName &region) const
{
    std::vector<memcached::Member> members;
    for (const fleet::Pool &pool : m_fleet->pools) {
        for (std::size_t i = 0; pool.region == region && i < pool.servers.size(); ++i)
            members.push_back({pool.servers[i].text(), m_fleet->server(pool.servers[i])->address.from(region)});
    }
    return memcached::Session::open(members, fleet::Hashing::Ketama, 1s);
}

bool LookFleet::inflict(const char *kind, const char *server) const
{
    return localfleet::inflict(*m_ground, {kind, server}).has_value();
}

bool LookFleet::heal(const char *kind, const char *server) const
{
    localfleet::Progress silent;
    return localfleet::heal(*m_ground, {kind, server}, silent).has_value();
}

QString outcomeOf(const base::Result<inspect::lookup::Answer> &answer)
{
    using namespace inspect::lookup;
    if (!answer)
        return QStringLiteral("error: ") + QString::fromStdString(answer.error().message);
    QString text = QString::fromUtf8(name(answer->entity).data()) + QLatin1Char(' ') + QString::fromUtf8(name(answer->verdict.outcome).data());
    for (const Finding &finding : answer->verdict.findings) {
        text += QStringLiteral(", ") + QString::fromUtf8(name(finding.amiss).data());
        for (const auto &region : finding.regions)
            text += QLatin1Char(' ') + QString::fromStdString(region.text());
    }
    return text;
}

} // namespace shardlens::live
