// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/StandbySettings.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace shardlens::effects {

namespace {

constexpr std::array<std::string_view, 3> replacedSettings{"primary_conninfo", "primary_slot_name", "default_transaction_read_only"};

std::string settingName(std::string_view line)
{
    std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    const std::size_t end = line.find_first_of(" \t=", begin);
    std::string name(line.substr(begin, end == std::string_view::npos ? end : end - begin));
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; });
    return name;
}

/// As postgresql.conf reads it: a quote twice, a backslash twice.
std::string quotedSetting(const std::string &text)
{
    std::string out = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\')
            out += letter;
        out += letter;
    }
    return out + "'";
}

} // namespace

std::string withStandbySettings(const std::string &text, const std::string &connection, const std::string &slot)
{
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        if (std::find(replacedSettings.begin(), replacedSettings.end(), settingName(line)) == replacedSettings.end())
            out += std::string(line) + "\n";
        begin = end + 1;
    }
    out += "primary_conninfo = " + quotedSetting(connection) + "\n";
    if (!slot.empty())
        out += "primary_slot_name = " + quotedSetting(slot) + "\n";
    return out;
}

} // namespace shardlens::effects
