// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CacheWire.h"

#include "app/owed/Owed.h"
#include "core/cacheflow/HotKeyWatch.h"
#include "core/cacheflow/Staleness.h"
#include "core/clients/keychain/Keychain.h"
#include "core/desk/Standing.h"

#include <algorithm>
#include <random>

namespace shardlens::app {

namespace {

constexpr base::milliseconds lookPatience{1000};
constexpr base::milliseconds warmToldEvery{500};
constexpr std::size_t spreadKeys = 20'000; ///< enough for shares to a tenth of a per cent

base::Result<std::string> keychainEntry(const std::string &entry)
{
    return keychain::read(entry);
}

cacheflow::WarmOptions warmOptions(const ui::pages::WarmAsk &ask, const std::shared_ptr<wire::Interrupt> &stop)
{
    cacheflow::WarmOptions how;
    how.keys = ask.keys;
    how.perSecond = ask.perSecond;
    how.holdOff = ui::pages::warmHoldOff;
    how.stop = stop;
    return how;
}

/// Of a region: its pools together.
facts::Known<facts::MeasuredStaleness> knownOf(const base::Result<std::vector<cacheflow::PoolStaleness>> &pools)
{
    if (!pools)
        return facts::unknown(facts::WhyUnknown::Unreadable, pools.error().message);
    const auto found = cacheflow::sumOf(*pools);
    if (!found)
        return facts::unknown(facts::WhyUnknown::NotConfigured);
    return facts::MeasuredStaleness{std::chrono::steady_clock::now(), found->compared, found->stale, found->late, found->orphans, found->unread, found->oldest,
                                    found->staleKeys, found->error ? found->error->message : std::string()};
}

} // namespace

CacheWire::CacheWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::CacheBoard &board, desk::DeskOptions options, QObject *parent)
    : QObject(parent), m_fleet(std::move(fleet)), m_board(board), m_options(std::move(options))
{
    connect(&board, &ui::pages::CacheBoard::lookAsked, this, &CacheWire::look);
    connect(&board, &ui::pages::CacheBoard::deleteAsked, this, &CacheWire::remove);
    connect(&board, &ui::pages::CacheBoard::spreadAsked, this, &CacheWire::spread);
    connect(&board, &ui::pages::CacheBoard::watchAsked, this, &CacheWire::watch);
    connect(&board, &ui::pages::CacheBoard::measureAsked, this, &CacheWire::measure);
    connect(&board, &ui::pages::CacheBoard::warmPlanAsked, this, &CacheWire::planWarming);
    connect(&board, &ui::pages::CacheBoard::warmAsked, this, &CacheWire::warm);
    connect(&board, &ui::pages::CacheBoard::warmStopAsked, this, [this] {
        if (m_stopWarming)
            m_stopWarming->raise();
    });
    connect(&board, &ui::pages::CacheBoard::stopAsked, this, [this] {
        if (m_stop)
            m_stop->raise(); // its last word comes then
    });
}

CacheWire::~CacheWire()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ends = true;
    }
    endWatch();
    if (m_stopWarming)
        m_stopWarming->raise();
    if (m_warming.joinable())
        m_warming.join();
    if (m_measuring.joinable())
        m_measuring.join();
    m_wake.notify_all();
    if (m_errandThread.joinable())
        m_errandThread.join();
}

void CacheWire::run(std::function<void()> errand)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_errands.push_back(std::move(errand));
    }
    m_wake.notify_all();
    if (!m_errandThread.joinable())
        m_errandThread = std::thread([this] { runErrands(); });
}

void CacheWire::runErrands()
{
    while (true) {
        std::function<void()> next;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ends || !m_errands.empty(); });
            if (m_ends)
                return;
            next = std::move(m_errands.front());
            m_errands.pop_front();
        }
        next();
    }
}

void CacheWire::look(const std::string &key, bool takesWins)
{
    run([this, key, takesWins, number = ++m_newestLook] {
        if (number != m_newestLook)
            return;
        ui::pages::KeyLooks looks{key, takesWins, {}};
        const auto places = cacheflow::placesOf(*m_fleet, key, {});
        if (places)
            looks.items = cacheflow::lookEverywhere(*m_fleet, key, *places, takesWins, lookPatience);
        else
            looks.items = base::fail(places.error());
        QMetaObject::invokeMethod(this, [this, looks = std::move(looks)] { m_board.tellKey(looks); }, Qt::QueuedConnection);
    });
}

/// Whoever asks has looked at the plan; whether they may is decided where it is recorded.
void CacheWire::remove(const cacheflow::DeletePlan &plan, const std::string &reason)
{
    run([this, plan, reason] {
        owed::ActRecorder recorder(m_fleet, m_options, "key " + plan.key, reason);
        const auto record = [&](const char *action, const std::string &detail) { return recorder.record(action, detail); };
        auto end = cacheflow::carryOut(*m_fleet, plan, record);
        ui::pages::KeyDeleted deleted{plan, base::fail(base::ErrorCode::Unavailable, "")};
        if (end)
            deleted = {plan, std::move(end->places), std::move(end->unrecorded)};
        else
            deleted.places = base::fail(end.error());
        QMetaObject::invokeMethod(this, [this, deleted = std::move(deleted)] { m_board.tellDeleted(deleted); }, Qt::QueuedConnection);
    });
}

void CacheWire::spread()
{
    run([this] {
        std::vector<cacheflow::PoolSpread> pools;
        for (const fleet::Pool &pool : m_fleet->pools) {
            if (auto one = cacheflow::spreadOf(*m_fleet, pool, spreadKeys))
                pools.push_back(std::move(*one));
        }
        QMetaObject::invokeMethod(this, [this, pools = std::move(pools)] { m_board.tellSpread(pools); }, Qt::QueuedConnection);
    });
}

void CacheWire::endWatch()
{
    if (m_stop)
        m_stop->raise();
    if (m_thread.joinable())
        m_thread.join();
}

void CacheWire::watch(const base::RegionName &region, base::seconds span, std::uint32_t sampleOneOf)
{
    endWatch();
    std::vector<memcached::Member> members;
    for (const fleet::Pool &pool : m_fleet->pools) {
        for (const base::ServerId &id : pool.servers) {
            if (pool.region == region)
                members.push_back({id.text(), m_fleet->server(id)->address.from(m_fleet->ownRegion)});
        }
    }
    cacheflow::HotKeyOptions how;
    how.counting = span;
    how.count.sampleOneOf = sampleOneOf;
    m_stop = std::make_shared<wire::Interrupt>();
    m_thread = std::thread([this, members = std::move(members), how, region, stop = m_stop, watch = ++m_watch] {
        cacheflow::watchHotKeys(members, how, stop, [&](const cacheflow::HotKeysReport &report) {
            const auto tell = [this, region, report, watch] {
                if (watch == m_watch)
                    m_board.tellHotKeys(region, report);
            };
            QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
        });
    });
}

void CacheWire::runWarming(std::function<void(const std::shared_ptr<wire::Interrupt> &stop)> work)
{
    if (m_stopWarming)
        m_stopWarming->raise();
    if (m_warming.joinable())
        m_warming.join();
    m_stopWarming = std::make_shared<wire::Interrupt>();
    m_warming = std::thread([work = std::move(work), stop = m_stopWarming] { work(stop); });
}

void CacheWire::planWarming(const ui::pages::WarmAsk &ask)
{
    runWarming([this, ask](const std::shared_ptr<wire::Interrupt> &stop) {
        const ui::pages::WarmPlanned planned{ask, cacheflow::planWarming(*m_fleet, ask.from, ask.to, warmOptions(ask, stop))};
        QMetaObject::invokeMethod(this, [this, planned] { m_board.tellWarmPlan(planned); }, Qt::QueuedConnection);
    });
}

/// Whoever asks has looked at the plan; whether they may is decided where it is recorded.
void CacheWire::warm(const ui::pages::WarmPlanned &planned, const std::string &reason)
{
    runWarming([this, planned, reason](const std::shared_ptr<wire::Interrupt> &stop) {
        owed::ActRecorder recorder(m_fleet, m_options, "pool " + planned.plan->targets(), reason);
        const auto record = [&](const char *action, const std::string &detail) { return recorder.record(action, detail); };
        auto toldAt = std::chrono::steady_clock::now() - warmToldEvery;
        const auto tell = [&](const cacheflow::Warmed &soFar) {
            if (std::chrono::steady_clock::now() - toldAt < warmToldEvery)
                return;
            toldAt = std::chrono::steady_clock::now();
            QMetaObject::invokeMethod(this, [this, soFar] { m_board.tellWarm(soFar); }, Qt::QueuedConnection);
        };
        const desk::Standing standing = desk::standingOf(*m_fleet, m_options.user);
        base::Result<cacheflow::WarmEnd> end = base::fail(base::ErrorCode::NoRights, std::string(facts::name(standing.refusal)));
        if (standing.refusal == facts::ClaimRefusal::None)
            end = cacheflow::carryOut(*m_fleet, *planned.plan, *standing.user, keychainEntry, warmOptions(planned.ask, stop), record, tell);
        QMetaObject::invokeMethod(this, [this, end] { m_board.tellWarmEnd(end); }, Qt::QueuedConnection);
    });
}

void CacheWire::measure()
{
    if (m_isMeasuring)
        return;
    if (m_measuring.joinable())
        m_measuring.join();
    m_isMeasuring = true;
    m_measuring = std::thread([this] { measureRegions(); });
}

void CacheWire::measureRegions()
{
    const fleet::DatabaseUser *user = m_fleet->access.firstWith(fleet::Role::Support);
    if (!user)
        user = m_fleet->access.firstWith(fleet::Role::Ops);
    const auto map = user ? cacheflow::declaredMap(*m_fleet, m_fleet->access.observer, keychainEntry)
                          : base::Result<cacheflow::DeclaredMap>(base::fail(base::ErrorCode::NotFound, "the fleet file names no user that may read rows"));
    cacheflow::StalenessOptions how;
    how.seed = std::random_device()();
    how.keychain = keychainEntry;
    for (const fleet::Region &region : m_fleet->regions) {
        const bool hasPool = std::any_of(m_fleet->pools.begin(), m_fleet->pools.end(), [&](const fleet::Pool &pool) { return pool.region == region.name; });
        if (!hasPool || m_ends)
            continue;
        const auto found = knownOf(map ? cacheflow::sampleStaleness(*m_fleet, region.name, *map, *user, how) : base::Result<std::vector<cacheflow::PoolStaleness>>(base::fail(map.error())));
        QMetaObject::invokeMethod(this, [this, name = region.name, found] { m_board.tellStaleness(name, found); }, Qt::QueuedConnection);
    }
    const auto last = [this] {
        m_isMeasuring = false;
        m_board.tellMeasured();
    };
    QMetaObject::invokeMethod(this, last, Qt::QueuedConnection);
}

} // namespace shardlens::app

#include "moc_CacheWire.cpp"
