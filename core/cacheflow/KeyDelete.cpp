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

std::string deletedRecord(const std::string &key, const std::vector<DeletedPlace> &done)
{
    nlohmann::ordered_json record{{"key", key}, {"members", nlohmann::ordered_json::array()}};
    for (const DeletedPlace &one : done) {
        nlohmann::ordered_json member{{"region", one.place.region.text()}, {"member", one.place.server.text()}};
        member["became"] = !one.wasThere ? "not_deleted" : *one.wasThere ? "deleted" : "was_not_there";
        member["error"] = one.wasThere ? nlohmann::ordered_json() : nlohmann::ordered_json(one.wasThere.error().message);
        record["members"].push_back(std::move(member));
    }
    return base::jsonText(record);
}

base::Result<DeleteEnd> carryOut(const fleet::Fleet &fleet, const DeletePlan &plan,
                                 const std::function<base::Result<void>(const char *action, const std::string &detail)> &record)
{
    if (const auto recorded = record("cache_delete", deleteRecord(plan)); !recorded)
        return base::fail(recorded.error());
    DeleteEnd end;
    for (const KeyPlace &place : plan.places)
        end.places.push_back({place, deleteOn(memberFrom(fleet, place.server), plan.key)});
    if (const auto recorded = record("cache_deleted", deletedRecord(plan.key, end.places)); !recorded)
        end.unrecorded = recorded.error();
    return end;
}

} // namespace shardlens::cacheflow
