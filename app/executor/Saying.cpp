// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/Saying.h"

#include "core/execute/CheckJson.h"
#include "core/base/Json.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace shardlens::executor {

namespace {

void say(const nlohmann::json &line)
{
    std::printf("%s\n", base::jsonText(line).c_str());
    std::fflush(stdout);
}

} // namespace

End endOf(execute::Outcome outcome)
{
    switch (outcome) {
    case execute::Outcome::Done: return End::Done;
    case execute::Outcome::Incomplete: return End::Incomplete;
    case execute::Outcome::RolledBack:
    case execute::Outcome::Failed:
    case execute::Outcome::Abandoned: return End::Failed;
    case execute::Outcome::InDoubt: return End::InDoubt;
    }
    return End::InDoubt;
}

End endOf(campaign::Outcome outcome)
{
    switch (outcome) {
    case campaign::Outcome::Done: return End::Done;
    case campaign::Outcome::Incomplete:
    case campaign::Outcome::Stopped: return End::Incomplete;
    case campaign::Outcome::Failed:
    case campaign::Outcome::Abandoned: return End::Failed;
    case campaign::Outcome::InDoubt: return End::InDoubt;
    }
    return End::InDoubt;
}

void sayReady(const std::string &subject)
{
    say({{"ready", subject}});
}

void sayBegun(const std::string &id)
{
    say({{"begun", id}});
}

void sayDenied(const execute::Denied &denied, const std::vector<operate::Difference> &what)
{
    nlohmann::json line{{"denied", execute::name(denied.why)}, {"names", denied.names}, {"differences", nlohmann::json::array()}};
    if (!denied.checks.empty())
        line["checks"] = nlohmann::json::array();
    for (const operate::Check &check : denied.checks)
        line["checks"].push_back(execute::jsonOf(check));
    for (const operate::Difference &one : what)
        line["differences"].push_back({{"fact", one.fact}, {"before", one.before}, {"after", one.after}});
    say(line);
}

void sayRefused(const base::Error &error)
{
    say({{"refused", error.message}, {"code", base::name(error.code)}, {"server", error.server}});
}

void sayEnded(std::string_view outcome, const std::string &said)
{
    say({{"ended", outcome}, {"said", said}});
}

} // namespace shardlens::executor
