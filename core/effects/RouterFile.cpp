// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/RouterFile.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace shardlens::effects {

using base::ErrorCode;
using base::Result;

namespace {

constexpr int deepestInclude = 10; // pgbouncer's own limit
using Pairs = std::vector<std::pair<std::string, std::string>>; // name, value as written

bool isBlank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\f' || letter == '\v';
}

std::string_view trimBlanks(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// "host=a port='1 2'": a quoted value holds blanks, and '' for a quote.
std::optional<Pairs> pairsOf(std::string_view text)
{
    Pairs pairs;
    for (text = trimBlanks(text); !text.empty(); text = trimBlanks(text)) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        const std::string name(trimBlanks(text.substr(0, equals)));
        text = trimBlanks(text.substr(equals + 1));
        std::size_t end = 0;
        if (!text.empty() && text.front() == '\'') {
            for (end = 1; end < text.size() && (text[end] != '\'' || (end + 1 < text.size() && text[end + 1] == '\'')); ++end)
                end += text[end] == '\'' ? 1 : 0;
            if (end >= text.size())
                return std::nullopt;
            ++end;
        } else {
            while (end < text.size() && !isBlank(text[end]))
                ++end;
        }
        pairs.emplace_back(name, text.substr(0, end));
        text.remove_prefix(end);
    }
    return pairs;
}

std::string written(const Pairs &pairs)
{
    std::string text;
    for (const auto &[name, value] : pairs)
        text += (text.empty() ? "" : " ") + name + "=" + value;
    return text;
}

std::string unquoted(std::string_view name)
{
    if (name.size() < 2 || name.front() != '"' || name.back() != '"')
        return std::string(name);
    std::string out;
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        out += name[i];
        if (name[i] == '"')
            ++i;
    }
    return out;
}

/// A line's database with the new pairs; nothing where it is another's, or cannot be read.
std::optional<std::string> ledLine(std::string_view line, const std::string &database, const Pairs &wanted)
{
    const std::string_view text = trimBlanks(line);
    if (text.empty() || text.front() == ';' || text.front() == '#')
        return std::nullopt;
    const std::size_t nameEnd = text.front() == '"' ? text.find('"', 1) : 0;
    const std::size_t equals = nameEnd == std::string_view::npos ? nameEnd : text.find('=', nameEnd);
    if (equals == std::string_view::npos || unquoted(trimBlanks(text.substr(0, equals))) != database)
        return std::nullopt;
    auto pairs = pairsOf(text.substr(equals + 1));
    if (!pairs)
        return std::nullopt;
    for (const auto &[name, value] : wanted) {
        const auto found = std::find_if(pairs->begin(), pairs->end(), [&](const auto &pair) { return pair.first == name; });
        if (found == pairs->end())
            pairs->emplace_back(name, value);
        else
            found->second = value;
    }
    const std::string after = line.ends_with('\r') ? "\r" : "";
    return std::string(trimBlanks(text.substr(0, equals))) + " = " + written(*pairs) + after;
}

std::vector<std::filesystem::path> includesOf(const std::string &text, const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trimBlanks(std::string_view(text).substr(begin, end - begin));
        if (line.starts_with("%include") && line.size() > 8 && isBlank(line[8]))
            files.push_back(folder / std::string(trimBlanks(line.substr(8))));
        begin = end + 1;
    }
    return files;
}

Result<std::filesystem::path> leadIn(const std::filesystem::path &file, const std::string &database, const std::string &leadsTo, const RouterFiles &files, const std::string &startsIn, int depth)
{
    const auto text = files.read(file);
    if (!text)
        return base::fail(text.error());
    std::string section = startsIn;
    if (const auto led = withDatabaseLed(*text, database, leadsTo, section)) {
        if (*led == *text)
            return file;
        const auto replaced = files.replace(file, *led);
        return replaced ? Result<std::filesystem::path>(file) : base::fail(replaced.error());
    }
    if (depth < deepestInclude) {
        // An included list of databases stands before any section of its own, or within one that it opens itself.
        for (const auto &included : includesOf(*text, file.parent_path())) {
            auto found = leadIn(included, database, leadsTo, files, "databases", depth + 1);
            if (found || found.error().code != ErrorCode::NotFound)
                return found;
        }
    }
    return base::fail(ErrorCode::NotFound, "no line of " + database + " in " + file.string() + " or what it includes");
}

} // namespace

std::optional<std::string> withDatabaseLed(const std::string &text, const std::string &database, const std::string &leadsTo, std::string &section)
{
    const auto wanted = pairsOf(leadsTo);
    if (!wanted || wanted->empty())
        return std::nullopt;
    std::optional<std::string> result;
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        const std::string_view shown = trimBlanks(line);
        std::optional<std::string> led;
        if (shown.starts_with('[') && shown.ends_with(']'))
            section = std::string(trimBlanks(shown.substr(1, shown.size() - 2)));
        else if (section == "databases")
            led = ledLine(line, database, *wanted);
        // A line that says so already is left as it was written.
        const bool same = led && pairsOf(std::string_view(*led).substr(led->find('=') + 1)) == pairsOf(trimBlanks(line.substr(line.find('=', line.find(database)) + 1)));
        out += led && !same ? *led : std::string(line);
        out += end < text.size() ? "\n" : "";
        if (led)
            result.emplace();
        begin = end + 1;
    }
    if (result)
        *result = out;
    return result;
}

Result<std::filesystem::path> leadDatabase(const std::filesystem::path &mainFile, const std::string &database, const std::string &leadsTo, const RouterFiles &files)
{
    return leadIn(mainFile, database, leadsTo, files, {}, 0);
}

} // namespace shardlens::effects
