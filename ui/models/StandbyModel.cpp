// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/StandbyModel.h"

#include "ui/format/BacklogText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Shapes.h"

namespace shardlens::ui::models {

namespace {

using facts::LagRule;
using facts::StandbyLag;
using facts::StandbyState;
using theme::ColourRole;
using theme::Shape;

bool isOld(const StandbyRow &row)
{
    return row.age.freshness == facts::Freshness::Stale || row.age.freshness == facts::Freshness::Down;
}

std::optional<facts::Severity> severityAt(const std::vector<facts::Problem> &problems, const base::ServerId &server)
{
    std::optional<facts::Severity> worst;
    const auto worsen = [&](facts::Severity severity) {
        if (!worst || severity < *worst)
            worst = severity;
    };
    for (const auto &problem : problems) {
        if (problem.place.server == server)
            worsen(problem.severity);
        if (const auto folded = severityAt(problem.consequences, server))
            worsen(*folded);
    }
    return worst;
}

double sumOf(const facts::LagStages &stages)
{
    double sum = 0;
    for (const auto &stage : {stages.notSent, stages.notWritten, stages.notFlushed, stages.notReplayed})
        if (stage)
            sum += static_cast<double>(stage->count);
    return sum;
}

/// A full bar: the next power of two that holds the longest, at least 1 MiB, so that bars do not jump each tick.
double scaleFor(double most)
{
    double scale = 1 << 20;
    while (scale < most)
        scale *= 2;
    return scale;
}

QVariant stagesOf(const facts::LagStages &stages)
{
    QVariantList list;
    bool any = false;
    for (const auto &stage : {stages.notSent, stages.notWritten, stages.notFlushed, stages.notReplayed}) {
        any = any || stage.has_value();
        list << (stage ? QVariant(static_cast<double>(stage->count)) : QVariant());
    }
    return any ? QVariant(list) : QVariant();
}

/// A number's cell has no room for a reason: the reason is its tooltip, and "why?" tells all.
template <class T, class Write>
QString cell(const facts::Known<T> &value, const format::FactAge &age, Write &&write)
{
    if (age.freshness == facts::Freshness::Asking)
        return QString(QChar(0x2026));
    return value ? write(*value) : StandbyModel::tr("unknown");
}

template <class T>
QString reason(const facts::Known<T> &value)
{
    return value ? QString() : format::unknownText(value.error());
}

QString tip(const StandbyRow &row, int column)
{
    QStringList lines;
    if (row.age.freshness == facts::Freshness::Asking)
        lines << format::formattedValue({}, row.age).text;
    else if (column == StandbyModel::Behind)
        lines << reason(row.lag.behind);
    else if (column == StandbyModel::Lag)
        lines << reason(row.lag.time);
    else if (column == StandbyModel::SlotKeeps)
        lines << reason(row.lag.slotRetained);
    if (row.age.age)
        lines << StandbyModel::tr("Read %1 ago").arg(format::age(*row.age.age));
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

QString known(const facts::Known<facts::microseconds> &value)
{
    return format::valueOr(value, format::duration);
}

QString known(const facts::Known<facts::Lsn> &value)
{
    return format::valueOr(value, [](facts::Lsn lsn) { return format::text(lsn.toString()); });
}

Shape arrowOf(format::BacklogWay way)
{
    switch (way) {
    case format::BacklogWay::NotKnown: break;
    case format::BacklogWay::Stopped: return Shape::Cross;
    case format::BacklogWay::Steady: return Shape::ArrowRight;
    case format::BacklogWay::Shrinks: return Shape::ArrowDown;
    case format::BacklogWay::Grows: return Shape::ArrowUp;
    }
    return Shape::None;
}

} // namespace

BacklogText backlogText(const StandbyLag &lag, facts::UtcTime now)
{
    const format::BacklogWords words = format::backlogWords(lag, now);
    return {words.text, static_cast<int>(arrowOf(words.way)), words.warns, words.brief};
}

void StandbyModel::showCluster(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
{
    const auto *facts = snapshot.cluster(cluster);
    show(snapshot, facts ? std::vector<const facts::ClusterFacts *>{facts} : std::vector<const facts::ClusterFacts *>{});
}

void StandbyModel::showAll(const facts::Snapshot &snapshot)
{
    std::vector<const facts::ClusterFacts *> all;
    for (const auto &cluster : snapshot.clusters)
        all.push_back(&cluster);
    show(snapshot, all);
}

void StandbyModel::show(const facts::Snapshot &snapshot, const std::vector<const facts::ClusterFacts *> &clusters)
{
    std::vector<StandbyRow> next;
    double most = 0;
    for (const auto *facts : clusters) {
        for (const auto &lag : facts->standbys) {
            next.push_back({lag.standby.text(), lag, format::ageOf(snapshot, lag.standby), facts::lagLevel(lag, snapshot.fleet->thresholds),
                            severityAt(snapshot.problems, lag.standby), snapshot.takenUtc});
            most = std::max(most, sumOf(lag.stages));
        }
    }
    const double scale = scaleFor(most);
    const bool scaled = scale != m_scale;
    m_scale = scale;
    assign(std::move(next));
    if (scaled && rowCount() > 0)
        Q_EMIT dataChanged(index(0, Stages), index(rowCount() - 1, Stages));
}

QVariant StandbyModel::text(const StandbyRow &row, int column) const
{
    const auto &lag = row.lag;
    switch (column) {
    case Standby: return format::text(row.id);
    case Stages: return QVariant();
    case Behind: return cell(lag.behind, row.age, format::bytes);
    case Lag: return cell(lag.time, row.age, [&](base::microseconds time) { return format::lagWithin(time, lag.resolution); });
    case SlotKeeps:
        if (!lag.slotRetained && lag.slotRetained.error().why == facts::WhyUnknown::NoValue)
            return tr("no slot");
        return cell(lag.slotRetained, row.age, format::bytes);
    case Direction: return backlogText(lag, row.takenUtc).text;
    default: return {};
    }
}

QVariant StandbyModel::raw(const StandbyRow &row, int column) const
{
    const auto &lag = row.lag;
    switch (column) {
    case Standby: return format::text(row.id);
    case Behind: return lag.behind ? QVariant(static_cast<qlonglong>(lag.behind->count)) : QVariant();
    case Lag: return lag.time ? QVariant(std::chrono::duration<double>(*lag.time).count()) : QVariant();
    case SlotKeeps: return lag.slotRetained ? QVariant(static_cast<qlonglong>(lag.slotRetained->count)) : QVariant();
    case Direction: return lag.backlogBytesPerSecond ? QVariant(*lag.backlogBytesPerSecond) : QVariant();
    default: return {};
    }
}

int StandbyModel::colour(const StandbyRow &row, int column) const
{
    const auto role = [&] {
        if (row.age.freshness == facts::Freshness::Asking || isOld(row))
            return ColourRole::Muted;
        if (column == Direction)
            return backlogText(row.lag, row.takenUtc).warns ? ColourRole::WarningText : ColourRole::Muted;
        const bool isUnknown = (column == Behind && !row.lag.behind) || (column == Lag && !row.lag.time)
            || (column == SlotKeeps && !row.lag.slotRetained && row.lag.slotRetained.error().why != facts::WhyUnknown::NoValue);
        if (isUnknown)
            return ColourRole::UnknownText;
        if (column == Lag && row.level.value_or(1) >= 3)
            return ColourRole::WarningText;
        return ColourRole::Text;
    };
    return static_cast<int>(role());
}

QVariant StandbyModel::data(const QModelIndex &index, int role) const
{
    const auto *row = rowAt(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case RawRole: return raw(*row, index.column());
    case ColourRoleRole: return colour(*row, index.column());
    case StaleRole: return isOld(*row) && index.column() != Standby;
    case Qt::TextAlignmentRole:
        return index.column() >= Behind && index.column() <= SlotKeeps ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case ShapeRole:
        if (index.column() != Standby)
            return {};
        if (row->severity)
            return static_cast<int>(theme::shapeOf(*row->severity));
        return static_cast<int>(theme::shapeOf(row->age.freshness));
    case BriefRole: {
        const QString brief = index.column() == Direction ? backlogText(row->lag, row->takenUtc).brief : QString();
        return brief.isEmpty() ? QVariant() : QVariant(brief);
    }
    case ArrowRole: return index.column() == Direction ? QVariant(backlogText(row->lag, row->takenUtc).arrow) : QVariant();
    case StagesRole: return stagesOf(row->lag.stages);
    case ScaleRole: return m_scale;
    case Qt::ToolTipRole: return tip(*row, index.column());
    case Qt::AccessibleTextRole:
        if (index.column() == Stages)
            return tr("stages of %1").arg(format::text(row->id));
        return text(*row, index.column());
    default: return {};
    }
}

QVariant StandbyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= Behind && section <= SlotKeeps ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == BriefRole && section == Stages)
        return tr("Stages");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Standby: return tr("Standby");
    case Stages: return tr("Stages, bytes behind");
    case Behind: return tr("Behind");
    case Lag: return tr("Lag");
    case SlotKeeps: return tr("Slot keeps");
    case Direction: return tr("Direction, end");
    default: return {};
    }
}

QString StandbyModel::ruleSentence(const StandbyLag &lag)
{
    switch (lag.rule) {
    case LagRule::ReplayLag: return tr("The primary measured it: how long a commit took to be replayed there.");
    case LagRule::FreshHeartbeat: return tr("No lag: the newest heartbeat is visible there, younger than one beat and one poll.");
    case LagRule::HeartbeatAge: return tr("The age of the newest heartbeat that is visible there, by this console's clock.");
    case LagRule::CaughtUp: return tr("No lag: it streams and has replayed all that the primary has. No heartbeat is written.");
    case LagRule::None: return tr("Not known: %1.").arg(lag.time ? format::standbyStateWord(lag.state) : format::reason(lag.time.error()));
    default: return tr("The age of its last exchange with the primary.");
    }
}

std::vector<LagInputLine> StandbyModel::ruleInputs(const StandbyLag &lag)
{
    const auto &in = lag.inputs;
    const bool beat = lag.rule == LagRule::FreshHeartbeat || lag.rule == LagRule::HeartbeatAge;
    const bool caughtUp = lag.rule == LagRule::CaughtUp;
    const auto said = [](const std::string &word) { return word.empty() ? tr("not told") : format::text(word); };
    return {
        {tr("Replay lag, told by the primary"), known(in.replayLag), lag.rule == LagRule::ReplayLag},
        {tr("Age of the newest heartbeat there"), known(in.heartbeatAge), beat},
        {tr("Last message of the primary"), known(in.receiverMessageAge), lag.state == StandbyState::NotStreaming},
        {tr("Receiver says"), said(in.receiverStatus), caughtUp},
        {tr("Sender says"), said(in.senderState), false},
        {tr("Position of the primary"), known(in.primaryLsn), caughtUp},
        {tr("Received there"), known(in.receivedLsn), false},
        {tr("Replayed there"), known(in.replayedLsn), caughtUp},
        {tr("Replay last moved"), in.sinceProgress ? tr("%1 ago").arg(format::age(*in.sinceProgress)) : tr("not seen to move"), false},
        {tr("Primary was read"), in.primarySampleAge ? tr("%1 ago").arg(format::age(*in.primarySampleAge)) : known(in.primarySampleAge), false},
        {tr("Standby was read"), in.standbySampleAge ? tr("%1 ago").arg(format::age(*in.standbySampleAge)) : known(in.standbySampleAge), false},
    };
}

} // namespace shardlens::ui::models

#include "moc_StandbyModel.cpp"
