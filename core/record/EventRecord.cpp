// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/EventRecord.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace shardlens::record {

namespace {

using facts::UtcTime;

QString textIn(const std::string &words)
{
    return QString::fromStdString(words);
}

/// As text, because a JSON number is a double.
QString number(std::int64_t value)
{
    return QString::number(value);
}

QString microsOf(UtcTime at)
{
    return number(at.time_since_epoch().count());
}

UtcTime utcIn(const QJsonValue &value)
{
    return UtcTime(base::microseconds(value.toString().toLongLong()));
}

template <class Enum>
QString named(Enum value)
{
    const auto name = facts::name(value);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

/// The enumerator of that name, from the first to `last`.
template <class Enum>
std::optional<Enum> named(const QJsonValue &value, Enum last)
{
    const std::string wanted = value.toString().toStdString();
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (facts::name(static_cast<Enum>(i)) == wanted)
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

QJsonObject sinceOf(const facts::Since &since)
{
    return {{QStringLiteral("at"), microsOf(since.at)}, {QStringLiteral("exact"), since.exact}};
}

facts::Since sinceIn(const QJsonValue &value)
{
    return {utcIn(value[QStringLiteral("at")]), value[QStringLiteral("exact")].toBool()};
}

QJsonObject placeOf(const facts::Place &place)
{
    return {{QStringLiteral("region"), textIn(place.region.text())},
            {QStringLiteral("server"), textIn(place.server.text())},
            {QStringLiteral("cluster"), textIn(place.cluster.text())},
            {QStringLiteral("group"), textIn(place.group.text())},
            {QStringLiteral("pool"), textIn(place.pool.text())}};
}

facts::Place placeIn(const QJsonValue &value)
{
    const auto name = [&](const char *key) { return value[QLatin1String(key)].toString().toStdString(); };
    return {base::RegionName(name("region")), base::ServerId(name("server")), base::ClusterName(name("cluster")), base::GroupName(name("group")), base::PoolName(name("pool"))};
}

QJsonObject valueOf(const facts::Evidence::Value &value)
{
    return std::visit(
        [](const auto &one) -> QJsonObject {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, std::string>)
                return {{QStringLiteral("text"), textIn(one)}};
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return {{QStringLiteral("count"), number(one)}};
            else if constexpr (std::is_same_v<T, double>)
                return {{QStringLiteral("number"), one}};
            else if constexpr (std::is_same_v<T, facts::microseconds>)
                return {{QStringLiteral("us"), number(one.count())}};
            else if constexpr (std::is_same_v<T, base::Bytes>)
                return {{QStringLiteral("bytes"), number(one.count)}};
            else
                return {{QStringLiteral("utc"), microsOf(one)}};
        },
        value);
}

facts::Evidence::Value valueIn(const QJsonObject &object)
{
    const QString kind = object.isEmpty() ? QString() : object.begin().key();
    const QJsonValue value = object.isEmpty() ? QJsonValue() : object.begin().value();
    if (kind == QLatin1String("count"))
        return static_cast<std::int64_t>(value.toString().toLongLong());
    if (kind == QLatin1String("number"))
        return value.toDouble();
    if (kind == QLatin1String("us"))
        return facts::microseconds(value.toString().toLongLong());
    if (kind == QLatin1String("bytes"))
        return base::Bytes{value.toString().toLongLong()};
    if (kind == QLatin1String("utc"))
        return utcIn(value);
    return value.toString().toStdString();
}

template <class List>
QJsonArray namesOf(const List &names)
{
    QJsonArray array;
    for (const auto &name : names)
        array.append(textIn(name.text()));
    return array;
}

template <class Name>
std::vector<Name> namesIn(const QJsonValue &array)
{
    std::vector<Name> names;
    for (const QJsonValue value : array.toArray())
        names.emplace_back(value.toString().toStdString());
    return names;
}

QJsonObject impactOf(const facts::Impact &impact)
{
    QJsonArray shards;
    for (const facts::ShardsHit &hit : impact.shards)
        shards.append(QJsonObject{{QStringLiteral("partition"), textIn(hit.partition.text())}, {QStringLiteral("shards"), int(hit.shards)}, {QStringLiteral("of"), int(hit.of)}});
    QJsonObject object{{QStringLiteral("harm"), named(impact.harm)}, {QStringLiteral("service"), named(impact.service)}, {QStringLiteral("shards"), shards},
                       {QStringLiteral("regions"), namesOf(impact.regions)}};
    if (impact.userShare)
        object.insert(QStringLiteral("user_share"), *impact.userShare);
    if (impact.failsAt)
        object.insert(QStringLiteral("fails_at"), microsOf(*impact.failsAt));
    return object;
}

facts::Impact impactIn(const QJsonValue &object)
{
    facts::Impact impact;
    impact.harm = named(object[QStringLiteral("harm")], facts::Harm::Untidy).value_or(facts::Harm::Untidy);
    impact.service = named(object[QStringLiteral("service")], facts::Service::None).value_or(facts::Service::None);
    for (const QJsonValue hit : object[QStringLiteral("shards")].toArray())
        impact.shards.push_back({base::PartitionName(hit[QStringLiteral("partition")].toString().toStdString()), static_cast<std::uint32_t>(hit[QStringLiteral("shards")].toInt()),
                                 static_cast<std::uint32_t>(hit[QStringLiteral("of")].toInt())});
    impact.regions = namesIn<base::RegionName>(object[QStringLiteral("regions")]);
    if (const QJsonValue share = object[QStringLiteral("user_share")]; share.isDouble())
        impact.userShare = share.toDouble();
    if (const QJsonValue at = object[QStringLiteral("fails_at")]; at.isString())
        impact.failsAt = utcIn(at);
    return impact;
}

QJsonObject problemOf(const facts::Problem &problem)
{
    QJsonArray evidence;
    for (const facts::Evidence &one : problem.evidence) {
        QJsonObject object{{QStringLiteral("reading"), textIn(one.reading)}, {QStringLiteral("value"), valueOf(one.value)}, {QStringLiteral("source"), textIn(one.source.text())}};
        if (one.limit)
            object.insert(QStringLiteral("limit"), valueOf(*one.limit));
        evidence.append(object);
    }
    return {{QStringLiteral("rule"), named(problem.rule)},       {QStringLiteral("severity"), named(problem.severity)}, {QStringLiteral("place"), placeOf(problem.place)},
            {QStringLiteral("since"), sinceOf(problem.since)},   {QStringLiteral("evidence"), evidence},                {QStringLiteral("also_seen_by"), namesOf(problem.alsoSeenBy)},
            {QStringLiteral("impact"), impactOf(problem.impact)}, {QStringLiteral("subject"), textIn(problem.subject)},  {QStringLiteral("detail"), textIn(problem.detail)}};
}

std::shared_ptr<const facts::Problem> problemIn(const QJsonValue &object)
{
    const auto rule = named(object[QStringLiteral("rule")], facts::lastRule);
    const auto severity = named(object[QStringLiteral("severity")], facts::Severity::Unknown);
    if (!rule || !severity)
        return nullptr;
    auto problem = std::make_shared<facts::Problem>();
    problem->rule = *rule;
    problem->severity = *severity;
    problem->place = placeIn(object[QStringLiteral("place")]);
    problem->since = sinceIn(object[QStringLiteral("since")]);
    for (const QJsonValue one : object[QStringLiteral("evidence")].toArray()) {
        facts::Evidence evidence;
        evidence.reading = one[QStringLiteral("reading")].toString().toStdString();
        evidence.value = valueIn(one[QStringLiteral("value")].toObject());
        evidence.source = base::ServerId(one[QStringLiteral("source")].toString().toStdString());
        if (const QJsonValue limit = one[QStringLiteral("limit")]; limit.isObject())
            evidence.limit = valueIn(limit.toObject());
        problem->evidence.push_back(std::move(evidence));
    }
    problem->alsoSeenBy = namesIn<base::ServerId>(object[QStringLiteral("also_seen_by")]);
    problem->impact = impactIn(object[QStringLiteral("impact")]);
    problem->subject = object[QStringLiteral("subject")].toString().toStdString();
    problem->detail = object[QStringLiteral("detail")].toString().toStdString();
    return problem;
}

} // namespace

QByteArray packedEvent(const facts::Event &event)
{
    QJsonObject object{{QStringLiteral("kind"), named(event.kind)},         {QStringLiteral("when"), sinceOf(event.when)},       {QStringLiteral("place"), placeOf(event.place)},
                       {QStringLiteral("subject"), textIn(event.subject)}, {QStringLiteral("before"), textIn(event.before)}, {QStringLiteral("after"), textIn(event.after)}};
    if (event.problem)
        object.insert(QStringLiteral("problem"), problemOf(*event.problem));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<facts::Event> unpackedEvent(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const auto kind = named(object[QStringLiteral("kind")], facts::EventKind::ConsoleStalled);
    if (!kind)
        return std::nullopt;
    facts::Event event;
    event.kind = *kind;
    event.when = sinceIn(object[QStringLiteral("when")]);
    event.place = placeIn(object[QStringLiteral("place")]);
    event.subject = object[QStringLiteral("subject")].toString().toStdString();
    event.before = object[QStringLiteral("before")].toString().toStdString();
    event.after = object[QStringLiteral("after")].toString().toStdString();
    if (object.contains(QStringLiteral("problem"))) {
        event.problem = problemIn(object[QStringLiteral("problem")]);
        if (!event.problem)
            return std::nullopt;
    }
    return event;
}

namespace {

constexpr base::seconds sameWithin{2};

/// Times that stand in it (since when it lasted) and readings are each console's own.
bool isSameEvent(const facts::Event &a, const facts::Event &b)
{
    const std::string problemA = a.problem ? a.problem->id() : std::string();
    const std::string problemB = b.problem ? b.problem->id() : std::string();
    return a.kind == b.kind && a.place == b.place && a.subject == b.subject && a.after == b.after && problemA == problemB;
}

} // namespace

facts::EventList foldedEvents(facts::EventList events)
{
    facts::EventList folded;
    std::vector<UtcTime> newest; // of each that is folded, when it was written last
    for (facts::Event &event : events) {
        std::size_t at = folded.size();
        for (std::size_t i = folded.size(); i > 0 && newest[i - 1] - event.when.at <= sameWithin; --i) {
            const facts::Event &known = folded[i - 1];
            const bool isOfAnother = known.problem && event.problem && known.problem->id() != event.problem->id();
            if (known.place != event.place || known.subject != event.subject || isOfAnother || bool(known.problem) != bool(event.problem))
                continue;
            // One that tells otherwise lies between: then it happened twice.
            at = isSameEvent(known, event) ? i - 1 : folded.size();
            break;
        }
        if (at < folded.size()) {
            folded[at] = std::move(event);
            continue;
        }
        newest.push_back(event.when.at);
        folded.push_back(std::move(event));
    }
    return folded;
}

} // namespace shardlens::record
