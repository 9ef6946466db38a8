// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/CampaignCommands.h"

#include "app/shardlensctl/DenialWords.h"

#include "app/shardlensctl/ActCommands.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/MaintenanceCommands.h"
#include "core/campaign/CampaignRequest.h"
#include "core/campaign/Means.h"
#include "core/desk/Desk.h"
#include "core/effects/ExecutorProcess.h"
#include "core/record/CampaignFolder.h"
#include "ui/format/CampaignText.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <atomic>
#include <csignal>
#include <cstdio>

#include <unistd.h>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using campaign::Campaign;
using effects::ExecutorProcess;

std::atomic<int> interrupts{0};

void onInterrupt(int)
{
    ++interrupts;
}

/// Counts Ctrl+C while it lives.
class InterruptCount
{
public:
    InterruptCount()
    {
        interrupts = 0;
        std::signal(SIGINT, onInterrupt);
    }
    ~InterruptCount() { std::signal(SIGINT, SIG_DFL); }
    InterruptCount(const InterruptCount &) = delete;
    InterruptCount &operator=(const InterruptCount &) = delete;
};

/// Tells what becomes of a campaign's rows as its journal grows.
class CampaignFollower
{
public:
    CampaignFollower(QString folder, bool isQuiet) : m_folder(std::move(folder)), m_isQuiet(isQuiet) {}

    void begin(const std::string &id)
    {
        m_id = id;
        say(QStringLiteral("Campaign ") + text(id));
    }

    void look()
    {
        const auto more = m_id.empty() ? base::fail(base::ErrorCode::NotFound, "") : record::readJournal(m_folder, m_id, m_next);
        if (!more || more->lines.empty())
            return;
        m_next = more->next;
        m_lines.insert(m_lines.end(), more->lines.begin(), more->lines.end());
        auto now = campaign::campaignOf(m_lines);
        if (!now)
            return;
        tell(*now);
        m_campaign = std::move(*now);
    }

    /// Ctrl+C: once after the wave, twice at once.
    void passOn(int interrupted)
    {
        for (; m_passedOn < std::min(interrupted, 2) && !m_id.empty(); ++m_passedOn) {
            const auto stop = m_passedOn == 0 ? campaign::Stop::AfterWave : campaign::Stop::Now;
            const bool isWatching = m_campaign && m_campaign->watch == campaign::Watch::Watching;
            if (record::wish(m_folder, m_id, toJson(campaign::Wish{stop, {}, desk::whoRuns().osUser})))
                say(isWatching        ? QStringLiteral("The caches are watched no longer.")
                    : m_passedOn == 0 ? QStringLiteral("Stops after this wave; Ctrl+C again stops now.")
                                      : QStringLiteral("Stops now: moves under way are taken back, or finish."));
        }
    }

    [[nodiscard]] const std::optional<Campaign> &campaign() const { return m_campaign; }

private:
    void say(const QString &words) const
    {
        if (m_isQuiet)
            return;
        std::printf("%s\n", qPrintable(plain(words)));
        std::fflush(stdout);
    }

    void tell(const Campaign &now) const
    {
        for (std::size_t i = 0; i < now.moves.size(); ++i) {
            const bool isNews = m_campaign ? m_campaign->moves[i].state != now.moves[i].state : now.moves[i].state == campaign::MoveState::Left;
            if (isNews)
                say(moveLine(now.moves[i]));
        }
        const std::size_t gates = m_campaign ? m_campaign->gates.size() : 0;
        for (std::size_t i = gates; i < now.gates.size(); ++i) {
            if (now.gates[i].isPassed)
                say(QStringLiteral("Wave %1 is well.").arg(now.gates[i].wave));
        }
        if (now.watch == campaign::Watch::Watching && (!m_campaign || m_campaign->watch != now.watch))
            say(format::watchText(now) + QStringLiteral(" Ctrl+C ends that, and nothing else."));
    }

    QString m_folder;
    bool m_isQuiet;
    std::string m_id;
    std::int64_t m_next = 0;
    std::vector<std::string> m_lines;
    std::optional<Campaign> m_campaign;
    int m_passedOn = 0;
};

std::optional<Exit> campaignRefusal(const Options &options, const fleet::Fleet &fleet, const std::string &line)
{
    const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    QString why = said.value(QStringLiteral("refused")).toString();
    const QString denied = said.value(QStringLiteral("denied")).toString();
    if (why.isEmpty() && denied.isEmpty())
        return std::nullopt;
    if (!denied.isEmpty()) {
        const auto known = execute::deniedFrom(line);
        why = known && known->why == execute::Denial::NoPlan ? QStringLiteral("nothing there can be moved, and no mark is to be changed; --plan tells why.")
              : known                                        ? denialWords(*known, fleet)
                                                             : denied;
    }
    Answer answer;
    answer.error = plain(QStringLiteral("Not started: ") + why).toStdString() + "\n";
    if (options.json) {
        QJsonObject out = said;
        out.insert(QStringLiteral("started"), false);
        out.insert(QStringLiteral("text"), why);
        answer.line(QJsonDocument(out).toJson(QJsonDocument::Compact).toStdString());
    }
    answer.exit = Exit::Problem;
    return print(answer);
}

Exit followCampaign(const Options &options, const fleet::Fleet &fleet, ExecutorProcess &process)
{
    const InterruptCount counted;
    CampaignFollower follower(record::campaignsFolder(fleet), options.json);
    std::optional<Exit> refused;
    const auto take = [&] {
        for (const std::string &line : process.takeLines()) {
            const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
            if (said.contains(QStringLiteral("begun")))
                follower.begin(said.value(QStringLiteral("begun")).toString().toStdString());
            else if (const auto no = campaignRefusal(options, fleet, line))
                refused = no;
        }
        follower.passOn(interrupts);
        follower.look();
    };
    std::optional<int> ended;
    while (!(ended = process.ended())) {
        take();
        ::usleep(30'000);
    }
    take();
    if (refused)
        return *refused;
    Answer answer;
    if (!follower.campaign()) {
        answer.error = "The executor ended with " + std::to_string(*ended) + " and began nothing.\n";
        answer.exit = *ended == 2 ? Exit::Usage : Exit::Failed;
        return print(answer);
    }
    if (options.json)
        answer.line(ctl::jsonOf(*follower.campaign(), false));
    else
        addCampaignReport(answer, *follower.campaign(), false);
    answer.exit = ctl::exitOf(*follower.campaign());
    return print(answer);
}

Exit startDriver(const Options &options, const fleet::Fleet &fleet, std::vector<std::string> arguments, const std::string &input)
{
    arguments.insert(arguments.begin(), {"--fleet", options.fleetFile, "--from", fleet.ownRegion.text()});
    auto process = ExecutorProcess::start(effects::executorProgram(), arguments, input, true);
    if (process)
        return followCampaign(options, fleet, *process);
    Answer answer;
    answer.error = "The executor could not be started: " + process.error().message + "\n";
    answer.exit = Exit::Failed;
    return print(answer);
}

Exit refuseUsage(const std::string &words)
{
    Answer answer;
    answer.error = words + "\n";
    answer.exit = Exit::Usage;
    return print(answer);
}

/// The newest of that aim and subject that can be gone on with.
std::optional<std::string> unfinished(const fleet::Fleet &fleet, const campaign::Goal &goal)
{
    for (const KeptCampaign &one : campaignsOf(fleet)) {
        const bool hasEnded = one.campaign.outcome == campaign::Outcome::Done || one.campaign.outcome == campaign::Outcome::Abandoned;
        if (one.campaign.goal == goal)
            return hasEnded || one.isDriven ? std::nullopt : std::optional(one.campaign.id);
    }
    return std::nullopt;
}

} // namespace

Exit resumeCampaign(const Options &options, const std::string &id)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    std::vector<std::string> arguments{"--resume", id};
    if (!options.user.empty())
        arguments.insert(arguments.end(), {"--as", options.user});
    return startDriver(options, **fleet, arguments, {});
}

Exit startCampaign(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    campaign::CampaignRequest request;
    request.goal = {campaign::aimNamed(options.aim).value_or(campaign::Aim::Evacuate), options.subject};
    if (options.resumes) {
        const auto id = unfinished(**fleet, request.goal);
        return id ? resumeCampaign(options, *id) : refuseUsage("There is none of " + options.subject + " that broke off or has things left.");
    }
    const base::UtcTime now = base::SystemClock().utcNow();
    request.options.atOnce = options.atOnce;
    request.options.stopAfter = options.stopAfter;
    request.options.toRegion = base::RegionName(options.region);
    request.options.bringsHome = options.bringsHome;
    if (request.goal.aim == campaign::Aim::HostDown) {
        request.options.until = momentToCome(options.until.empty() ? "2h" : options.until, now);
        if (!request.options.until || *request.options.until <= now)
            return refuseUsage("--until: '" + options.until + "' is no moment to come. Expected 2026-11-28T03:00:00Z, or 30min, 2h, 1d from now.");
    }
    for (const std::string &words : options.forced) {
        const auto forced = forcedFrom(words);
        if (!forced)
            return refuseUsage("--force takes CHECK=REASON, with a check that --plan names: '" + words + "'");
        request.options.forced.push_back(*forced);
    }
    request.fingerprint = options.fingerprint;
    request.reason = options.reason;
    request.confirm = options.confirm;
    request.user = options.user;
    request.ticked = options.ticked;
    return startDriver(options, **fleet, {}, campaign::toJson(request));
}

} // namespace shardlens::ctl
