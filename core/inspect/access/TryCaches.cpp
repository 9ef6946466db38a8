// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/clients/wire/Talk.h"
#include "core/inspect/access/Try.h"

namespace shardlens::inspect::access {

void tryRedis(const Trying &trying, ServerAccess &row)
{
    const fleet::Access &access = trying.fleet.access;
    const auto secret = secrets::resolve(access.redisSecret, {}, trying.options.keychain);
    if (!secret)
        return set(row, Need::Connect, Verdict::No, secret.error().message);
    auto session = redis::Session::connect({trying.server.id.text(), trying.endpoint, access.redisUser}, *secret, trying.options.patience,
                                           trying.interrupt);
    const std::string user = access.redisUser.empty() ? "default" : access.redisUser;
    if (!session) {
        const bool isDenied = session.error().code == base::ErrorCode::NoRights || session.error().code == base::ErrorCode::Rejected;
        return set(row, Need::Connect, Verdict::No, session.error().message,
                   isDenied ? "ACL SETUSER " + user + " on >…   (and redis_secret in the fleet file's [access])" : "");
    }
    set(row, Need::Connect, Verdict::Yes);
    const auto attempt = [&](Need need, const std::vector<std::string_view> &words, const std::string &right) {
        if (!session->isOpen())
            return set(row, need, Verdict::NotTried, "the connection broke");
        const auto reply = session->command(words, trying.options.patience);
        if (reply)
            set(row, need, Verdict::Yes);
        else
            set(row, need, Verdict::No, reply.error().message, "ACL SETUSER " + user + " " + right);
    };
    attempt(Need::Stats, {"INFO"}, "+info");
    attempt(Need::SlowLog, {"SLOWLOG", "GET", "1"}, "+slowlog|get");
    attempt(Need::Settings, {"CONFIG", "GET", "save"}, "+config|get");
}

void tryMemcached(const Trying &trying, ServerAccess &row)
{
    const auto deadline = std::chrono::steady_clock::now() + trying.options.patience;
    auto talk = wire::Talk::dial(trying.endpoint.host, trying.endpoint.port, deadline, trying.interrupt.get());
    if (!talk)
        return set(row, Need::Connect, Verdict::No, talk.error().message);
    set(row, Need::Connect, Verdict::Yes);
    const auto sent = talk->send("stats\r\n", deadline);
    const auto stats = sent ? talk->receiveUntil("END\r\n", deadline) : base::Result<std::string>(base::fail(sent.error()));
    if (stats && stats->starts_with("STAT "))
        set(row, Need::Stats, Verdict::Yes);
    else
        set(row, Need::Stats, Verdict::No, stats ? "it answered " + stats->substr(0, stats->find('\r')) : stats.error().message);
}

} // namespace shardlens::inspect::access
