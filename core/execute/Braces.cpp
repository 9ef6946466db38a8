// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Braces.h"

#include "core/execute/Conninfo.h"

#include <algorithm>
#include <functional>

namespace shardlens::execute {

using base::ErrorCode;
using base::Result;
using operate::By;
using operate::Command;

namespace {

constexpr std::string_view withWord = " with ";
constexpr std::string_view nowhereWord = " leading nowhere";
const Keywords nowhere{{"host", "127.0.0.1"}, {"port", "1"}};

Result<std::string> valueOf(const std::string &brace, const Words &words)
{
    if (const auto found = words.find(brace); found != words.end())
        return found->second;
    if (brace.ends_with(nowhereWord)) { // an empty one does already
        const auto word = words.find(brace.substr(0, brace.size() - nowhereWord.size()));
        if (word == words.end())
            return base::fail(ErrorCode::BadInput, "what {" + brace + "} stands for is not known");
        return word->second.empty() ? std::string() : conninfoWith(word->second, nowhere);
    }
    const std::size_t with = brace.find(withWord);
    const auto found = with == std::string::npos ? words.end() : words.find(brace.substr(0, with));
    if (found == words.end())
        return base::fail(ErrorCode::BadInput, "what {" + brace + "} stands for is not known");
    // A server that is told to follow nobody has an empty one: nothing to build on.
    if (found->second.empty())
        return base::fail(ErrorCode::BadInput, "the " + brace.substr(0, with) + " is empty");
    return conninfoWith(found->second, keywordsOf(std::string_view(brace).substr(with + withWord.size())));
}

std::string doubled(const std::string &text)
{
    std::string out;
    for (const char letter : text)
        out += letter == '\'' ? std::string("''") : std::string(1, letter);
    return out;
}

/// Calls `use` with what stands in each pair of braces, and whether that is within an SQL literal.
Result<std::string> replaced(const std::string &text, const std::function<Result<std::string>(const std::string &, bool)> &use)
{
    std::string out;
    bool isLiteral = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
        if (end == std::string::npos) {
            isLiteral ^= text[at] == '\'';
            out += text[at];
            continue;
        }
        const auto value = use(text.substr(at + 1, end - at - 1), isLiteral);
        if (!value)
            return value;
        out += *value;
        at = end;
    }
    return out;
}

Result<void> fill(std::string &text, const Words &words, bool isSql)
{
    auto full = replaced(text, [&](const std::string &brace, bool isLiteral) {
        auto value = valueOf(brace, words);
        return value && isSql && isLiteral ? Result<std::string>(doubled(*value)) : value;
    });
    if (!full)
        return tl::unexpected(full.error());
    text = std::move(*full);
    return {};
}

template <class Visit>
void eachText(Command &command, Visit visit)
{
    visit(command.text, command.by == By::Sql);
    visit(command.expects, false);
    if (command.deed) {
        for (std::string *text : {&command.deed->directory, &command.deed->config, &command.deed->connection, &command.deed->slot, &command.deed->leadsTo})
            visit(*text, false);
    }
}

} // namespace

Result<Command> filled(const Command &command, const Words &words)
{
    Command full = command;
    Result<void> result;
    eachText(full, [&](std::string &text, bool isSql) {
        if (result)
            result = fill(text, words, isSql);
    });
    if (!result) {
        result.error().server = command.on.text();
        return tl::unexpected(result.error());
    }
    return full;
}

bool needs(const Command &command, const std::string &word)
{
    Command copy = command;
    bool found = false;
    eachText(copy, [&](std::string &text, bool) {
        (void)replaced(text, [&](const std::string &brace, bool) {
            found |= brace == word || brace.starts_with(word + std::string(withWord)) || brace == word + std::string(nowhereWord);
            return Result<std::string>(std::string());
        });
    });
    return found;
}

} // namespace shardlens::execute
