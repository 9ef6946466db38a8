// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/invalidator/InvalidatorAnswer.h"

#include "core/base/Json.h"
#include "core/clients/wire/Talk.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace shardlens::clients {

using base::ErrorCode;
using nlohmann::json;

namespace {

/// One object of the answer; what is absent or of another kind reads as nothing.
class Fields
{
public:
    explicit Fields(const json &object) : m_object(object) {}

    [[nodiscard]] std::string text(const char *key) const
    {
        const json *found = at(key);
        return found && found->is_string() ? found->get<std::string>() : std::string();
    }
    [[nodiscard]] std::uint64_t count(const char *key) const
    {
        const json *found = at(key);
        return found && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
    }
    [[nodiscard]] bool flag(const char *key) const
    {
        const json *found = at(key);
        return found && found->is_boolean() && found->get<bool>();
    }
    [[nodiscard]] std::optional<double> number(const char *key) const
    {
        const json *found = at(key);
        return found && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
    }
    template <class Duration>
    [[nodiscard]] std::optional<Duration> milliseconds(const char *key) const
    {
        const auto value = number(key);
        if (!value || !(std::abs(*value) < 1e15))
            return std::nullopt;
        return std::chrono::round<Duration>(std::chrono::duration<double, std::milli>(*value));
    }
    /// Every member that is an object itself.
    template <class Do>
    void each(const char *key, Do take) const
    {
        const json *found = at(key);
        if (!found || !found->is_object())
            return;
        for (const auto &[name, value] : found->items()) {
            if (value.is_object())
                take(name, Fields(value));
        }
    }
    [[nodiscard]] const json *at(const char *key) const
    {
        const auto found = m_object.find(key);
        return found == m_object.end() ? nullptr : &*found;
    }

private:
    const json &m_object;
};

FollowedOutbox outboxIn(const Fields &in)
{
    FollowedOutbox out;
    out.state = in.text("state");
    out.via = in.text("via");
    out.source = in.text("source");
    out.timeline = static_cast<std::int64_t>(in.count("timeline"));
    out.rows = in.count("rows");
    out.waitingRows = in.count("waiting_rows");
    out.isBehind = in.flag("behind");
    out.lagMedian = in.milliseconds<base::microseconds>("lag_p50_ms");
    out.lagP99 = in.milliseconds<base::microseconds>("lag_p99_ms");
    out.lagMost = in.milliseconds<base::microseconds>("lag_max_ms");
    out.clockLead = in.milliseconds<base::microseconds>("clock_lead_ms");
    out.readAge = in.milliseconds<base::milliseconds>("read_age_ms");
    out.redeliveries = in.count("redeliveries");
    out.flushes = in.count("flushes");
    out.errors = in.count("errors");
    out.error = in.text("error");
    out.missedSince = in.text("missed_since");
    out.cursorAge = in.milliseconds<base::milliseconds>("cursor_kept_age_ms");
    out.cursorError = in.text("cursor_error");
    return out;
}

PoolMemberState memberIn(const Fields &in)
{
    return {in.text("pool"),     in.text("state"),      in.milliseconds<base::milliseconds>("since_ms").value_or(base::milliseconds(0)),
            in.count("waiting"), in.count("delivered"), in.count("found"),
            in.count("refused"), in.count("flushes"),   in.count("vouched"),
            in.text("error")};
}

PoolLeases leasesIn(const Fields &in)
{
    PoolLeases out;
    static const json none = json::object();
    const json *counts = in.at("counts");
    const json *waits = in.at("waits");
    const Fields counted(counts && counts->is_object() ? *counts : none);
    const Fields waited(waits && waits->is_object() ? *waits : none);
    for (const auto &counter : facts::leaseCounters())
        out.counts.*counter.member = counted.count(std::string(counter.name).c_str());
    for (std::size_t i = 0; i < out.counts.waits.size(); ++i)
        out.counts.waits[i] = waited.count(std::string(facts::waitBucketName(i)).c_str());
    const json *herds = in.at("herds");
    const Fields herded(herds && herds->is_object() ? *herds : none);
    for (std::size_t i = 0; i < out.herds.sizes.size(); ++i)
        out.herds.sizes[i] = herded.count(std::string(facts::herdBucketName(i)).c_str());
    if (const json *rates = in.at("per_second"); rates && rates->is_object()) {
        for (const auto &[name, rate] : rates->items()) {
            if (rate.is_number())
                out.perSecond[name] = rate.get<double>();
        }
    }
    out.heardAge = in.milliseconds<base::milliseconds>("heard_age_ms");
    return out;
}

SampledStaleness stalenessIn(const Fields &in)
{
    SampledStaleness out;
    out.age = in.milliseconds<base::milliseconds>("age_ms").value_or(base::milliseconds(0));
    out.compared = in.count("compared");
    out.stale = in.count("stale");
    out.late = in.count("late");
    out.orphans = in.count("orphans");
    out.unread = in.count("unread");
    out.oldest = in.milliseconds<base::microseconds>("oldest_ms");
    out.error = in.text("error");
    if (const json *keys = in.at("stale_keys"); keys && keys->is_array()) {
        for (const json &key : *keys) {
            if (key.is_string())
                out.staleKeys.push_back(key.get<std::string>());
        }
    }
    return out;
}

} // namespace

base::Result<InvalidatorAnswer> parseInvalidatorAnswer(std::string_view line)
{
    const auto read = base::readJson(line);
    if (!read.is_object() || !read.contains("region") || !read["region"].is_string() || !read.contains("clusters"))
        return base::fail(ErrorCode::Protocol, "an answer that is not an invalidator's: " + std::string(line.substr(0, 60)));
    const Fields in(read);
    InvalidatorAnswer answer;
    answer.region = base::RegionName(in.text("region"));
    answer.isReady = in.flag("ready");
    if (const auto stale = in.count("mark_stale_s"); stale > 0)
        answer.staleFor = base::seconds(static_cast<std::int64_t>(stale));
    answer.upSeconds = in.number("up_s").value_or(0);
    in.each("clusters", [&](const std::string &name, const Fields &one) { answer.clusters[base::ClusterName(name)] = outboxIn(one); });
    in.each("members", [&](const std::string &name, const Fields &one) { answer.members[base::ServerId(name)] = memberIn(one); });
    in.each("leases", [&](const std::string &name, const Fields &one) { answer.leases[base::PoolName(name)] = leasesIn(one); });
    if (const json *statsd = in.at("statsd"); statsd && statsd->is_object()) {
        answer.datagrams = Fields(*statsd).count("datagrams");
        answer.unreadLines = Fields(*statsd).count("unread");
    }
    if (const json *staleness = in.at("staleness"); staleness && staleness->is_object())
        answer.staleness = stalenessIn(Fields(*staleness));
    in.each("pool_staleness", [&](const std::string &name, const Fields &one) { answer.poolStaleness[base::PoolName(name)] = stalenessIn(one); });
    answer.stateError = in.text("state_error");
    return answer;
}

base::Result<InvalidatorAnswer> askInvalidator(const fleet::Endpoint &endpoint, base::milliseconds timeout)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto talk = wire::Talk::dial(endpoint.host, endpoint.port, deadline);
    if (!talk)
        return base::fail(talk.error());
    if (const auto sent = talk->send(invalidatorQuestion, deadline); !sent)
        return base::fail(sent.error());
    const auto line = talk->receiveUntil("\n", deadline);
    if (!line)
        return base::fail(line.error());
    return parseInvalidatorAnswer(*line);
}

} // namespace shardlens::clients
