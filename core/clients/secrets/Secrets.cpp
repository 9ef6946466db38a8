// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/secrets/Secrets.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <vector>

#include <sys/stat.h>

namespace shardlens::secrets
{

using base::ErrorCode;
using base::Result;

namespace
{

std::string expandHome(const std::string &path)
{
    const char *home = std::getenv("HOME");
    return path.starts_with("~/") && home ? home + path.substr(1) : path;
}

/// As libpq treats pgpass: a regular file nobody but its owner may read.
Result<std::ifstream> openPrivate(const std::string &path)
{
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0)
        return base::fail(ErrorCode::NotFound, "no file " + path);
    if (!S_ISREG(info.st_mode))
        return base::fail(ErrorCode::BadInput, path + " is not a plain file");
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return base::fail(ErrorCode::NoRights, path + " may be read by others; make it 0600");
    std::ifstream file(path);
    if (!file)
        return base::fail(ErrorCode::NoRights, path + " cannot be read");
    return file;
}

std::string withoutReturn(std::string line)
{
    if (!line.empty() && line.back() == '\r')
        line.pop_back();
    return line;
}

/// host:port:database:user:password, where a backslash makes a colon or a backslash plain. The last field may hold colons
/// unescaped, as libpq reads them.
struct PgpassLine {
    std::array<std::string, 5> fields;
    std::array<bool, 4> isAny{}; ///< the field was a lone unescaped *
};

std::optional<PgpassLine> parsePgpass(const std::string &line)
{
    PgpassLine out;
    std::size_t field = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size()) {
            out.fields[field] += line[++i];
        } else if (line[i] == ':' && field < 4) {
            out.isAny[field] = line.substr(begin, i - begin) == "*";
            begin = i + 1;
            ++field;
        } else {
            out.fields[field] += line[i];
        }
    }
    if (field < 4)
        return std::nullopt;
    return out;
}

Result<std::string> fromPgpass(const std::string &path, const Purpose &purpose)
{
    auto file = openPrivate(path);
    if (!file)
        return base::fail(file.error());
    const std::array<std::string, 4> wanted{purpose.host, std::to_string(purpose.port), purpose.database, purpose.user};
    for (std::string line; std::getline(*file, line);) {
        line = withoutReturn(line);
        if (line.empty() || line.front() == '#')
            continue;
        const auto parsed = parsePgpass(line);
        bool matches = parsed.has_value();
        for (std::size_t i = 0; matches && i < 4; ++i)
            matches = parsed->isAny[i] || parsed->fields[i] == wanted[i];
        if (matches)
            return parsed->fields[4];
    }
    return base::fail(ErrorCode::NotFound, "no line for " + purpose.user + " on " + purpose.host + ":" + wanted[1] + " in " + path);
}

Result<std::string> fromFile(const std::string &path)
{
    auto file = openPrivate(path);
    if (!file)
        return base::fail(file.error());
    std::string line;
    std::getline(*file, line);
    return withoutReturn(line);
}

std::string trimmed(const std::string &text)
{
    const auto begin = text.find_first_not_of(" \t");
    const auto end = text.find_last_not_of(" \t\r");
    return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

/// Where libpq looks for a service: PGSERVICEFILE or ~/.pg_service.conf, then pg_service.conf of PGSYSCONFDIR.
std::vector<std::string> serviceFiles()
{
    std::vector<std::string> files;
    if (const char *own = std::getenv("PGSERVICEFILE"))
        files.emplace_back(own);
    else
        files.push_back(expandHome("~/.pg_service.conf"));
    const char *system = std::getenv("PGSYSCONFDIR");
    files.push_back(std::string(system ? system : "/etc/postgresql-common") + "/pg_service.conf");
    return files;
}

/// The service's password, or the pgpass file that it names, or ~/.pgpass.
Result<std::string> fromService(const std::string &service, const Purpose &purpose)
{
    for (const std::string &path : serviceFiles()) {
        std::ifstream file(path);
        bool isInside = false;
        bool wasFound = false;
        std::string passfile = "~/.pgpass";
        for (std::string line; file && std::getline(file, line);) {
            line = trimmed(line);
            if (line.starts_with('[')) {
                isInside = line == "[" + service + "]";
                wasFound = wasFound || isInside;
            } else if (isInside && line.starts_with("password=")) {
                return line.substr(9);
            } else if (isInside && line.starts_with("passfile=")) {
                passfile = line.substr(9);
            }
        }
        if (wasFound)
            return fromPgpass(expandHome(passfile), purpose);
    }
    return base::fail(ErrorCode::NotFound, "no service " + service + " in pg_service.conf");
}

} // namespace

Result<std::string> serviceValue(const std::string &service, const std::string &key)
{
    for (const std::string &path : serviceFiles()) {
        std::ifstream file(path);
        bool isInside = false;
        for (std::string line; file && std::getline(file, line);) {
            line = trimmed(line);
            if (line.starts_with('['))
                isInside = line == "[" + service + "]";
            else if (isInside && line.starts_with(key + "="))
                return line.substr(key.size() + 1);
        }
    }
    return base::fail(ErrorCode::NotFound, "no " + key + " of service " + service + " in pg_service.conf");
}

Result<std::string> resolve(const fleet::SecretSource &source, const Purpose &purpose, const KeychainReader &keychain)
{
    using Kind = fleet::SecretSource::Kind;
    switch (source.kind) {
    case Kind::None: return std::string();
    case Kind::Pgpass: return fromPgpass(expandHome(source.where), purpose);
    case Kind::Service: return fromService(source.where, purpose);
    case Kind::Environment:
        if (const char *value = std::getenv(source.where.c_str()))
            return std::string(value);
        return base::fail(ErrorCode::NotFound, "no environment variable " + source.where);
    case Kind::File: return fromFile(expandHome(source.where));
    case Kind::Keychain:
        if (keychain)
            return keychain(source.where);
        return base::fail(ErrorCode::Unavailable, "this program reads no keychain");
    }
    return base::fail(ErrorCode::BadInput, "unknown kind of secret");
}

} // namespace shardlens::secrets
