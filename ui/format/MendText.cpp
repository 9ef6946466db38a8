// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/MendText.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <QStringList>

#include <algorithm>

namespace shardlens::ui::format {

namespace {

QString mendPlace(std::size_t position)
{
    return count(static_cast<std::int64_t>(position) + 1);
}

QString mendSize(const std::vector<std::string> &entries)
{
    return count(static_cast<std::int64_t>(entries.size()));
}

QString mendOwner(const std::string &owner)
{
    return owner.empty() ? Words::tr("none") : text(owner);
}

} // namespace

QString mendSubject(const mend::Intent &intent)
{
    switch (intent.what) {
    case mend::What::Feed: return Words::tr("the feed of user %1").arg(intent.user);
    case mend::What::MapBucket: return Words::tr("bucket %1 of the media map").arg(intent.bucket);
    case mend::What::MapEntry: return Words::tr("the media map’s entry of media %1").arg(intent.media);
    }
    return {};
}

QString mendCounts(const std::vector<mend::Change> &changes)
{
    QStringList parts;
    for (const auto kind : {mend::Change::Kind::Added, mend::Change::Kind::Removed, mend::Change::Kind::Moved, mend::Change::Kind::Replaced}) {
        const auto of = std::count_if(changes.begin(), changes.end(), [kind](const mend::Change &change) { return change.kind == kind; });
        if (of > 0)
            parts << Words::tr("%1 %2").arg(count(of), changeKindText(kind));
    }
    return parts.join(QStringLiteral(", "));
}

QString mendSentence(const mend::Plan &plan)
{
    const QString subject = mendSubject(plan.intent);
    if (plan.primary.isEmpty())
        return Words::tr("Nothing can be planned for %1: no one server of %2 is known to be the primary.").arg(subject, text(plan.group.text()));
    QString unsearched = plan.unsearched == 0 ? QString()
                           : plan.unsearched == 1 ? QLatin1Char(' ') + Words::tr("1 shard could not be read through for media that it lacks.")
                                                    : QLatin1Char(' ') + Words::tr("%1 shards could not be read through for media that it lacks.").arg(count(plan.unsearched));
    if (plan.unsearched > 0 && !plan.unsearchedWhy.empty())
        unsearched += Words::tr(" The first reason told: %1.").arg(text(plan.unsearchedWhy));
    if (!plan.isNeeded() && plan.undoes.empty())
        return Words::tr("There is nothing to put right in %1.").arg(subject) + unsearched;
    QString out = plan.undoes.empty() ? Words::tr("Put %1 right on %2: %3").arg(subject, text(plan.primary.text()), mendCounts(plan.changes))
                                      : Words::tr("Take %1 back on %2: %3").arg(text(plan.undoes), text(plan.primary.text()), mendCounts(plan.changes));
    if (plan.list)
        out += Words::tr("; %1 entries, were %2").arg(mendSize(plan.list->after), mendSize(plan.list->before));
    out += QLatin1Char('.');
    if (plan.tooYoung == 1)
        out += QLatin1Char(' ') + Words::tr("One that was minted within the last minute is left alone.");
    else if (plan.tooYoung > 1)
        out += QLatin1Char(' ') + Words::tr("%1 that were minted within the last minute are left alone.").arg(count(plan.tooYoung));
    return out + unsearched;
}

QString mendCost(const mend::Plan &plan)
{
    return plan.intent.what == mend::What::Feed
               ? Words::tr("Readers see the old feed until the new one stands: nothing in between. What is pushed meanwhile is kept. It can be taken back from this machine.")
               : Words::tr("Readers see each entry as it was until it is as its row says. It can be taken back from this machine.");
}

MendCheckWords mendCheckWords(const mend::Check &check, const mend::Plan &plan)
{
    const QString group = text(plan.group.text());
    const QString reading = text(check.reading);
    const QString limit = text(check.limit);
    switch (check.id) {
    case mend::CheckId::OnePrimary:
        return {Words::tr("One server of %1 is the primary").arg(group), reading.isEmpty() ? Words::tr("none says so") : reading,
                Words::tr("See the Redis page: a group without a primary, or with two, is put right first.")};
    case mend::CheckId::TakesWrites:
        return {Words::tr("The primary takes writes"), Words::tr("%1 replicas follow, it wants %2").arg(reading, limit),
                Words::tr("It is braked until replicas follow again; see who holds it on the Operations page.")};
    case mend::CheckId::NoOperation:
        return {Words::tr("No operation runs on %1").arg(group), reading.isEmpty() ? Words::tr("none listens") : reading,
                Words::tr("Wait until it has ended, then plan again.")};
    case mend::CheckId::NewestTerm:
        return {Words::tr("The primary has the group’s newest term"),
                Words::tr("%1 on the primary, newest known: %2").arg(reading.isEmpty() ? Words::tr("none") : reading, limit),
                Words::tr("An operation on the group has not ended well, or this is no longer its primary; see Operations.")};
    case mend::CheckId::ShardsAnswered:
        return {Words::tr("Every shard answered"),
                check.passed ? Words::tr("all") : Words::tr("no answer: %1").arg(reading),
                Words::tr("What is not known is not judged. Plan again once they answer.")};
    case mend::CheckId::StillTheSame:
        return {Words::tr("Nobody else has written it since"), check.passed ? Words::tr("as it was left") : reading,
                Words::tr("Plan a mend by what the shards say now, instead of taking this one back.")};
    }
    return {};
}

QString changeKindText(mend::Change::Kind kind)
{
    switch (kind) {
    case mend::Change::Kind::Added: return Words::tr("added");
    case mend::Change::Kind::Removed: return Words::tr("removed");
    case mend::Change::Kind::Moved: return Words::tr("moved");
    case mend::Change::Kind::Replaced: return Words::tr("other owner");
    }
    return {};
}

QString changeEvidence(const mend::Change &change)
{
    if (!change.key.empty())
        return Words::tr("in %1: owner %2, was %3").arg(text(change.key), mendOwner(change.becomes), mendOwner(change.was));
    if (change.wasAt && change.isAt)
        return Words::tr("from place %1 to %2").arg(mendPlace(*change.wasAt), mendPlace(*change.isAt));
    return change.isAt ? Words::tr("at place %1").arg(mendPlace(*change.isAt)) : Words::tr("from place %1").arg(mendPlace(change.wasAt.value_or(0)));
}

QString doneSentence(const mend::Plan &plan, const mend::Done &done)
{
    QString out = plan.undoes.empty() ? Words::tr("Done: %1 is as the shards say").arg(mendSubject(plan.intent))
                                      : Words::tr("Done: %1 is as it was before %2").arg(mendSubject(plan.intent), text(plan.undoes));
    out += plan.list ? Words::tr(", %1 entries").arg(count(static_cast<std::int64_t>(done.written)))
                     : Words::tr(", entries written: %1").arg(count(static_cast<std::int64_t>(done.written)));
    if (done.carried > 0)
        out += Words::tr(", %1 pushed meanwhile and kept").arg(count(static_cast<std::int64_t>(done.carried)));
    return out + QLatin1Char('.') + QLatin1Char(' ') + Words::tr("Kept as %1, audit entry %2.").arg(text(done.id), count(done.audit));
}

} // namespace shardlens::ui::format
