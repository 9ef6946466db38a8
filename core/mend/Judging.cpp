// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mend/Judging.h"

#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"

#include <algorithm>
#include <set>

namespace shardlens::mend {

using inspect::lookup::BucketCheck;
using inspect::lookup::CopyState;
using inspect::lookup::FeedComparison;
using inspect::lookup::MediaBrief;

namespace {

constexpr base::seconds tooYoungFor{60};

std::optional<std::string> ownerText(std::uint64_t owner)
{
    return owner == 0 ? std::nullopt : std::optional(std::to_string(owner));
}

bool isAdded(const Plan &plan, const FieldWrite &one)
{
    return plan.undoes.empty() && !one.before && one.after;
}

} // namespace

bool Measure::isTooYoung(std::uint64_t id) const
{
    return id != 0 && ids::anatomy(id, layout).mintedAt() > now - tooYoungFor;
}

void judgeFeed(Plan &plan, const FeedComparison &comparison, const std::string &key, std::uint32_t most, const Measure &measure)
{
    std::set<std::uint64_t> there;
    for (const std::string &entry : comparison.entries)
        there.insert(ids::parseDecimal(entry).value_or(0));
    std::set<std::uint64_t, std::greater<>> wanted; // newest first: IDs begin with the time
    for (const std::uint64_t id : comparison.wanted) {
        const bool isOnTheWay = !there.contains(id) && measure.isTooYoung(id);
        plan.tooYoung += isOnTheWay ? 1 : 0;
        if (!isOnTheWay)
            wanted.insert(id);
    }
    for (const std::uint64_t id : there) {
        if (measure.isTooYoung(id) && wanted.insert(id).second)
            ++plan.tooYoung;
    }
    ListWrite write;
    write.key = key;
    write.before = comparison.entries;
    write.most = most;
    for (const std::uint64_t id : wanted) {
        if (most == 0 || write.after.size() < most)
            write.after.push_back(std::to_string(id));
    }
    plan.changes = listChanges(write.before, write.after);
    plan.list = std::move(write);
}

void judgeBucket(Plan &plan, const BucketCheck &check, const std::string &key, const std::map<std::uint64_t, RightPlace> &places,
                 const Measure &measure)
{
    for (const BucketCheck::Wrong &wrong : check.wrong) {
        if (measure.isTooYoung(wrong.media)) {
            ++plan.tooYoung;
            continue;
        }
        const auto place = places.find(wrong.media);
        // First where it belongs, so that it is somewhere at every moment.
        if (wrong.belongsElsewhere && place != places.end() && place->second.owner != ownerText(wrong.rowOwner))
            plan.fields.push_back({place->second.key, wrong.field, place->second.owner, ownerText(wrong.rowOwner)});
        plan.fields.push_back({key, wrong.field, wrong.value, wrong.belongsElsewhere ? std::nullopt : ownerText(wrong.rowOwner)});
    }
    for (const BucketCheck::Missing &missing : check.missing) {
        if (measure.isTooYoung(missing.media))
            ++plan.tooYoung;
        else
            plan.fields.push_back({key, std::to_string(missing.media), std::nullopt, ownerText(missing.rowOwner)});
    }
    plan.unsearched = check.unsearched;
    plan.unsearchedWhy = check.unsearchedWhy;
    plan.changes = fieldChanges(plan.fields);
}

void judgeEntry(Plan &plan, std::uint64_t media, const MediaBrief &row, const RightPlace &place, const Measure &measure)
{
    const auto owner = row.state == CopyState::Exists ? ownerText(row.owner) : std::nullopt;
    if (measure.isTooYoung(media))
        plan.tooYoung = place.owner != owner ? 1 : 0;
    else if (place.owner != owner)
        plan.fields.push_back({place.key, std::to_string(media), place.owner, owner});
    plan.changes = fieldChanges(plan.fields);
}

std::vector<std::uint64_t> addedMedia(const Plan &plan)
{
    std::vector<std::uint64_t> media;
    for (const FieldWrite &one : plan.fields) {
        if (isAdded(plan, one))
            media.push_back(ids::parseDecimal(one.field).value_or(0));
    }
    return media;
}

std::optional<FieldWrite> notSoAnyMore(const Plan &plan, const std::map<std::uint64_t, MediaBrief> &rows, const std::function<std::string(std::uint64_t media)> &keyOf)
{
    for (const FieldWrite &one : plan.fields) {
        if (!isAdded(plan, one))
            continue;
        const std::uint64_t media = ids::parseDecimal(one.field).value_or(0);
        const auto row = rows.find(media);
        const bool isThere = row != rows.end() && row->second.isResolved && row->second.state == CopyState::Exists;
        if (!isThere || ownerText(row->second.owner) != one.after || keyOf(media) != one.key)
            return one;
    }
    return std::nullopt;
}

Plan reversed(const Plan &plan, const std::string &id)
{
    Plan back;
    back.intent = plan.intent;
    back.group = plan.group;
    back.undoes = id;
    if (plan.list) {
        back.list = ListWrite{plan.list->key, plan.list->after, plan.list->before, plan.list->most, plan.list->expiresInMs};
        back.changes = listChanges(back.list->before, back.list->after);
    }
    for (auto one = plan.fields.rbegin(); one != plan.fields.rend(); ++one)
        back.fields.push_back({one->key, one->field, one->after, one->before});
    if (!back.fields.empty())
        back.changes = fieldChanges(back.fields);
    return back;
}

} // namespace shardlens::mend
