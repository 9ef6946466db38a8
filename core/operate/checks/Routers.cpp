// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Unguarded.h"
#include "core/operate/checks/Checks.h"

#include <algorithm>
#include <set>

namespace shardlens::operate {

namespace {

using base::microseconds;
using base::ServerId;
using facts::WhyUnknown;

bool answers(const Sight &sight, const RouterUse &use)
{
    return use.observation && sight.isFresh(use.router->server);
}

/// One check over all routers: those amiss by name, with what each of them said.
struct Tally {
    std::vector<std::string> amiss;
    std::vector<facts::Evidence> readings;
    std::vector<std::string> notKnown;
    facts::Unknown why;
    std::size_t looked = 0; ///< at routers that answer

    [[nodiscard]] Check judged(CheckId id, Check (*verdict)(CheckId, const ServerId &, std::vector<facts::Evidence>, Remedy), Remedy remedy, const facts::Evidence &well) const
    {
        if (!amiss.empty())
            return named(verdict(id, {}, readings, remedy), joined(amiss));
        if (!notKnown.empty())
            return named(unknown(id, {}, why, Remedy::MendRouter), joined(notKnown));
        return passed(id, {}, {well});
    }
};

facts::Evidence count(const Sight &sight, const char *reading, std::size_t well)
{
    return sight.seen(reading, static_cast<std::int64_t>(well), static_cast<std::int64_t>(sight.routers().size()));
}

/// `act`: a failover leaves a silent router as it is, which is the business of routersAnswer() alone. Where none answers nothing is known.
template <class Look>
Tally over(const Sight &sight, Act act, Look look)
{
    Tally tally;
    std::vector<std::string> left;
    for (const RouterUse &use : sight.routers()) {
        const std::string &router = use.router->server.text();
        if (answers(sight, use) && use.database) {
            ++tally.looked;
            look(use, tally);
            continue;
        }
        const facts::Unknown why = sight.whySilent(use.router->server);
        const bool mayBeLeft = act == Act::Failover && !answers(sight, use) && why.why != WhyUnknown::NotAskedYet;
        (mayBeLeft ? left : tally.notKnown).push_back(router);
        tally.why = why;
    }
    if (tally.looked == 0)
        tally.notKnown.insert(tally.notKnown.end(), left.begin(), left.end());
    return tally;
}

Check routersAnswer(const Sight &sight)
{
    std::vector<std::string> silent;
    std::vector<std::string> notAsked;
    for (const RouterUse &use : sight.routers()) {
        if (!answers(sight, use))
            (sight.whySilent(use.router->server).why == WhyUnknown::NotAskedYet ? notAsked : silent).push_back(use.router->server.text());
    }
    if (silent.empty() && !notAsked.empty())
        return named(unknown(CheckId::RoutersAnswer, {}, {WhyUnknown::NotAskedYet, {}}, Remedy::WaitForAnswers), joined(notAsked));
    const facts::Evidence reading = count(sight, "routers_answering", sight.routers().size() - silent.size());
    if (!silent.empty())
        return forceable(named(failed(CheckId::RoutersAnswer, {}, {reading}, Remedy::MendRouter), joined(silent)));
    return sight.routers().empty() ? warned(CheckId::RoutersAnswer, {}, {reading}, Remedy::None) : passed(CheckId::RoutersAnswer, {}, {reading});
}

Check routersRight(const Sight &sight, Act act)
{
    const Tally tally = over(sight, act, [&](const RouterUse &use, Tally &to) {
        if (!use.writes->right) {
            to.notKnown.push_back(use.router->server.text());
            to.why = use.writes->right.error();
        } else if (!*use.writes->right) {
            to.amiss.push_back(use.router->server.text());
            to.readings.push_back(sight.said(use.router->server, "leads_to", use.writes->leadsTo ? use.writes->leadsTo->text() : std::string(), sight.primary().text()));
        }
    });
    // A router that does not answer is the business of the check above; here it leads where it last said.
    Tally known = tally;
    if (known.looked > 0 && known.amiss.empty() && known.why.why == WhyUnknown::ServerSilent)
        known.notKnown.clear();
    return known.judged(CheckId::RoutersRight, failed, Remedy::PointRouter, count(sight, "routers_that_lead_to_the_primary", tally.looked));
}

Check routersRun(const Sight &sight, Act act)
{
    const Tally tally = over(sight, act, [&](const RouterUse &use, Tally &to) {
        if (!use.database->paused && !use.database->disabled)
            return;
        to.amiss.push_back(use.router->server.text());
        to.readings.push_back(sight.said(use.router->server, use.database->name, std::string(use.database->paused ? "paused" : "disabled")));
    });
    const facts::Evidence well = count(sight, "routers_running", tally.looked);
    return act == Act::Failover ? tally.judged(CheckId::RoutersRun, warned, Remedy::ResumeRouter, well) : forceable(tally.judged(CheckId::RoutersRun, failed, Remedy::ResumeRouter, well));
}

/// In session mode PAUSE waits for every client to leave.
Check routerMode(const Sight &sight, Act act)
{
    const Tally tally = over(sight, act, [&](const RouterUse &use, Tally &to) {
        if (use.database->poolMode == "transaction" || use.database->poolMode == "statement")
            return;
        to.amiss.push_back(use.router->server.text());
        to.readings.push_back(sight.said(use.router->server, "pool_mode", use.database->poolMode, std::string("transaction")));
    });
    return forceable(tally.judged(CheckId::RouterMode, failed, Remedy::UseTransactionMode, count(sight, "routers_in_transaction_mode", tally.looked)));
}

Check loginRetry(const Sight &sight, Act act)
{
    const microseconds most = sight.limits.loginRetry;
    microseconds longest{0};
    const Tally tally = over(sight, act, [&](const RouterUse &use, Tally &to) {
        const auto &retry = use.observation->router()->serverLoginRetry;
        if (!retry) {
            to.notKnown.push_back(use.router->server.text());
            to.why = retry.error();
            return;
        }
        longest = std::max(longest, *retry);
        if (*retry <= most)
            return;
        to.amiss.push_back(use.router->server.text());
        to.readings.push_back(sight.said(use.router->server, "server_login_retry", *retry, most));
    });
    const facts::Evidence well = sight.seen("server_login_retry", longest, most);
    // A failover's KILL forgets the failed login.
    return act == Act::Failover ? tally.judged(CheckId::LoginRetry, warned, Remedy::LowerLoginRetry, well)
                                : forceable(tally.judged(CheckId::LoginRetry, failed, Remedy::LowerLoginRetry, well));
}

/// By what a region's routers and members are acted on where it has no guard: "ssh ops@db1; admin console".
std::string directWays(const Sight &sight, const base::RegionName &region)
{
    std::set<std::string> ways;
    for (const RouterUse &use : sight.routers()) {
        if (use.router->region == region)
            ways.insert({"the router's admin console", wayTo(sight.fleet(), use.router->server)});
    }
    for (const base::ServerId &id : sight.cluster().servers) {
        if (sight.regionOf(id) == region)
            ways.insert(wayTo(sight.fleet(), id));
    }
    const bool someByHand = ways.erase(std::string()) > 0;
    std::vector<std::string> texts(ways.begin(), ways.end());
    if (someByHand)
        texts.emplace_back("by hand");
    return joined(texts);
}

Check guards(const Sight &sight)
{
    std::vector<std::string> missing;
    std::size_t regions = 0;
    std::vector<facts::Evidence> direct;
    for (const fleet::Region &region : sight.fleet().regions) {
        const bool hasRouter = std::any_of(sight.routers().begin(), sight.routers().end(), [&](const RouterUse &use) { return use.router->region == region.name; });
        const auto &members = sight.cluster().servers;
        const bool hasMember = std::any_of(members.begin(), members.end(), [&](const base::ServerId &id) { return sight.regionOf(id) == region.name; });
        const bool hasGuard = sight.fleet().guardOf(region.name) != nullptr;
        if (!hasRouter && (!hasMember || hasGuard))
            continue;
        ++regions;
        const facts::GuardReport *guard = sight.guard(region.name);
        if (!guard || guard->reach.state != facts::ReachState::Answering)
            missing.push_back(region.name.text());
        if (!hasGuard)
            direct.push_back(sight.seen("without_guard_in_" + region.name.text() + "_acts_through", directWays(sight, region.name)));
    }
    std::vector<facts::Evidence> reading{sight.seen("guards_answering", static_cast<std::int64_t>(regions - missing.size()), static_cast<std::int64_t>(regions))};
    reading.insert(reading.end(), direct.begin(), direct.end());
    return missing.empty() ? passed(CheckId::Guards, {}, reading) : named(warned(CheckId::Guards, {}, reading, Remedy::StartGuard), joined(missing));
}

} // namespace

Checks checkRouters(const Sight &sight, Act act)
{
    Checks checks{routersAnswer(sight)};
    if (!sight.routers().empty()) {
        checks.push_back(routersRight(sight, act));
        checks.push_back(routersRun(sight, act));
        checks.push_back(routerMode(sight, act));
        checks.push_back(loginRetry(sight, act));
    }
    checks.push_back(guards(sight));
    return checks;
}

} // namespace shardlens::operate
