// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/SqlStatements.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

std::string trimmedText(const std::string &text)
{
    const auto first = text.find_first_not_of(" \n\t");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \n\t") - first + 1);
}

/// Behind what begins at `at` and hides semicolons: a quoted text, a dollar-quoted one, a comment to the line's end. `at` itself: nothing does.
std::size_t behindHiding(const std::string &script, std::size_t at)
{
    const auto behind = [&](const std::string &closing, std::size_t from) {
        const auto end = script.find(closing, from);
        return end == std::string::npos ? script.size() : end + closing.size();
    };
    if (script[at] == '\'' || script[at] == '"')
        return behind(std::string(1, script[at]), at + 1);
    if (script.compare(at, 2, "--") == 0)
        return behind("\n", at);
    if (script.compare(at, 2, "$$") == 0)
        return behind("$$", at + 2);
    return at;
}

} // namespace

std::vector<std::string> sqlStatements(const std::string &script)
{
    std::vector<std::string> statements;
    std::string statement;
    for (std::size_t at = 0; at < script.size();) {
        const std::size_t behind = behindHiding(script, at);
        const bool isComment = behind > at && script[at] == '-';
        if (isComment && trimmedText(statement).empty()) {
            statement.clear();
        } else if (behind > at) {
            statement += script.substr(at, behind - at);
        } else if (script[at] == ';') {
            statements.push_back(trimmedText(statement));
            statement.clear();
        } else {
            statement += script[at];
        }
        at = std::max(behind, at + 1);
    }
    if (const std::string rest = trimmedText(statement); !rest.empty())
        statements.push_back(rest);
    return statements;
}

std::vector<std::string> sqlList(const std::string &text)
{
    std::vector<std::string> members(1);
    int depth = 0;
    for (const char letter : text) {
        depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
        if (letter == ',' && depth == 0)
            members.emplace_back();
        else
            members.back() += letter;
    }
    for (std::string &member : members)
        member = trimmedText(member);
    std::erase(members, std::string());
    return members;
}

std::string sqlLiteral(const std::string &text)
{
    std::string out = "'";
    for (const char letter : text)
        out += letter == '\'' ? std::string("''") : std::string(1, letter);
    return out + "'";
}

std::string sqlName(const std::string &name)
{
    const bool isPlain = !name.empty() && (name.front() < '0' || name.front() > '9') && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    });
    if (isPlain)
        return name;
    std::string out = "\"";
    for (const char letter : name)
        out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return out + "\"";
}

} // namespace shardlens::facts
