// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/operate/MovedCluster.h"

#include "app/localfleet/Servers.h"
#include "core/clients/postgres/Session.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace shardlens::live {

namespace {

constexpr int beginPatience = 30000;
constexpr base::milliseconds clockSlack{50}; // a commit's own time is a little before its acknowledgement, and is told in whole milliseconds

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

MovedCluster::MovedCluster(const ActingFleet &fleet, std::string name, std::string writesFrom) : m_fleet(fleet), m_name(std::move(name)), m_writesFrom(std::move(writesFrom))
{
}

std::string MovedCluster::begin()
{
    m_old = m_fleet.primaries(m_name);
    if (!m_fleet.ground().server(m_old))
        return "out of recovery: " + m_old;
    m_ledger.emplace(m_fleet.ground(), m_name, m_writesFrom, base::milliseconds(5));
    if (const std::string trouble = m_ledger->prepare(); !trouble.empty())
        return trouble;
    if (const std::string said = m_fleet.ask(m_old, "TRUNCATE shardlens.ledger"); !said.empty())
        return said;
    m_writable.emplace(m_fleet.ground(), m_name);
    if (const std::string trouble = m_writable->begin(); !trouble.empty())
        return trouble;
    m_ledger->start();
    const bool flow = waitFor([&] { return m_ledger->count() > 20 && m_writable->commits() > 20; }, beginPatience);
    return flow ? std::string() : "nothing is written: " + m_ledger->tale().firstError;
}

void MovedCluster::stop()
{
    if (m_ledger)
        m_ledger->stop();
    if (m_writable)
        m_writable->stop();
}

std::vector<std::string> MovedCluster::standbys() const
{
    std::vector<std::string> others;
    for (const localfleet::Instance &member : m_fleet.ground().members(m_name)) {
        if (member.id != m_old)
            others.push_back(member.id);
    }
    return others;
}

std::string MovedCluster::standbyOutside(const std::string &region) const
{
    for (const std::string &id : standbys()) {
        if (m_fleet.ground().server(id)->region != region)
            return id;
    }
    return {};
}

bool MovedCluster::flows(int patienceMs) const
{
    const std::size_t now = m_ledger->count();
    return waitFor([&] { return m_ledger->count() > now + 10; }, patienceMs);
}

bool MovedCluster::takesWrites(const std::string &region) const
{
    const localfleet::Ground &ground = m_fleet.ground();
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.throughRouter = true;
    const fleet::Endpoint router{"127.0.0.1", ground.ports.of("router-" + region)};
    auto session = postgres::Session::connect({"router-" + region, router, m_name, localfleet::user::application}, ground.secrets.of(localfleet::user::application), options, base::seconds(3));
    return session && session->exec("INSERT INTO shardlens.sampled DEFAULT VALUES", base::seconds(3)).has_value();
}

std::string MovedCluster::whyNotWell(const std::string &primary, int patienceMs) const
{
    const localfleet::Ground &ground = m_fleet.ground();
    if (!ground.server(primary))
        return "out of recovery: " + primary;
    std::string amiss = m_fleet.whyNotWell(m_name, primary, patienceMs);
    const auto isFree = [&] {
        amiss.clear();
        for (const localfleet::Instance &member : ground.members(m_name)) {
            if (const std::string said = m_fleet.ask(member.id, "SHOW default_transaction_read_only"); amiss.empty() && said != "off")
                amiss = "the brake of " + member.id + " is " + said;
        }
        for (const std::string &region : ground.shape.regions) {
            if (amiss.empty() && !takesWrites(region))
                amiss = "the router of " + region + " lets no write through";
        }
        return amiss.empty();
    };
    if (!amiss.empty() || !waitFor(isFree, patienceMs, 50))
        return amiss;
    return flows(patienceMs) ? std::string() : "the application's writes do not flow: " + m_ledger->tale().firstError;
}

std::string MovedCluster::mend() const
{
    const localfleet::Ground &ground = m_fleet.ground();
    std::string taken;
    const auto take = [&](const QStringList &words) {
        const Ran ran = m_fleet.ctl(words, 120000);
        taken += words.join(QLatin1Char(' ')).toStdString() + " (exit " + std::to_string(ran.exit) + (ran.exit == 0 ? "" : ": " + (ran.out + ran.err).right(300).toStdString()) + "); ";
    };
    if (const int started = startCrashedRouters(ground); started > 0)
        taken += std::to_string(started) + " routers started; ";
    const std::string primary = m_fleet.primaries(m_name);
    if (!ground.server(primary))
        return taken;
    if (m_fleet.ask(primary, "SHOW default_transaction_read_only") == "on")
        take({"brake", "lift", qt(primary), "--reason", "left over"});
    for (const std::string &region : ground.shape.regions) {
        if (!m_fleet.leads(region, m_name, primary))
            take({"router", "point", qt(m_name), "--router", qt(region), "--to", qt(primary)});
        else if (!takesWrites(region))
            take({"router", "resume", qt(m_name), "--router", qt(region)});
    }
    std::set<std::string> follow;
    std::istringstream names(m_fleet.ask(primary, "SELECT string_agg(application_name, ' ') FROM pg_stat_replication WHERE state = 'streaming'"));
    for (std::string name; names >> name;)
        follow.insert(name);
    for (const localfleet::Instance &member : ground.members(m_name)) {
        if (member.id != primary && !follow.contains(member.id))
            take({"standby", "rebuild", qt(member.id)});
    }
    return taken;
}

std::string MovedCluster::whyNotOneAtATime(const std::string &primary) const
{
    const std::string order = m_writable->sequence();
    std::istringstream names(order);
    std::set<std::string> seen;
    std::string last;
    bool isOneAtATime = true;
    for (std::string name; names >> name; last = name)
        isOneAtATime = seen.insert(name).second && isOneAtATime;
    return isOneAtATime && last == primary ? std::string() : "took writes: " + order + "; the primary is " + primary;
}

std::string MovedCluster::whatIsMissing(const std::string &primary, const std::optional<Window> &window) const
{
    const auto lost = m_ledger->lostOn(primary);
    if (!lost)
        return lost.error().message;
    const Ledger::Tale tale = m_ledger->tale();
    const base::UtcTime utcNow = base::SystemClock().utcNow();
    const base::Instant now = std::chrono::steady_clock::now();
    std::string outside;
    for (const std::size_t place : *lost) {
        const base::Instant at = tale.at[place];
        const base::UtcTime atUtc = utcNow - std::chrono::duration_cast<base::microseconds>(now - at);
        if (!window || at > window->to || atUtc + clockSlack < window->from)
            outside += " " + std::to_string(tale.acknowledged[place]);
    }
    return outside.empty() ? std::string() : "acknowledged, and not on " + primary + (window ? ", outside of what was told:" : ":") + outside;
}

int startCrashedRouters(const localfleet::Ground &ground)
{
    int started = 0;
    for (const std::string &region : ground.shape.regions) {
        const localfleet::Instance *router = ground.server("router-" + region);
        if (!localfleet::servers::process(ground, router->id))
            started += localfleet::servers::start(ground, *router) && localfleet::servers::waitReady(ground, *router, base::seconds(10));
    }
    return started;
}

} // namespace shardlens::live
