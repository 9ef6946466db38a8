// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/RouterHands.h"

#include "core/effects/Login.h"
#include "core/operate/Met.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>
#include <thread>

namespace shardlens::effects {

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;
using base::milliseconds;
using base::Result;
using Verb = RouterCommand::Verb;

namespace {

constexpr milliseconds takeBackDeadline{1000};
constexpr milliseconds poolsAskedEvery{10};
constexpr milliseconds loginsEndWithin{100};
constexpr milliseconds loginsAskedEvery{1};

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter; });
    return text;
}

/// One name to the end of the text, plain or quoted; nothing for anything else.
std::optional<std::string> oneName(const std::string &text)
{
    if (text.empty())
        return std::nullopt;
    if (text.front() != '"') {
        const bool plain = std::all_of(text.begin(), text.end(), [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
        });
        return plain ? std::optional(text) : std::nullopt;
    }
    std::string name;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != '"') {
            name += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '"') {
            name += text[++i];
        } else {
            return i + 1 == text.size() && !name.empty() ? std::optional(name) : std::nullopt;
        }
    }
    return std::nullopt;
}

/// A column by its name: they differ by version.
std::string fieldOf(const postgres::Rows &rows, const std::vector<postgres::Value> &row, const char *name)
{
    const auto column = static_cast<std::size_t>(std::find(rows.columns.begin(), rows.columns.end(), name) - rows.columns.begin());
    return column < row.size() ? row[column].value_or(std::string()) : std::string();
}

/// The console calls all that it refuses a violation of the protocol (08P01), which elsewhere is a broken link.
Error answeredNo(Error error)
{
    error.code = ErrorCode::Rejected;
    error.effect = Effect::None;
    return error;
}

std::string databaseLines(const postgres::Rows &rows)
{
    std::string text;
    for (const auto &row : rows.rows) {
        const auto field = [&](const char *name) { return fieldOf(rows, row, name); };
        text += (text.empty() ? "" : "\n") + field("name") + ": host=" + field("host") + " port=" + field("port") + " paused = " + field("paused");
    }
    return text;
}

std::string plainLines(const postgres::Rows &rows)
{
    std::string text;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        text += i == 0 ? "" : "\n";
        for (std::size_t j = 0; j < rows.rows[i].size(); ++j)
            text += (j == 0 ? "" : ", ") + rows.rows[i][j].value_or(std::string());
    }
    return text;
}

} // namespace

Result<RouterCommand> routerCommandOf(const std::string &text)
{
    static const std::vector<std::pair<std::string, Verb>> verbs{{"PAUSE", Verb::Pause},         {"RESUME", Verb::Resume}, {"KILL", Verb::Kill},
                                                                 {"RECONNECT", Verb::Reconnect}, {"RELOAD", Verb::Reload}, {"SHOW", Verb::Show}};
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string word = upper(text.substr(0, blank));
    const auto found = std::find_if(verbs.begin(), verbs.end(), [&](const auto &one) { return one.first == word; });
    const auto refused = [&] { return base::fail(ErrorCode::BadInput, "no such admin command is carried out: " + text); };
    if (found == verbs.end())
        return refused();
    RouterCommand command{found->second, {}};
    if (command.verb == Verb::Reload)
        return blank == text.size() ? Result<RouterCommand>(command) : refused();
    // Without a name they would act on every database of the router.
    const auto name = blank < text.size() ? oneName(text.substr(blank + 1)) : std::nullopt;
    if (!name)
        return refused();
    command.subject = command.verb == Verb::Show ? upper(*name) : *name;
    return command;
}

RouterHands::RouterHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::optional<RouterActor> actor, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_actor(std::move(actor)), m_stop(std::move(stop))
{
}

const fleet::Server *RouterHands::server() const
{
    const auto *router = m_fleet->routerOf(m_region);
    return router ? m_fleet->server(router->server) : nullptr;
}

Result<postgres::Session> RouterHands::connect(Instant deadline) const
{
    const auto *router = server();
    if (!router || !m_actor)
        return base::fail(ErrorCode::NotFound, router ? "no database user with the role ops is declared" : "no router is declared in " + m_region.text());
    const fleet::Endpoint &endpoint = router->address.from(m_actor->from);
    const auto secret = secrets::resolve(m_actor->secret, {endpoint.host, endpoint.port, "pgbouncer", m_actor->user}, m_actor->keychain);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet->access.tls;
    options.throughRouter = true;
    options.applicationName = m_actor->name;
    return postgres::Session::connect({router->id.text(), endpoint, "pgbouncer", m_actor->user}, *secret, options, leftUntil(deadline), m_stop);
}

Result<postgres::Rows> RouterHands::ask(const std::string &text, Instant deadline)
{
    std::optional<postgres::Session> session;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_idle.empty()) {
            session = std::move(m_idle.back());
            m_idle.pop_back();
        }
    }
    const bool wasKept = session.has_value();
    for (int attempt = 0;; ++attempt) {
        if (!session) {
            auto made = connect(deadline);
            if (!made)
                return base::fail(made.error());
            session = std::move(*made);
        }
        auto rows = session->script(text, leftUntil(deadline));
        if (rows || session->isOpen()) {
            const std::scoped_lock lock(m_mutex);
            m_idle.push_back(std::move(*session));
            return rows ? rows : base::fail(answeredNo(rows.error()));
        }
        // A kept session may be one with a router that has been started anew since; every verb may be said twice.
        if (!wasKept || attempt > 0 || rows.error().code != ErrorCode::Unreachable)
            return rows;
        session.reset();
    }
}

Result<std::string> RouterHands::databases(Instant deadline)
{
    return ask("SHOW DATABASES", deadline).map(databaseLines);
}

Result<bool> RouterHands::isPaused(const std::string &database, Instant deadline)
{
    const auto rows = ask("SHOW DATABASES", deadline);
    if (!rows)
        return base::fail(rows.error());
    for (const auto &row : rows->rows) {
        if (fieldOf(*rows, row, "name") == database)
            return fieldOf(*rows, row, "paused") == "1";
    }
    return base::fail(ErrorCode::NotFound, "the router has no database " + database);
}

Result<std::string> RouterHands::config(const std::string &key, Instant deadline)
{
    const auto rows = ask("SHOW CONFIG", deadline);
    if (!rows)
        return base::fail(rows.error());
    for (const auto &row : rows->rows) {
        if (fieldOf(*rows, row, "key") == key)
            return fieldOf(*rows, row, "value");
    }
    return base::fail(ErrorCode::NotFound, "SHOW CONFIG tells no " + key);
}

Result<bool> RouterHands::hasServers(const std::string &database, Instant deadline)
{
    const auto rows = ask("SHOW POOLS", deadline);
    if (!rows)
        return base::fail(rows.error());
    for (const auto &row : rows->rows) {
        if (fieldOf(*rows, row, "database") != database)
            continue;
        for (const char *column : {"sv_active", "sv_idle", "sv_used", "sv_tested"}) {
            if (fieldOf(*rows, row, column) != "0")
                return true;
        }
    }
    return false;
}

Result<std::string> RouterHands::takeBack(const std::string &database, const Error &why)
{
    // The session that said PAUSE is closed by now: a PAUSE that a RESUME overtakes is never answered.
    const Instant deadline = std::chrono::steady_clock::now() + takeBackDeadline;
    (void)ask("RESUME " + operate::identifier(database), deadline);
    const auto paused = isPaused(database, deadline);
    Error error = why;
    error.effect = paused && !*paused ? Effect::None : Effect::InDoubt;
    error.message = "the servers of " + database + " were not released in time" + (error.effect == Effect::None ? "; the pause was taken back" : "; whether it is paused is not known");
    return base::fail(error);
}

Result<std::string> RouterHands::pause(const std::string &text, const std::string &database, Instant deadline)
{
    // Room to take it back before whoever ordered it gives up.
    const Instant patience = deadline - std::min(milliseconds(300), leftUntil(deadline) / 4);
    const auto rows = ask(text, patience);
    if (rows)
        return std::string();
    if (rows.error().code == ErrorCode::TimedOut)
        return takeBack(database, rows.error());
    if (rows.error().code != ErrorCode::Rejected)
        return base::fail(rows.error());
    const auto paused = isPaused(database, patience);
    if (!paused || !*paused)
        return base::fail(rows.error());
    // Somebody else's pause, or an earlier one of ours: it holds once no server connection is left.
    for (;;) {
        const auto left = hasServers(database, patience);
        if (left && !*left)
            return std::string();
        if (!left || std::chrono::steady_clock::now() + poolsAskedEvery >= patience)
            return base::fail(left ? Error{ErrorCode::TimedOut, database + " was paused already, and its servers are not released", {}, {}, Effect::None} : left.error());
        std::this_thread::sleep_for(poolsAskedEvery);
    }
}

Result<bool> RouterHands::hasLogins(Instant deadline)
{
    const auto rows = ask("SHOW LISTS", deadline);
    if (!rows)
        return base::fail(rows.error());
    for (const auto &row : rows->rows) {
        if (fieldOf(*rows, row, "list") == "login_clients")
            return fieldOf(*rows, row, "items") != "0";
    }
    return false;
}

/// pgbouncer may crash of KILL, and with it all its other databases (pgbouncer#1401), as far as is known while a client is logging in, who
/// has been given a pool by then. So it is said at a moment when nobody logs in, where one comes soon enough.
Result<std::string> RouterHands::kill(const std::string &text, Instant deadline)
{
    const Instant patience = std::chrono::steady_clock::now() + std::min(loginsEndWithin, leftUntil(deadline) / 4);
    for (;;) {
        const auto someLogIn = hasLogins(deadline);
        if (!someLogIn || !*someLogIn || std::chrono::steady_clock::now() + loginsAskedEvery >= patience)
            break;
        std::this_thread::sleep_for(loginsAskedEvery);
    }
    const auto rows = ask(text, deadline);
    if (!rows)
        return base::fail(rows.error());
    return std::string();
}

Result<std::string> RouterHands::carryOut(const std::string &text, Instant deadline)
{
    const auto command = routerCommandOf(text);
    if (!command)
        return base::fail(command.error());
    if (command->verb == Verb::Pause)
        return pause(text, command->subject, deadline);
    if (command->verb == Verb::Kill)
        return kill(text, deadline);
    const auto rows = ask(text, deadline);
    if (rows && command->verb == Verb::Show)
        return command->subject == "DATABASES" ? databaseLines(*rows) : plainLines(*rows);
    if (rows)
        return std::string();
    if (command->verb == Verb::Resume && rows.error().code == ErrorCode::Rejected) {
        const auto paused = isPaused(command->subject, deadline);
        if (paused && !*paused)
            return std::string();
    }
    return base::fail(rows.error());
}

} // namespace shardlens::effects
