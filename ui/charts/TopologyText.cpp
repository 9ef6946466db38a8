// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyText.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace shardlens::ui::charts {

namespace {

using facts::StandbyState;
using format::text;
using theme::ColourRole;

struct TopologyTextWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::charts::Topology)
};

const QString dots = QString(QChar(0x2026));

QString roleWord(const TopologyNode &node)
{
    switch (node.role) {
    case NodeRole::Router: return TopologyTextWords::tr("router");
    case NodeRole::Primary: return TopologyTextWords::tr("primary");
    case NodeRole::Standby: return TopologyTextWords::tr("standby");
    case NodeRole::Replica: return TopologyTextWords::tr("replica");
    case NodeRole::Pool: return TopologyTextWords::tr("%1 of %2").arg(node.answering).arg(node.declared);
    case NodeRole::Fold: return TopologyTextWords::tr("%1 well").arg(node.answering);
    case NodeRole::Member: break;
    }
    return node.group.isEmpty() && node.cluster.isEmpty() ? TopologyTextWords::tr("server") : TopologyTextWords::tr("role not known");
}

/// A value, or a dash in its place: a card has no room for a reason, its sentence has.
template <class T, class Write>
QString orDots(const facts::Known<T> &value, Write &&write)
{
    if (value)
        return write(*value);
    if (value.error().why == facts::WhyUnknown::NoValue && value.error().detail == "gets")
        return format::reason(value.error());
    return value.error().why == facts::WhyUnknown::NotAskedYet || value.error().why == facts::WhyUnknown::Reset ? dots : TopologyTextWords::tr("not known");
}

QString behind(const facts::Known<facts::Bytes> &bytes)
{
    return bytes ? TopologyTextWords::tr("%1 behind").arg(format::bytes(*bytes)) : QString();
}

/// A value is coloured where the value itself is what is wrong; the card's shape tells of all else.
ColourRole valueColour(const TopologyNode &node)
{
    bool isWrong = false;
    switch (node.role) {
    case NodeRole::Router: isWrong = node.targetsRight < node.targetsKnown || (node.waiting && *node.waiting > 0 && node.severity); break;
    case NodeRole::Standby:
    case NodeRole::Replica:
    case NodeRole::Member:
        isWrong = node.lag && (node.lagLevel.value_or(1) >= 3 || (node.lag->state != StandbyState::Streaming && node.lag->state != StandbyState::CatchingUp && node.severity));
        break;
    case NodeRole::Pool: isWrong = node.answering < node.declared && node.severity; break;
    default: break;
    }
    if (!isWrong)
        return ColourRole::Muted;
    return node.severity ? theme::coloursOf(*node.severity).text : ColourRole::WarningText;
}

/// "1,204 writes/s": what is counted stands before the stroke.
QString ratePer(double perSecond, const QString &what)
{
    return TopologyTextWords::tr("%1 %2/s").arg(format::rate(perSecond).section(format::kNarrowSpace, 0, 0), what);
}

QString whyDown(const facts::Reach &reach)
{
    if (!reach.lastError)
        return {};
    switch (reach.lastError->code) {
    case base::ErrorCode::Refused: return TopologyTextWords::tr("refused");
    case base::ErrorCode::TimedOut: return TopologyTextWords::tr("no answer");
    case base::ErrorCode::Unreachable: return TopologyTextWords::tr("link lost");
    case base::ErrorCode::NoRights: return TopologyTextWords::tr("no rights");
    case base::ErrorCode::WrongServer: return TopologyTextWords::tr("wrong server");
    case base::ErrorCode::Rejected: return TopologyTextWords::tr("rejected");
    default: return {};
    }
}

/// What a fresh card says, by role.
class FreshText
{
public:
    FreshText(const TopologyNode &node, bool lineSaysLag, bool wide) : m_node(node), m_lineSaysLag(lineSaysLag), m_wide(wide) {}

    void write(CardText &card) const
    {
        switch (m_node.role) {
        case NodeRole::Router: return router(card);
        case NodeRole::Primary: return primary(card);
        case NodeRole::Standby:
        case NodeRole::Replica: return receiver(card);
        case NodeRole::Pool: return pool(card);
        case NodeRole::Fold: return fold(card);
        case NodeRole::Member: break;
        }
        card.second = m_node.lag ? receiverState() : card.role;
        card.value = m_node.lag ? receiverState() : QString();
        if (m_node.lag)
            card.left = receiverState();
    }

private:
    void router(CardText &card) const
    {
        const QString right = m_node.targetsKnown < m_node.targets && m_node.targetsRight == m_node.targetsKnown
            ? TopologyTextWords::tr("%1 of %2 known").arg(m_node.targetsKnown).arg(m_node.targets)
            : TopologyTextWords::tr("%1 of %2 right").arg(m_node.targetsRight).arg(m_node.targets);
        const bool allRight = m_node.targetsRight == m_node.targets;
        const bool waits = m_node.waiting && *m_node.waiting > 0;
        const QString waiting = orDots(m_node.waiting, [](std::int32_t n) { return TopologyTextWords::tr("%1 waiting").arg(format::count(n)); });
        const QString rate = orDots(m_node.perSecond, format::rate);
        if (m_node.leadsTo)
            card.second = waits ? TopologyTextWords::tr("to %1, %2").arg(text(*m_node.leadsTo), waiting) : TopologyTextWords::tr("leads to %1").arg(text(*m_node.leadsTo));
        else
            card.second = waits ? TopologyTextWords::tr("%1, %2").arg(right, waiting) : TopologyTextWords::tr("%1, %2").arg(right, rate);
        card.value = !allRight ? right : waits ? waiting : rate;
        card.role = m_node.targets > 0 ? right : roleWord(m_node);
        card.left = m_node.perSecond ? ratePer(*m_node.perSecond, TopologyTextWords::tr("writes")) : rate;
        card.right = waiting;
    }

    void primary(CardText &card) const
    {
        const QString rate = orDots(m_node.perSecond, format::rate);
        const bool redis = !m_node.group.isEmpty();
        const QString unit = redis ? TopologyTextWords::tr("commands") : TopologyTextWords::tr("commits");
        card.second = TopologyTextWords::tr("primary, %1").arg(rate);
        if (m_node.walBytesPerSecond && m_wide)
            card.second = TopologyTextWords::tr("%1, %2").arg(card.second, format::bytesRate(*m_node.walBytesPerSecond));
        card.value = rate;
        card.left = m_node.perSecond ? ratePer(*m_node.perSecond, unit) : rate;
        if (m_node.walBytesPerSecond)
            card.right = TopologyTextWords::tr("WAL %1").arg(format::bytesRate(*m_node.walBytesPerSecond));
    }

    void receiver(CardText &card) const
    {
        const auto &lag = *m_node.lag;
        const QString state = receiverState();
        const QString time = format::lagOf(lag);
        const QString bytes = behind(lag.behind);
        if (!state.isEmpty()) { // not streaming, paused: that replaces the number
            card.second = lag.state == StandbyState::Paused && !bytes.isEmpty() ? TopologyTextWords::tr("%1, %2").arg(state, bytes) : state;
            card.value = state;
            card.brief = lag.state == StandbyState::Paused ? TopologyTextWords::tr("paused") : lag.state == StandbyState::NotStreaming ? TopologyTextWords::tr("no stream") : QString();
            card.left = state;
            card.right = bytes;
            return;
        }
        const QString first = m_lineSaysLag || time.isEmpty() ? bytes : TopologyTextWords::tr("lag %1").arg(time);
        card.second = TopologyTextWords::tr("%1, %2").arg(card.role, first.isEmpty() ? dots : first);
        const bool saysTime = !time.isEmpty() && (!m_lineSaysLag || bytes.isEmpty());
        card.value = saysTime ? time : !bytes.isEmpty() ? bytes : dots;
        card.left = m_lineSaysLag || time.isEmpty() ? (bytes.isEmpty() ? dots : bytes) : TopologyTextWords::tr("lag %1").arg(time);
        if (!m_lineSaysLag && !time.isEmpty())
            card.right = bytes;
        else if (lag.slotRetained)
            card.right = TopologyTextWords::tr("slot keeps %1").arg(format::bytes(*lag.slotRetained));
    }

    [[nodiscard]] QString receiverState() const
    {
        const auto &lag = *m_node.lag;
        switch (lag.state) {
        case StandbyState::NotStreaming:
            return m_node.lostFor ? TopologyTextWords::tr("lost it %1").arg(format::age(*m_node.lostFor)) : TopologyTextWords::tr("not streaming");
        case StandbyState::Diverged: return TopologyTextWords::tr("diverged");
        case StandbyState::Paused: return TopologyTextWords::tr("replay paused");
        default: return {};
        }
    }

    void pool(CardText &card) const
    {
        const QString rate = orDots(m_node.hitRatio, format::hitRate);
        card.second = TopologyTextWords::tr("%1, hit rate %2").arg(card.role, rate);
        card.value = rate;
        card.left = TopologyTextWords::tr("hit rate %1").arg(rate);
        card.right = orDots(m_node.perSecond, [](double gets) { return ratePer(gets, TopologyTextWords::tr("gets")); });
    }

    void fold(CardText &card) const
    {
        card.name = TopologyTextWords::tr("%1 of %2 clusters").arg(m_node.answering).arg(m_node.declared);
        card.second = TopologyTextWords::tr("primary here, all well");
        card.value = QString();
        card.left = card.second;
    }

    const TopologyNode &m_node;
    bool m_lineSaysLag;
    bool m_wide;
};

void writeAsking(CardText &card, const TopologyNode &node)
{
    const bool soon = !node.silentFor || *node.silentFor < base::milliseconds(300);
    card.value = soon ? dots : TopologyTextWords::tr("asking, %1").arg(format::age(*node.silentFor));
    card.brief = soon ? QString() : TopologyTextWords::tr("asking");
    card.second = card.value;
    card.left = card.value;
    card.right.clear();
    card.role = node.role == NodeRole::Member ? QString() : roleWord(node);
    card.colour = ColourRole::Muted;
}

void writeDown(CardText &card, const TopologyNode &node)
{
    const QString since = node.silentFor ? TopologyTextWords::tr("down %1").arg(format::age(*node.silentFor)) : TopologyTextWords::tr("down");
    const QString why = whyDown(node.reach);
    card.value = since;
    card.brief.clear();
    card.second = why.isEmpty() ? since : TopologyTextWords::tr("%1: %2").arg(since, why);
    if (node.role == NodeRole::Pool)
        card.second = TopologyTextWords::tr("%1, %2").arg(roleWord(node), since);
    card.left = since;
    card.right = why;
    card.isOld = false;
    card.colour = theme::coloursOf(node.severity.value_or(facts::Severity::Warning)).text;
}

void writeUnknown(CardText &card, const TopologyNode &node)
{
    const QString why = format::unknownText(node.why);
    card.value = node.why.detail.empty() ? why : TopologyTextWords::tr("unknown: %1").arg(text(node.why.detail));
    card.brief.clear();
    card.second = card.value;
    card.left = why;
    card.right.clear();
    card.colour = ColourRole::UnknownText;
}

void addAge(CardText &card, const TopologyNode &node)
{
    if (!node.age)
        return;
    const QString age = format::age(*node.age);
    card.isOld = true;
    card.colour = ColourRole::Muted;
    card.value = TopologyTextWords::tr("%1, %2").arg(card.value, age);
    card.brief.clear();
    // The first line names the server; the second has room for one number and its age.
    const auto comma = card.second.lastIndexOf(QStringLiteral(", "));
    card.second = TopologyTextWords::tr("%1, %2 ago").arg(comma < 0 ? card.second : card.second.mid(comma + 2), age);
    card.right = TopologyTextWords::tr("%1 ago").arg(age);
}

QString sentenceOf(const TopologyNode &node, const CardText &card)
{
    QStringList parts{node.role == NodeRole::Pool || node.role == NodeRole::Fold ? text(node.name) : TopologyTextWords::tr("%1, %2").arg(text(node.name), roleWord(node))};
    switch (node.state) {
    case NodeState::Asking: parts << (node.silentFor ? TopologyTextWords::tr("asking, %1").arg(format::age(*node.silentFor)) : TopologyTextWords::tr("asking")); break;
    case NodeState::Unknown: parts << format::unknownText(node.why); break;
    case NodeState::Down:
        parts << (node.silentFor ? TopologyTextWords::tr("down %1").arg(format::age(*node.silentFor)) : TopologyTextWords::tr("down"));
        if (node.reach.lastError)
            parts << text(node.reach.lastError->message);
        break;
    default:
        if (node.lag) {
            parts << TopologyTextWords::tr("lag %1").arg(format::valueOr(node.lag->time, [&](base::microseconds time) { return format::lagWithin(time, (*node.lag).resolution); })) << format::valueOr(node.lag->behind, [](facts::Bytes b) { return behind(b); });
            if (node.lag->state == StandbyState::NotStreaming || node.lag->state == StandbyState::Paused)
                parts << card.value;
        } else if (!card.left.isEmpty()) {
            parts << card.left << card.right;
        }
        if (node.role == NodeRole::Router)
            parts << card.role;
    }
    if (node.age)
        parts << TopologyTextWords::tr("read %1 ago").arg(format::age(*node.age));
    if (node.reach.latency && node.state == NodeState::Fresh)
        parts << TopologyTextWords::tr("answers in %1").arg(format::duration(*node.reach.latency));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

CardText cardText(const TopologyNode &node, const TopologyLayout &layout, bool lineSaysLag)
{
    CardText card;
    card.name = text(node.name);
    card.role = roleWord(node);
    card.colour = valueColour(node);
    FreshText(node, lineSaysLag, layout.card.width() >= 176 * theme::textScale()).write(card);
    switch (node.state) {
    case NodeState::Asking: writeAsking(card, node); break;
    case NodeState::Down: writeDown(card, node); break;
    case NodeState::Unknown: writeUnknown(card, node); break;
    case NodeState::Stale: addAge(card, node); break;
    case NodeState::Fresh: break;
    }
    card.sentence = sentenceOf(node, card);
    return card;
}

QString rowNote(const TopologyRow &row)
{
    switch (row.kind) {
    case RowKind::Cluster:
        if (row.timeline)
            return TopologyTextWords::tr("timeline %1").arg(*row.timeline);
        if (row.partition.empty())
            return TopologyTextWords::tr("shard map");
        return row.shards > 0 ? TopologyTextWords::tr("%1, %2").arg(text(row.partition), format::count(row.shards)) : text(row.partition);
    case RowKind::Redis: return TopologyTextWords::tr("Redis");
    case RowKind::Cache: return TopologyTextWords::tr("memcached");
    case RowKind::Fold: return TopologyTextWords::tr("%1 well").arg(row.shards);
    case RowKind::Routers: break;
    }
    return {};
}

QString rowName(const TopologyRow &row)
{
    switch (row.kind) {
    case RowKind::Routers: return TopologyTextWords::tr("Routers");
    case RowKind::Cache: return TopologyTextWords::tr("Cache");
    default: return text(row.name);
    }
}

/// As roleWord(), in one short word.
QString compactRole(const TopologyNode &node, const CardText &card)
{
    switch (node.role) {
    case NodeRole::Router: return TopologyTextWords::tr("router");
    case NodeRole::Member: return node.state == NodeState::Asking ? QString() : TopologyTextWords::tr("member");
    default: return card.role;
    }
}

} // namespace

QString fittingValue(const QString &value, const QString &brief, qreal room)
{
    const QFontMetricsF metrics(theme::font(theme::FontRole::Caption));
    const QString last = value.section(QStringLiteral(", "), -1);
    const QString word = value.section(QLatin1Char(' '), 0, 0);
    const QString afterWord = value.section(QLatin1Char(' '), 1);
    const bool startsWithNumber = !word.isEmpty() && word.front().isDigit();
    for (const QString &form : {value, brief.isEmpty() ? value : brief, value.section(QLatin1Char(':'), 0, 0), last, startsWithNumber || afterWord.isEmpty() ? word : afterWord})
        if (metrics.horizontalAdvance(form) <= room)
            return form;
    return {};
}

CompactText compactText(const TopologyNode &node, const CardText &card, qreal width)
{
    constexpr qreal gap = 6;
    const QString role = compactRole(node, card);
    const qreal room = width - QFontMetricsF(theme::font(theme::FontRole::Small)).horizontalAdvance(role) - gap;
    if (const QString value = fittingValue(card.value, card.brief, room); !value.isEmpty() || card.value.isEmpty())
        return {role, value};
    return {{}, fittingValue(card.value, card.brief, width)};
}

qreal rowNameWidth(const TopologyGraph &graph)
{
    constexpr qreal least = 72;
    constexpr qreal most = 140;
    constexpr qreal around = 18 + 4; // the shape, and the gap before the cards
    const QFontMetricsF metrics(theme::font(theme::FontRole::BodyBold));
    qreal width = 0;
    for (const auto &row : graph.rows)
        width = std::max(width, metrics.horizontalAdvance(rowName(row)));
    return std::clamp(std::ceil(width / theme::textScale()) + 1 + around, least, most);
}

TopologyText textOf(const TopologyGraph &graph, const TopologyLayout &layout)
{
    TopologyText result;
    const QFontMetricsF metrics(theme::font(theme::FontRole::Caption));
    std::vector<bool> lineSaysLag(graph.nodes.size(), false);
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const auto &edge = graph.edges[i];
        QString value;
        if (layout.detail >= CardDetail::Normal && edge.kind == EdgeKind::Replication && edge.time
            && (edge.state == EdgeState::Streaming || edge.state == EdgeState::CatchingUp))
            value = graph.nodes[static_cast<std::size_t>(edge.to)].lag ? format::lagOf(*graph.nodes[static_cast<std::size_t>(edge.to)].lag) : format::lag(*edge.time);
        if (metrics.horizontalAdvance(value) > layout.edges[i].labelRoom)
            value.clear();
        lineSaysLag[static_cast<std::size_t>(edge.to)] = !value.isEmpty();
        result.edges.push_back(value);
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        result.cards.push_back(cardText(graph.nodes[i], layout, lineSaysLag[i]));
    for (const auto &row : graph.rows) {
        result.rowNames.push_back(rowName(row));
        result.rowNotes.push_back(rowNote(row));
    }
    for (const auto &column : graph.columns) {
        result.columns.push_back(text(column.region.text()));
        result.columnNotes.push_back(column.silentFor ? TopologyTextWords::tr("silent %1").arg(format::age(*column.silentFor)) : QString());
    }
    return result;
}

std::vector<QString> lagLevelNames(const fleet::Thresholds &thresholds)
{
    const auto edge = [&](std::size_t i) { // a limit is round: "0.1 s", "30 s"
        return QString::number(static_cast<double>(thresholds.lagTime[i].count()) / 1000.0, 'g', 4) + format::kNarrowSpace + QLatin1Char('s');
    };
    return {TopologyTextWords::tr("under %1").arg(edge(0)), TopologyTextWords::tr("to %1").arg(edge(1)), TopologyTextWords::tr("to %1").arg(edge(2)), TopologyTextWords::tr("to %1").arg(edge(3)),
            TopologyTextWords::tr("over %1").arg(edge(3))};
}

} // namespace shardlens::ui::charts
