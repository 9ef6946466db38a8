// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/access/AccessCheck.h"

#include "core/inspect/access/Try.h"
#include "core/inspect/crew/Crew.h"

#include <utility>

namespace shardlens::inspect::access {

struct AccessCheck::Private {
    Private(std::shared_ptr<const fleet::Fleet> declared, Options wanted)
        : fleet(std::move(declared)), options(std::make_shared<const Options>(std::move(wanted))), crew(options->atOnce)
    {
    }

    std::shared_ptr<const fleet::Fleet> fleet;
    std::shared_ptr<const Options> options; ///< shared with the threads, as the fleet is
    std::vector<ServerAccess> rows;
    std::size_t tried = 0;
    bool isFinished = false;
    Crew crew; ///< last: its threads end before what they fill goes
};

AccessCheck::AccessCheck(std::shared_ptr<const fleet::Fleet> fleet, Options options, QObject *parent)
    : QObject(parent), m_d(std::make_unique<Private>(std::move(fleet), std::move(options)))
{
}

AccessCheck::~AccessCheck() = default;

void AccessCheck::start()
{
    const fleet::RegionName from = m_d->options->from.isEmpty() ? m_d->fleet->ownRegion : m_d->options->from;
    for (const fleet::Server &server : m_d->fleet->servers) {
        const std::size_t place = m_d->rows.size();
        m_d->rows.push_back(untried(*m_d->fleet, server, "not reached yet"));
        m_d->crew.add([this, place, from, server = &server, fleet = m_d->fleet,
                       options = m_d->options](const std::shared_ptr<wire::Interrupt> &interrupt) {
            ServerAccess row = tryServer({*fleet, *options, interrupt, *server, server->address.from(from)});
            QMetaObject::invokeMethod(
                this, [this, place, row = std::move(row)] { took(place, row); }, Qt::QueuedConnection);
        });
    }
    if (m_d->rows.empty())
        QMetaObject::invokeMethod(
            this, [this] { finish(); }, Qt::QueuedConnection);
}

void AccessCheck::took(std::size_t place, ServerAccess row)
{
    if (m_d->isFinished)
        return;
    m_d->rows[place] = std::move(row);
    Q_EMIT progressed(++m_d->tried, m_d->rows.size());
    if (m_d->tried == m_d->rows.size())
        finish();
}

void AccessCheck::cancel()
{
    m_d->crew.cancel();
    finish();
}

void AccessCheck::finish()
{
    if (!std::exchange(m_d->isFinished, true))
        Q_EMIT finished(m_d->rows);
}

void set(ServerAccess &row, Need need, Verdict verdict, std::string why, std::string grant)
{
    for (Answer &answer : row.answers) {
        if (answer.need == need)
            answer = {need, verdict, std::move(why), std::move(grant)};
    }
}

ServerAccess untried(const fleet::Fleet &fleet, const fleet::Server &server, const std::string &why)
{
    ServerAccess row;
    row.server = server.id;
    row.kind = server.kind;
    if (server.kind == fleet::ServerKind::Redis)
        row.user = fleet.access.redisUser.empty() ? "default" : fleet.access.redisUser;
    else if (server.kind != fleet::ServerKind::Memcached)
        row.user = fleet.access.observer;
    for (const Need need : needsOf(server.kind)) {
        if (need != Need::Manager || !server.repmgr.empty())
            row.answers.push_back({need, Verdict::NotTried, why, {}});
    }
    return row;
}

ServerAccess tryServer(const Trying &trying)
{
    ServerAccess row = untried(trying.fleet, trying.server, "no connection");
    switch (trying.server.kind) {
    case fleet::ServerKind::Postgres: tryPostgres(trying, row); break;
    case fleet::ServerKind::Pgbouncer: tryRouter(trying, row); break;
    case fleet::ServerKind::Redis: tryRedis(trying, row); break;
    case fleet::ServerKind::Memcached: tryMemcached(trying, row); break;
    }
    return row;
}

} // namespace shardlens::inspect::access

#include "moc_AccessCheck.cpp"
