// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/HotKeys.h"

#include "core/cacheflow/OwnTraffic.h"
#include "core/cacheflow/Vouching.h"
#include "core/clients/memcached/WatchLine.h"

#include <algorithm>

namespace shardlens::cacheflow {

using memcached::WatchLine;

namespace {

constexpr std::int32_t mostConnections = 65536;
constexpr std::size_t mostInCrowd = 512;
constexpr std::uint32_t leastHerd = 2;
constexpr std::string_view ownPrefix = "shardlens."; ///< of vouching, and of consoles' probes

void keepTop(std::vector<HotKey> &keys, std::size_t most)
{
    std::sort(keys.begin(), keys.end(), [](const HotKey &a, const HotKey &b) { return a.count != b.count ? a.count > b.count : a.key < b.key; });
    if (keys.size() > most)
        keys.resize(most);
}

} // namespace

HotKeyCount::HotKeyCount(Settings settings) : m_settings(settings), m_gets(settings.keys), m_misses(settings.keys), m_crowds(settings.keys)
{
    m_settings.sampleOneOf = std::max<std::uint32_t>(m_settings.sampleOneOf, 1);
    m_sums.sampledOneOf = m_settings.sampleOneOf;
}

HotKeyCount::Pending &HotKeyCount::pendingOf(std::int32_t client)
{
    const auto at = static_cast<std::size_t>(std::clamp(client, 0, mostConnections - 1));
    if (at >= m_pending.size())
        m_pending.resize(at + 1);
    return m_pending[at];
}

void HotKeyCount::take(std::string_view text)
{
    ++m_sums.lines;
    const auto line = memcached::parseWatchLine(text);
    if (!line) {
        ++m_sums.unread;
        return;
    }
    if (line->kind == WatchLine::Kind::Skipped) {
        m_sums.skipped += static_cast<std::uint64_t>(line->size);
        return;
    }
    Pending &pending = pendingOf(line->client);
    if (line->kind == WatchLine::Kind::Change) {
        commit(pending, line->client);
        pending.isOwn = false;
        return;
    }
    if (line->kind == WatchLine::Kind::Store) {
        pending.isOwn = pending.isOwn || line->key == vouchKey;
        // Each write looks its item up first, and that is told as a read.
        if (pending.key == line->key)
            pending.is = false;
        commit(pending, line->client);
        m_sums.stores += m_counts && !pending.isOwn;
        return;
    }
    commit(pending, line->client);
    pending.isOwn = pending.isOwn || line->key == memcached::ownKey;
    pending.key.assign(line->key);
    pending.micros = line->micros;
    pending.missed = !line->found || line->size == 0;
    pending.is = true;
}

void HotKeyCount::commit(Pending &pending, std::int32_t client)
{
    if (!pending.is)
        return;
    pending.is = false;
    if (!m_counts)
        return;
    if (pending.isOwn || pending.key.starts_with(ownPrefix)) {
        ++m_sums.own;
        return;
    }
    ++m_sums.gets;
    if (m_seen++ % m_settings.sampleOneOf == 0)
        m_gets.add(pending.key);
    if (pending.missed)
        noteMiss(pending, client);
}

void HotKeyCount::noteMiss(const Pending &pending, std::int32_t client)
{
    ++m_sums.misses;
    const auto [index, isNew] = m_misses.add(pending.key);
    Crowd &crowd = m_crowds[index];
    if (isNew)
        crowd = {};
    if (pending.micros - crowd.begin > std::chrono::microseconds(herdSpan).count()) {
        crowd.begin = pending.micros;
        crowd.reads = 0;
        crowd.clients.clear();
    }
    ++crowd.reads;
    if (crowd.clients.size() < mostInCrowd && std::find(crowd.clients.begin(), crowd.clients.end(), client) == crowd.clients.end())
        crowd.clients.push_back(client);
    if (crowd.clients.size() > crowd.mostClients || (crowd.clients.size() == crowd.mostClients && crowd.reads > crowd.mostReads)) {
        crowd.mostClients = static_cast<std::uint32_t>(crowd.clients.size());
        crowd.mostReads = crowd.reads;
    }
}

HotKeys HotKeyCount::report(std::size_t most) const
{
    HotKeys told = m_sums;
    told.worstError = m_gets.worstError();
    const auto listed = [&](const SpaceSaving &from, std::vector<HotKey> &into) {
        for (const auto &kept : from.top(most))
            into.push_back({memcached::decodedKey(kept.key), kept.count, kept.error});
    };
    listed(m_gets, told.top);
    listed(m_misses, told.missed);
    for (std::size_t i = 0; i < m_misses.size(); ++i) {
        const Crowd &crowd = m_crowds[i];
        if (crowd.mostClients >= leastHerd)
            told.herds.push_back({memcached::decodedKey(m_misses.at(i).key), crowd.mostClients, crowd.mostReads, m_misses.at(i).count});
    }
    std::sort(told.herds.begin(), told.herds.end(), [](const Herd &a, const Herd &b) {
        return a.clients != b.clients ? a.clients > b.clients : a.misses != b.misses ? a.misses > b.misses : a.key < b.key;
    });
    if (told.herds.size() > most)
        told.herds.resize(most);
    return told;
}

HotKeys HotKeysReport::together(std::size_t most) const
{
    HotKeys sum;
    for (const WatchedMember &member : members) {
        const HotKeys &keys = member.keys;
        sum.lines += keys.lines;
        sum.gets += keys.gets;
        sum.misses += keys.misses;
        sum.stores += keys.stores;
        sum.own += keys.own;
        sum.unread += keys.unread;
        sum.skipped += keys.skipped;
        sum.sampledOneOf = std::max(sum.sampledOneOf, keys.sampledOneOf);
        sum.worstError = std::max(sum.worstError, keys.worstError);
        sum.top.insert(sum.top.end(), keys.top.begin(), keys.top.end());
        sum.missed.insert(sum.missed.end(), keys.missed.begin(), keys.missed.end());
        sum.herds.insert(sum.herds.end(), keys.herds.begin(), keys.herds.end());
    }
    keepTop(sum.top, most);
    keepTop(sum.missed, most);
    std::sort(sum.herds.begin(), sum.herds.end(), [](const Herd &a, const Herd &b) { return a.clients != b.clients ? a.clients > b.clients : a.key < b.key; });
    if (sum.herds.size() > most)
        sum.herds.resize(most);
    return sum;
}

std::uint64_t HotKeysReport::bytes() const
{
    std::uint64_t sum = 0;
    for (const WatchedMember &member : members)
        sum += member.bytes;
    return sum;
}

std::uint64_t HotKeysReport::lost() const
{
    std::uint64_t sum = 0;
    for (const WatchedMember &member : members)
        sum += std::max(member.dropped, member.keys.skipped);
    return sum;
}

} // namespace shardlens::cacheflow
