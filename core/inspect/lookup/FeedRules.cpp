// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/FeedRules.h"

#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"

#include <algorithm>
#include <array>

namespace shardlens::inspect::lookup {

namespace {

/// Entries above a page that are read with it.
constexpr std::uint32_t mostRead = 10'000;

std::vector<std::uint64_t> numbersIn(std::string_view text)
{
    std::vector<std::uint64_t> numbers;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(':', at), text.size());
        const auto number = ids::parseDecimal(text.substr(at, end - at));
        if (!number)
            return {};
        numbers.push_back(*number);
        at = end + 1;
    }
    return numbers;
}

/// What is compared by age: IDs begin with the time, so that a greater one is newer.
void markOrder(FeedEntry &entry, std::set<std::uint64_t> &seen, std::uint64_t &last)
{
    if (!seen.insert(entry.media).second)
        entry.marks.push_back(Mark::Duplicate);
    else if (last != 0 && entry.media > last)
        entry.marks.push_back(Mark::Misordered);
    last = entry.media;
}

void markRow(FeedEntry &entry, FeedKind kind, const MediaBrief &brief, const std::optional<Follows> &follows)
{
    entry.isResolved = brief.isResolved;
    if (!brief.isResolved)
        return;
    if (brief.state != CopyState::Exists) {
        entry.marks.push_back(brief.state == CopyState::Deleted ? Mark::Deleted : Mark::Dangling);
        return;
    }
    entry.owner = brief.owner;
    entry.postedAt = brief.at;
    entry.caption.isMasked = brief.isPrivate;
    if (!brief.isPrivate)
        entry.caption.value = brief.caption;
    if (kind == FeedKind::Main && follows && !follows->contains(brief.owner))
        entry.marks.push_back(Mark::Unfollowed);
}

/// Collects the steps of an explanation.
class Steps
{
public:
    explicit Steps(FeedExplanation &into) : m_into(into) {}

    ExplainedStep &add(FeedStep step, StepResult result, std::vector<Evidence> evidence = {})
    {
        m_into.steps.push_back({step, result, std::move(evidence)});
        return m_into.steps.back();
    }
    static StepResult holds(bool does) { return does ? StepResult::Holds : StepResult::Fails; }

private:
    FeedExplanation &m_into;
};

Evidence failedReading(const facts::Unknown &why)
{
    Evidence evidence;
    evidence.error = why.detail.empty() ? std::string(facts::name(why.why)) : why.detail;
    return evidence;
}

const RegionFeed *primaryFeed(const FeedFacts &facts)
{
    for (const auto &[region, feed] : facts.feeds) {
        if (feed && feed->isPrimary)
            return &*feed;
    }
    return nullptr;
}

void explainObjects(Steps &steps, const FeedFacts &facts)
{
    if (facts.userExists)
        steps.add(FeedStep::UserExists, Steps::holds(*facts.userExists));
    else
        steps.add(FeedStep::UserExists, StepResult::NotKnown, {failedReading(facts.userExists.error())});
    if (!facts.row || !facts.row->isResolved) {
        steps.add(FeedStep::MediaExists, StepResult::NotKnown, {facts.row ? Evidence{} : failedReading(facts.row.error())});
        steps.add(FeedStep::OwnerKnown, StepResult::NotKnown);
        return;
    }
    Evidence row;
    row.id = facts.row->owner;
    if (facts.row->state != CopyState::Absent)
        row.at = facts.row->at;
    const bool isThere = facts.row->state == CopyState::Exists;
    steps.add(FeedStep::MediaExists, Steps::holds(isThere), {row});
    if (!isThere) {
        steps.add(FeedStep::OwnerKnown, StepResult::NotReached);
        return;
    }
    if (!facts.map) {
        const bool isNone = facts.map.error().why == facts::WhyUnknown::NotConfigured;
        steps.add(FeedStep::OwnerKnown, isNone ? StepResult::Holds : StepResult::NotKnown, {failedReading(facts.map.error())});
        return;
    }
    Evidence map;
    map.server = facts.map->server;
    map.id = facts.map->owner;
    steps.add(FeedStep::OwnerKnown, Steps::holds(facts.map->owner == facts.row->owner), {row, map});
}

void explainFollow(Steps &steps, const FeedFacts &facts, bool isInFeed)
{
    const bool isThere = facts.row && facts.row->isResolved && facts.row->state == CopyState::Exists;
    if (!isThere || !facts.followsSince) {
        const StepResult result = isThere ? StepResult::NotKnown : StepResult::NotReached;
        for (const FeedStep step : {FeedStep::Follows, FeedStep::FollowedFirst, FeedStep::Inverse})
            steps.add(step, result, isThere ? std::vector<Evidence>{failedReading(facts.followsSince.error())} : std::vector<Evidence>());
        return;
    }
    const std::optional<base::UtcTime> &since = *facts.followsSince;
    Evidence follow;
    follow.id = facts.row->owner;
    follow.at = since;
    steps.add(FeedStep::Follows, Steps::holds(since.has_value()), {follow});
    if (!since) {
        steps.add(FeedStep::FollowedFirst, StepResult::NotReached);
        steps.add(FeedStep::Inverse, StepResult::NotReached);
        return;
    }
    Evidence posted;
    posted.at = facts.row->at;
    // What stands in the feed although it was posted before came by a backfill, and is no cause of anything.
    steps.add(FeedStep::FollowedFirst, Steps::holds(*since <= facts.row->at || isInFeed), {follow, posted});
    if (facts.hasInverse)
        steps.add(FeedStep::Inverse, Steps::holds(*facts.hasInverse));
    else
        steps.add(FeedStep::Inverse, StepResult::NotKnown, {failedReading(facts.hasInverse.error())});
}

Evidence evidenceOf(const RegionFeed &feed, const FeedFacts &facts)
{
    Evidence evidence;
    evidence.region = feed.region;
    evidence.server = feed.server;
    evidence.number = feed.position;
    evidence.id = feed.oldest;
    if (facts.trimmedTo != 0)
        evidence.limit = facts.trimmedTo;
    return evidence;
}

void explainFeeds(Steps &steps, const FeedFacts &facts)
{
    const RegionFeed *primary = primaryFeed(facts);
    if (!primary) {
        for (const FeedStep step : {FeedStep::NotTrimmed, FeedStep::InFeed})
            steps.add(step, StepResult::NotKnown);
    } else {
        const bool isFull = facts.trimmedTo != 0 && primary->length >= facts.trimmedTo;
        Evidence trim = evidenceOf(*primary, facts);
        trim.number = primary->length;
        steps.add(FeedStep::NotTrimmed, Steps::holds(primary->position || !isFull || facts.media >= primary->oldest), {trim});
        steps.add(FeedStep::InFeed, Steps::holds(primary->position.has_value()), {evidenceOf(*primary, facts)});
    }
    // Missing from the primary's, it is missing everywhere: that is no difference between regions.
    ExplainedStep &everywhere = steps.add(FeedStep::InEveryRegion, StepResult::Holds);
    bool isUnknown = false;
    bool isMissing = false;
    for (const auto &[region, feed] : facts.feeds) {
        if (feed && primary && feed->server == primary->server)
            continue;
        Evidence evidence = feed ? evidenceOf(*feed, facts) : failedReading(feed.error());
        evidence.region = region;
        everywhere.evidence.push_back(std::move(evidence));
        isUnknown = isUnknown || !feed;
        isMissing = isMissing || (feed && !feed->position);
    }
    everywhere.result = primary && !primary->position ? StepResult::NotReached
                        : isMissing                   ? StepResult::Fails
                        : isUnknown                   ? StepResult::NotKnown
                                                      : StepResult::Holds;
}

} // namespace

FeedEntry entryIn(const std::string &raw, std::uint32_t position, FeedKind kind)
{
    FeedEntry entry;
    entry.position = position;
    entry.raw = raw;
    const bool isActivity = kind == FeedKind::Activity && raw.size() > 2 && raw[1] == ':';
    const auto numbers = numbersIn(isActivity ? std::string_view(raw).substr(2) : std::string_view(raw));
    const char letter = isActivity ? raw[0] : kind == FeedKind::Main ? 'm' : '?';
    const std::size_t wanted = letter == 'l' ? 2 : letter == 'c' ? 3 : letter == 'f' || letter == 'm' ? 1 : 0;
    if (wanted == 0 || numbers.size() != wanted) {
        entry.marks.push_back(Mark::Garbled);
        return entry;
    }
    if (letter == 'f') {
        entry.activity = ActivityKind::Followed;
        entry.actor = numbers[0];
        return entry;
    }
    entry.media = numbers[0];
    if (letter != 'm') {
        entry.activity = letter == 'l' ? ActivityKind::Liked : ActivityKind::Commented;
        entry.actor = numbers[1];
    }
    return entry;
}

std::int64_t firstToRead(std::uint32_t offset)
{
    return offset <= mostRead ? 0 : std::int64_t(offset) - 1;
}

std::vector<FeedEntry> entriesOf(const FeedQuestion &question, const std::vector<std::string> &read, std::int64_t first,
                                 std::vector<std::uint64_t> &above)
{
    std::vector<FeedEntry> entries;
    for (std::size_t i = 0; i < read.size(); ++i) {
        FeedEntry entry = entryIn(read[i], static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(i), question.kind);
        if (entry.position >= question.offset)
            entries.push_back(std::move(entry));
        else if (entry.media != 0)
            above.push_back(entry.media);
    }
    return entries;
}

void markEntries(std::vector<FeedEntry> &entries, FeedKind kind, const std::map<std::uint64_t, MediaBrief> &media,
                 const std::optional<Follows> &follows, const std::vector<std::uint64_t> &above, const ids::IdLayout &layout)
{
    std::set<std::uint64_t> seen(above.begin(), above.end());
    std::uint64_t last = above.empty() ? 0 : above.back();
    for (FeedEntry &entry : entries) {
        if (entry.media == 0)
            continue;
        // An activity feed names one media again and again, in the order of what happened to it.
        if (kind == FeedKind::Main)
            markOrder(entry, seen, last);
        entry.postedAt = ids::anatomy(entry.media, layout).mintedAt();
        const auto brief = media.find(entry.media);
        if (brief != media.end())
            markRow(entry, kind, brief->second, follows);
    }
}

FeedExplanation explainFeed(const FeedFacts &facts)
{
    FeedExplanation out;
    out.user = facts.user;
    out.media = facts.media;
    const RegionFeed *primary = primaryFeed(facts);
    Steps steps(out);
    explainObjects(steps, facts);
    explainFollow(steps, facts, primary && primary->position);
    explainFeeds(steps, facts);
    const auto failing =
        std::find_if(out.steps.begin(), out.steps.end(), [](const ExplainedStep &step) { return step.result == StepResult::Fails; });
    if (failing != out.steps.end())
        out.cause = static_cast<std::size_t>(failing - out.steps.begin());
    return out;
}

void compareFeed(FeedComparison &into, const std::vector<std::uint64_t> &feed, const std::vector<Post> &posts, const Follows &follows,
                 const std::map<std::uint64_t, MediaBrief> &media, std::uint32_t trimmedTo)
{
    std::set<std::uint64_t> seen;
    std::uint64_t last = 0;
    for (const std::uint64_t id : feed) {
        if (!seen.insert(id).second) {
            into.duplicates.push_back(id);
        } else {
            if (last != 0 && id > last)
                into.misordered.push_back(id);
            last = id;
        }
        const auto brief = media.find(id);
        if (brief == media.end() || !brief->second.isResolved)
            continue;
        if (brief->second.state != CopyState::Exists || !follows.contains(brief->second.owner))
            into.extra.push_back(id);
    }
    std::vector<std::uint64_t> expected;
    for (const Post &post : posts) {
        const auto follow = follows.find(post.owner);
        if (follow != follows.end() && (follow->second <= post.at || seen.contains(post.id)))
            expected.push_back(post.id);
    }
    std::sort(expected.begin(), expected.end(), std::greater<>());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    if (trimmedTo != 0 && expected.size() > trimmedTo)
        expected.resize(trimmedTo);
    into.length = static_cast<std::int64_t>(feed.size());
    into.expected = static_cast<std::int64_t>(expected.size());
    std::copy_if(expected.begin(), expected.end(), std::back_inserter(into.missing), [&](std::uint64_t id) { return !seen.contains(id); });
    into.wanted = std::move(expected);
}

} // namespace shardlens::inspect::lookup
