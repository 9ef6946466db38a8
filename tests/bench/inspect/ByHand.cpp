// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/inspect/ByHand.h"

#include "app/localfleet/seed/Doors.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryFile>

#include <algorithm>
#include <unistd.h>

namespace shardlens::bench {

ByHand::ByHand(const fleet::Fleet &fleet) : m_fleet(fleet)
{
    auto redis = seed::openRedisPrimary(fleet, *seed::groupWith(fleet, fleet::RedisRole::Feeds), {});
    if (redis)
        m_redis.emplace(std::move(*redis));
}

postgres::Session *ByHand::session(const char *cluster)
{
    const auto kept = m_sessions.find(cluster);
    if (kept != m_sessions.end())
        return &kept->second;
    auto opened = seed::openPrimary(m_fleet, *m_fleet.cluster(base::ClusterName(cluster)), fleet::Role::Support, {});
    return opened ? &m_sessions.emplace(cluster, std::move(*opened)).first->second : nullptr;
}

Ms ByHand::query(const char *cluster, const std::string &sql, const std::vector<postgres::Value> &parameters)
{
    postgres::Session *open = session(cluster);
    if (!open)
        return -1;
    const auto begun = std::chrono::steady_clock::now();
    const auto rows = open->exec(sql, parameters, std::chrono::seconds(20));
    if (!rows)
        std::fprintf(stderr, "by hand on %s: %s\n", cluster, rows.error().message.c_str());
    return rows ? since(begun) : -1;
}

Ms ByHand::lrange(const std::string &key, int last, std::vector<std::string> &entries)
{
    const auto begun = std::chrono::steady_clock::now();
    const auto reply = m_redis->command({"LRANGE", key, "0", std::to_string(last)}, std::chrono::seconds(5));
    const Ms took = since(begun);
    entries.clear();
    for (std::size_t i = 0; reply && i < reply->items.size(); ++i)
        entries.push_back(reply->items[i].text);
    return took;
}

Ms ByHand::psql(const char *cluster, const std::vector<std::string> &statements)
{
    const fleet::Cluster &declared = *m_fleet.cluster(base::ClusterName(cluster));
    const fleet::DatabaseUser &user = *m_fleet.access.firstWith(fleet::Role::Support);
    const fleet::Server &primary = *m_fleet.server(base::ServerId(std::string(cluster) + "-" + declared.home.text()));
    QTemporaryFile file;
    if (!file.open())
        return -1;
    for (const std::string &statement : statements)
        file.write((statement + ";\n").c_str());
    file.flush();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSFILE"), QString::fromStdString(user.secret.where));
    process.setProcessEnvironment(environment);
    process.setChildProcessModifier([] {
        if (::getuid() == 0 && (::seteuid(0) != 0 || ::setegid(0) != 0 || ::setresgid(0, 0, 0) != 0 || ::setresuid(0, 0, 0) != 0))
            ::_exit(127);
    });
    process.setStandardOutputFile(QProcess::nullDevice());
    const auto begun = std::chrono::steady_clock::now();
    process.start(QStringLiteral("/usr/lib/postgresql/15/bin/psql"),
                  {QStringLiteral("-X"), QStringLiteral("-q"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                   QStringLiteral("-h"), QString::fromStdString(primary.address.own.host), QStringLiteral("-p"),
                   QString::number(primary.address.own.port), QStringLiteral("-U"), QString::fromStdString(user.name), QStringLiteral("-d"),
                   QString::fromStdString(declared.database), QStringLiteral("-f"), file.fileName()});
    const bool isDone = process.waitForFinished(120000) && process.exitCode() == 0;
    if (!isDone)
        std::fprintf(stderr, "psql: %s\n", process.readAllStandardError().constData());
    return isDone ? since(begun) : -1;
}

Ms median(std::vector<Ms> values)
{
    if (values.empty())
        return 0;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

} // namespace shardlens::bench
