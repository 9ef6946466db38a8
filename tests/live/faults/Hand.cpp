// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/faults/Hand.h"

#include "app/localfleet/Servers.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <libpq-fe.h>

using namespace shardlens;

namespace {

std::string trouble(PGconn *connection)
{
    std::string text = PQerrorMessage(connection);
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text.empty() ? "no word of what went wrong" : text;
}

} // namespace

Hand::~Hand()
{
    (void)letGo();
}

PGconn *Hand::openLocal(const std::string &server, const std::string &database, std::string &error)
{
    const localfleet::Instance *instance = m_ground.server(server);
    if (!instance) {
        error = "no such server: " + server;
        return nullptr;
    }
    const std::string info = "host=" + m_ground.home.run().string() + " port=" + std::to_string(m_ground.ports.of(server)) + " user=" +
                             localfleet::user::super + " dbname=" + database + " connect_timeout=5 application_name=faults";
    PGconn *connection = PQconnectdb(info.c_str());
    if (PQstatus(connection) == CONNECTION_OK)
        return connection;
    error = trouble(connection);
    PQfinish(connection);
    return nullptr;
}

std::string Hand::sql(const std::string &server, const std::string &database, const std::string &text)
{
    std::string error;
    PGconn *connection = openLocal(server, database, error);
    if (!connection)
        return error;
    // Statements one by one: ALTER SYSTEM may not stand in a transaction with others.
    std::istringstream parts(text);
    for (std::string statement; error.empty() && std::getline(parts, statement, ';');) {
        PGresult *result = PQexec(connection, statement.c_str());
        const auto status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
            error = trouble(connection);
        PQclear(result);
    }
    PQfinish(connection);
    return error;
}

std::string Hand::hold(const std::string &server, const std::string &database, const std::string &text)
{
    std::string error;
    PGconn *connection = openLocal(server, database, error);
    if (!connection)
        return error;
    if (PQsendQuery(connection, text.c_str()) != 1)
        error = trouble(connection);
    m_held.push_back(connection);
    return error;
}

std::string Hand::letGo()
{
    for (PGconn *connection : m_held) {
        if (PGcancel *cancel = PQgetCancel(connection)) {
            char word[256];
            (void)PQcancel(cancel, word, sizeof word);
            PQfreeCancel(cancel);
        }
        PQfinish(connection);
    }
    m_held.clear();
    return {};
}

std::string Hand::router(const std::string &router, const std::string &command, bool wait)
{
    const std::string info = "host=127.0.0.1 port=" + std::to_string(m_ground.ports.of(router)) + " user=" + localfleet::user::operation +
                             " password=" + m_ground.secrets.of(localfleet::user::operation) + " dbname=pgbouncer connect_timeout=5";
    PGconn *connection = PQconnectdb(info.c_str());
    std::string error;
    if (PQstatus(connection) != CONNECTION_OK) {
        error = trouble(connection);
        PQfinish(connection);
        return error;
    }
    if (!wait) {
        if (PQsendQuery(connection, command.c_str()) != 1)
            error = trouble(connection);
        m_held.push_back(connection);
        return error;
    }
    PGresult *result = PQexec(connection, command.c_str());
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        error = trouble(connection);
    PQclear(result);
    PQfinish(connection);
    return error;
}

std::string Hand::point(const std::string &router, const std::string &database, const std::string &server)
{
    const localfleet::Instance *from = m_ground.server(router);
    const localfleet::Instance *to = m_ground.server(server);
    if (!from || !to)
        return "no such server";
    const auto path = m_ground.home.etc(router) / "databases.ini";
    std::ifstream in(path);
    std::ostringstream text;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(database + " = "))
            line = database + " = host=127.0.0.1 port=" + std::to_string(m_ground.portFrom(from->region, *to)) + " dbname=" + m_ground.database(*to);
        text << line << '\n';
    }
    in.close();
    std::ofstream(path, std::ios::trunc) << text.str();
    return this->router(router, "RELOAD");
}

std::string Hand::redis(const std::string &server, const std::vector<std::string> &words)
{
    const localfleet::Instance *instance = m_ground.server(server);
    if (!instance)
        return "no such server: " + server;
    const auto done = localfleet::redis::command(m_ground, *instance, words);
    return done ? std::string() : done.error().message;
}
