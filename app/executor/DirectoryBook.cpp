// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/DirectoryBook.h"

#include "app/executor/Surroundings.h"
#include "core/base/Json.h"
#include "core/desk/Errand.h"
#include "core/execute/LockKey.h"
#include "core/operate/plan/Writing.h"
#include "core/record/AuditHeads.h"
#include "core/record/AuditOutbox.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace shardlens::executor {

namespace {

using base::Instant;
using base::Result;

constexpr base::milliseconds patience{1500};
constexpr base::seconds freshEvery{15}; ///< a campaign's row among the locks
constexpr base::seconds fallsSilentAfter{60};

std::string kindOf(const execute::Operation &operation)
{
    return operation.group.isEmpty() ? "cluster" : "redis_group";
}

/// "cluster u1", "redis_group feeds"; of a smaller act what of these it acts on: "server router-us-east".
std::string auditSubject(const execute::Operation &operation)
{
    return operate::isMove(operation.act) || operation.on.isEmpty() ? kindOf(operation) + " " + operation.subject() : "server " + operation.on.text();
}

facts::OwedAudit rowOf(const execute::Author &author, const std::string &action, const std::string &subject, const std::string &reason, const nlohmann::json &detail)
{
    return {facts::freshRowId(), base::SystemClock().utcNow(), author.databaseUser, author.osUser, author.host, action, subject, reason, base::jsonText(detail), {}};
}

Result<facts::KeptHead> append(postgres::Session &session, const fleet::Fleet &fleet, const facts::OwedAudit &row, bool isLater, Instant deadline)
{
    const auto done = session.exec("SELECT seq::text, encode(hash, 'hex') FROM " + operate::identifier(fleet.directory->schema) +
                                       ".append_audit($1, $2, $3, $4, $5, $7, $6::jsonb)",
                                   {row.osUser, row.host, row.action, row.subject, row.reason, facts::detailToWrite(row, isLater), row.caseNumber}, effects::leftUntil(deadline));
    if (!done)
        return base::fail(done.error());
    if (done->isEmpty())
        return base::fail(base::ErrorCode::Protocol, "append_audit answered nothing");
    const facts::AuditHead head{std::strtoll(done->first().c_str(), nullptr, 10), done->at(0, 1).value_or("")};
    // Some are not let look; the head counts all the same.
    const auto identity = session.exec("SELECT system_identifier::text FROM pg_control_system()", effects::leftUntil(deadline));
    return facts::KeptHead{head, identity ? identity->first() : std::string()};
}

/// The row's number and hash are kept here: whoever rewrites the log there is found out.
Result<void> audit(postgres::Session &session, const fleet::Fleet &fleet, const facts::OwedAudit &row, Instant deadline)
{
    const auto head = append(session, fleet, row, false, deadline);
    return head ? record::keepAuditHead(record::auditHeadsPath(fleet), *head) : base::fail(head.error());
}

/// What the directory was owed since it was down. It comes before what is new, and takes no time from it.
void handOver(postgres::Session &session, const fleet::Fleet &fleet)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    const auto done = record::handOverAudits(record::auditOutboxPath(fleet), [&](const facts::OwedAudit &row) -> Result<void> {
        const auto head = append(session, fleet, row, true, deadline);
        if (!head)
            return base::fail(head.error());
        (void)record::keepAuditHead(record::auditHeadsPath(fleet), *head);
        return {};
    });
    if (!done)
        std::fprintf(stderr, "Audit rows that wait here could not be handed over: %s\n", done.error().message.c_str());
    else if (done->damaged > 0)
        std::fprintf(stderr, "Of the audit rows that wait here, %zu damaged lines are set aside in %s.\n", done->damaged, qUtf8Printable(done->setAside));
}

/// Keeps the row until the directory answers again. Answers why it is not there, and what became of it.
base::Error owe(const fleet::Fleet &fleet, const facts::OwedAudit &row, base::Error why)
{
    if (!desk::mayBeRecordedLater(why))
        return why;
    const auto kept = record::oweAudit(record::auditOutboxPath(fleet), row);
    why.message += kept ? "; its row of the audit log is kept on this machine, and written once the directory answers"
                        : "; nor could its row of the audit log be kept on this machine: " + kept.error().message;
    return why;
}

nlohmann::json detailOf(const execute::Operation &operation)
{
    nlohmann::json detail{{"operation", operation.id},
                          {"number", operation.number},
                          {"from", operation.from.text()},
                          {"to", operation.to.text()},
                          {"term", operation.term}};
    if (!operate::isMove(operation.act)) {
        detail["cluster"] = operation.cluster.text();
        detail["object"] = operation.object;
    }
    detail["forced"] = nlohmann::json::array();
    for (const execute::Forced &one : operation.forced)
        detail["forced"].push_back({{"check", operate::name(one.check)}, {"reason", one.reason}});
    return detail;
}

Result<postgres::Session> primaryOf(const effects::Login &login, Instant deadline)
{
    const auto &directory = login.fleet->directory;
    const fleet::Cluster *cluster = directory ? login.fleet->cluster(directory->cluster) : nullptr;
    if (!cluster)
        return base::fail(base::ErrorCode::NotFound, "the fleet has no directory");
    base::Error last{base::ErrorCode::Unreachable, "the directory has no primary", {}, {}, base::Effect::None};
    for (const base::ServerId &id : cluster->servers) {
        auto session = effects::dialServer(login, *login.fleet->server(id), directory->database, deadline);
        const auto standby = session ? session->exec("SELECT pg_is_in_recovery()", effects::leftUntil(deadline)) : base::fail(session.error());
        if (standby && standby->first() == "f")
            return session;
        if (!standby)
            last = standby.error();
    }
    return base::fail(last);
}

std::string kindOf(const campaign::Campaign &campaign)
{
    return campaign::isOfRegion(campaign.goal.aim) ? "region" : "host";
}

std::string joined(const std::vector<std::string> &ids)
{
    std::string all;
    for (const std::string &id : ids)
        all += (all.empty() ? "" : ",") + id;
    return all;
}

/// Of the row that stands in the way.
base::Error heldBy(postgres::Session &session, const std::string &locks, const std::string &kind, const std::string &subject, Instant deadline)
{
    const auto row = session.exec("SELECT operation_id, owner, host, to_char(to_timestamp(number) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM " + locks + " WHERE kind = $1 AND subject = $2",
                                  {kind, subject}, effects::leftUntil(deadline));
    const bool isKnown = row && !row->isEmpty();
    const auto word = [&](int column) { return isKnown ? row->at(0, column).value_or("") : std::string("not known"); };
    return {base::ErrorCode::Rejected,
            "another campaign of " + kind + " " + subject + " runs: " + word(0) + ", begun by " + word(1) + " on " + word(2) + ", " + word(3) + " UTC", {}, {}, base::Effect::None};
}

} // namespace

Result<void> DirectoryBook::begun(const execute::Operation &operation)
{
    const facts::OwedAudit row = rowOf(operation.author, std::string(operate::name(operation.act)) + " begun", auditSubject(operation), operation.reason, detailOf(operation));
    const auto shown = showBegun(operation, row);
    return shown ? shown : base::fail(owe(*m_login.fleet, row, shown.error()));
}

Result<void> DirectoryBook::showBegun(const execute::Operation &operation, const facts::OwedAudit &noted)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    auto session = primaryOf(m_login, deadline);
    if (!session)
        return base::fail(session.error());
    const std::string schema = operate::identifier(m_login.fleet->directory->schema);
    const auto row = session->exec("INSERT INTO " + schema + ".locks AS l (kind, subject, operation_id, number, owner, host, reason) "
                                   "VALUES ($7, $1, $2, $3::bigint, $4, $5, $6) ON CONFLICT (kind, subject) DO UPDATE SET operation_id = excluded.operation_id, "
                                   "number = excluded.number, owner = excluded.owner, host = excluded.host, reason = excluded.reason, taken_at = now() WHERE l.number <= excluded.number",
                                   {operation.subject(), operation.id, std::to_string(operation.number), operation.author.databaseUser + " (" + operation.author.osUser + ")",
                                    operation.author.host, operation.reason, kindOf(operation)},
                                   effects::leftUntil(deadline));
    if (!row)
        return base::fail(row.error());
    handOver(*session, *m_login.fleet);
    return audit(*session, *m_login.fleet, noted, std::chrono::steady_clock::now() + patience);
}

Result<void> DirectoryBook::ended(const execute::Operation &operation, execute::Outcome outcome, const std::string &said)
{
    nlohmann::json detail = detailOf(operation);
    detail["outcome"] = execute::name(outcome);
    detail["said"] = said;
    if (operation.writesHeld)
        detail["writes_held_us"] = operation.writesHeld->count();
    const facts::OwedAudit row = rowOf(operation.author, std::string(operate::name(operation.act)) + " ended", auditSubject(operation), operation.reason, detail);
    const auto shown = showEnded(operation, row);
    return shown ? shown : base::fail(owe(*m_login.fleet, row, shown.error()));
}

Result<void> DirectoryBook::showEnded(const execute::Operation &operation, const facts::OwedAudit &noted)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    auto session = primaryOf(m_login, deadline);
    if (!session)
        return base::fail(session.error());
    const std::string schema = operate::identifier(m_login.fleet->directory->schema);
    const auto row = session->exec("DELETE FROM " + schema + ".locks WHERE kind = $3 AND subject = $1 AND operation_id = $2 AND number <= $4::bigint",
                                   {operation.subject(), operation.id, kindOf(operation), std::to_string(operation.number)}, // not whose took it over
                                   effects::leftUntil(deadline));
    if (!row)
        return base::fail(row.error());
    handOver(*session, *m_login.fleet);
    return audit(*session, *m_login.fleet, noted, std::chrono::steady_clock::now() + patience);
}

CampaignBook::CampaignBook(const Setting &setting, const fleet::DatabaseUser &actor)
{
    m_login.fleet = setting.fleet;
    m_login.from = setting.fleet->ownRegion;
    m_login.acts = actor;
    m_login.application = actor;
    m_login.keychain = fromKeychain;
    m_login.sessionName = execute::sessionNameOf(setting.id, 0);
}

CampaignBook::~CampaignBook()
{
    letGo();
}

Result<void> CampaignBook::claim(const campaign::Campaign &campaign, const std::vector<std::string> &own)
{
    if (!m_login.fleet->directory)
        return {};
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    const std::string kind = kindOf(campaign);
    const std::string owner = campaign.author.databaseUser + " (" + campaign.author.osUser + ")";
    const auto began = std::chrono::duration_cast<base::seconds>(campaign.beganAt.time_since_epoch());
    const std::string locks = operate::identifier(m_login.fleet->directory->schema) + ".locks";
    auto session = primaryOf(m_login, deadline);
    const auto row = session ? session->exec("INSERT INTO " + locks + " AS l (kind, subject, operation_id, number, owner, host, reason) VALUES ($1, $2, $3, $4::bigint, $5, $6, $7) "
                                             "ON CONFLICT (kind, subject) DO UPDATE SET operation_id = excluded.operation_id, number = excluded.number, owner = excluded.owner, "
                                             "host = excluded.host, reason = excluded.reason, taken_at = now() WHERE l.operation_id = excluded.operation_id "
                                             "OR l.operation_id = ANY (string_to_array($8, ',')) OR l.taken_at < now() - interval '" + std::to_string(fallsSilentAfter.count()) + " s' "
                                             "RETURNING operation_id",
                                             {kind, campaign.goal.subject, campaign.id, std::to_string(began.count()), owner, campaign.author.host, campaign.reason, joined(own)},
                                             effects::leftUntil(deadline))
                             : Result<postgres::Rows>(base::fail(session.error()));
    if (!row)
        std::fprintf(stderr, "Whether another machine has a campaign of %s is not known: %s\n", campaign.goal.subject.c_str(), row.error().message.c_str());
    else if (row->isEmpty())
        return base::fail(heldBy(*session, locks, kind, campaign.goal.subject, deadline));
    m_freshening = std::thread([this, kind, subject = campaign.goal.subject, id = campaign.id] { keepFresh(kind, subject, id); });
    return {};
}

/// The directory may be moved by this very campaign: it is dialled anew each time.
void CampaignBook::keepFresh(const std::string &kind, const std::string &subject, const std::string &id)
{
    const std::string fresh = "UPDATE " + operate::identifier(m_login.fleet->directory->schema) + ".locks SET taken_at = now() WHERE kind = $1 AND subject = $2 AND operation_id = $3";
    std::unique_lock lock(m_mutex);
    while (!m_over.wait_for(lock, freshEvery, [this] { return m_isOver; })) {
        lock.unlock();
        const Instant deadline = std::chrono::steady_clock::now() + patience;
        if (auto session = primaryOf(m_login, deadline))
            (void)session->exec(fresh, {kind, subject, id}, effects::leftUntil(deadline));
        lock.lock();
    }
}

void CampaignBook::letGo()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
    }
    m_over.notify_all();
    if (m_freshening.joinable())
        m_freshening.join();
}

void CampaignBook::begun(const campaign::Campaign &campaign)
{
    if (const auto noted = note(campaign, false); !noted)
        std::fprintf(stderr, "The directory does not show this: %s\n", noted.error().message.c_str());
}

void CampaignBook::ended(const campaign::Campaign &campaign)
{
    letGo();
    if (const auto noted = note(campaign, true); !noted)
        std::fprintf(stderr, "The directory does not show how this ended: %s\n", noted.error().message.c_str());
}

Result<void> CampaignBook::note(const campaign::Campaign &campaign, bool hasEnded)
{
    if (!m_login.fleet->directory)
        return {};
    nlohmann::json detail{{"campaign", campaign.id}, {"moves", nlohmann::json::array()}};
    for (const campaign::Move &move : campaign.moves)
        detail["moves"].push_back({{"subject", move.subject}, {"from", move.from.text()}, {"to", move.to.text()}, {"state", name(move.state)}, {"operation", move.operation}});
    if (hasEnded && campaign.outcome) {
        detail["outcome"] = name(*campaign.outcome);
        detail["left"] = campaign.left;
    }
    const facts::OwedAudit row =
        rowOf(campaign.author, std::string(name(campaign.goal.aim)) + (hasEnded ? " ended" : " begun"), kindOf(campaign) + " " + campaign.goal.subject, campaign.reason, detail);
    const auto shown = show(campaign, row, hasEnded);
    return shown ? shown : base::fail(owe(*m_login.fleet, row, shown.error()));
}

Result<void> CampaignBook::show(const campaign::Campaign &campaign, const facts::OwedAudit &noted, bool hasEnded)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    auto session = primaryOf(m_login, deadline);
    if (!session)
        return base::fail(session.error());
    if (hasEnded) {
        const auto gone = session->exec("DELETE FROM " + operate::identifier(m_login.fleet->directory->schema) + ".locks WHERE kind = $1 AND subject = $2 AND operation_id = $3",
                                        {kindOf(campaign), campaign.goal.subject, campaign.id}, effects::leftUntil(deadline));
        if (!gone)
            return base::fail(gone.error());
    }
    handOver(*session, *m_login.fleet);
    return audit(*session, *m_login.fleet, noted, std::chrono::steady_clock::now() + patience);
}

} // namespace shardlens::executor
