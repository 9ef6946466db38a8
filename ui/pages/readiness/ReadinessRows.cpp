// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/readiness/ReadinessRows.h"

#include "core/operate/SentinelSum.h"
#include "ui/format/Numbers.h"
#include "ui/format/OperateText.h"
#include "ui/format/PlanText.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"

#include <QCoreApplication>

#include <algorithm>

namespace shardlens::ui::pages {

using format::text;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using operate::Act;
using operate::Readiness;
using operate::Ready;
using Holds = FactColumn::Holds;
using theme::ColourRole;
using theme::Shape;

namespace {

constexpr base::seconds firstAnswers{10}; ///< within which all that is read seldom has come

struct ReadinessWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages::readiness)
};

bool isOfGroup(const Readiness &row)
{
    return !row.group.isEmpty();
}

const std::string &subjectOf(const Readiness &row)
{
    return isOfGroup(row) ? row.group.text() : row.cluster.text();
}

std::vector<base::ServerId> membersOf(const fleet::Fleet &fleet, const Readiness &row)
{
    if (const fleet::RedisGroup *group = fleet.redisGroup(row.group))
        return group->servers;
    const fleet::Cluster *cluster = fleet.cluster(row.cluster);
    return cluster ? cluster->servers : std::vector<base::ServerId>();
}

FactCell candidateCell(const base::ServerId &id, const QString &whyNone)
{
    return id.isEmpty() ? models::noneCell(whyNone) : nameCell(text(id.text()));
}

/// A check that would be told of what nobody has read yet.
bool waitsForAnswer(const operate::Check &check)
{
    return check.verdict == operate::Verdict::Unknown && check.why.why == facts::WhyUnknown::NotAskedYet;
}

/// Something that its checks rest on is not read yet: not the same as not ready.
bool isAsking(const facts::Snapshot &snapshot, const Readiness &row)
{
    const auto members = membersOf(*snapshot.fleet, row);
    const auto isAsked = [&](const base::ServerId &id) { return format::ageOf(snapshot, id).freshness == facts::Freshness::Asking; };
    const auto missing = isOfGroup(row) ? operate::notReadYet(snapshot, row.group) : operate::notReadYet(snapshot, row.cluster);
    if (!missing.empty() || std::any_of(members.begin(), members.end(), isAsked))
        return true;
    // What stays unread is an answer, too.
    const bool isYoung = snapshot.takenAt - snapshot.observingSince < firstAnswers;
    const auto waits = [](const operate::Checks &checks) { return std::any_of(checks.begin(), checks.end(), waitsForAnswer); };
    return isYoung && (waits(row.blocking) || waits(row.amiss));
}

/// Its primary is lost: red is for what people are refused now. That a primary which works could not be moved is a warning.
bool isRefusedNow(const Readiness &row)
{
    return row.act == Act::Failover;
}

FactCell stateCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row)) {
        FactCell cell = nameCell(ReadinessWords::tr("asking"), Shape::Ellipsis);
        cell.role = ColourRole::Muted;
        return cell;
    }
    switch (row.ready) {
    case Ready::Ready: return nameCell(format::readyWord(row.ready), Shape::Dot);
    case Ready::Warnings: {
        FactCell cell = nameCell(format::readyWord(row.ready), Shape::Triangle);
        cell.brief = ReadinessWords::tr("warnings");
        return cell;
    }
    case Ready::NotReady: return nameCell(format::readyWord(row.ready), isRefusedNow(row) ? Shape::Diamond : Shape::Triangle);
    }
    return {};
}

FactCell pauseCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row))
        return models::noneCell(ReadinessWords::tr("nothing was read yet"));
    if (row.act == Act::Failover)
        return models::noneCell(ReadinessWords::tr("writes are refused already"));
    if (row.pause.isManagers) {
        FactCell cell = models::noneCell(format::pauseText(row.pause));
        return cell;
    }
    if (!row.pause.expected) {
        FactCell cell = models::cellOf(format::formattedUnknown(row.pause.expected.error(), {}));
        return cell;
    }
    FactCell cell = nameCell(format::duration(*row.pause.expected));
    cell.raw = std::chrono::duration<double>(*row.pause.expected).count();
    cell.tip = format::pauseText(row.pause);
    return cell;
}

/// The first that blocks, else the first that is amiss; how many more.
FactCell whyCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    if (isAsking(snapshot, row))
        return models::noneCell(ReadinessWords::tr("nothing was read yet"));
    const auto &told = row.blocking.empty() ? row.amiss : row.blocking;
    if (told.empty() && row.best.isEmpty())
        return nameCell(isOfGroup(row) ? ReadinessWords::tr("No replica is eligible") : ReadinessWords::tr("No standby is eligible"));
    if (told.empty())
        return models::noneCell(ReadinessWords::tr("nothing is amiss"));
    const auto all = row.blocking.size() + row.amiss.size();
    FactCell cell = nameCell(format::checkSentence(told.front()));
    QStringList tips;
    for (const auto *checks : {&row.blocking, &row.amiss}) {
        for (const operate::Check &check : *checks)
            tips << format::checkSentence(check);
    }
    cell.tip = tips.join(QLatin1Char('\n'));
    if (all > 1)
        cell.text = QStringLiteral("%1 (+%2)").arg(cell.text, format::count(static_cast<std::int64_t>(all) - 1));
    cell.brief = all == 1 ? ReadinessWords::tr("1 check") : ReadinessWords::tr("%1 checks").arg(format::count(static_cast<std::int64_t>(all)));
    if (!row.blocking.empty())
        cell.role = isRefusedNow(row) ? ColourRole::CriticalText : ColourRole::WarningText;
    return cell;
}

/// As the state reads where it has little room.
QString briefestReady()
{
    return QStringList{ReadinessWords::tr("asking"), format::readyWord(Ready::Ready), ReadinessWords::tr("warnings"), format::readyWord(Ready::NotReady)}.join(QLatin1Char('\n'));
}

QString widestReady()
{
    QStringList words{ReadinessWords::tr("asking")};
    for (const Ready ready : {Ready::Ready, Ready::Warnings, Ready::NotReady})
        words << format::readyWord(ready);
    return words.join(QLatin1Char('\n'));
}

/// What the Sentinels of a managed group say, in short; of another none are declared.
FactCell sentinelsCell(const facts::Snapshot &snapshot, const Readiness &row)
{
    const operate::GroupSight sight(snapshot, row.group);
    if (!sight.isDeclared() || !sight.isManaged())
        return models::noneCell(ReadinessWords::tr("the fleet file names none"));
    const operate::SentinelSum sum = operate::sentinelSumOf(sight);
    FactCell cell = nameCell(format::sentinelsShort(sum), sum.isWell() ? Shape::Dot : Shape::Triangle);
    cell.tip = format::sentinelsText(sum);
    if (!sum.isWell())
        cell.role = ColourRole::WarningText;
    return cell;
}

FactCell planCell(Act act)
{
    FactCell cell = nameCell(format::planButton(act));
    cell.role = ColourRole::Accent;
    cell.brief = ReadinessWords::tr("Plan…");
    return cell;
}

bool hasSentinels(const fleet::Fleet &fleet)
{
    return std::any_of(fleet.redisGroups.begin(), fleet.redisGroups.end(), [](const fleet::RedisGroup &group) { return group.manager != fleet::Manager::None; });
}

/// Of all that a table may name, a line each.
template <class Things>
std::pair<QString, QString> namesIn(const Things &things)
{
    QStringList names;
    QStringList servers;
    for (const auto &thing : things) {
        names << text(thing.name.text());
        for (const base::ServerId &id : thing.servers)
            servers << text(id.text());
    }
    return {names.join(QLatin1Char('\n')), servers.join(QLatin1Char('\n'))};
}

} // namespace

std::vector<FactColumn> readinessColumns(const fleet::Fleet &fleet, ReadinessOf of)
{
    const bool ofGroups = of == ReadinessOf::Groups;
    const auto [names, servers] = ofGroups ? namesIn(fleet.redisGroups) : namesIn(fleet.clusters);
    std::vector<FactColumn> columns{
        {QStringLiteral("state"), ReadinessWords::tr("Readiness"), widestReady(), Holds::Words, 0, ReadinessWords::tr("Whether its primary could be moved now, by the checks that a plan has"), briefestReady(), true},
        {ofGroups ? QStringLiteral("group") : QStringLiteral("cluster"), ofGroups ? ReadinessWords::tr("Group") : ReadinessWords::tr("Cluster"), names, Holds::Name, 0},
        {QStringLiteral("primary"), ReadinessWords::tr("Primary"), servers, Holds::Name, 3},
        {QStringLiteral("best"), ReadinessWords::tr("Best candidate"), servers, Holds::Name, 2},
        {QStringLiteral("runner_up"), ReadinessWords::tr("Runner-up"), servers, Holds::Name, 5},
        {QStringLiteral("expected_pause_seconds"), ReadinessWords::tr("Pause"), QStringLiteral("88.88 s\n") + models::FactTableModel::tr("unknown"), Holds::Number, 4, ReadinessWords::tr("How long writes would be held, from the present lag and links")},
        {QStringLiteral("why_not"), ReadinessWords::tr("What is amiss"), ReadinessWords::tr("Commits would wait for a standby that is not there") + QStringLiteral(" (+88)"), Holds::Words, ofGroups ? 1 : 0,
         ReadinessWords::tr("The first check that blocks, else the first that is not passed"), ReadinessWords::tr("88 checks")},
        {QStringLiteral("plan"), QString(), format::planButton(Act::Switchover) + QLatin1Char('\n') + format::planButton(Act::Failover), Holds::Words, 0, {}, ofGroups ? ReadinessWords::tr("Plan…") : QString()},
    };
    if (ofGroups && hasSentinels(fleet))
        columns.insert(columns.begin() + 6, {QStringLiteral("sentinels"), ReadinessWords::tr("Sentinels"), ReadinessWords::tr("8 of 8, they disagree") + QLatin1Char('\n') + ReadinessWords::tr("8 of 8, failing over"), Holds::Words, 6, ReadinessWords::tr("How many of those that the fleet file names answer, and whom they lead to")});
    return columns;
}

std::vector<FactRow> readinessRows(const facts::Snapshot &snapshot, const std::vector<Readiness> &readiness)
{
    std::vector<FactRow> rows;
    for (const Readiness &one : readiness) {
        const bool ofGroup = isOfGroup(one);
        const QString noCandidate = ofGroup ? ReadinessWords::tr("no replica is eligible") : ReadinessWords::tr("no standby is eligible");
        const QString noOther = ofGroup ? ReadinessWords::tr("no other replica is eligible") : ReadinessWords::tr("no other standby is eligible");
        FactRow row{subjectOf(one),
                    {stateCell(snapshot, one), nameCell(text(subjectOf(one))), candidateCell(one.primary, ReadinessWords::tr("no primary is known")), candidateCell(one.best, noCandidate),
                     candidateCell(one.runnerUp, noOther), pauseCell(snapshot, one), whyCell(snapshot, one), planCell(one.act)}};
        if (ofGroup && hasSentinels(*snapshot.fleet))
            row.cells.insert(row.cells.begin() + 6, sentinelsCell(snapshot, one));
        rows.push_back(std::move(row));
    }
    return rows;
}

QString readinessSummary(const facts::Snapshot &snapshot, const std::vector<Readiness> &readiness, ReadinessOf of)
{
    const auto asking = std::count_if(readiness.begin(), readiness.end(), [&](const Readiness &one) { return isAsking(snapshot, one); });
    const auto howMany = [&](Ready ready) {
        return std::count_if(readiness.begin(), readiness.end(), [&](const Readiness &one) { return one.ready == ready && !isAsking(snapshot, one); });
    };
    const QString count = format::count(static_cast<std::int64_t>(readiness.size()));
    const bool isOne = readiness.size() == 1;
    QStringList parts;
    if (of == ReadinessOf::Groups)
        parts << (isOne ? ReadinessWords::tr("1 group") : ReadinessWords::tr("%1 groups").arg(count));
    else
        parts << (isOne ? ReadinessWords::tr("1 cluster") : ReadinessWords::tr("%1 clusters").arg(count));
    for (const Ready ready : {Ready::Ready, Ready::Warnings, Ready::NotReady}) {
        if (const auto found = howMany(ready); found > 0)
            parts << ReadinessWords::tr("%1 %2").arg(format::count(found), format::readyWord(ready));
    }
    if (asking > 0)
        parts << ReadinessWords::tr("%1 asking").arg(format::count(asking));
    return parts.join(QStringLiteral(", "));
}

} // namespace shardlens::ui::pages
