// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/PerformCampaign.h"

#include "app/executor/DirectoryBook.h"
#include "app/executor/FleetMeans.h"
#include "app/executor/Surroundings.h"
#include "core/campaign/Driver.h"
#include "core/record/CampaignFolder.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>

namespace shardlens::executor {

namespace {

using base::ErrorCode;
using campaign::Campaign;

/// Waits while this program's engine goes on.
class EventPace final : public execute::Pace
{
public:
    void wait(base::milliseconds time) override
    {
        QEventLoop loop;
        QTimer::singleShot(time, &loop, &QEventLoop::quit);
        loop.exec();
    }
    void together(const std::vector<std::function<void()>> &deeds) override
    {
        for (const auto &deed : deeds)
            deed();
    }
};

End refuseCampaign(const base::Error &error)
{
    sayRefused(error);
    return End::Refused;
}

QString folderOf(const Setting &setting)
{
    return record::campaignsFolder(*setting.fleet);
}

/// Two of one person's at the same time would each take the other's moves for failures.
base::Result<void> isAlone(const Setting &setting)
{
    const auto kept = record::operationsIn(folderOf(setting));
    for (const record::KeptOperation &one : kept ? *kept : std::vector<record::KeptOperation>()) {
        if (one.isWritten && one.id != setting.id)
            return base::fail(ErrorCode::Rejected, one.id + " runs: one campaign at a time");
    }
    return {};
}

std::vector<std::string> ownCampaigns(const Setting &setting)
{
    std::vector<std::string> ids;
    const auto kept = record::operationsIn(folderOf(setting));
    for (const record::KeptOperation &one : kept ? *kept : std::vector<record::KeptOperation>())
        ids.push_back(one.id);
    return ids;
}

void tick(Campaign &campaign, const std::vector<std::string> &ticked, const std::string &by)
{
    for (campaign::Tick &one : campaign.manual) {
        const std::string id = one.step.id();
        const bool isTicked = std::any_of(ticked.begin(), ticked.end(), [&](const std::string &text) { return text == id || text == name(one.step.kind); });
        if (isTicked) {
            one.by = by;
            one.at = campaign.beganAt;
        }
    }
}

End drive(Campaign campaign, FleetMeans &means, FileJournal &journal, CampaignBook &book, const fleet::DatabaseUser &actor)
{
    const base::SystemClock clock;
    EventPace pace;
    means.setUntil(campaign.options.until);
    book.begun(campaign);
    campaign::Driver driver(std::move(campaign), means, journal, clock, pace, actor.name);
    const campaign::Outcome outcome = driver.run();
    book.ended(driver.campaign());
    sayEnded(campaign::name(outcome), driver.campaign().said);
    return endOf(outcome);
}

} // namespace

std::string campaignId(const campaign::Goal &goal)
{
    return freshId(std::string(name(goal.aim)) + "-" + goal.subject);
}

bool isCampaign(const Setting &setting)
{
    return record::readJournal(folderOf(setting), setting.id).has_value();
}

End beginCampaign(const Setting &setting, const campaign::CampaignRequest &request)
{
    const fleet::DatabaseUser *actor = execute::actorOf(*setting.fleet, request.user);
    if (!setting.fleet->acting || !actor || !execute::mayAct(actor->role)) {
        sayDenied(*campaign::denialOf(*setting.fleet, request, {}), {});
        return End::Refused;
    }
    if (const auto alone = isAlone(setting); !alone)
        return refuseCampaign(alone.error());
    FleetMeans means(setting, folderOf(setting), setting.id, actor->name);
    const facts::SnapshotPtr snapshot = means.lookFirst();
    const auto plan = campaign::planFor(*snapshot, request.goal, request.options);
    if (!plan)
        return refuseCampaign(plan.error());
    if (const auto denied = campaign::denialOf(*setting.fleet, request, *plan)) {
        sayDenied(*denied, {});
        return End::Refused;
    }
    Campaign campaign = campaign::campaignFor(*plan);
    campaign.id = setting.id;
    campaign.author = authorOf(*actor);
    campaign.reason = request.reason;
    campaign.beganAt = campaign.lastEntryAt = base::SystemClock().utcNow();
    tick(campaign, request.ticked, actor->name);
    CampaignBook book(setting, *actor);
    if (const auto claimed = book.claim(campaign, ownCampaigns(setting)); !claimed)
        return refuseCampaign(claimed.error());
    auto file = record::OperationJournal::create(folderOf(setting), setting.id);
    if (!file)
        return refuseCampaign(file.error());
    FileJournal journal(std::move(*file));
    if (const auto written = journal.append(campaign::entryBegun(campaign)); !written)
        return refuseCampaign(written.error());
    sayBegun(setting.id);
    return drive(std::move(campaign), means, journal, book, *actor);
}

End goOnWithCampaign(const Setting &setting, const std::string &user)
{
    const fleet::DatabaseUser *actor = execute::actorOf(*setting.fleet, user);
    if (!setting.fleet->acting || !actor || !execute::mayAct(actor->role))
        return refuseCampaign({ErrorCode::NoRights, "acting on this fleet needs the role on-call or ops, and acting switched on", {}, {}, base::Effect::None});
    if (const auto alone = isAlone(setting); !alone)
        return refuseCampaign(alone.error());
    auto file = record::OperationJournal::reopen(folderOf(setting), setting.id);
    if (!file)
        return refuseCampaign(file.error());
    const auto lines = record::readJournal(folderOf(setting), setting.id);
    auto campaign = lines ? campaign::campaignOf(lines->lines) : base::fail(lines.error());
    if (!campaign)
        return refuseCampaign(campaign.error());
    if (campaign->outcome == campaign::Outcome::Done || campaign->outcome == campaign::Outcome::Abandoned)
        return refuseCampaign({ErrorCode::Rejected, "it has ended: " + std::string(campaign::name(*campaign->outcome)), {}, {}, base::Effect::None});
    campaign->author = authorOf(*actor);
    CampaignBook book(setting, *actor);
    if (const auto claimed = book.claim(*campaign, ownCampaigns(setting)); !claimed)
        return refuseCampaign(claimed.error());
    FileJournal journal(std::move(*file));
    const std::string taken = campaign::entryTakenOver(authorOf(*actor), base::SystemClock().utcNow());
    if (const auto written = journal.append(taken); !written)
        return refuseCampaign(written.error());
    if (const auto added = campaign::addEntry(*campaign, taken); !added)
        return refuseCampaign(added.error());
    sayBegun(setting.id);
    FleetMeans means(setting, folderOf(setting), setting.id, actor->name);
    (void)means.lookFirst();
    return drive(std::move(*campaign), means, journal, book, *actor);
}

} // namespace shardlens::executor
