// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetFile.h"

#include "core/base/Closest.h"
#include "core/fleet/FleetReader.h"
#include "core/fleet/TomlTree.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace shardlens::fleet {

namespace {

tl::unexpected<BadFleetFile> unreadable(const std::string &reason)
{
    return tl::unexpected(BadFleetFile{BadFleetFile::Why::Unreadable, {{0, {}, "cannot be read: " + reason, {}, {}}}});
}

FleetReading lookedFrom(FleetReading reading, const std::string &from)
{
    if (!reading || from.empty())
        return reading;
    std::vector<std::string> names;
    for (const Region &region : reading->regions)
        names.push_back(region.name.text());
    if (std::find(names.begin(), names.end(), from) != names.end()) {
        reading->ownRegion = RegionName(from);
        return reading;
    }
    std::string expected = "one of";
    for (const std::string &name : names)
        expected += (name == names.front() ? " " : ", ") + name;
    return tl::unexpected(BadFleetFile{BadFleetFile::Why::NoRegion, {{0, "--from", "there is no region '" + from + "'", std::move(expected), base::closest(from, names)}}});
}

} // namespace

FleetReading readFleetFile(const std::string &path, const std::string &from)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return unreadable("it is a folder");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return unreadable(errno != 0 ? std::strerror(errno) : "it could not be opened");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file.bad())
        return unreadable("reading it failed");
    return lookedFrom(readFleetText(text, path), from);
}

FleetReading readFleetText(std::string_view text, const std::string &path)
{
    auto root = parseToml(text);
    if (!root)
        return tl::unexpected(BadFleetFile{BadFleetFile::Why::Syntax, {std::move(root.error())}});
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::absolute(path, error).parent_path();
    auto fleet = FleetReader(*root, folder).read();
    if (!fleet)
        return tl::unexpected(BadFleetFile{BadFleetFile::Why::Schema, std::move(fleet.error())});
    return std::move(*fleet);
}

std::string sentence(const Complaint &complaint, const std::string &fileName)
{
    std::string text = fileName;
    if (complaint.line > 0)
        text += ", line " + std::to_string(complaint.line);
    text += ": ";
    if (!complaint.key.empty())
        text += complaint.key + ": ";
    text += complaint.what + ".";
    if (!complaint.expected.empty())
        text += " Expected " + complaint.expected + ".";
    if (!complaint.suggestion.empty())
        text += " Did you mean '" + complaint.suggestion + "'?";
    return text;
}

} // namespace shardlens::fleet
