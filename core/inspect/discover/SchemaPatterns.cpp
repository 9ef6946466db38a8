// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/SchemaPatterns.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

namespace shardlens::inspect::discover {

namespace {

struct Numbered {
    std::string digits;
    std::uint32_t number = 0;
    const Schema *schema = nullptr;
};

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/// Cuts a name at its last number; false if it has none that fits.
bool cut(const std::string &name, std::pair<std::string, std::string> &around, std::string &digits)
{
    std::size_t end = name.size();
    while (end > 0 && !isDigit(name[end - 1]))
        --end;
    std::size_t begin = end;
    while (begin > 0 && isDigit(name[begin - 1]))
        --begin;
    digits = name.substr(begin, end - begin);
    around = {name.substr(0, begin), name.substr(end)};
    return !digits.empty() && digits.size() <= 9;
}

/// How many digits the numbers have at least; 0 where none has zeros in front.
unsigned widthOf(const std::vector<Numbered> &members)
{
    const bool hasZeros =
        std::any_of(members.begin(), members.end(), [](const Numbered &m) { return m.digits.size() > 1 && m.digits[0] == '0'; });
    std::size_t width = 9;
    for (const Numbered &member : members)
        width = std::min(width, member.digits.size());
    return hasZeros ? static_cast<unsigned>(width) : 0;
}

/// The tables that at least half of the schemas have, in the order in which they were made.
std::vector<std::string> commonTables(const std::vector<Numbered> &members)
{
    std::map<std::string, std::size_t> count;
    std::vector<std::string> order;
    for (const Numbered &member : members) {
        for (const std::string &table : member.schema->tables) {
            if (count[table]++ == 0)
                order.push_back(table);
        }
    }
    std::erase_if(order, [&](const std::string &table) { return count[table] * 2 < members.size(); });
    return order;
}

SchemaGroup groupOf(const std::pair<std::string, std::string> &around, std::vector<Numbered> members)
{
    std::sort(members.begin(), members.end(), [](const Numbered &a, const Numbered &b) { return a.number < b.number; });
    SchemaGroup group;
    const unsigned width = widthOf(members);
    group.pattern = around.first + (width > 0 ? "{shard:" + std::to_string(width) + "}" : "{shard}") + around.second;
    group.count = static_cast<std::uint32_t>(members.size());
    group.lowest = members.front().number;
    group.highest = members.back().number;
    group.first = members.front().schema->name;
    group.last = members.back().schema->name;
    group.tables = commonTables(members);
    return group;
}

} // namespace

std::vector<SchemaGroup> schemaGroups(const std::vector<Schema> &schemas)
{
    std::map<std::pair<std::string, std::string>, std::vector<Numbered>> byRest;
    for (const Schema &schema : schemas) {
        std::pair<std::string, std::string> around;
        Numbered numbered;
        if (!cut(schema.name, around, numbered.digits))
            continue;
        numbered.number = static_cast<std::uint32_t>(std::stoul(numbered.digits));
        numbered.schema = &schema;
        byRest[around].push_back(numbered);
    }
    std::vector<SchemaGroup> groups;
    for (auto &[around, members] : byRest) {
        if (members.size() >= 2)
            groups.push_back(groupOf(around, std::move(members)));
    }
    std::stable_sort(groups.begin(), groups.end(), [](const SchemaGroup &a, const SchemaGroup &b) { return a.count > b.count; });
    return groups;
}

} // namespace shardlens::inspect::discover
