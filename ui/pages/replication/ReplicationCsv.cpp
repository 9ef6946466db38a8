// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/replication/ReplicationCsv.h"

#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/Csv.h"

namespace shardlens::ui::pages {

namespace {

QString bytes(const facts::Known<facts::Bytes> &value)
{
    return value ? QString::number(value->count) : QString();
}

QString seconds(const facts::Known<facts::microseconds> &value)
{
    return value ? QString::number(std::chrono::duration<double>(*value).count(), 'f', 6) : QString();
}

QString word(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

QString replicationCsv(const facts::Snapshot &snapshot)
{
    QString csv = models::csvLine({QStringLiteral("at"), QStringLiteral("cluster"), QStringLiteral("standby"), QStringLiteral("region"), QStringLiteral("upstream"),
                                   QStringLiteral("state"), QStringLiteral("lag_seconds"), QStringLiteral("lag_rule"), QStringLiteral("behind_bytes"),
                                   QStringLiteral("not_sent_bytes"), QStringLiteral("not_written_bytes"), QStringLiteral("not_flushed_bytes"),
                                   QStringLiteral("not_replayed_bytes"), QStringLiteral("slot_retained_bytes"), QStringLiteral("backlog_bytes_per_second")});
    for (const auto &cluster : snapshot.clusters) {
        for (const auto &lag : cluster.standbys) {
            const auto *server = snapshot.fleet->server(lag.standby);
            csv += models::csvLine({format::iso8601(snapshot.takenUtc), format::text(cluster.name.text()), format::text(lag.standby.text()),
                                    server ? format::text(server->region.text()) : QString(), format::text(lag.upstream.text()), word(facts::name(lag.state)),
                                    seconds(lag.time), word(facts::name(lag.rule)), bytes(lag.behind), bytes(lag.stages.notSent), bytes(lag.stages.notWritten),
                                    bytes(lag.stages.notFlushed), bytes(lag.stages.notReplayed), bytes(lag.slotRetained),
                                    lag.backlogBytesPerSecond ? QString::number(*lag.backlogBytesPerSecond, 'f', 1) : QString()});
        }
    }
    return csv;
}

} // namespace shardlens::ui::pages
