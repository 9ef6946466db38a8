// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Candidate.h"

#include "core/operate/checks/Checks.h"
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;

/// The plain reason first: a silent server is rejected for its silence, not for what is therefore not known.
std::optional<Check> rejectionOf(const Candidate &candidate)
{
    const auto reason = [&](auto suits) {
        const auto found = std::find_if(candidate.checks.begin(), candidate.checks.end(), [&](const Check &check) { return check.on == candidate.server && suits(check); });
        return found == candidate.checks.end() ? std::optional<Check>() : std::optional(*found);
    };
    if (auto silence = reason([](const Check &check) { return check.id == CheckId::CandidateAnswers && isBlocking(check); }))
        return silence;
    if (auto failure = reason([](const Check &check) { return check.verdict == Verdict::Failed; }))
        return failure;
    return reason(isBlocking);
}

Candidate lookAt(const Sight &sight, Act act, const ServerId &server)
{
    Candidate candidate;
    candidate.server = server;
    candidate.region = sight.regionOf(server);
    if (const facts::PostgresSample *sample = sight.last(server)) {
        candidate.received = sample->received;
        candidate.replayed = sample->replayed;
        candidate.timeline = sample->timeline;
        candidate.readAt = sight.snapshot().observation(server)->sampledAt;
    }
    if (const facts::StandbyLag *lag = sight.lag(server)) {
        candidate.behind = lag->behind;
        candidate.lag = lag->time;
    }
    candidate.checks = checkCandidate(sight, act, server);
    for (Check &check : checkAfter(sight, act, server))
        candidate.checks.push_back(std::move(check));
    if (sight.isManaged()) {
        // Its manager sets whom commits wait for, with each move.
        std::erase_if(candidate.checks, [](const Check &check) { return check.id == CheckId::SyncAfter || check.id == CheckId::SyncShrinks; });
        candidate.checks.push_back(checkManagerAllows(sight, server));
    }
    candidate.rejectedFor = rejectionOf(candidate);
    return candidate;
}

Candidate lookAtReplica(const GroupSight &sight, Act act, const ServerId &server)
{
    Candidate candidate;
    candidate.server = server;
    candidate.region = sight.regionOf(server);
    if (sight.last(server)) {
        candidate.offset = sight.offset(server);
        candidate.readAt = sight.snapshot().observation(server)->sampledAt;
    }
    if (const facts::StandbyLag *lag = sight.lag(server)) {
        candidate.behind = lag->behind;
        candidate.lag = lag->time;
    }
    candidate.checks = checkReplica(sight, act, server);
    for (Check &check : checkGroupAfter(sight, server))
        candidate.checks.push_back(std::move(check));
    if (sight.isManaged())
        candidate.checks.push_back(checkSentinelsAllow(sight, act, server));
    candidate.rejectedFor = rejectionOf(candidate);
    return candidate;
}

/// A failover takes the one with the most; else home comes first, then who is the least behind.
std::optional<Ranking> replicaBefore(const GroupSight &sight, Act act, const ServerId &wanted, const Candidate &a, const Candidate &b)
{
    if (a.server == wanted || b.server == wanted)
        return a.server == wanted ? std::optional(Ranking::Asked) : std::nullopt;
    const auto isMore = [](auto left, auto right, Ranking ranking, std::optional<Ranking> &found) {
        if (left == right)
            return false;
        found = left > right ? std::optional(ranking) : std::nullopt;
        return true;
    };
    std::optional<Ranking> found;
    if (act == Act::Failover && isMore(sight.offset(a.server), sight.offset(b.server), Ranking::MostLog, found))
        return found;
    const auto isHome = [&](const Candidate &one) { return one.region == sight.group().home ? 1 : 0; };
    if (isMore(isHome(a), isHome(b), Ranking::Home, found))
        return found;
    const auto level = [&](const Candidate &one) { return one.behind ? -facts::lagLevel(*one.behind, sight.fleet().thresholds) : -6; };
    (void)isMore(level(a), level(b), Ranking::LeastLag, found);
    return found;
}

/// The first rule by which one comes before the other; nothing if none does.
std::optional<Ranking> comesBefore(const Sight &sight, Act act, const ServerId &wanted, const Candidate &a, const Candidate &b)
{
    if (a.server == wanted || b.server == wanted)
        return a.server == wanted ? std::optional(Ranking::Asked) : std::nullopt;
    const auto rule = [&](auto value, Ranking ranking) -> std::optional<std::optional<Ranking>> {
        if (value(a) == value(b))
            return std::nullopt;
        return value(a) > value(b) ? std::optional(ranking) : std::nullopt;
    };
    const auto inSync = [&](const Candidate &one) {
        const facts::StandbyLag *lag = sight.lag(one.server);
        return lag && (lag->syncState == "sync" || lag->syncState == "quorum") ? 1 : 0;
    };
    const auto received = [](const Candidate &one) { return one.received ? one.received->value : 0; };
    const auto home = [&](const Candidate &one) { return one.region == sight.cluster().home ? 1 : 0; };
    // Lag under a level is no difference: it changes from tick to tick, and the choice would with it.
    const auto lag = [&](const Candidate &one) {
        const facts::StandbyLag *measured = sight.lag(one.server);
        return measured ? -facts::lagLevel(*measured, sight.fleet().thresholds).value_or(6) : -6;
    };
    if (act == Act::Switchover) {
        if (const auto decided = rule(inSync, Ranking::InSync))
            return *decided;
    } else if (const auto decided = rule(received, Ranking::MostLog)) {
        return *decided;
    }
    if (const auto decided = rule(home, Ranking::Home))
        return *decided;
    if (const auto decided = rule(lag, Ranking::LeastLag))
        return *decided;
    return std::nullopt;
}

} // namespace

std::vector<Candidate> rankCandidates(const Sight &sight, Act act, const ServerId &wanted)
{
    std::vector<Candidate> all;
    for (const ServerId &server : sight.standbys())
        all.push_back(lookAt(sight, act, server));
    std::stable_sort(all.begin(), all.end(), [&](const Candidate &a, const Candidate &b) {
        if (a.rejectedFor.has_value() != b.rejectedFor.has_value())
            return !a.rejectedFor;
        return comesBefore(sight, act, wanted, a, b).has_value();
    });
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        if (!all[i + 1].rejectedFor)
            all[i].before = comesBefore(sight, act, wanted, all[i], all[i + 1]).value_or(Ranking::FileOrder);
    }
    return all;
}

std::vector<Candidate> rankReplicas(const GroupSight &sight, Act act, const ServerId &wanted)
{
    std::vector<Candidate> all;
    for (const ServerId &server : sight.replicas())
        all.push_back(lookAtReplica(sight, act, server));
    std::stable_sort(all.begin(), all.end(), [&](const Candidate &a, const Candidate &b) {
        if (a.rejectedFor.has_value() != b.rejectedFor.has_value())
            return !a.rejectedFor;
        return replicaBefore(sight, act, wanted, a, b).has_value();
    });
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        if (!all[i + 1].rejectedFor)
            all[i].before = replicaBefore(sight, act, wanted, all[i], all[i + 1]).value_or(Ranking::FileOrder);
    }
    return all;
}

std::string_view name(Ranking ranking)
{
    switch (ranking) {
    case Ranking::Only: return "only";
    case Ranking::Asked: return "asked";
    case Ranking::InSync: return "in_sync";
    case Ranking::MostLog: return "most_log";
    case Ranking::Home: return "home";
    case Ranking::LeastLag: return "least_lag";
    case Ranking::FileOrder: return "file_order";
    }
    return "";
}

} // namespace shardlens::operate
