// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Servers.h"

#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/relay/Sockets.h"

#include <algorithm>
#include <csignal>

namespace shardlens::localfleet::servers
{

namespace
{

base::Result<Command> startCommand(const Ground &ground, const Instance &server)
{
    const auto program = [](const char *name, const char *package) -> base::Result<Command> {
        auto path = needProgram(name, package);
        return path ? base::Result<Command>(Command{{*path}, {}, {}, -1}) : base::fail(path.error());
    };
    base::Result<Command> command;
    switch (server.kind) {
    case fleet::ServerKind::Postgres: return postgres::startCommand(ground, server);
    case fleet::ServerKind::Pgbouncer:
        command = program("pgbouncer", "pgbouncer");
        if (command)
            command->arguments.push_back((ground.home.etc(server.id) / "pgbouncer.ini").string());
        return command;
    case fleet::ServerKind::Redis:
        command = program("redis-server", "redis-server");
        if (command)
            command->arguments.push_back((ground.home.etc(server.id) / "redis.conf").string());
        return command;
    case fleet::ServerKind::Memcached:
        command = program("memcached", "memcached");
        if (command)
            command->arguments.insert(command->arguments.end(), {"-l", "127.0.0.1", "-p", std::to_string(ground.ports.of(server.id)), "-U",
                                                                 "0", "-m", "32", "-c", "1024", "-t", "2"});
        return command;
    }
    return command;
}

/// The first line that the server says to a harmless question; empty when it does not answer.
std::string sayHello(const Ground &ground, const Instance &server, const std::string &question)
{
    auto client = LineClient::toPort(ground.ports.of(server.id), base::milliseconds(500));
    if (!client || !client->send(question))
        return {};
    return client->line().value_or(std::string());
}

std::string endOfLog(const Ground &ground, const Instance &server)
{
    const std::string text = trimmed(readFile(ground.home.log(server.id)).value_or(std::string()));
    const std::size_t line = text.size() > 300 ? text.find('\n', text.size() - 300) : std::string::npos;
    return line == std::string::npos ? text : text.substr(line + 1);
}

int stopSignal(const Instance &server)
{
    // Postgres and pgbouncer: sessions are ended, data are written. SIGTERM would wait for clients, or is immediate for pgbouncer.
    return server.kind == fleet::ServerKind::Postgres ? SIGINT : SIGTERM;
}

} // namespace

std::optional<ProcessId> process(const Ground &ground, const std::string &id)
{
    if (const auto known = recorded(ground.home.pidFile(id)))
        return known;
    // A guard may have started a Postgres server again: its own lock file tells which process works in its data.
    const Instance *server = ground.server(id);
    if (server == nullptr || server->kind != fleet::ServerKind::Postgres)
        return std::nullopt;
    const auto lock = readFile(ground.home.pgData(id) / "postmaster.pid");
    const auto pid = lock ? static_cast<pid_t>(std::strtol(lock->c_str(), nullptr, 10)) : 0;
    const auto working = processesIn(ground.home.pgData(id));
    return std::find(working.begin(), working.end(), pid) == working.end() ? std::nullopt : processOf(pid);
}

std::vector<pid_t> processes(const Ground &ground, const Instance &server)
{
    std::vector<pid_t> all;
    if (server.kind == fleet::ServerKind::Postgres)
        all = processesIn(ground.home.pgData(server.id));
    if (const auto main = process(ground, server.id); main && std::find(all.begin(), all.end(), main->pid) == all.end())
        all.push_back(main->pid);
    return all;
}

base::Result<void> start(const Ground &ground, const Instance &server)
{
    if (process(ground, server.id))
        return {};
    if (const auto configured = configure(ground, server); !configured)
        return configured;
    if (server.kind == fleet::ServerKind::Postgres) {
        if (const auto cleared = postgres::clearRemains(ground, server); !cleared)
            return cleared;
    }
    auto command = startCommand(ground, server);
    if (!command)
        return base::fail(command.error());
    if (const auto clock = faults::clockEnvironment(ground.home, server.id))
        command->environment.insert(command->environment.end(), clock->begin(), clock->end());
    const auto started = startDaemon(*command, ground.home.log(server.id), ground.home.pidFile(server.id));
    return started ? base::Result<void>() : base::fail(started.error());
}

bool isReady(const Ground &ground, const Instance &server)
{
    switch (server.kind) {
    case fleet::ServerKind::Postgres: return postgres::isReady(ground, server);
    case fleet::ServerKind::Pgbouncer: {
        auto client = LineClient::toPort(ground.ports.of(server.id), base::milliseconds(500));
        return client.has_value();
    }
    case fleet::ServerKind::Redis: {
        const auto pong = redis::command(ground, server, {"PING"}, base::milliseconds(500));
        return pong && *pong == "PONG";
    }
    case fleet::ServerKind::Memcached: return sayHello(ground, server, "version\r\n").rfind("VERSION", 0) == 0;
    }
    return false;
}

base::Result<void> waitReady(const Ground &ground, const Instance &server, base::milliseconds deadline)
{
    bool ended = false;
    const bool ready = waitUntil(
        [&] {
            ended = !process(ground, server.id);
            return ended || isReady(ground, server);
        },
        deadline);
    if (ready && !ended)
        return {};
    return base::fail(ended ? base::ErrorCode::Io : base::ErrorCode::TimedOut,
                      server.id + (ended ? " ended right after its start" : " is not ready in time") + "; the end of its log:\n" +
                          endOfLog(ground, server),
                      server.id);
}

void askToStop(const Ground &ground, const Instance &server)
{
    for (const pid_t pid : processes(ground, server))
        ::kill(pid, SIGCONT);
    if (const auto main = process(ground, server.id))
        ::kill(main->pid, stopSignal(server));
}

base::Result<void> stop(const Ground &ground, const Instance &server, base::milliseconds patience)
{
    askToStop(ground, server);
    const auto ended = [&] { return processes(ground, server).empty(); };
    if (!waitUntil(ended, patience)) {
        if (const auto main = process(ground, server.id); main && server.kind == fleet::ServerKind::Postgres) {
            postgres::noteSharedMemory(ground, server);
            ::kill(main->pid, SIGQUIT); // a fast stop may wait for standbys behind a cut link
            if (waitUntil(ended, base::seconds(2)))
                return {};
        }
        for (const pid_t pid : processes(ground, server)) {
            ::kill(pid, SIGKILL);
            ::kill(pid, SIGCONT);
        }
        if (!waitUntil(ended, base::seconds(5)))
            return base::fail(base::ErrorCode::Io, server.id + " does not end, even by SIGKILL", server.id);
    }
    std::error_code error;
    std::filesystem::remove(ground.home.pidFile(server.id), error);
    return {};
}

} // namespace shardlens::localfleet::servers

namespace shardlens::localfleet::redis
{

base::Result<std::string> command(const Ground &ground, const Instance &server, const std::vector<std::string> &words,
                                  base::milliseconds deadline)
{
    auto client = LineClient::toPort(ground.ports.of(server.id), deadline);
    if (!client)
        return base::fail(client.error().code, server.id + ": " + client.error().message, server.id);
    const auto encode = [](const std::vector<std::string> &parts) {
        std::string text = "*" + std::to_string(parts.size()) + "\r\n";
        for (const std::string &part : parts)
            text += "$" + std::to_string(part.size()) + "\r\n" + part + "\r\n";
        return text;
    };
    if (const auto sent = client->send(encode({"AUTH", ground.secrets.redis()}) + encode(words)); !sent)
        return base::fail(sent.error().code, server.id + ": " + sent.error().message, server.id);
    for (int answer = 0; answer < 2; ++answer) {
        auto line = client->line();
        if (!line)
            return base::fail(line.error().code, server.id + ": " + line.error().message, server.id);
        if (line->empty() || line->front() == '-')
            return base::fail(base::ErrorCode::Rejected, server.id + ": " + *line, server.id);
        if (answer == 0)
            continue;
        if (line->front() != '$')
            return line->substr(1);
        const long size = std::strtol(line->c_str() + 1, nullptr, 10);
        return size < 0 ? base::Result<std::string>(std::string()) : client->bytes(static_cast<std::size_t>(size));
    }
    return std::string();
}

base::Result<Settings> info(const Ground &ground, const Instance &server, const std::string &section)
{
    const auto text = command(ground, server, {"INFO", section});
    if (!text)
        return base::fail(text.error());
    Settings fields;
    for (const std::string &line : split(*text, '\n')) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos)
            fields[line.substr(0, colon)] = trimmed(line.substr(colon + 1));
    }
    return fields;
}

} // namespace shardlens::localfleet::redis
