// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Kept.h"

#include "core/base/Json.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace shardlens::invalidator {

using base::ErrorCode;
using nlohmann::json;

namespace {

bool writeWhole(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

} // namespace

base::Result<Kept> readKept(const std::filesystem::path &file)
{
    const std::ifstream in(file, std::ios::binary);
    if (!in)
        return Kept{};
    std::ostringstream text;
    text << in.rdbuf();
    const auto read = base::readJson(text.str());
    const bool isGood = read.is_object() && read.contains("cursors") && read["cursors"].is_object() && read.contains("must_flush") &&
                        read["must_flush"].is_array();
    if (!isGood)
        return base::fail(ErrorCode::Protocol, file.string() + " cannot be read");
    Kept kept;
    for (const auto &[cluster, one] : read["cursors"].items()) {
        if (!one.is_object())
            return base::fail(ErrorCode::Protocol, file.string() + ": the cursor of " + cluster + " cannot be read");
        cacheflow::OutboxCursor &cursor = kept.cursors[base::ClusterName(cluster)];
        const auto textOf = [&](const char *key) {
            return one.contains(key) && one[key].is_string() ? one[key].get<std::string>() : std::string();
        };
        cursor.snapshot = textOf("snapshot");
        cursor.source = textOf("source");
        cursor.history = textOf("history");
        cursor.lsn = textOf("lsn");
        cursor.serverSeconds = one.contains("at") && one["at"].is_number() ? one["at"].get<double>() : 0;
        cursor.timeline = one.contains("timeline") && one["timeline"].is_number_integer() ? one["timeline"].get<std::int64_t>() : 0;
    }
    for (const auto &member : read["must_flush"]) {
        if (member.is_string())
            kept.mustFlush.insert(member.get<std::string>());
    }
    return kept;
}

base::Result<void> writeKept(const std::filesystem::path &file, const Kept &kept)
{
    json out{{"cursors", json::object()}, {"must_flush", kept.mustFlush}};
    for (const auto &[cluster, cursor] : kept.cursors) {
        out["cursors"][cluster.text()] = {{"snapshot", cursor.snapshot}, {"source", cursor.source},     {"history", cursor.history},
                                          {"at", cursor.serverSeconds},  {"timeline", cursor.timeline}, {"lsn", cursor.lsn}};
    }
    const std::string beside = file.string() + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool isGood = fd >= 0 && writeWhole(fd, base::jsonText(out, 1) + "\n") && ::fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0)
        ::close(fd);
    isGood = isGood && ::rename(beside.c_str(), file.c_str()) == 0;
    if (!isGood)
        return base::fail(ErrorCode::Io, "cannot write " + file.string() + ": " + std::strerror(why != 0 ? why : errno));
    if (const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        (void)::fsync(folder);
        ::close(folder);
    }
    return {};
}

} // namespace shardlens::invalidator
