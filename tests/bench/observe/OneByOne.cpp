// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/observe/OneByOne.h"

#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/clients/secrets/Secrets.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onebyone {

namespace {

using namespace shardlens;

// Debian's psql in the path is a wrapper in Perl; the real one lies with the server.
std::string realPsql()
{
    std::string newest;
    for (const auto &version : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
        const auto psql = version.path() / "bin/psql";
        if (std::filesystem::exists(psql) && psql.string() > newest)
            newest = psql.string();
    }
    return newest;
}

bool run(const std::vector<std::string> &command)
{
    const pid_t child = ::fork();
    if (child == 0) {
        const int nowhere = ::open("/dev/null", O_RDWR);
        ::dup2(nowhere, STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        std::vector<char *> arguments;
        for (const auto &word : command)
            arguments.push_back(const_cast<char *>(word.c_str()));
        arguments.push_back(nullptr);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0)
        std::fprintf(stderr, "%s ended with %d\n", command.back().c_str(), status);
    return status == 0;
}

bool askMemcached(const fleet::Endpoint &endpoint)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(endpoint.port);
    ::inet_pton(AF_INET, endpoint.host.c_str(), &where.sin_addr);
    std::string answer;
    if (::connect(fd, reinterpret_cast<sockaddr *>(&where), sizeof where) == 0 && ::send(fd, "stats\r\n", 7, MSG_NOSIGNAL) == 7) {
        char buffer[4096];
        for (ssize_t got = 0; answer.find("END\r\n") == std::string::npos && (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
            answer.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(fd);
    return answer.find("END\r\n") != std::string::npos;
}

std::string secretOf(const fleet::SecretSource &source, const fleet::Endpoint &endpoint, const std::string &database, const std::string &user)
{
    return secrets::resolve(source, {endpoint.host, endpoint.port, database, user}).value_or("");
}

bool ask(const fleet::Fleet &fleet, const fleet::Server &server)
{
    static const std::string psql = realPsql();
    const auto &endpoint = server.address.from(fleet.ownRegion);
    const std::string port = std::to_string(endpoint.port);
    const auto *observer = fleet.access.user(fleet.access.observer);
    const auto *cluster = fleet.clusterOf(server.id);
    const std::string database = server.kind == fleet::ServerKind::Pgbouncer ? "pgbouncer" : cluster ? cluster->database : "postgres";
    if (server.kind == fleet::ServerKind::Postgres || server.kind == fleet::ServerKind::Pgbouncer)
        ::setenv("PGPASSWORD", secretOf(observer->secret, endpoint, database, observer->name).c_str(), 1);
    const std::vector<std::string> client{psql, "-X", "-A", "-t", "-q", "-h", endpoint.host, "-p", port, "-U", observer->name, "-d", database};
    const auto with = [&client](std::vector<std::string> more) {
        auto command = client;
        command.insert(command.end(), more.begin(), more.end());
        return command;
    };
    switch (server.kind) {
    case fleet::ServerKind::Postgres: {
        const clients::PollAbilities abilities{150000, true, true, true, true, clients::TableState::Readable, clients::TableState::Readable};
        return run(with({"-c", clients::pollStatement(abilities, clients::PollTable::named("shardlens.heartbeat"), clients::PollTable::named("shardlens.term"))}));
    }
    case fleet::ServerKind::Pgbouncer: return run(with({"-c", "SHOW DATABASES", "-c", "SHOW POOLS", "-c", "SHOW STATS_TOTALS"}));
    case fleet::ServerKind::Redis:
        ::setenv("REDISCLI_AUTH", secretOf(fleet.access.redisSecret, endpoint, {}, fleet.access.redisUser).c_str(), 1);
        return run({"redis-cli", "-h", endpoint.host, "-p", port, "INFO"});
    case fleet::ServerKind::Memcached: return askMemcached(endpoint);
    }
    return false;
}

} // namespace

std::optional<double> sweep(const fleet::Fleet &fleet)
{
    const auto begin = std::chrono::steady_clock::now();
    bool well = true;
    for (const auto &server : fleet.servers)
        well = ask(fleet, server) && well;
    ::unsetenv("PGPASSWORD");
    ::unsetenv("REDISCLI_AUTH");
    if (!well)
        return std::nullopt;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace onebyone
