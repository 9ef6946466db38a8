// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/operate/PlanDump.h"

#include "core/base/Iso8601.h"

namespace shardlens::operate {

namespace {

std::string text(const facts::Evidence::Value &value)
{
    struct Write {
        std::string operator()(const std::string &word) const { return word; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return std::to_string(number); }
        std::string operator()(base::microseconds time) const { return std::to_string(time.count() / 1000) + "ms"; }
        std::string operator()(base::Bytes bytes) const { return std::to_string(bytes.count) + "B"; }
        std::string operator()(base::UtcTime time) const { return base::isoUtc(time); }
    };
    return std::visit(Write(), value);
}

template <class T, class Show>
std::string text(const facts::Known<T> &fact, Show show)
{
    return fact ? show(*fact) : "unknown(" + std::string(facts::name(fact.error().why)) + " " + fact.error().detail + ")";
}

std::string millis(base::microseconds time)
{
    return std::to_string(time.count() / 1000) + "ms";
}

void add(std::string &out, const char *what, const std::vector<Command> &commands)
{
    for (const Command &command : commands) {
        out += std::string("      ") + what + " " + std::string(name(command.by)) + " " + command.on.text();
        out += command.database.empty() ? "" : "/" + command.database;
        out += ": " + command.text;
        out += command.takes.empty() ? "" : " " + command.takes;
        out += command.keepsAs.empty() ? "" : "  -> {" + command.keepsAs + "}";
        out += command.expects.empty() ? "\n" : "  == " + command.expects + "\n";
    }
}

} // namespace

std::string dump(const Check &check)
{
    std::string out = std::string(name(check.verdict)) + (check.forceable ? "(forceable) " : " ") + std::string(name(check.id));
    out += check.on.isEmpty() ? "" : " on " + check.on.text();
    if (check.verdict == Verdict::Unknown)
        out += " because " + std::string(facts::name(check.why.why)) + " " + check.why.detail;
    for (const facts::Evidence &reading : check.readings) {
        out += "; " + reading.reading + "=" + text(reading.value);
        out += reading.limit ? "/" + text(*reading.limit) : "";
    }
    out += check.detail.empty() ? "" : "; " + check.detail;
    out += check.remedy == Remedy::None ? "" : "; " + std::string(name(check.remedy));
    return out;
}

std::string dump(const Plan &plan)
{
    std::string out = std::string(name(actOf(plan.intent))) + " " + nameOf(plan.intent) + ": " + plan.from.text() + " -> " +
                      plan.to.text() + ", runner-up " + plan.runnerUp.text() + (plan.isBlocked() ? ", blocked" : "") + "\n";
    if (const auto *small = std::get_if<SmallAct>(&plan.intent))
        out +=
            "on " + small->on.text() + (small->object.empty() ? "" : ", " + small->object) + ", term " + std::to_string(plan.term) + "\n";
    else if (actOf(plan.intent) == Act::Switchover)
        out += "pause " + text(plan.pause.expected, millis) + ", past runs " + std::to_string(plan.pause.pastRuns) + "\n";
    else
        out += "loss " + text(plan.loss.atLeast, [](base::Bytes b) { return std::to_string(b.count); }) + " to " +
               text(plan.loss.atMost, [](base::Bytes b) { return std::to_string(b.count); }) + " B, " + text(plan.loss.since, millis) + "\n";
    out += "checks\n";
    for (const Check &check : plan.checks)
        out += "  " + std::string(name(topicOf(check.id))) + ": " + dump(check) + "\n";
    out += "candidates\n";
    for (const Candidate &candidate : plan.candidates)
        out += "  " + candidate.server.text() + " " + candidate.region.text() + ": " +
               (candidate.rejectedFor ? "rejected for " + dump(*candidate.rejectedFor) : "before the next by " + std::string(name(candidate.before))) + "\n";
    out += "steps, no return from " + std::to_string(plan.pointOfNoReturn()) + "\n";
    for (const Step &step : plan.steps) {
        out += "  " + std::to_string(step.number) + " " + std::string(name(step.kind));
        for (const base::ServerId &target : step.targets)
            out += " " + target.text();
        out += ", within " + std::to_string(step.deadline.count()) + "ms" + (step.holdsWrites ? ", writes held" : "") + (step.mayBeLeft ? ", may be left" : "") + (step.insteadOf > 0 ? ", instead of " + std::to_string(step.insteadOf) : "") +
               (step.isPointOfNoReturn ? ", POINT OF NO RETURN" : "") + (step.detail.empty() ? "" : ", " + step.detail) + "\n";
        add(out, "if  ", step.preconditions);
        add(out, "do  ", step.commands);
        add(out, "see ", step.verifications);
        add(out, "undo", step.undo);
    }
    return out;
}

std::string dump(const Readiness &readiness)
{
    std::string out = readiness.cluster.text() + readiness.group.text() + " " + std::string(name(readiness.act)) + " " + std::string(name(readiness.ready)) + ": " + readiness.primary.text() + " -> " +
                      readiness.best.text() + ", runner-up " + readiness.runnerUp.text() + ", passed " + std::to_string(readiness.passed);
    if (readiness.act == Act::Switchover)
        out += ", pause " + text(readiness.pause.expected, millis);
    out += "\n";
    for (const Check &check : readiness.blocking)
        out += "  blocking " + dump(check) + "\n";
    for (const Check &check : readiness.amiss)
        out += "  amiss " + dump(check) + "\n";
    for (const Candidate &candidate : readiness.candidates) {
        if (candidate.rejectedFor)
            out += "  rejected " + candidate.server.text() + ": " + dump(*candidate.rejectedFor) + "\n";
    }
    return out;
}

} // namespace shardlens::operate
