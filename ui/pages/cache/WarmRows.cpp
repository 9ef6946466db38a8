// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/WarmRows.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/cache/CacheWords.h"

namespace shardlens::ui::pages {

using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using models::noneCell;
using Holds = FactColumn::Holds;

namespace {

QString warmCount(std::uint64_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

base::microseconds warmTime(std::uint64_t keys, double perSecond)
{
    return std::chrono::duration_cast<base::microseconds>(std::chrono::duration<double>(static_cast<double>(keys) / perSecond));
}

FactCell warmCell(const QString &words, const QVariant &raw, const QString &tip = {})
{
    FactCell cell = nameCell(words);
    cell.raw = raw;
    cell.tip = tip;
    return cell;
}

FactCell countCell(std::uint64_t value, const QString &tip = {})
{
    return warmCell(warmCount(value), static_cast<qulonglong>(value), tip);
}

QString errorsOf(const cacheflow::WarmPlan &plan)
{
    QStringList said;
    for (const base::Error &error : plan.errors)
        said << CacheWords::tr("%1: %2").arg(format::text(error.server), format::text(error.message));
    return said.join(QLatin1Char('\n'));
}

QString errorOf(const cacheflow::Warmed &done)
{
    if (!done.error)
        return {};
    return done.error->server.empty() ? format::text(done.error->message)
                                      : CacheWords::tr("%1: %2").arg(format::text(done.error->server), format::text(done.error->message));
}

} // namespace

std::vector<FactColumn> warmColumns()
{
    return {
        {QStringLiteral("what"), CacheWords::tr("What"), CacheWords::tr("Gone there, or without a row here"), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("plan"), CacheWords::tr("Plan"), CacheWords::tr("about 88 min at 8,888 /s"), Holds::Words, 0,
         CacheWords::tr("As the source’s members and the target’s told it")},
        {QStringLiteral("done"), CacheWords::tr("So far"), CacheWords::tr("about 88 min 88 s left"), Holds::Words, 0},
    };
}

std::vector<FactRow> warmRows(const WarmAsk &ask, const cacheflow::WarmPlan &plan, const std::optional<cacheflow::Warmed> &done)
{
    const FactCell notYet = noneCell(CacheWords::tr("it has not begun"));
    const FactCell notPlanned = noneCell(CacheWords::tr("seen only when it is tried"));
    const auto told = [&](std::uint64_t cacheflow::Warmed::*count, const QString &tip = {}) {
        return done ? countCell((*done).*count, tip) : notYet;
    };
    const auto expected = warmTime(plan.keys.size(), ask.perSecond);
    const std::uint64_t left = done && done->tried < plan.keys.size() ? plan.keys.size() - done->tried : 0;
    const FactCell time = !done || done->isCancelled
                              ? noneCell(done ? CacheWords::tr("it was ended") : CacheWords::tr("it has not begun"))
                              : warmCell(left == 0 ? CacheWords::tr("all tried")
                                                   : CacheWords::tr("about %1 left").arg(format::age(warmTime(left, ask.perSecond))),
                                         {});
    const QString unread = errorsOf(plan);
    return {
        {"keys",
         {nameCell(CacheWords::tr("Keys, the last read first")), countCell(plan.keys.size()),
          told(&cacheflow::Warmed::tried, CacheWords::tr("Tried"))}},
        {"filled", {nameCell(CacheWords::tr("Filled")), notPlanned, told(&cacheflow::Warmed::filled)}},
        {"bytes",
         {nameCell(CacheWords::tr("Bytes")),
          warmCell(format::bytes({static_cast<std::int64_t>(plan.bytes)}), static_cast<qulonglong>(plan.bytes),
                   CacheWords::tr("That their items take in the source")),
          noneCell(CacheWords::tr("not counted"))}},
        {"time",
         {nameCell(CacheWords::tr("Time")),
          warmCell(CacheWords::tr("about %1 at %2").arg(format::age(expected), format::rate(ask.perSecond)),
                   static_cast<double>(expected.count()) / 1e6),
          time}},
        {"hold_off",
         {nameCell(CacheWords::tr("Hold-off")),
          warmCell(CacheWords::tr("at most %1 a key").arg(format::age(warmHoldOff)), static_cast<qlonglong>(warmHoldOff.count()),
                   CacheWords::tr(
                       "The lease that is taken first lets nobody else fill the key meanwhile; where this console dies it ends by itself")),
          noneCell({})}},
        {"there",
         {nameCell(CacheWords::tr("There already")), countCell(plan.there),
          told(&cacheflow::Warmed::there, CacheWords::tr("Or being filled by somebody"))}},
        {"unread",
         {nameCell(CacheWords::tr("Never read there")),
          countCell(plan.unread, CacheWords::tr("Left out: nobody ever asked the source for them")), noneCell({})}},
        {"gone",
         {nameCell(CacheWords::tr("Gone there, or without a row here")),
          countCell(plan.rowless, CacheWords::tr("Left out: no pattern of the fleet file tells whose row it is")),
          told(&cacheflow::Warmed::gone)}},
        {"differs",
         {nameCell(CacheWords::tr("Not of their row’s version")), notPlanned,
          told(&cacheflow::Warmed::differs, CacheWords::tr("Not stored: the source’s value is not what the row says in this region"))}},
        {"lost", {nameCell(CacheWords::tr("Deleted meanwhile")), notPlanned, told(&cacheflow::Warmed::lost)}},
        {"failed",
         {nameCell(CacheWords::tr("Not answered")),
          unread.isEmpty() ? countCell(0)
                           : warmCell(CacheWords::tr("%1 members not read").arg(plan.errors.size()),
                                      static_cast<qulonglong>(plan.errors.size()), unread),
          done ? countCell(done->failed, errorOf(*done)) : notYet}},
    };
}

operate::ConfirmWords warmWords(const WarmAsk &ask, const cacheflow::WarmPlan &plan)
{
    operate::ConfirmWords words;
    words.act = CacheWords::tr("Fill %1 keys of %2 from %3, about %4 at %5.")
                    .arg(warmCount(plan.keys.size()), format::text(plan.targets()), format::text(plan.sources()),
                         format::age(warmTime(plan.keys.size(), ask.perSecond)), format::rate(ask.perSecond));
    words.cost = CacheWords::tr("Each key costs a get there, a lease here, and a share of a read of its row’s version in its region. A "
                                "value is stored only if it is of that version and while "
                                "the lease holds: nothing stale is set. It can be stopped after any batch, and ends with this console.");
    words.button = CacheWords::tr("Fill %1").arg(format::text(ask.to.text()));
    words.name = format::text(ask.to.text());
    return words;
}

QString warmedText(const cacheflow::Warmed &done)
{
    QStringList phrases{CacheWords::tr("%1 of %2 filled").arg(warmCount(done.filled), warmCount(done.tried))};
    const auto add = [&](std::uint64_t count, const QString &words) {
        if (count > 0)
            phrases << words.arg(warmCount(count));
    };
    add(done.there, CacheWords::tr("%1 were there"));
    add(done.differs, CacheWords::tr("%1 not of their row’s version"));
    add(done.lost, CacheWords::tr("%1 deleted meanwhile"));
    add(done.failed, CacheWords::tr("%1 failed"));
    return phrases.join(QStringLiteral(", ")) + (done.isCancelled ? CacheWords::tr("; ended before the rest.") : QStringLiteral("."));
}

} // namespace shardlens::ui::pages
