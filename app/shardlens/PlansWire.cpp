// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/PlansWire.h"

#include "core/desk/Desk.h"
#include "core/record/PlanFolder.h"

namespace shardlens::app {

namespace {
constexpr int lookEvery = 1000; // ms
} // namespace

PlansWire::PlansWire(std::shared_ptr<const fleet::Fleet> fleet, QString user, ui::operate::PlanBoard &board, QObject *parent)
    : QObject(parent), m_fleet(std::move(fleet)), m_user(std::move(user)), m_board(board)
{
    connect(&board, &ui::operate::PlanBoard::saveRequested, this, &PlansWire::save);
    connect(&board, &ui::operate::PlanBoard::saveCampaignRequested, this, &PlansWire::saveCampaign);
    connect(&board, &ui::operate::PlanBoard::removeRequested, this, &PlansWire::remove);
    connect(&m_timer, &QTimer::timeout, this, &PlansWire::look);
    look();
    m_timer.start(lookEvery);
}

void PlansWire::setFleet(std::shared_ptr<const fleet::Fleet> fleet)
{
    m_fleet = std::move(fleet);
    look();
}

void PlansWire::look()
{
    ui::operate::PlanList list;
    const QString folder = record::plansFolder(*m_fleet);
    for (const std::string &name : record::plansIn(folder)) {
        const auto text = record::readPlan(folder, name);
        const auto add = [&](auto plan, auto &plans) {
            if (plan)
                plans.push_back(std::move(*plan));
            else
                list.trouble = QString::fromStdString(name + ": " + plan.error().message);
        };
        if (text && campaign::isSavedCampaign(*text))
            add(campaign::savedCampaignFrom(*text), list.campaigns);
        else
            add(text ? execute::savedPlanFrom(*text) : base::fail(text.error()), list.plans);
    }
    if (list != m_board.latest())
        m_board.show(std::move(list));
}

void PlansWire::save(const std::string &name, const operate::Intent &intent, const operate::Fingerprint &fingerprint)
{
    execute::SavedPlan plan;
    plan.name = name;
    plan.owner = owner();
    plan.savedAt = base::SystemClock().utcNow();
    plan.request.setIntent(intent);
    plan.fingerprint = fingerprint;
    keep(name, execute::toJson(plan));
}

void PlansWire::saveCampaign(campaign::SavedCampaign plan)
{
    plan.owner = owner();
    plan.savedAt = base::SystemClock().utcNow();
    keep(plan.name, campaign::toJson(plan));
}

execute::Author PlansWire::owner() const
{
    const facts::Person person = desk::whoRuns();
    const fleet::DatabaseUser *actor = execute::actorOf(*m_fleet, m_user.toStdString());
    return {actor ? actor->name : std::string(), person.osUser, person.host};
}

void PlansWire::keep(const std::string &name, const std::string &json)
{
    if (const auto written = record::savePlan(record::plansFolder(*m_fleet), name, json); !written)
        m_board.refuse(QString::fromStdString(written.error().message));
    look();
}

void PlansWire::remove(const std::string &name)
{
    if (const auto removed = record::removePlan(record::plansFolder(*m_fleet), name); !removed)
        m_board.refuse(QString::fromStdString(removed.error().message));
    look();
}

} // namespace shardlens::app

#include "moc_PlansWire.cpp"
