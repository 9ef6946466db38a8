// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/FleetMeans.h"

#include "app/executor/Surroundings.h"
#include "core/base/Json.h"
#include "core/clients/shell/Remote.h"
#include "core/desk/Errand.h"
#include "core/observe/Settled.h"
#include "core/operate/Readiness.h"
#include "core/record/CampaignFolder.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <future>
#include <thread>

#include <nlohmann/json.hpp>

namespace shardlens::executor {

namespace {

constexpr unsigned leastLooks = 3;
constexpr base::seconds hostPatience{10};

observe::Engine::Options engineOptions(const fleet::Fleet &fleet)
{
    observe::Engine::Options options;
    options.from = fleet.ownRegion;
    options.readsShardMap = false;
    options.keychain = fromKeychain;
    return options;
}

bool isReadForAll(const facts::Snapshot &snapshot)
{
    const auto isRead = [&](const auto &thing) { return operate::notReadYet(snapshot, thing.name).empty(); };
    const fleet::Fleet &fleet = *snapshot.fleet;
    return observe::hasSettled(snapshot) && std::all_of(fleet.clusters.begin(), fleet.clusters.end(), isRead) &&
           std::all_of(fleet.redisGroups.begin(), fleet.redisGroups.end(), isRead);
}

/// What an executor said where it did not begin.
std::string refusalIn(const std::string &line)
{
    const auto said = base::readJson(line);
    if (!said.is_object())
        return {};
    if (said.contains("refused"))
        return said.value("refused", std::string("refused"));
    if (!said.contains("denied"))
        return {};
    std::string text = said.value("denied", std::string());
    for (const auto &name : said.value("names", std::vector<std::string>()))
        text += " " + name;
    return text;
}

bool isSignalled()
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    const timespec none{0, 0};
    return ::sigtimedwait(&ending, nullptr, &none) > 0;
}

} // namespace

FleetMeans::FleetMeans(Setting setting, QString folder, std::string id, std::string user)
    : m_setting(std::move(setting)), m_folder(std::move(folder)), m_id(std::move(id)), m_user(std::move(user)),
      m_engine(m_setting.fleet, engineOptions(*m_setting.fleet), std::make_shared<base::SystemClock>())
{
    m_nextWish = record::wishesOf(m_folder, m_id, 0).next; // what was wished of an earlier driver is over
}

facts::SnapshotPtr FleetMeans::lookFirst()
{
    auto marks = std::async(std::launch::async, [this] { return sharedNow(m_setting.fleet); });
    m_engine.start();
    QEventLoop waiting;
    QObject::connect(&m_engine, &observe::Engine::snapshotTaken, &waiting, [&](const facts::SnapshotPtr &snapshot) {
        if (isReadForAll(*snapshot))
            waiting.quit();
    });
    const auto &thresholds = m_setting.fleet->thresholds;
    QTimer::singleShot(observe::settlingTime(thresholds) + 3 * thresholds.interval, &waiting, &QEventLoop::quit);
    waiting.exec();
    auto snapshot = std::make_shared<facts::Snapshot>(*m_engine.latest());
    snapshot->shared = marks.get();
    m_engine.setShared(snapshot->shared);
    return snapshot;
}

std::string FleetMeans::freshId(const std::string &subject)
{
    return executor::freshId(subject);
}

unsigned FleetMeans::looksAtOnce() const
{
    return std::max(leastLooks, std::thread::hardware_concurrency());
}

base::Result<void> FleetMeans::startExecutor(const std::string &id, const std::vector<std::string> &arguments, const std::string &input, bool mayBeTold)
{
    std::vector<std::string> all{"--fleet", m_setting.fleetFile, "--from", m_setting.fleet->ownRegion.text()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto process = effects::ExecutorProcess::start(effects::executorProgram(), all, input, false, mayBeTold);
    if (!process)
        return base::fail(process.error());
    m_children[id].process.emplace(std::move(*process));
    m_children[id].refused.clear();
    return {};
}

void FleetMeans::prepareMove(const std::string &id, const execute::ActRequest &request)
{
    (void)startExecutor(id, {"--id", id, "--waits"}, execute::toJson(request) + "\n", true);
}

base::Result<void> FleetMeans::startMove(const std::string &id, const execute::ActRequest &request)
{
    const auto prepared = m_children.find(id);
    if (prepared != m_children.end() && prepared->second.process && prepared->second.process->tell(effects::goAhead))
        return {};
    return startExecutor(id, {"--id", id}, execute::toJson(request));
}

base::Result<void> FleetMeans::resumeMove(const std::string &id)
{
    std::vector<std::string> arguments{"--resume", id};
    if (!m_user.empty())
        arguments.insert(arguments.end(), {"--as", m_user});
    return startExecutor(id, arguments, {});
}

void FleetMeans::cancelMove(const std::string &id)
{
    const bool isAsked = record::askToCancel(m_setting.folder, id).has_value();
    Child &child = m_children[id];
    if (!isAsked && child.process && !child.process->ended())
        ::kill(child.process->pid(), SIGTERM); // it looks yet, and takes it once it begins
}

void FleetMeans::readJournalOf(const std::string &id, Child &child) const
{
    const auto more = record::readJournal(m_setting.folder, id, child.next);
    if (!more || more->lines.empty())
        return;
    child.next = more->next;
    for (const std::string &line : more->lines) {
        child.lines.push_back(line);
        if (!child.operation) {
            if (auto begun = execute::operationOf(child.lines))
                child.operation = std::move(*begun);
        } else if (!execute::addEntry(*child.operation, line)) {
            child.operation.reset(); // to be read whole with the next
        }
    }
}

campaign::MoveSeen FleetMeans::look(const std::string &id)
{
    Child &child = m_children[id];
    const auto ended = child.process ? child.process->ended() : std::nullopt;
    for (const std::string &line : child.process ? child.process->takeLines() : std::vector<std::string>()) {
        if (const std::string why = refusalIn(line); !why.empty())
            child.refused = why;
    }
    const bool isWritten = record::writerOf(m_setting.folder, id).has_value();
    readJournalOf(id, child); // after the look at its writer: what that one wrote last is in it
    const bool isCarriedOut = isWritten || (child.process && !ended);
    if (!child.operation && !isCarriedOut && ended && child.refused.empty())
        child.refused = "its executor ended with " + std::to_string(*ended) + " and began nothing";
    return {child.operation, isCarriedOut, child.refused};
}

base::Result<void> FleetMeans::setMark(const campaign::Goal &goal, const std::string &reason, bool isSet)
{
    desk::DeskOptions options;
    options.from = m_setting.fleet->ownRegion;
    options.user = m_user;
    options.keychain = fromKeychain;
    desk::MarkDeed deed;
    deed.what = isSet ? desk::MarkDeed::What::Set : desk::MarkDeed::What::Lift;
    deed.mark.kind = campaign::isOfRegion(goal.aim) ? facts::Mark::Kind::Region : facts::Mark::Kind::Host;
    deed.mark.subject = goal.subject;
    deed.mark.reason = reason.empty() ? m_id : reason;
    deed.mark.until = m_until;
    const auto done = desk::markOnce(m_setting.fleet, options, deed);
    if (!done)
        return base::fail(done.error());
    m_engine.setShared(sharedNow(m_setting.fleet));
    return {};
}

base::Result<facts::Kernel> FleetMeans::kernelNow(const std::string &name)
{
    const auto &hosts = m_setting.fleet->hosts;
    const auto host = std::find_if(hosts.begin(), hosts.end(), [&](const fleet::Host &one) { return one.name.text() == name; });
    if (host == hosts.end())
        return base::fail(base::ErrorCode::NotFound, "the fleet has no host " + name);
    return shell::kernelOf(*host, std::chrono::steady_clock::now() + hostPatience);
}

std::optional<facts::Kernel> FleetMeans::kernelBefore(const std::string &host)
{
    const auto kept = record::operationsIn(m_folder); // newest first
    for (const record::KeptOperation &one : kept ? *kept : std::vector<record::KeptOperation>()) {
        const auto lines = record::readJournal(m_folder, one.id);
        const auto campaign = lines ? campaign::campaignOf(lines->lines) : base::fail(lines.error());
        if (campaign && campaign->goal == campaign::Goal{campaign::Aim::HostDown, host} && campaign->kernel && campaign->kernel->now)
            return campaign->kernel->now;
    }
    return std::nullopt;
}

std::vector<campaign::Wish> FleetMeans::takeWishes()
{
    std::vector<campaign::Wish> wishes;
    const auto read = record::wishesOf(m_folder, m_id, m_nextWish);
    m_nextWish = read.next;
    for (const std::string &line : read.lines) {
        if (auto one = campaign::wishFrom(line))
            wishes.push_back(std::move(*one));
    }
    if (isSignalled())
        wishes.push_back({++m_signals > 1 ? campaign::Stop::Now : campaign::Stop::AfterWave, {}, {}});
    return wishes;
}

} // namespace shardlens::executor
