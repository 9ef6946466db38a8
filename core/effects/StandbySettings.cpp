// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/StandbyFiles.h"

#include "app/guard/StateFile.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace shardlens::guard
{

namespace fs = std::filesystem;

namespace
{

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

base::Result<void> makeStandby(const fs::path &directory, const std::string &connection, const std::string &slot)
{
    // The signal first: should this be broken off, the server comes up as no primary.
    if (auto written = writeState(directory / "standby.signal", ""); !written)
        return written;
    std::error_code error;
    fs::remove(directory / "recovery.signal", error);
    const fs::path settings = directory / "postgresql.auto.conf";
    if (auto written = writeState(settings, withStandbySettings(readState(settings).value_or(std::string()), connection, slot)); !written)
        return written;
    for (const auto &kept : fs::directory_iterator(directory / "pg_replslot", error)) {
        std::error_code removing;
        fs::remove_all(kept.path(), removing);
        if (removing)
            return base::fail(base::ErrorCode::Io, "cannot remove the slot " + kept.path().string() + ": " + removing.message());
    }
    return {};
}

} // namespace shardlens::guard
