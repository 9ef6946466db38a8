// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/redis/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/clients/wire/Talk.h"
#include "core/inspect/discover/Asking.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string_view>

namespace shardlens::inspect::discover {

namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

std::int64_t number(const Fields &fields, std::string_view key)
{
    const auto found = fields.find(key);
    return found == fields.end() ? 0 : std::strtoll(found->second.c_str(), nullptr, 10);
}

std::string word(const Fields &fields, std::string_view key)
{
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
}

/// Lines of "key<by>value"; `before` is what each line begins with.
Fields fieldsOf(std::string_view text, std::string_view before, char by)
{
    Fields fields;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.starts_with(before))
            continue;
        line.remove_prefix(before.size());
        if (const auto at = line.find(by); at != std::string_view::npos)
            fields.emplace(line.substr(0, at), line.substr(at + 1));
    }
    return fields;
}

/// "ip=10.0.0.1,port=6379,state=online"
Peer replicaOf(const std::string &text)
{
    Fields fields;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        if (const auto at = part.find('='); at != std::string::npos)
            fields.emplace(part.substr(0, at), part.substr(at + 1));
        begin = end + 1;
    }
    return {word(fields, "ip"), static_cast<int>(number(fields, "port")), {}, word(fields, "state")};
}

RedisTold redisTold(const Fields &info)
{
    RedisTold told;
    told.version = word(info, "redis_version");
    told.runId = word(info, "run_id");
    told.isPrimary = word(info, "role") != "slave";
    told.primaryHost = word(info, "master_host");
    told.primaryPort = static_cast<int>(number(info, "master_port"));
    told.isLinkUp = word(info, "master_link_status") == "up";
    told.replicationId = word(info, "master_replid");
    told.usedMemory = number(info, "used_memory");
    told.maxMemory = number(info, "maxmemory");
    for (int replica = 0; info.contains("slave" + std::to_string(replica)); ++replica)
        told.replicas.push_back(replicaOf(word(info, "slave" + std::to_string(replica))));
    return told;
}

/// What keys begin with, of one step of a walk over them: their values are not read.
void sampleKeys(const redis::Reply &scan, RedisTold &told)
{
    if (scan.kind != redis::Reply::Kind::List || scan.items.size() != 2)
        return;
    std::map<std::string, int> counts;
    for (const redis::Reply &key : scan.items[1].items) {
        ++told.keysLookedAt;
        if (const auto colon = key.text.find(':'); colon != std::string::npos)
            ++counts[key.text.substr(0, colon)];
    }
    told.prefixes.assign(counts.begin(), counts.end());
    std::stable_sort(told.prefixes.begin(), told.prefixes.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    told.prefixes.resize(std::min<std::size_t>(told.prefixes.size(), 5));
}

} // namespace

void askRedis(const Asking &asking)
{
    Finding &finding = asking.finding;
    const std::string secret = secrets::resolve(asking.login.redisSecret, {}, asking.login.keychain).value_or("");
    auto session = redis::Session::connect({text(asking.endpoint()), asking.endpoint(), asking.login.redisUser}, secret, asking.patience,
                                           asking.interrupt);
    if (!session) {
        finding.trouble = session.error();
        return;
    }
    const auto began = std::chrono::steady_clock::now();
    const auto info = session->command({"INFO"}, asking.patience);
    finding.roundTrip = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - began);
    if (!info) {
        finding.trouble = info.error();
        return;
    }
    RedisTold told = redisTold(fieldsOf(info->text, "", ':'));
    if (const auto scan = session->command({"SCAN", "0", "COUNT", "200"}, asking.patience))
        sampleKeys(*scan, told);
    finding.told = std::move(told);
}

void askMemcached(const Asking &asking)
{
    Finding &finding = asking.finding;
    const auto began = std::chrono::steady_clock::now();
    const auto deadline = asking.deadline();
    auto talk = wire::Talk::dial(asking.endpoint().host, asking.endpoint().port, deadline, asking.interrupt.get());
    if (!talk || !talk->send("stats\r\n", deadline)) {
        finding.trouble =
            talk ? base::Error{base::ErrorCode::Unreachable, "it closed the connection", {}, {}, base::Effect::None} : talk.error();
        return;
    }
    const auto stats = talk->receiveUntil("END\r\n", deadline);
    finding.roundTrip = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - began);
    if (!stats) {
        finding.trouble = stats.error();
        return;
    }
    const Fields fields = fieldsOf(*stats, "STAT ", ' ');
    MemcachedTold told;
    told.version = word(fields, "version");
    told.pid = number(fields, "pid");
    told.startedAt = number(fields, "time") - number(fields, "uptime");
    told.items = number(fields, "curr_items");
    told.limitBytes = number(fields, "limit_maxbytes");
    finding.told = std::move(told);
}

void askGuard(const Asking &asking)
{
    const auto answer = clients::askGuard(asking.endpoint(), asking.patience);
    if (answer)
        asking.finding.told = GuardTold{answer->region.text()};
    else
        asking.finding.trouble = answer.error();
}

} // namespace shardlens::inspect::discover
