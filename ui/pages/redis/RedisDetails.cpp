// SPDX-License-Identifier: GPL-3.0-or-later
// All that one Redis server says of itself.
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/FactsPanel.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/redis/RedisRows.h"
#include "ui/pages/redis/RedisWords.h"

namespace shardlens::ui::pages {

using facts::Known;
using facts::RedisSample;
using models::cellOf;
using models::FactCell;
using models::FactRow;

namespace {

/// Collects the facts of one server, each with the age of its reading.
class Details
{
public:
    Details(const facts::Snapshot &snapshot, const base::ServerId &server) : m_snapshot(snapshot), m_server(server), m_age(format::ageOf(snapshot, server))
    {
        if (const auto *observation = snapshot.observation(server))
            m_sample = observation->redis();
    }

    [[nodiscard]] const RedisSample *sample() const { return m_sample; }
    [[nodiscard]] std::vector<FactRow> take() { return std::move(m_rows); }

    void state()
    {
        auto cell = serverStateCell(m_snapshot, m_server, RedisWords::tr("answers"));
        cell.shape = theme::Shape::None;
        add(RedisWords::tr("State"), std::move(cell));
    }
    void words(const QString &name, const QString &text) { add(name, cellOf(format::formattedValue(text, m_age), text)); }
    template <class T, class Write>
    void known(const QString &name, const Known<T> &value, Write &&write, const QString &none = {})
    {
        const QString text = value ? write(*value) : QString();
        add(name, cellOf(format::formatted(value, m_age, [&](const T &) { return text; }, none), value ? QVariant(text) : QVariant()));
    }
    void number(const QString &name, std::int64_t value) { words(name, format::count(value)); }
    void bytes(const QString &name, facts::Bytes value) { words(name, format::bytes(value)); }

private:
    void add(const QString &name, FactCell value)
    {
        const QString age = m_age.age ? format::age(*m_age.age) : QString();
        m_rows.push_back(FactsPanel::fact(name, std::move(value), age));
    }

    const facts::Snapshot &m_snapshot;
    const base::ServerId &m_server;
    format::FactAge m_age;
    const RedisSample *m_sample = nullptr;
    std::vector<FactRow> m_rows;
};

void addReplication(Details &details, const RedisSample &sample)
{
    details.words(RedisWords::tr("Role"), sample.isPrimary ? RedisWords::tr("primary") : RedisWords::tr("replica"));
    if (sample.link)
        details.words(RedisWords::tr("Follows"), format::text(sample.link->primaryHost) + QLatin1Char(':') + QString::number(sample.link->primaryPort));
    details.words(RedisWords::tr("Offset"), QString::number(sample.offset));
    details.bytes(RedisWords::tr("Backlog size"), sample.backlogSize);
    details.number(RedisWords::tr("Full copies sent"), sample.fullSyncs);
    details.known(RedisWords::tr("Term"), sample.term, [](std::int64_t term) { return QString::number(term); }, RedisWords::tr("none"));
}

void addMemory(Details &details, const RedisSample &sample)
{
    details.words(RedisWords::tr("Memory"), memoryWords(sample));
    details.words(RedisWords::tr("When it is full"), format::text(sample.maxMemoryPolicy));
    details.bytes(RedisWords::tr("Resident"), sample.residentMemory);
    details.known(RedisWords::tr("Fragmentation"), sample.fragmentation, [](double ratio) { return format::decimal(ratio, 2); });
    details.number(RedisWords::tr("Keys"), sample.keys);
    details.number(RedisWords::tr("Keys evicted"), sample.evictedKeys);
    details.number(RedisWords::tr("Keys expired"), sample.expiredKeys);
}

void addSlowLog(Details &details, const RedisSample &sample)
{
    details.known(RedisWords::tr("Slowest lately"), sample.slowLog, [](const std::vector<facts::SlowLogEntry> &entries) {
        const facts::SlowLogEntry *slowest = nullptr;
        for (const auto &entry : entries)
            if (!slowest || entry.took > slowest->took)
                slowest = &entry;
        return slowest ? RedisWords::tr("%1, %2, %3").arg(format::text(slowest->command), format::duration(slowest->took), format::clockTime(slowest->at)) : RedisWords::tr("none");
    });
}

} // namespace

std::vector<FactRow> redisDetails(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    Details details(snapshot, server);
    details.state();
    const auto *sample = details.sample();
    if (!sample)
        return details.take();
    addReplication(details, *sample);
    addMemory(details, *sample);
    details.words(RedisWords::tr("Saved"), persistenceWords(*sample));
    if (sample->lastSaveAt || sample->lastSaveAt.error().why != facts::WhyUnknown::NoValue)
        details.known(RedisWords::tr("Last save"), sample->lastSaveAt, [&](facts::UtcTime at) { return lastSaveWords(at, sample->changesSinceSave, snapshot.takenUtc); });
    else
        details.words(RedisWords::tr("Last save"), RedisWords::tr("none since it started"));
    details.number(RedisWords::tr("Clients"), sample->connectedClients);
    details.number(RedisWords::tr("Clients blocked"), sample->blockedClients);
    details.number(RedisWords::tr("Clients refused"), sample->rejectedConnections);
    addSlowLog(details, *sample);
    const auto *group = snapshot.fleet->redisGroupOf(server);
    if (group && group->role == fleet::RedisRole::MediaMap)
        details.known(RedisWords::tr("Media map"), sample->mediaMapEncoding, [](const facts::EncodingProbe &probe) {
            const QString example = RedisWords::tr("%1, %2 in %3").arg(format::text(probe.encoding), format::count(probe.fields), format::text(probe.key));
            return probe.lost == 0 ? example
                                   : RedisWords::tr("%1; %2 of %3 buckets are not small").arg(example, format::count(probe.lost), format::count(probe.looked));
        });
    details.words(RedisWords::tr("Up for"), format::duration(sample->uptime));
    details.words(RedisWords::tr("Process"), QString::number(sample->processId));
    details.words(RedisWords::tr("Version"), format::text(sample->version));
    return details.take();
}

} // namespace shardlens::ui::pages
