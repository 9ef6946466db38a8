// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/Answer.h"

#include "app/shardlensctl/ServerWords.h"

#include <algorithm>
#include <cstdio>

namespace shardlens::ctl {

namespace {

bool holdsRule(const facts::Problem &problem, std::initializer_list<facts::Rule> rules)
{
    const bool isOne = rules.size() == 0 || std::find(rules.begin(), rules.end(), problem.rule) != rules.end();
    return isOne || std::any_of(problem.consequences.begin(), problem.consequences.end(),
                                [&](const facts::Problem &folded) { return holdsRule(folded, rules); });
}

} // namespace

void Answer::add(const TextTable &table)
{
    out += table.toString().toStdString();
    if (table.hasBrackets())
        line(bracketsWords());
}

Exit print(const Answer &answer)
{
    std::fwrite(answer.error.data(), 1, answer.error.size(), stderr);
    const bool written = std::fwrite(answer.out.data(), 1, answer.out.size(), stdout) == answer.out.size();
    return written ? answer.exit : Exit::Failed;
}

Exit exitFor(const facts::Snapshot &snapshot, std::initializer_list<facts::Rule> rules)
{
    const bool isThere = std::any_of(snapshot.problems.begin(), snapshot.problems.end(),
                                     [&](const facts::Problem &problem) { return holdsRule(problem, rules); });
    return isThere ? Exit::Problem : Exit::Well;
}

Exit exitFor(const facts::Snapshot &snapshot, fleet::ServerKind kind, std::initializer_list<facts::Rule> rules)
{
    const std::vector<fleet::Server> &servers = snapshot.fleet->servers;
    const bool allAnswer = std::all_of(servers.begin(), servers.end(), [&](const fleet::Server &server) {
        return server.kind != kind || isFresh(snapshot.observation(server.id), snapshot);
    });
    return allAnswer ? exitFor(snapshot, rules) : Exit::Problem;
}

} // namespace shardlens::ctl
