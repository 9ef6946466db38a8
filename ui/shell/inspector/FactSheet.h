// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Goal.h"
#include "core/facts/Series.h"
#include "core/facts/Snapshot.h"
#include "core/operate/Intent.h"
#include "ui/charts/ChartTicks.h"
#include "ui/format/Fact.h"
#include "ui/pages/Subject.h"
#include "ui/theme/Shapes.h"

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace shardlens::ui::shell {

/// A number without grouping: timelines, terms, ports.
[[nodiscard]] inline QString plainNumber(std::int64_t number) { return QString::number(number); }

/// One line of the inspector.
struct InspectorRow {
    enum class Kind : std::uint8_t {
        Heading, ///< a section: name, a note at the right
        Fact,    ///< name, value with its state, age
        Thing,   ///< a member, a copy, a target: its shape, its name, what it does, a number; opens
        Problem, ///< touches the thing: shape, line 1, since; opens
        Note,    ///< a sentence
    };
    std::string id; ///< stays the same from tick to tick
    Kind kind = Kind::Fact;
    QString name;
    format::FormattedFact value;
    QString middle;         ///< of a thing: its role, between name and value
    QString source;         ///< who said it: a server's name, or empty for this console
    pages::Subject opens;   ///< Enter; nothing: monostate
    std::string problem;    ///< of a problem: its id
    theme::Shape shape = theme::Shape::None;
    facts::Severity severity = facts::Severity::Unknown; ///< of a problem
    bool mono = false;      ///< an identifier: in the typeface where 0 and O differ
    bool operator==(const InspectorRow &) const = default;

    [[nodiscard]] QString text() const; ///< "Replay lag: 0.05 s, 0.4 s ago, told by u1-us-west"
};

/// A small history that belongs to the thing.
struct InspectorChart {
    struct Line {
        QString name;
        int series = 0;
        facts::SeriesKey key;
        bool operator==(const Line &) const = default;
    };
    QString title;
    charts::Unit unit = charts::Unit::Count;
    std::vector<Line> lines;
    bool operator==(const InspectorChart &) const = default;
};

/// All that the inspector shows of one thing at one tick. A value.
struct InspectorContent {
    QString title;
    QString subtitle;      ///< what it is and where
    bool titleIsSchema = false;
    std::vector<InspectorRow> rows;
    std::vector<InspectorChart> charts; ///< the first is the one shown where there is room for one
    QString page;          ///< the page that shows it best; empty for none
    QString pageTitle;
    std::optional<operate::Intent> plan = std::nullopt; ///< the move that this cluster, or this standby, offers
    std::optional<campaign::Goal> campaign = std::nullopt; ///< what can be done to this region or host

    [[nodiscard]] QString asText() const; ///< for the clipboard
};

/// What the snapshot tells of a thing. Nothing selected, or a thing that the fleet does not have: an empty title.
[[nodiscard]] InspectorContent inspect(const pages::Subject &subject, const facts::Snapshot &snapshot);

/// True if the fleet file has such a thing; a logical shard by its partition.
[[nodiscard]] bool isIn(const fleet::Fleet &fleet, const pages::Subject &subject);

/// "u1-us-east", "insta12, users": how a thing is called.
[[nodiscard]] QString subjectName(const pages::Subject &subject, const fleet::Fleet &fleet);

/// Gathers rows: each fact with its value, state, age and source. Used by the functions that know one kind of thing.
class FactSheet
{
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::FactSheet)

public:
    FactSheet(const facts::Snapshot &snapshot, std::vector<InspectorRow> &rows) : m_snapshot(snapshot), m_rows(rows) {}

    /// Facts that follow are said by this server, and as old as its newest answer.
    void saidBy(const base::ServerId &server);
    /// Facts that follow are declared or counted by this console itself: no age.
    void declared();
    /// Facts that follow were read then, as the shard map is.
    void readAt(const QString &source, std::optional<facts::Instant> at);

    void heading(const QString &name, const QString &note = {});
    InspectorRow &fact(const QString &name, const QString &value);
    InspectorRow &fact(const QString &name, const format::FormattedFact &value);
    template <class T, class Write>
    InspectorRow &known(const QString &name, const facts::Known<T> &value, Write &&write, const QString &none = {})
    {
        return fact(name, format::formatted(value, m_age, std::forward<Write>(write), none));
    }
    InspectorRow &thing(const pages::Subject &subject, const QString &name, const QString &role, const format::FormattedFact &value, theme::Shape shape);
    void note(const QString &sentence);

    [[nodiscard]] const facts::Snapshot &snapshot() const { return m_snapshot; }
    [[nodiscard]] const fleet::Fleet &fleet() const { return *m_snapshot.fleet; }
    [[nodiscard]] const format::FactAge &age() const { return m_age; }

private:
    InspectorRow &add(InspectorRow row, const QString &key);

    const facts::Snapshot &m_snapshot;
    std::vector<InspectorRow> &m_rows;
    format::FactAge m_age;
    QString m_source;
    QString m_section;
};

/// One kind of thing each.
void addServer(FactSheet &sheet, const fleet::Server &server);
void addCluster(FactSheet &sheet, const fleet::Cluster &cluster);
void addGroup(FactSheet &sheet, const fleet::RedisGroup &group);
void addPool(FactSheet &sheet, const fleet::Pool &pool);
void addRegion(FactSheet &sheet, const fleet::Region &region);
void addHost(FactSheet &sheet, const fleet::Host &host);
void addShard(FactSheet &sheet, const facts::ShardKey &key);

[[nodiscard]] QString kindWord(fleet::ServerKind kind);       ///< Postgres, pgbouncer, Redis, memcached
[[nodiscard]] QString roleOf(const facts::Snapshot &snapshot, const base::ServerId &server); ///< primary, standby, replica, router, memcached, role not known
[[nodiscard]] theme::Shape shapeOf(const facts::Snapshot &snapshot, const base::ServerId &server);
/// Reach in words: "answers in 0.8 ms, usually 0.7 ms", "down 41 s: connection refused", "asking, 0.8 s".
[[nodiscard]] QString reachText(const facts::Snapshot &snapshot, const base::ServerId &server);

} // namespace shardlens::ui::shell
