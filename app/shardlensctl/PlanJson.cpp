// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/PlanJson.h"

#include "app/shardlensctl/JsonFacts.h"

namespace shardlens::ctl {

namespace {

using operate::Act;
using operate::Candidate;
using operate::Check;
using operate::Checks;
using operate::LossWindow;
using operate::PauseEstimate;
using operate::Plan;
using operate::Readiness;
using operate::Step;
using operate::Verdict;

void valueMember(JsonWriter &json, const char *key, const facts::Evidence::Value &value)
{
    // A value's unit is its type's: milliseconds, bytes, or a time.
    const std::string name(key);
    if (const auto *time = std::get_if<base::microseconds>(&value))
        json.member(name + "_ms", inMs(*time));
    else if (const auto *bytes = std::get_if<base::Bytes>(&value))
        json.member(name + "_bytes", bytes->count);
    else if (const auto *at = std::get_if<base::UtcTime>(&value))
        json.member(name, base::isoUtc(*at));
    else if (const auto *number = std::get_if<std::int64_t>(&value))
        json.member(name, *number);
    else if (const auto *real = std::get_if<double>(&value))
        json.member(name, *real);
    else
        json.member(name, std::get<std::string>(value));
}

void checkObject(JsonWriter &json, const Check &check, base::Instant now)
{
    json.beginObject().member("id", name(check.id)).member("topic", name(topicOf(check.id)));
    nameMember(json, "server", check.on);
    json.member("verdict", name(check.verdict)).member("blocking", isBlocking(check)).member("forceable", check.forceable);
    json.key("readings").beginArray();
    for (const facts::Evidence &reading : check.readings) {
        json.beginObject().member("reading", reading.reading);
        valueMember(json, "value", reading.value);
        if (reading.limit)
            valueMember(json, "limit", *reading.limit);
        nameMember(json, "source", reading.source);
        if (reading.readAt)
            json.member("age_ms", inMs(std::chrono::duration_cast<base::microseconds>(now - *reading.readAt)));
        json.endObject();
    }
    json.endArray();
    if (check.verdict == Verdict::Unknown)
        json.member("unknown", std::string(facts::name(check.why.why)) + (check.why.detail.empty() ? "" : ": " + check.why.detail));
    json.member("detail", check.detail).member("remedy", name(check.remedy)).endObject();
}

void checksArray(JsonWriter &json, const char *key, const Checks &checks, base::Instant now)
{
    json.key(key).beginArray();
    for (const Check &check : checks)
        checkObject(json, check, now);
    json.endArray();
}

void candidatesArray(JsonWriter &json, const std::vector<Candidate> &candidates, base::Instant now)
{
    const auto lsn = [](base::Lsn value) { return value.toString(); };
    json.key("candidates").beginArray();
    for (const Candidate &one : candidates) {
        json.beginObject().member("server", one.server.text());
        nameMember(json, "region", one.region);
        json.member("eligible", !one.rejectedFor);
        knownMember(json, "received_lsn", one.received, lsn);
        knownMember(json, "replayed_lsn", one.replayed, lsn);
        knownMember(json, "timeline", one.timeline);
        knownMember(json, "behind_bytes", one.behind);
        knownMember(json, "lag_ms", one.lag);
        if (one.readAt)
            json.member("age_ms", inMs(std::chrono::duration_cast<base::microseconds>(now - *one.readAt)));
        if (one.rejectedFor) {
            json.key("rejected_for");
            checkObject(json, *one.rejectedFor, now);
        } else {
            json.member("before_the_next_by", name(one.before));
        }
        json.endObject();
    }
    json.endArray();
}

void commandsArray(JsonWriter &json, const char *key, const std::vector<operate::Command> &commands)
{
    json.key(key).beginArray();
    for (const operate::Command &command : commands) {
        json.beginObject().member("by", name(command.by)).member("on", command.on.text());
        if (!command.database.empty())
            json.member("database", command.database);
        json.member("text", command.text);
        if (!command.keepsAs.empty())
            json.member("keeps_as", command.keepsAs);
        if (!command.expects.empty())
            json.member("expects", command.expects);
        json.endObject();
    }
    json.endArray();
}

void stepObject(JsonWriter &json, const Step &step)
{
    json.beginObject().member("number", step.number).member("step", name(step.kind));
    json.key("targets").beginArray();
    for (const base::ServerId &target : step.targets)
        json.text(target.text());
    json.endArray();
    commandsArray(json, "preconditions", step.preconditions);
    commandsArray(json, "commands", step.commands);
    commandsArray(json, "verifications", step.verifications);
    commandsArray(json, "undo", step.undo);
    json.member("deadline_ms", static_cast<std::int64_t>(step.deadline.count()));
    knownMember(json, "usual_ms", step.usual);
    json.member("holds_writes", step.holdsWrites).member("point_of_no_return", step.isPointOfNoReturn).member("may_be_left", step.mayBeLeft);
    if (step.insteadOf > 0)
        json.member("instead_of", step.insteadOf);
    json.member("detail", step.detail).endObject();
}

void effectMembers(JsonWriter &json, Act act, const PauseEstimate &pause, const LossWindow &loss)
{
    if (act == Act::Switchover) {
        knownMember(json, "expected_pause_ms", pause.expected);
        knownMember(json, "pause_from_links_ms", pause.fromLinks);
        json.member("past_runs", pause.pastRuns);
        if (pause.pastMedian && pause.pastWorst) {
            json.member("past_median_ms", inMs(*pause.pastMedian));
            json.member("past_worst_ms", inMs(*pause.pastWorst));
            json.member("past_runs_of", pause.pastAreOthers ? "fleet" : "subject");
        }
        return;
    }
    knownMember(json, "lost_at_least_bytes", loss.atLeast);
    knownMember(json, "lost_at_most_bytes", loss.atMost);
    knownMember(json, "lost_span_at_most_ms", loss.since);
    json.member("lost_is_exact", !loss.readBy.empty());
    if (!loss.readBy.empty())
        json.member("log_end_read_by", loss.readBy);
    timeMember(json, "last_commit", loss.lastCommit);
}

} // namespace

std::string jsonOf(const Plan &plan)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("act", name(actOf(plan.intent))).member("cluster", orNull(clusterOf(plan.intent).text()));
    if (const auto &group = groupOf(plan.intent); !group.isEmpty())
        json.member("group", group.text());
    const auto *small = std::get_if<operate::SmallAct>(&plan.intent);
    if (small)
        json.member("on", small->on.text()).member("object", small->object);
    if (operate::warmsOf(plan.intent))
        json.member("warms", true);
    nameMember(json, "from", plan.from);
    nameMember(json, "to", plan.to);
    nameMember(json, "runner_up", plan.runnerUp);
    json.member("blocked", plan.isBlocked()).member("taken_at", base::isoUtc(plan.takenUtc));
    if (plan.shards > 0)
        json.member("shards", static_cast<std::int64_t>(plan.shards));
    else
        json.key("shards").null(); // none, or its catalogs were not read
    if (!small)
        effectMembers(json, actOf(plan.intent), plan.pause, plan.loss);
    checksArray(json, "checks", plan.checks, plan.takenAt);
    candidatesArray(json, plan.candidates, plan.takenAt);
    json.key("steps").beginArray();
    for (const Step &step : plan.steps)
        stepObject(json, step);
    json.endArray();
    json.member("point_of_no_return", plan.pointOfNoReturn()).member("fingerprint", plan.fingerprint.digest());
    json.key("fingerprint_facts").beginArray();
    for (const auto &[fact, value] : plan.fingerprint.facts)
        json.beginObject().member("fact", fact).member("value", value).endObject();
    json.endArray().endObject();
    return out;
}

std::string jsonOf(const Readiness &readiness, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("cluster", orNull(readiness.cluster.text()));
    if (!readiness.group.isEmpty())
        json.member("group", readiness.group.text());
    json.member("act", name(readiness.act)).member("readiness", name(readiness.ready));
    nameMember(json, "primary", readiness.primary);
    nameMember(json, "best", readiness.best);
    nameMember(json, "runner_up", readiness.runnerUp);
    effectMembers(json, readiness.act, readiness.pause, readiness.loss);
    checksArray(json, "blocking", readiness.blocking, snapshot.takenAt);
    checksArray(json, "amiss", readiness.amiss, snapshot.takenAt);
    json.member("passed", static_cast<std::int64_t>(readiness.passed));
    candidatesArray(json, readiness.candidates, snapshot.takenAt);
    json.endObject();
    return out;
}

} // namespace shardlens::ctl
