// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/inspector/FactSheet.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"

#include <algorithm>

namespace shardlens::ui::shell {

using format::text;

QString InspectorRow::text() const
{
    QStringList parts;
    if (!middle.isEmpty())
        parts << middle;
    if (!value.text.isEmpty())
        parts << value.text;
    if (kind == Kind::Fact || kind == Kind::Thing) {
        if (!value.age.isEmpty())
            parts << FactSheet::tr("%1 ago").arg(value.age);
        if (!source.isEmpty())
            parts << FactSheet::tr("told by %1").arg(source);
    }
    return parts.isEmpty() ? name : FactSheet::tr("%1: %2").arg(name, parts.join(QStringLiteral(", ")));
}

QString InspectorContent::asText() const
{
    QStringList lines{title, subtitle};
    for (const InspectorRow &row : rows)
        lines << (row.kind == InspectorRow::Kind::Heading ? QLatin1Char('\n') + row.name : row.text());
    return lines.join(QLatin1Char('\n'));
}

void FactSheet::saidBy(const base::ServerId &server)
{
    m_age = format::ageOf(m_snapshot, server);
    m_source = text(server.text());
}

void FactSheet::declared()
{
    m_age = {};
    m_source.clear();
}

void FactSheet::readAt(const QString &source, std::optional<facts::Instant> at)
{
    m_age = {};
    m_source = source;
    if (at)
        m_age.age = std::chrono::duration_cast<base::microseconds>(m_snapshot.takenAt - *at);
}

InspectorRow &FactSheet::add(InspectorRow row, const QString &key)
{
    row.id = (m_section + QLatin1Char('/') + key).toStdString();
    while (std::any_of(m_rows.begin(), m_rows.end(), [&](const InspectorRow &other) { return other.id == row.id; }))
        row.id += '+'; // a model finds its rows by id
    row.source = m_source;
    m_rows.push_back(std::move(row));
    return m_rows.back();
}

void FactSheet::heading(const QString &name, const QString &note)
{
    m_section = name;
    InspectorRow row;
    row.kind = InspectorRow::Kind::Heading;
    row.name = name;
    row.value.text = note;
    row.value.role = theme::ColourRole::Muted;
    add(std::move(row), QStringLiteral("#"));
}

InspectorRow &FactSheet::fact(const QString &name, const QString &value)
{
    return fact(name, format::formattedValue(value, m_age));
}

InspectorRow &FactSheet::fact(const QString &name, const format::FormattedFact &value)
{
    InspectorRow row;
    row.name = name;
    row.value = value;
    return add(std::move(row), name);
}

InspectorRow &FactSheet::thing(const pages::Subject &subject, const QString &name, const QString &role, const format::FormattedFact &value, theme::Shape shape)
{
    InspectorRow row;
    row.kind = InspectorRow::Kind::Thing;
    row.name = name;
    row.middle = role;
    row.value = value;
    row.opens = subject;
    row.shape = shape;
    return add(std::move(row), name + QLatin1Char('/') + role);
}

void FactSheet::note(const QString &sentence)
{
    InspectorRow row;
    row.kind = InspectorRow::Kind::Note;
    row.name = sentence;
    add(std::move(row), sentence.left(24));
}

QString kindWord(fleet::ServerKind kind)
{
    switch (kind) {
    case fleet::ServerKind::Postgres: return QStringLiteral("Postgres");
    case fleet::ServerKind::Pgbouncer: return QStringLiteral("pgbouncer");
    case fleet::ServerKind::Redis: return QStringLiteral("Redis");
    case fleet::ServerKind::Memcached: return QStringLiteral("memcached");
    }
    return {};
}

QString roleOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    const fleet::Server *server = fleet.server(id);
    if (!server)
        return {};
    const auto word = [&](const facts::Known<base::ServerId> &primary, const QString &follower) {
        if (!primary)
            return FactSheet::tr("role not known");
        return *primary == id ? FactSheet::tr("primary") : follower;
    };
    if (const auto *cluster = fleet.clusterOf(id)) {
        const auto *facts = snapshot.cluster(cluster->name);
        return facts ? word(facts->primary, FactSheet::tr("standby")) : QString();
    }
    if (const auto *group = fleet.redisGroupOf(id)) {
        const auto *facts = snapshot.redisGroup(group->name);
        return facts ? word(facts->primary, FactSheet::tr("replica")) : QString();
    }
    return server->kind == fleet::ServerKind::Pgbouncer ? FactSheet::tr("router") : kindWord(server->kind);
}

namespace {

std::optional<facts::Severity> worstAt(const std::vector<facts::Problem> &problems, const base::ServerId &server)
{
    std::optional<facts::Severity> worst;
    for (const facts::Problem &problem : problems) {
        auto here = worstAt(problem.consequences, server);
        if (problem.place.server == server)
            here = here ? std::min(*here, problem.severity) : problem.severity;
        if (here)
            worst = worst ? std::min(*worst, *here) : *here;
    }
    return worst;
}

} // namespace

theme::Shape shapeOf(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    if (const auto severity = worstAt(snapshot.problems, server))
        return theme::shapeOf(*severity);
    return theme::shapeOf(format::ageOf(snapshot, server).freshness);
}

QString reachText(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    const facts::Observation *observation = snapshot.observation(server);
    if (!observation)
        return FactSheet::tr("not asked yet");
    const facts::Reach &reach = observation->reach;
    const auto since = [&](facts::Instant from) { return format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - from)); };
    const QString why = reach.lastError ? text(reach.lastError->message) : QString();
    switch (reach.state) {
    case facts::ReachState::Asking: return FactSheet::tr("asking, %1").arg(since(reach.silentSince.value_or(snapshot.observingSince)));
    case facts::ReachState::Answering:
        if (!reach.latency)
            return FactSheet::tr("answers");
        return reach.usualLatency ? FactSheet::tr("answers in %1, usually %2").arg(format::duration(*reach.latency), format::duration(*reach.usualLatency))
                                  : FactSheet::tr("answers in %1").arg(format::duration(*reach.latency));
    case facts::ReachState::Late:
    case facts::ReachState::Down: break;
    }
    const QString word = reach.state == facts::ReachState::Late ? FactSheet::tr("late") : FactSheet::tr("down");
    const QString held = reach.silentSince ? word + QLatin1Char(' ') + since(*reach.silentSince) : word;
    return why.isEmpty() ? held : FactSheet::tr("%1: %2").arg(held, why);
}

} // namespace shardlens::ui::shell
