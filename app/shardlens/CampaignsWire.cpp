// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/CampaignsWire.h"

#include "core/base/Clock.h"
#include "core/campaign/Means.h"
#include "core/desk/Desk.h"
#include "core/record/CampaignFolder.h"
#include "ui/format/DenialText.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace shardlens::app {

using ui::operate::CampaignBoard;

namespace {

constexpr int campaignRuns = 150; // ms
constexpr int noCampaignRuns = 1000;

} // namespace

CampaignsWire::CampaignsWire(OperationsWire::Source source, CampaignBoard &board, QObject *parent) : QObject(parent), m_source(std::move(source)), m_board(board)
{
    connect(&board, &CampaignBoard::startRequested, this, &CampaignsWire::start);
    connect(&board, &CampaignBoard::stopRequested, this, &CampaignsWire::stop);
    connect(&board, &CampaignBoard::tickRequested, this, &CampaignsWire::tick);
    connect(&board, &CampaignBoard::resumeRequested, this, &CampaignsWire::resume);
    connect(&board, &CampaignBoard::abandonRequested, this, &CampaignsWire::abandon);
    connect(&m_timer, &QTimer::timeout, this, &CampaignsWire::look);
    look();
    m_timer.start(noCampaignRuns);
}

QString CampaignsWire::folder() const
{
    return record::campaignsFolder(*m_source.fleet);
}

void CampaignsWire::setFleet(std::shared_ptr<const fleet::Fleet> fleet)
{
    m_source.fleet = std::move(fleet);
    m_known.clear();
    look();
}

void CampaignsWire::look()
{
    listen();
    ui::operate::CampaignList list;
    if (const auto kept = record::operationsIn(folder())) {
        for (const record::KeptOperation &one : *kept)
            lookAt(one.id, one.isWritten, list);
    } else {
        list.trouble = QString::fromStdString(kept.error().message);
    }
    const bool runs = !m_drivers.empty() || std::any_of(list.campaigns.begin(), list.campaigns.end(), [](const auto &one) { return one.runs; });
    m_timer.setInterval(runs ? campaignRuns : noCampaignRuns);
    m_board.show(std::move(list));
}

void CampaignsWire::lookAt(const std::string &id, bool runs, ui::operate::CampaignList &list)
{
    Known &known = m_known[id];
    const auto more = record::readJournal(folder(), id, known.next);
    base::Result<campaign::Campaign> read = base::fail(base::ErrorCode::NotFound, "");
    if (more && !more->lines.empty()) {
        known.lines.insert(known.lines.end(), more->lines.begin(), more->lines.end());
        known.next = more->next;
        read = campaign::campaignOf(known.lines);
        if (read)
            known.seen.campaign = std::move(*read);
    }
    if (!more || (!read && !more->lines.empty()))
        list.trouble = QString::fromStdString(id + ": " + (more ? read.error().message : more.error().message));
    known.seen.runs = runs;
    if (!known.seen.campaign.id.empty()) // else its first line is still to come
        list.campaigns.push_back(known.seen);
}

void CampaignsWire::listen()
{
    for (effects::ExecutorProcess &driver : m_drivers) {
        const bool ended = driver.ended().has_value(); // first: what it said last is then there
        for (const std::string &line : driver.takeLines())
            hear(line);
        if (ended && *driver.ended() == 2)
            m_board.refuse(tr("The executor did not understand what it was asked for."));
    }
    std::erase_if(m_drivers, [](effects::ExecutorProcess &driver) { return driver.ended().has_value(); });
}

void CampaignsWire::hear(const std::string &line)
{
    const QJsonObject said = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    if (said.contains(QStringLiteral("refused")))
        m_board.refuse(said.value(QStringLiteral("refused")).toString());
    const auto denial = execute::denialNamed(said.value(QStringLiteral("denied")).toString().toStdString());
    if (!denial)
        return;
    if (*denial == execute::Denial::NoPlan) {
        m_board.refuse(tr("nothing there can be moved, and no mark is to be changed."));
        return;
    }
    execute::Denied denied{*denial, {}};
    for (const auto &name : said.value(QStringLiteral("names")).toArray())
        denied.names.push_back(name.toString().toStdString());
    m_board.refuse(ui::format::denialText(denied, *m_source.fleet));
}

void CampaignsWire::start(campaign::CampaignRequest request)
{
    request.user = m_source.user.toStdString();
    launch({}, campaign::toJson(request));
}

void CampaignsWire::resume(const std::string &id)
{
    std::vector<std::string> arguments{"--resume", id};
    if (!m_source.user.isEmpty())
        arguments.insert(arguments.end(), {"--as", m_source.user.toStdString()});
    launch(std::move(arguments), {});
}

void CampaignsWire::launch(std::vector<std::string> arguments, const std::string &input)
{
    arguments.insert(arguments.begin(), {"--fleet", m_source.file.toStdString()});
    if (!m_source.fleet->ownRegion.isEmpty())
        arguments.insert(arguments.end(), {"--from", m_source.fleet->ownRegion.text()});
    auto driver = effects::ExecutorProcess::start(effects::executorProgram(), arguments, input, true);
    if (!driver) {
        m_board.refuse(tr("The executor could not be started: %1").arg(QString::fromStdString(driver.error().message)));
        return;
    }
    m_drivers.push_back(std::move(*driver));
    m_timer.start(campaignRuns);
}

void CampaignsWire::stop(const std::string &id, campaign::Stop how)
{
    if (const auto told = record::wish(folder(), id, toJson(campaign::Wish{how, {}, desk::whoRuns().osUser})); !told)
        m_board.refuse(QString::fromStdString(told.error().message));
}

void CampaignsWire::tick(const std::string &id, const std::string &step)
{
    const std::string by = m_source.user.isEmpty() ? desk::whoRuns().osUser : m_source.user.toStdString();
    const auto told = record::wish(folder(), id, toJson(campaign::Wish{campaign::Stop::No, step, by}));
    if (told)
        return;
    if (told.error().code == base::ErrorCode::NotFound)
        append(id, campaign::entryTick(step, by, base::SystemClock().utcNow()));
    else
        m_board.refuse(QString::fromStdString(told.error().message));
}

void CampaignsWire::abandon(const std::string &id, const std::string &reason)
{
    append(id, campaign::entryOutcome(campaign::Outcome::Abandoned, reason, {}, base::SystemClock().utcNow()));
}

void CampaignsWire::append(const std::string &id, const std::string &entry)
{
    const auto journal = record::OperationJournal::reopen(folder(), id);
    const auto written = journal ? (*journal)->append(entry) : base::fail(journal.error());
    if (!written)
        m_board.refuse(QString::fromStdString(written.error().message));
    look();
}

} // namespace shardlens::app

#include "moc_CampaignsWire.cpp"
