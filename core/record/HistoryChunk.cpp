// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/HistoryChunk.h"

#include <QtEndian>

#include <bit>

namespace shardlens::record {

namespace {

constexpr qsizetype stepBytes = 16;

void put(char *to, float value)
{
    qToLittleEndian(std::bit_cast<quint32>(value), to);
}

float floatAt(const char *from)
{
    return std::bit_cast<float>(qFromLittleEndian<quint32>(from));
}

} // namespace

std::optional<HistoryChunk> HistoryChunk::unpacked(const QByteArray &bytes)
{
    if (bytes.size() != stepBytes * steps)
        return std::nullopt;
    HistoryChunk chunk;
    const char *from = bytes.constData();
    for (Step &step : chunk.m_steps) {
        step = {floatAt(from), floatAt(from + 4), floatAt(from + 8), qFromLittleEndian<quint32>(from + 12)};
        from += stepBytes;
    }
    return chunk;
}

QByteArray HistoryChunk::packed() const
{
    QByteArray bytes(stepBytes * steps, Qt::Uninitialized);
    char *to = bytes.data();
    for (const Step &step : m_steps) {
        put(to, step.min);
        put(to + 4, step.mean);
        put(to + 8, step.max);
        qToLittleEndian<quint32>(step.count, to + 12);
        to += stepBytes;
    }
    return bytes;
}

void HistoryChunk::set(const facts::SeriesPoint &point)
{
    const std::int64_t second = std::chrono::floor<std::chrono::seconds>(point.at).time_since_epoch().count();
    m_steps[static_cast<std::size_t>(second % seconds / stepSeconds)] = {static_cast<float>(point.min), static_cast<float>(point.mean), static_cast<float>(point.max),
                                                                        point.count};
}

void HistoryChunk::overlay(const HistoryChunk &newer)
{
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        if (newer.m_steps[i].count > 0)
            m_steps[i] = newer.m_steps[i];
    }
}

facts::SeriesPoint HistoryChunk::at(std::int64_t start, std::int64_t step) const
{
    const Step &of = m_steps[static_cast<std::size_t>(step)];
    return {facts::UtcTime(std::chrono::seconds(start + step * stepSeconds)), of.min, of.mean, of.max, of.count};
}

} // namespace shardlens::record
