// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Sentinel.h"

#include "app/localfleet/Servers.h"

namespace shardlens::localfleet::sentinel
{

namespace fs = std::filesystem;

namespace
{

constexpr base::seconds watchedWithin{30};
constexpr std::size_t sentinelCount = 3;
constexpr int agreeing = 2;

fs::path fileOf(const Ground &ground, const std::string &name)
{
    return ground.home.etc(name) / "sentinel.conf";
}

/// A dead primary is replaced within some five seconds, so that somebody can look on.
std::string configuration(const Ground &ground, const std::string &name, const Instance &primary)
{
    const std::string &group = ground.shape.sentinel;
    const std::string of = "sentinel ";
    return "port " + std::to_string(ground.ports.of(name)) + "\nbind 127.0.0.1\nrequirepass " + ground.secrets.redis() + "\nsentinel sentinel-pass " + ground.secrets.redis() + "\ndir " + ground.home.data(name).string() + "\n" + of + "monitor " + group + " 127.0.0.1 " +
           std::to_string(ground.ports.of(primary.id)) + " " + std::to_string(agreeing) + "\n" + of + "auth-pass " + group + " " + ground.secrets.redis() + "\n" + of + "down-after-milliseconds " + group +
           " 4000\n" + of + "failover-timeout " + group + " 20000\n" + of + "parallel-syncs " + group + " 2\n";
}

base::Result<Instance> primaryNow(const Ground &ground)
{
    for (const Instance &member : ground.members(ground.shape.sentinel)) {
        auto fields = redis::info(ground, member, "replication");
        if (fields && (*fields)["role"] == "master")
            return member;
    }
    return base::fail(base::ErrorCode::NotFound, "no primary of " + ground.shape.sentinel + " answers");
}

base::Result<void> startSentinel(const Ground &ground, const std::string &name)
{
    if (recorded(ground.home.pidFile(name)))
        return {};
    const auto program = needProgram("redis-server", "redis-server");
    if (!program)
        return base::fail(program.error());
    std::error_code error;
    fs::create_directories(ground.home.etc(name), error);
    fs::create_directories(ground.home.data(name), error);
    const fs::path file = fileOf(ground, name);
    if (!fs::exists(file)) {
        const auto primary = primaryNow(ground);
        if (!primary)
            return base::fail(primary.error());
        if (auto written = writeFile(file, configuration(ground, name, *primary)); !written)
            return written;
    }
    const auto started = startDaemon({{*program, file.string(), "--sentinel"}, {}, {}}, ground.home.log(name), ground.home.pidFile(name));
    return started ? base::Result<void>() : base::fail(started.error());
}

/// "name=feeds,status=ok,address=127.0.0.1:7001,slaves=2,sentinels=3"; a fault may hold the primary.
bool knowsAll(const Ground &ground, const std::string &name)
{
    const Instance sentinel{name, fleet::ServerKind::Redis, {}, {}, {}, false};
    const auto fields = redis::info(ground, sentinel, "sentinel");
    if (!fields || !fields->contains("master0"))
        return false;
    const std::string &said = fields->at("master0");
    const std::string replicas = "slaves=" + std::to_string(ground.members(ground.shape.sentinel).size() - 1) + ",";
    return said.find(replicas) != std::string::npos && said.ends_with("sentinels=" + std::to_string(sentinelCount));
}

} // namespace

std::vector<std::string> names()
{
    std::vector<std::string> all;
    for (std::size_t i = 1; i <= sentinelCount; ++i)
        all.push_back("sentinel-" + std::to_string(i));
    return all;
}

bool isUnder(const Ground &ground, const Instance &server)
{
    return !ground.shape.sentinel.empty() && server.group == ground.shape.sentinel;
}

base::Result<void> watch(const Ground &ground)
{
    for (const std::string &name : names()) {
        if (auto started = startSentinel(ground, name); !started)
            return started;
    }
    for (const std::string &name : names()) {
        if (!waitUntil([&] { return knowsAll(ground, name); }, watchedWithin, base::milliseconds(100)))
            return base::fail(base::ErrorCode::TimedOut, name + " does not know all of " + ground.shape.sentinel + "; see " + ground.home.log(name).string(), name);
    }
    return {};
}

} // namespace shardlens::localfleet::sentinel
