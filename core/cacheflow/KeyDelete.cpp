// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyDelete.h"

#include "core/base/Json.h"
#include "core/cacheflow/OwnTraffic.h"
#include "core/cacheflow/PoolPlacing.h"
#include "core/clients/memcached/MetaSession.h"

#include <nlohmann/json.hpp>

namespace shardlens::cacheflow {

namespace {

constexpr base::milliseconds deletePatience{1000};

base::Result<bool> deleteOn(const memcached::Member &member, const std::string &key)
{
    auto session = memcached::MetaSession::dial(member, deletePatience);
    if (!session)
        return base::fail(session.error());
    const auto answer = askAsOwn(*session, "md " + key + "\r\n", deletePatience);
    if (!answer)
        return base::fail(answer.error());
    if (answer->code == memcached::MetaAnswer::Code::Refused)
        return base::fail(base::ErrorCode::Rejected, answer->flags, member.server);
    return answer->code == memcached::MetaAnswer::Code::Done;
}

} // namespace

base::Result<DeletePlan> planDelete(const fleet::Fleet &fleet, const std::string &key, const std::string &region)
{
    auto places = placesOf(fleet, key, region);
    if (!places)
        return base::fail(places.error());
    return DeletePlan{key, std::move(*places)};
}

std::string deleteRecord(const DeletePlan &plan)
{
    nlohmann::ordered_json record{{"key", plan.key}, {"members", nlohmann::ordered_json::array()}};
    for (const KeyPlace &place : plan.places)
        record["members"].push_back(place.server.text());
    return base::jsonText(record);
}

base::Result<std::vector<DeletedPlace>> carryOut(const fleet::Fleet &fleet, const DeletePlan &plan,
                                                 const std::function<base::Result<void>(const DeletePlan &plan)> &record)
{
    if (const auto recorded = record(plan); !recorded)
        return base::fail(recorded.error());
    std::vector<DeletedPlace> done;
    for (const KeyPlace &place : plan.places)
        done.push_back({place, deleteOn(memberFrom(fleet, place.server), plan.key)});
    return done;
}

} // namespace shardlens::cacheflow
