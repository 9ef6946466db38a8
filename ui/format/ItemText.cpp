// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/ItemText.h"

#include "ui/format/Words.h"

namespace shardlens::ui::format {

using Lease = cacheflow::ItemLook::Lease;

QString leaseText(Lease lease)
{
    switch (lease) {
    case Lease::Absent: return Words::tr("absent");
    case Lease::StubHeld: return Words::tr("stub held");
    case Lease::ValueUnknown: return Words::tr("value, stale bit unknown");
    case Lease::ValueGood: return Words::tr("value, not stale");
    case Lease::ValueStale: return Words::tr("value, stale");
    case Lease::ValueFilling: return Words::tr("value, stale, being filled");
    }
    return {};
}

QString leaseMeaning(Lease lease)
{
    switch (lease) {
    case Lease::Absent: return Words::tr("There is no item: the next reader wins the right to fill it");
    case Lease::StubHeld: return Words::tr("An empty item: somebody won the right to fill it and has not yet, or died with it; an empty value that another program stored looks the same");
    case Lease::ValueUnknown: return Words::tr("Whether it is marked stale is seen only by taking the right to fill it");
    case Lease::ValueGood: return Words::tr("It is not marked stale");
    case Lease::ValueStale: return Words::tr("It was marked stale, and nobody filled it: this look took the right to fill it and gave it back");
    case Lease::ValueFilling: return Words::tr("It was marked stale, and somebody has the right to fill it");
    }
    return {};
}

QString valueKindText(cacheflow::ItemValue::Kind kind)
{
    using Kind = cacheflow::ItemValue::Kind;
    switch (kind) {
    case Kind::Empty: return Words::tr("empty");
    case Kind::Integer: return Words::tr("integer");
    case Kind::Json: return Words::tr("JSON");
    case Kind::MsgPack: return Words::tr("MessagePack");
    case Kind::Text: return Words::tr("text");
    case Kind::Binary: return Words::tr("binary");
    }
    return {};
}

QString herdSizeText(std::size_t bucket)
{
    const auto &edges = facts::HerdCounts::edges;
    if (bucket == 0)
        return QString::number(edges.front());
    return bucket < edges.size() ? Words::tr("up to %1").arg(edges[bucket]) : Words::tr("over %1").arg(edges.back());
}

QString lookCostText(bool tookWins, bool withRow)
{
    const int gets = 1 + int(tookWins) + int(withRow);
    const QString cost = gets == 1 ? Words::tr("This look cost each server one get and a move in its LRU") : Words::tr("This look cost each server %1 gets and a move in its LRU").arg(gets);
    return cost + (tookWins ? Words::tr("; where the item was stale it took the right to fill and gave it back.") : Words::tr(", and touched no lease."));
}

} // namespace shardlens::ui::format
