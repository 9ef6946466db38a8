// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/Desk.h"

#include "core/desk/DirectoryTalk.h"
#include "core/desk/Purse.h"
#include "core/desk/Standing.h"

#include <QMetaObject>
#include <QUuid>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace shardlens::desk {

namespace {

constexpr base::seconds tellsEvery{5}; // what it reaches, if that stays the same

} // namespace

/// The thread that waits for servers. What it is given stands under the mutex.
struct Desk::Worker {
    Worker(Desk &owner, Purse money) : desk(owner), purse(std::move(money)) {}

    ~Worker()
    {
        {
            const std::lock_guard lock(mutex);
            isEnding = true;
        }
        interrupt->raise();
        wake.notify_all();
        if (thread.joinable())
            thread.join();
    }

    void run()
    {
        const Standing standing = standingOf(*desk.m_fleet, desk.m_options.user);
        const auto secret = [this](const fleet::DatabaseUser &user, const fleet::Endpoint &endpoint) { return purse.secretOf(user, endpoint); };
        const fleet::DatabaseUser *observer = desk.m_fleet->access.user(desk.m_fleet->access.observer);
        const fleet::DatabaseUser looking = observer ? *observer : fleet::DatabaseUser{desk.m_fleet->access.observer, fleet::Role::Observer, {}};
        DirectoryTalk looks(desk.m_fleet, desk.m_options.from, looking, secret, desk.m_options.patience, interrupt);
        std::optional<DirectoryTalk> person;
        if (standing.user)
            person.emplace(desk.m_fleet, desk.m_options.from, *standing.user, secret, desk.m_options.patience, interrupt);
        std::unique_lock lock(mutex);
        while (!isEnding) {
            const auto next = desk.m_clock->now() + desk.m_options.interval;
            lock.unlock();
            if (standing.refusal == facts::ClaimRefusal::None)
                actAll(*person);
            const auto mute = tell(person && !isStranger ? *person : looks);
            read(looks, standing, mute);
            lock.lock();
            wake.wait_until(lock, next, [this] { return isEnding || isWoken; });
            isWoken = false;
        }
        lock.unlock();
        interrupt->lower();
        if (hasTold)
            (void)(person && !isStranger ? *person : looks).leave(vantage.console);
    }

    /// In their order; the first that cannot be written now holds the others back.
    void actAll(DirectoryTalk &talk)
    {
        for (;;) {
            Deed deed;
            base::ServerId primary;
            {
                const std::lock_guard lock(mutex);
                if (deeds.empty() || isEnding)
                    return;
                deed = deeds.front();
                primary = likely;
            }
            const auto done = talk.act(deed, vantage.by, primary);
            if (!done && mayBeTriedAgain(done.error()))
                return;
            {
                const std::lock_guard lock(mutex);
                deeds.pop_front();
            }
            QMetaObject::invokeMethod(&desk, [owner = &desk, deed, error = done ? std::optional<base::Error>() : done.error()] { owner->acted(deed, error); }, Qt::QueuedConnection);
        }
    }

    /// What this console reaches, as its person, so that others know whose it is; as the observer where that is denied.
    std::optional<base::Error> tell(DirectoryTalk &talk)
    {
        Vantage now;
        base::ServerId primary;
        {
            const std::lock_guard lock(mutex);
            now = vantage;
            primary = likely;
        }
        const bool isDue = !toldAt || *toldAt + tellsEvery <= desk.m_clock->now() || !(now == told);
        const bool mayTell = desk.m_fleet->acting && now.declared > 0; // nothing is written into a fleet that is only looked at
        if (!mayTell || !isDue)
            return std::nullopt;
        toldAt = desk.m_clock->now();
        told = now;
        const auto done = talk.tell(now, primary);
        hasTold = hasTold || done;
        if (done)
            return std::nullopt;
        if (!mayBeTriedAgain(done.error()) && !isNotPrepared(done.error())) {
            isStranger = true;
            toldAt.reset();
        }
        return done.error();
    }

    /// `mute`: why nothing could be told, if so.
    void read(DirectoryTalk &talk, const Standing &standing, const std::optional<base::Error> &mute)
    {
        Vantage now;
        base::ServerId primary;
        {
            const std::lock_guard lock(mutex);
            now = vantage;
            primary = likely;
        }
        auto shared = talk.read(primary);
        facts::Shared result;
        if (shared) {
            result = std::move(*shared);
            result.readAt = desk.m_clock->now();
            result.readUtc = desk.m_clock->utcNow();
            if (mute && mayBeTriedAgain(*mute))
                result.trouble = mute; // it can be read, and not be written
        } else {
            result.trouble = shared.error();
        }
        for (facts::ConsoleSeen &seen : result.consoles)
            seen.isOwn = seen.id == now.console;
        result.refusal = standing.refusal;
        if (result.refusal == facts::ClaimRefusal::None && result.trouble && isNotPrepared(*result.trouble))
            result.refusal = facts::ClaimRefusal::NotPrepared;
        result.you = standing.user ? standing.user->name : std::string();
        result.whoMay = standing.whoMay;
        QMetaObject::invokeMethod(&desk, [owner = &desk, result = std::move(result)] { owner->took(result); }, Qt::QueuedConnection);
    }

    Desk &desk;
    Purse purse;
    std::mutex mutex;
    std::condition_variable wake;
    bool isEnding = false;
    bool isWoken = false;
    std::deque<Deed> deeds;
    Vantage vantage;
    base::ServerId likely;
    std::shared_ptr<wire::Interrupt> interrupt = std::make_shared<wire::Interrupt>();
    // Of the thread alone:
    Vantage told;
    std::optional<base::Instant> toldAt;
    bool hasTold = false;
    bool isStranger = false; ///< the directory does not let the person in
    std::thread thread;
};

Desk::Desk(std::shared_ptr<const fleet::Fleet> fleet, DeskOptions options, std::shared_ptr<const base::Clock> clock, QObject *parent)
    : QObject(parent), m_fleet(std::move(fleet)), m_options(std::move(options)), m_clock(std::move(clock))
{
    showStanding();
}

/// Before anything is read.
void Desk::showStanding()
{
    const Standing standing = standingOf(*m_fleet, m_options.user);
    m_read = {};
    m_read.refusal = standing.refusal;
    m_read.you = standing.user ? standing.user->name : std::string();
    m_read.whoMay = standing.whoMay;
    m_refused = facts::ClaimRefusal::None;
    m_latest = std::make_shared<const facts::Shared>(m_read);
}

void Desk::setFleet(std::shared_ptr<const fleet::Fleet> fleet)
{
    const bool wasStarted = m_worker != nullptr;
    m_worker.reset();
    m_fleet = std::move(fleet);
    m_waiting.clear();
    showStanding();
    Q_EMIT changed(m_latest);
    if (wasStarted)
        start();
}

Desk::~Desk() = default;

void Desk::start()
{
    if (m_worker || !m_fleet->directory)
        return;
    m_worker = std::make_unique<Worker>(*this, Purse(*m_fleet, m_options.user, m_options.keychain));
    m_worker->vantage.console = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    m_worker->vantage.by = whoRuns();
    m_worker->vantage.region = m_options.from.isEmpty() ? m_fleet->ownRegion : m_options.from;
    m_worker->thread = std::thread([worker = m_worker.get()] { worker->run(); });
}

void Desk::see(const facts::Snapshot &snapshot)
{
    if (!m_worker || !m_fleet->directory)
        return;
    const auto answers = facts::countAnswers(snapshot);
    std::vector<base::ServerId> lost;
    for (const auto &[id, seen] : snapshot.servers) {
        if (seen->reach.state == facts::ReachState::Down)
            lost.push_back(id);
    }
    const facts::ClusterFacts *directory = snapshot.cluster(m_fleet->directory->cluster);
    const std::lock_guard lock(m_worker->mutex);
    const bool isLossNew = m_worker->vantage.lost != lost;
    m_worker->vantage.answering = answers.answering;
    m_worker->vantage.declared = answers.declared;
    m_worker->vantage.lost = std::move(lost);
    if (directory && directory->primary)
        m_worker->likely = *directory->primary;
    if (isLossNew) {
        m_worker->isWoken = true;
        m_worker->wake.notify_all();
    }
}

void Desk::claim(const std::string &problem, base::seconds lasting)
{
    Deed deed;
    deed.claim.kind = facts::Claim::Kind::Claimed;
    deed.claim.problem = problem;
    deed.lasting = lasting;
    add(std::move(deed));
}

void Desk::quiet(const std::string &problem, const std::string &reason, base::seconds lasting)
{
    Deed deed;
    deed.claim.kind = facts::Claim::Kind::Quieted;
    deed.claim.problem = problem;
    deed.claim.reason = reason;
    deed.lasting = lasting;
    add(std::move(deed));
}

void Desk::release(const std::string &problem, facts::Claim::Kind kind)
{
    Deed deed;
    deed.what = Deed::What::Release;
    deed.claim.kind = kind;
    deed.claim.problem = problem;
    add(std::move(deed));
}

void Desk::add(Deed deed)
{
    if (m_read.refusal != facts::ClaimRefusal::None || !m_worker) {
        Q_EMIT refused(deed.claim, base::Error{base::ErrorCode::NoRights, std::string(facts::name(m_read.refusal)), {}, {}, base::Effect::None});
        return;
    }
    deed.claim.by = m_worker->vantage.by; // set once, before the thread began
    deed.claim.by.databaseUser = m_read.you;
    deed.claim.at = m_clock->utcNow();
    if (deed.what == Deed::What::Set)
        deed.claim.until = deed.claim.at + deed.lasting;
    deed.claim.isPending = true;
    m_waiting.push_back(deed);
    {
        const std::lock_guard lock(m_worker->mutex);
        m_worker->deeds.push_back(std::move(deed));
        m_worker->isWoken = true;
    }
    m_worker->wake.notify_all();
    show();
}

/// One deed is done, or given up; what the directory has now is read right after it.
void Desk::acted(const Deed &deed, const std::optional<base::Error> &error)
{
    const auto same = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const Deed &one) { return one.claim == deed.claim && one.what == deed.what; });
    if (same != m_waiting.end())
        m_waiting.erase(same);
    if (!error) { // shown as done until the reading that follows says so
        std::erase_if(m_read.claims, [&](const facts::Claim &claim) { return claim.problem == deed.claim.problem && claim.kind == deed.claim.kind; });
        if (deed.what == Deed::What::Set) {
            m_read.claims.insert(m_read.claims.begin(), deed.claim);
            m_read.claims.front().isPending = false;
        }
        return;
    }
    if (isNotPrepared(*error))
        m_read.refusal = facts::ClaimRefusal::NotPrepared;
    else if (error->code == base::ErrorCode::NoRights)
        m_read.refusal = facts::ClaimRefusal::Rights;
    m_refused = m_read.refusal;
    show();
    Q_EMIT refused(deed.claim, *error);
}

void Desk::took(facts::Shared read)
{
    if (!read.readAt) { // nothing new: what was read before stays, with its age
        read.claims = m_read.claims;
        read.consoles = m_read.consoles;
        read.readAt = m_read.readAt;
        read.readUtc = m_read.readUtc;
    }
    if (read.refusal == facts::ClaimRefusal::None)
        read.refusal = m_refused;
    m_read = std::move(read);
    show();
}

void Desk::show()
{
    facts::Shared shared = m_read;
    for (const Deed &deed : m_waiting) {
        std::erase_if(shared.claims, [&](const facts::Claim &claim) { return claim.problem == deed.claim.problem && claim.kind == deed.claim.kind; });
        if (deed.what == Deed::What::Set)
            shared.claims.insert(shared.claims.begin(), deed.claim);
    }
    m_latest = std::make_shared<const facts::Shared>(std::move(shared));
    Q_EMIT changed(m_latest);
}

} // namespace shardlens::desk

#include "moc_Desk.cpp"
