// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/HostText.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::format {

using campaign::Hosted;
using campaign::KernelSeen;
using campaign::Part;
using facts::KernelChange;

namespace {

QString othersOf(const Hosted &one)
{
    QStringList names;
    for (const base::ServerId &id : one.others)
        names << text(id.text());
    return names.join(QStringLiteral(", "));
}

} // namespace

QString partWord(const Hosted &one)
{
    switch (one.part) {
    case Part::Primary: return Words::tr("primary");
    case Part::Standby: return one.kind == fleet::ServerKind::Redis ? Words::tr("replica") : Words::tr("standby");
    case Part::Router: return Words::tr("router");
    case Part::Member: return Words::tr("pool member");
    case Part::Unknown: return Words::tr("role not known");
    }
    return {};
}

QString partOf(const Hosted &one)
{
    return one.of.empty() ? partWord(one) : Words::tr("%1 of %2").arg(partWord(one), text(one.of));
}

QString withoutIt(const Hosted &one)
{
    const QString of = text(one.of);
    const bool isRedis = one.kind == fleet::ServerKind::Redis;
    switch (one.part) {
    case Part::Primary:
        if (one.others.empty())
            return Words::tr("Nobody elsewhere can take over");
        return one.others.size() == 1 ? Words::tr("Only %1 can take over").arg(othersOf(one))
                                      : Words::tr("%1 can take over").arg(othersOf(one));
    case Part::Standby:
        if (one.others.empty())
            return Words::tr("Nobody stands by for %1").arg(of);
        if (one.others.size() == 1)
            return isRedis ? Words::tr("%1 has one replica left: %2").arg(of, othersOf(one))
                           : Words::tr("%1 has one standby left: %2").arg(of, othersOf(one));
        return Words::tr("%1 stand by").arg(othersOf(one));
    case Part::Router: return one.others.empty() ? Words::tr("%1 has no other router").arg(of) : Words::tr("%1 goes on").arg(othersOf(one));
    case Part::Member:
        return one.others.empty() ? Words::tr("%1 holds nothing without it").arg(of)
                                  : Words::tr("Its keys are read from the databases; it comes back cold");
    case Part::Unknown:
        return one.of.empty() ? Words::tr("Nothing is declared of it") : Words::tr("Who is the primary of %1 is not known").arg(of);
    }
    return {};
}

QString slotText(const Hosted &one)
{
    if (one.part != Part::Standby || one.kind != fleet::ServerKind::Postgres)
        return {};
    if (one.logKeptFor)
        return Words::tr("The log that it lacks is kept for about %1").arg(duration(*one.logKeptFor));
    if (one.logKeptFor.error().why == facts::WhyUnknown::NoValue)
        return Words::tr("The log that it lacks is kept without a limit in sight");
    return Words::tr("How long the log that it lacks is kept is %1").arg(unknownText(one.logKeptFor.error()));
}

QString goneText(const Hosted &one)
{
    QStringList both{withoutIt(one), slotText(one)};
    both.removeAll(QString());
    return both.join(QStringLiteral(". ")) + QLatin1Char('.');
}

QString elsewhereText(const Hosted &one)
{
    if (one.part == Part::Unknown)
        return Words::tr("not known");
    return one.others.empty() ? Words::tr("no second") : Words::tr("%1 elsewhere").arg(count(std::int64_t(one.others.size())));
}

QString kernelTitle(const KernelSeen &seen)
{
    if (!seen.now)
        return Words::tr("Not known");
    if (!seen.change)
        return Words::tr("Noted for when it comes back");
    switch (*seen.change) {
    case KernelChange::Renewed: return Words::tr("Another release than before");
    case KernelChange::Restarted: return Words::tr("Restarted, the same release");
    case KernelChange::NotRestarted: return Words::tr("Not restarted");
    case KernelChange::NotCompared: return Words::tr("Not compared");
    }
    return {};
}

QString kernelText(const KernelSeen &seen)
{
    if (!seen.now)
        return Words::tr("Kernel not known: %1.").arg(text(seen.unknown));
    const QString release = text(seen.now->release);
    const QString booted = Words::tr("Booted %1.").arg(dateTime(seen.now->bootedAt));
    if (!seen.change)
        return Words::tr("Kernel %1.").arg(release) + QLatin1Char(' ') + booted;
    switch (*seen.change) {
    case KernelChange::Renewed: return Words::tr("Kernel %1, was %2.").arg(release, text(seen.before->release)) + QLatin1Char(' ') + booted;
    case KernelChange::Restarted: return Words::tr("Kernel %1, as before; restarted.").arg(release) + QLatin1Char(' ') + booted;
    case KernelChange::NotRestarted:
        return Words::tr("Kernel %1, as before: the host was not restarted.").arg(release) + QLatin1Char(' ') + booted;
    case KernelChange::NotCompared:
        return Words::tr("Kernel %1; which one ran before was not noted here.").arg(release) + QLatin1Char(' ') + booted;
    }
    return {};
}

bool isKernelFresh(const KernelSeen &seen)
{
    return seen.change && (*seen.change == KernelChange::Renewed || *seen.change == KernelChange::Restarted);
}

QString warmthText(const campaign::PoolWarmth &pool)
{
    if (!pool.before)
        return Words::tr("Nobody read there before");
    return pool.now ? Words::tr("%1, %2").arg(hitRate(*pool.now), was(hitRate(*pool.before)))
                    : Words::tr("Nobody reads there; %1").arg(was(hitRate(*pool.before)));
}

QString watchText(const campaign::Campaign &campaign)
{
    const auto cold =
        std::count_if(campaign.pools.begin(), campaign.pools.end(), [](const campaign::PoolWarmth &pool) { return !pool.isWarm(); });
    switch (campaign.watch) {
    case campaign::Watch::None: return {};
    case campaign::Watch::Watching: return Words::tr("Watching the caches of the other regions until they find what they found before.");
    case campaign::Watch::Warm: return Words::tr("The caches of the other regions find what they found before.");
    case campaign::Watch::Stopped:
        return cold == 0 ? Words::tr("The look at the caches was ended by a person.")
                         : Words::tr("The look at the caches was ended by a person, before they were warm.");
    case campaign::Watch::Cold:
        return cold == 1 ? Words::tr("1 cache is not warm yet.") : Words::tr("%1 caches are not warm yet.").arg(count(cold));
    }
    return {};
}

QString backlogText(const campaign::InvalidationBacklog &backlog)
{
    if (!backlog.keys)
        return backlog.keys.error().why == facts::WhyUnknown::ServerSilent
                   ? Words::tr("Its invalidator does not answer: caches there keep what was so before")
                   : unknownText(backlog.keys.error());
    QStringList parts;
    if (!backlog.trouble.empty())
        parts << text(backlog.trouble);
    if (backlog.isLeast)
        parts << Words::tr("At least %1 keys wait").arg(count(*backlog.keys));
    else if (*backlog.keys == 0)
        parts << Words::tr("No key waits");
    else
        parts << (*backlog.keys == 1 ? Words::tr("1 key waits") : Words::tr("%1 keys wait").arg(count(*backlog.keys)));
    if (backlog.lag)
        parts << Words::tr("deletes took %1 lately").arg(duration(*backlog.lag));
    return parts.join(QStringLiteral(", "));
}

} // namespace shardlens::ui::format
