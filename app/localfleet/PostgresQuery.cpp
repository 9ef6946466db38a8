// SPDX-License-Identifier: GPL-3.0-or-later
// Asking the servers: by the real psql over the unix socket, which needs no password and no port.
#include "app/localfleet/Postgres.h"

namespace shardlens::localfleet::postgres
{

namespace
{

base::Result<Command> psql(const Ground &ground, const Instance &server, const std::string &database)
{
    auto path = needProgram("psql", "postgresql-client-15");
    if (!path)
        return base::fail(path.error());
    return Command{{*path, "-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-h", ground.home.run().string(), "-p",
                    std::to_string(ground.ports.of(server.id)), "-U", user::super, "-d", database},
                   {{"PGAPPNAME", "shardlens-localfleet"}, {"PGCONNECT_TIMEOUT", "5"}},
                   {},
                   -1};
}

base::Error about(const Instance &server, base::Error error)
{
    error.server = server.id;
    error.message = server.id + ": " + error.message;
    return error;
}

/// A busy machine starts a client slowly; a server that hangs is still told apart.
constexpr base::seconds patience{15};

} // namespace

base::Result<std::string> query(const Ground &ground, const Instance &server, const std::string &database, const std::string &sql,
                                base::milliseconds deadline)
{
    auto command = psql(ground, server, database);
    if (!command)
        return base::fail(command.error());
    command->input = sql + "\n;\n";
    auto text = runOrFail(*command, deadline);
    if (!text)
        return base::fail(about(server, text.error()));
    return trimmed(*text);
}

base::Result<void> runSql(const Ground &ground, const Instance &server, const std::string &database, const std::string &sql,
                          base::milliseconds deadline)
{
    auto command = psql(ground, server, database);
    if (!command)
        return base::fail(command.error());
    command->arguments.insert(command->arguments.end(), {"--single-transaction", "-f", "-"});
    command->environment.emplace_back("PGOPTIONS", "-c client_min_messages=warning");
    command->input = sql;
    const auto done = runOrFail(*command, deadline);
    return done ? base::Result<void>() : base::fail(about(server, done.error()));
}

base::Result<Instance> primaryOf(const Ground &ground, const std::string &cluster)
{
    base::Error last{base::ErrorCode::NotFound, "no member of " + cluster + " is a primary that runs", {}, {}, base::Effect::None};
    std::vector<Instance> primaries;
    for (const Instance &member : ground.members(cluster)) {
        if (!isReady(ground, member))
            continue;
        const auto inRecovery = query(ground, member, "postgres", "SELECT pg_is_in_recovery()", patience);
        if (!inRecovery)
            last = base::Error{inRecovery.error().code, "which member of " + cluster + " is its primary is not known: " + inRecovery.error().message, {}, {}, base::Effect::None};
        if (inRecovery && *inRecovery == "f") {
            if (member.isFirstPrimary)
                return member;
            primaries.push_back(member);
        }
    }
    return primaries.empty() ? base::Result<Instance>(base::fail(last)) : primaries.front();
}

base::Result<std::size_t> streamingFrom(const Ground &ground, const Instance &primary)
{
    const auto names = namesStreamingFrom(ground, primary);
    return names ? base::Result<std::size_t>(names->size()) : base::fail(names.error());
}

base::Result<std::set<std::string>> namesStreamingFrom(const Ground &ground, const Instance &primary)
{
    const auto names = query(ground, primary, "postgres",
                             "SELECT DISTINCT application_name FROM pg_stat_replication WHERE state = 'streaming'", patience);
    if (!names)
        return base::fail(names.error());
    std::set<std::string> found;
    for (const std::string &name : split(*names, '\n')) {
        if (!name.empty())
            found.insert(name);
    }
    return found;
}

} // namespace shardlens::localfleet::postgres
