// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace shardlens::localfleet
{

std::optional<std::string> readFile(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

base::Result<void> writeFile(const std::filesystem::path &path, std::string_view text)
{
    const auto failed = [&path](const char *what) {
        return base::fail(base::ErrorCode::Io, std::string("cannot ") + what + " " + path.string() + ": " + std::strerror(errno));
    };
    const std::string beside = path.string() + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed("create");
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t wrote = ::write(fd, text.data() + at, text.size() - at);
        if (wrote < 0) {
            const auto error = failed("write");
            ::close(fd);
            return error;
        }
        at += static_cast<std::size_t>(wrote);
    }
    // No fsync: it would wait for all that initdb has just written. A machine that dies here makes its fleet anew.
    if (::close(fd) != 0)
        return failed("write");
    if (::rename(beside.c_str(), path.c_str()) != 0)
        return failed("replace");
    return {};
}

Settings parseSettings(std::string_view text)
{
    Settings settings;
    for (const std::string &line : split(text, '\n')) {
        const std::size_t equals = line.find('=');
        if (line.empty() || line.front() == '#' || equals == std::string::npos)
            continue;
        settings[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
    }
    return settings;
}

std::string printSettings(const Settings &settings)
{
    std::string text;
    for (const auto &[key, value] : settings)
        text += key + " = " + value + "\n";
    return text;
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator, begin)) {
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    if (begin < text.size())
        parts.emplace_back(text.substr(begin));
    return parts;
}

std::string trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

} // namespace shardlens::localfleet
