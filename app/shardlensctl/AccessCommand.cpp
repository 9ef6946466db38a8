// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/FleetCommands.h"
#include "app/shardlensctl/Interrupt.h"
#include "app/shardlensctl/JsonWriter.h"
#include "app/shardlensctl/LoadFleet.h"
#include "app/shardlensctl/Text.h"
#include "core/clients/keychain/Keychain.h"
#include "core/inspect/access/AccessCheck.h"

#include <QEventLoop>

#include <algorithm>
#include <cstdio>
#include <map>

namespace shardlens::ctl {

namespace {

using namespace inspect::access;

AccessCheck::Options checkOptions(const fleet::Fleet &fleet)
{
    AccessCheck::Options options;
    options.from = fleet.ownRegion;
    auto entries = std::make_shared<std::map<std::string, base::Result<std::string>>>();
    const fleet::DatabaseUser *observer = fleet.access.user(fleet.access.observer);
    for (const fleet::SecretSource &source : {observer ? observer->secret : fleet::SecretSource(), fleet.access.redisSecret}) {
        if (source.kind == fleet::SecretSource::Kind::Keychain)
            entries->insert_or_assign(source.where, keychain::read(source.where));
    }
    options.keychain = [entries](const std::string &entry) { return entries->at(entry); };
    return options;
}

void printJson(const std::vector<ServerAccess> &rows)
{
    for (const ServerAccess &row : rows) {
        std::string out;
        JsonWriter json(out);
        json.beginObject().member("server", row.server.text()).member("kind", fleet::name(row.kind)).member("user", row.user);
        json.key("needs").beginObject();
        for (const Answer &answer : row.answers) {
            json.key(name(answer.need)).beginObject().member("verdict", name(answer.verdict));
            json.member("why", answer.why).member("grant", answer.grant).endObject();
        }
        json.endObject().endObject();
        std::puts(out.c_str());
    }
}

QString cellOf(const ServerAccess &row, Need need)
{
    const Answer *answer = row.answer(need);
    if (!answer)
        return QStringLiteral("-");
    return answer->verdict == Verdict::Yes  ? QStringLiteral("yes")
           : answer->verdict == Verdict::No ? QStringLiteral("NO")
                                            : QStringLiteral("not tried");
}

/// Those that any server of the kind has.
std::vector<Need> columnsOf(const std::vector<ServerAccess> &rows, fleet::ServerKind kind)
{
    std::vector<Need> needs = needsOf(kind);
    needs.erase(std::remove_if(needs.begin(), needs.end(),
                               [&](Need need) {
                                   return std::none_of(rows.begin(), rows.end(),
                                                       [&](const ServerAccess &row) { return row.kind == kind && row.answer(need); });
                               }),
                needs.end());
    return needs;
}

/// A table a kind of server, as each has needs of its own.
void printTable(const std::vector<ServerAccess> &rows, fleet::ServerKind kind)
{
    const std::vector<Need> needs = columnsOf(rows, kind);
    std::vector<TextTable::Column> columns{{QString::fromUtf8(fleet::name(kind).data()), false}, {QStringLiteral("as"), false}};
    for (const Need need : needs)
        columns.push_back({QString::fromUtf8(name(need).data()).replace(QLatin1Char('_'), QLatin1Char(' ')), false});
    TextTable table(columns);
    for (const ServerAccess &row : rows) {
        if (row.kind != kind)
            continue;
        QStringList cells{text(row.server), row.user.empty() ? QStringLiteral("-") : text(row.user)};
        for (const Need need : needs)
            cells << cellOf(row, need);
        table.add(cells);
    }
    if (!table.isEmpty())
        std::printf("%s\n", qUtf8Printable(table.toString()));
}

/// Each reason once, with the servers that gave it, and what would grant it.
void printReasons(const std::vector<ServerAccess> &rows)
{
    struct Reason {
        Answer answer;
        std::vector<std::string> servers;
    };
    std::vector<Reason> reasons;
    for (const ServerAccess &row : rows) {
        for (const Answer &answer : row.answers) {
            if (answer.verdict != Verdict::No)
                continue;
            const auto same = std::find_if(reasons.begin(), reasons.end(), [&](const Reason &reason) {
                return reason.answer.need == answer.need && reason.answer.why == answer.why && reason.answer.grant == answer.grant;
            });
            if (same == reasons.end())
                reasons.push_back({answer, {row.server.text()}});
            else
                same->servers.push_back(row.server.text());
        }
    }
    for (const Reason &reason : reasons) {
        std::string servers;
        for (const std::string &server : reason.servers)
            servers += (servers.empty() ? "" : ", ") + server;
        std::printf("No %s on %s: %s\n", std::string(name(reason.answer.need)).c_str(), servers.c_str(), reason.answer.why.c_str());
        if (!reason.answer.grant.empty())
            std::printf("    %s\n", reason.answer.grant.c_str());
    }
    if (reasons.empty())
        std::puts("Everything that was tried may be read.");
}

} // namespace

Exit showAccess(const Options &options)
{
    const auto fleet = loadFleet(options);
    if (!fleet)
        return fleet.error();
    AccessCheck check(*fleet, checkOptions(**fleet));
    const Interrupt interrupt([&] { check.cancel(); });
    QEventLoop waiting;
    std::vector<ServerAccess> rows;
    QObject::connect(&check, &AccessCheck::finished, &waiting, [&](const std::vector<ServerAccess> &all) {
        rows = all;
        QMetaObject::invokeMethod(&waiting, &QEventLoop::quit, Qt::QueuedConnection);
    });
    check.start();
    waiting.exec();
    if (options.json) {
        printJson(rows);
    } else {
        for (const auto kind :
             {fleet::ServerKind::Postgres, fleet::ServerKind::Pgbouncer, fleet::ServerKind::Redis, fleet::ServerKind::Memcached})
            printTable(rows, kind);
        printReasons(rows);
    }
    const bool isAllRead = std::none_of(rows.begin(), rows.end(), [](const ServerAccess &row) {
        return std::any_of(row.answers.begin(), row.answers.end(), [](const Answer &answer) { return answer.verdict == Verdict::No; });
    });
    return isAllRead ? Exit::Well : Exit::Problem;
}

} // namespace shardlens::ctl
