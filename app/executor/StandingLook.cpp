// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/StandingLook.h"

#include "app/executor/Surroundings.h"
#include "core/fleet/Part.h"
#include "core/observe/Settled.h"
#include "core/operate/Readiness.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace shardlens::executor {

namespace {

constexpr base::milliseconds staysFresh{2000}; // what takes its time to be read: marks, settings, what a move must know of a member
constexpr int mostQuestions = 5;               // beside those of the engine's own beat

std::unique_ptr<desk::Desk> deskOf(const std::shared_ptr<const fleet::Fleet> &fleet)
{
    if (!fleet->directory)
        return nullptr;
    desk::DeskOptions options;
    options.from = fleet->ownRegion;
    options.keychain = fromKeychain;
    return std::make_unique<desk::Desk>(fleet, std::move(options), std::make_shared<base::SystemClock>());
}

observe::Engine::Options standingOptions(const fleet::Fleet &fleet)
{
    auto options = lookingOptions(fleet);
    options.seldom = staysFresh / 4; // with each question
    return options;
}

/// Of members that answer; what could not be read stays so.
bool areReadingsFresh(const facts::Snapshot &snapshot, const operate::Intent &intent)
{
    const fleet::Cluster *cluster = snapshot.fleet->cluster(operate::clusterOf(intent));
    return !cluster || std::all_of(cluster->servers.begin(), cluster->servers.end(), [&](const base::ServerId &id) {
        const facts::Observation *seen = snapshot.observation(id);
        const facts::PostgresSample *sample = seen && seen->reach.state == facts::ReachState::Answering ? seen->postgres() : nullptr;
        return !sample || !sample->move || std::chrono::steady_clock::now() - sample->move->readAt <= staysFresh;
    });
}

} // namespace

std::shared_ptr<const fleet::Fleet> concernedBy(const fleet::Fleet &fleet, const operate::Intent &intent)
{
    return std::make_shared<const fleet::Fleet>(fleet::partOf(fleet, operate::nameOf(intent)));
}

observe::Engine::Options lookingOptions(const fleet::Fleet &fleet)
{
    observe::Engine::Options options;
    options.from = fleet.ownRegion;
    options.readsShardMap = false;
    options.hurries = true;
    options.keychain = fromKeychain;
    return options;
}

bool isReadFor(const facts::Snapshot &snapshot, const operate::Intent &intent)
{
    return observe::hasSettled(snapshot) && operate::notReadYet(snapshot, intent).empty();
}

base::milliseconds lookPatience(const fleet::Fleet &fleet)
{
    return observe::settlingTime(fleet.thresholds) + 3 * fleet.thresholds.interval;
}

StandingLook::StandingLook(const Setting &setting, operate::Intent intent)
    : m_fleet(setting.fleet), m_intent(std::move(intent)), m_desk(deskOf(setting.fleet)),
      m_engine(concernedBy(*setting.fleet, m_intent), standingOptions(*setting.fleet), std::make_shared<base::SystemClock>())
{
    QObject::connect(&m_engine, &observe::Engine::snapshotTaken, &m_engine, [this] {
        if (looked)
            looked();
    });
    if (m_desk) {
        QObject::connect(m_desk.get(), &desk::Desk::changed, &m_engine, [this](const facts::SharedPtr &shared) { m_engine.setShared(shared); });
        m_desk->start();
    }
    m_engine.start();
}

StandingLook::~StandingLook()
{
    if (m_ending.valid())
        m_ending.wait();
    m_engine.stop();
}

void StandingLook::end()
{
    m_ending = std::async(std::launch::async, [this] { m_engine.stop(); });
}

/// A directory that does not answer leaves them as it told them last, or unknown.
bool StandingLook::areMarksKnown() const
{
    if (!m_desk)
        return true;
    const facts::Shared &shared = *m_desk->latest();
    return shared.trouble || (shared.readAt && std::chrono::steady_clock::now() - *shared.readAt <= staysFresh);
}

bool StandingLook::isRead() const
{
    return isReadFor(*m_engine.latest(), m_intent) && areMarksKnown();
}

facts::SnapshotPtr StandingLook::since(base::Instant then)
{
    const auto isSeen = [&] { return isRead() && observe::isAskedSince(*m_engine.latest(), then) && areReadingsFresh(*m_engine.latest(), m_intent); };
    QEventLoop waiting;
    int questions = 1;
    QObject::connect(&m_engine, &observe::Engine::snapshotTaken, &waiting, [&] {
        if (isSeen())
            waiting.quit();
        else if (questions++ < mostQuestions) // an answer was on its way, to a question from before
            m_engine.readAgainNow();
    });
    QTimer::singleShot(lookPatience(*m_fleet), &waiting, &QEventLoop::quit);
    m_engine.readAgainNow();
    waiting.exec();
    auto snapshot = std::make_shared<facts::Snapshot>(*m_engine.latest());
    snapshot->shared = m_desk ? m_desk->latest() : nullptr;
    return snapshot;
}

std::set<base::ServerId> StandingLook::silent() const
{
    std::set<base::ServerId> silent;
    for (const auto &[id, observation] : m_engine.latest()->servers) {
        const facts::ReachState state = observation->reach.state;
        if (state == facts::ReachState::Late || state == facts::ReachState::Down)
            silent.insert(id);
    }
    return silent;
}

} // namespace shardlens::executor
