// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/redis/Sentinel.h"

#include "core/clients/redis/Refusal.h"

#include <charconv>
#include <map>

namespace shardlens::redis
{

using base::ErrorCode;

namespace
{

using Fields = std::map<std::string, std::string>;

Fields fieldsOf(const Reply &reply)
{
    Fields fields;
    for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2)
        fields.emplace(reply.items[i].text, reply.items[i + 1].text);
    return fields;
}

std::string textIn(const Fields &fields, const std::string &name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

std::int64_t numberOfText(const std::string &text, std::int64_t otherwise = 0)
{
    std::int64_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

fleet::Endpoint endpointOf(const std::string &host, const std::string &port)
{
    return {host, static_cast<std::uint16_t>(numberOfText(port))};
}

std::vector<std::string_view> wordsIn(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

base::Error refused(const Reply &reply)
{
    const ErrorCode code = reply.text.find("No such master") != std::string::npos ? ErrorCode::NotFound : clients::codeOf(reply.text);
    // Another one fails over: who leads after it must be seen.
    const bool isUnderWay = reply.text.starts_with("INPROG");
    return {code, reply.text, {}, {}, isUnderWay ? base::Effect::InDoubt : base::Effect::None};
}

facts::SentinelReplica replicaOf(const Fields &fields)
{
    return {endpointOf(textIn(fields, "ip"), textIn(fields, "port")), textIn(fields, "flags"), numberOfText(textIn(fields, "slave-priority"), 100), textIn(fields, "master-link-status") == "ok"};
}

void takeMaster(const Fields &fields, facts::SentinelReport &report)
{
    report.flags = textIn(fields, "flags");
    report.quorum = numberOfText(textIn(fields, "quorum"));
    report.others = numberOfText(textIn(fields, "num-other-sentinels"));
    report.configEpoch = numberOfText(textIn(fields, "config-epoch"));
    report.downAfter = milliseconds(numberOfText(textIn(fields, "down-after-milliseconds")));
    report.failoverTimeout = milliseconds(numberOfText(textIn(fields, "failover-timeout")));
}

std::string linesOf(const Fields &fields, const std::string &before)
{
    std::string out;
    for (const auto &[name, value] : fields)
        out.append(before).append(name).append(":").append(value).append("\n");
    return out;
}

} // namespace

Result<void> readSentinel(Session &session, const std::string &master, facts::SentinelReport &report, milliseconds timeout)
{
    for (const char *question : {"GET-MASTER-ADDR-BY-NAME", "MASTER", "REPLICAS", "CKQUORUM"})
        session.add({"SENTINEL", question, master});
    const auto replies = session.run(timeout);
    if (!replies)
        return base::fail(replies.error());
    const Reply &leads = (*replies)[0];
    const Reply &of = (*replies)[1];
    for (const Reply *reply : {&leads, &of, &(*replies)[2]}) {
        if (reply->isError())
            return base::fail(refused(*reply));
    }
    if (leads.items.size() != 2)
        return base::fail(ErrorCode::NotFound, "it knows no group '" + master + "'");
    report.primary = endpointOf(leads.items[0].text, leads.items[1].text);
    takeMaster(fieldsOf(of), report);
    report.replicas.clear();
    for (const Reply &item : (*replies)[2].items)
        report.replicas.push_back(replicaOf(fieldsOf(item)));
    report.hasQuorum = !(*replies)[3].isError();
    report.quorumSaid = (*replies)[3].text;
    return {};
}

Result<std::string> askSentinel(Session &session, const std::string &text, milliseconds timeout)
{
    const auto words = wordsIn(text);
    if (words.size() < 2 || words.front() != "SENTINEL")
        return base::fail(ErrorCode::BadInput, "'" + text + "' is nothing that a Sentinel is asked");
    session.add(words);
    const auto replies = session.run(timeout);
    if (!replies)
        return base::fail(replies.error());
    const Reply &reply = replies->front();
    if (reply.isError())
        return base::fail(refused(reply));
    if (words[1] == "GET-MASTER-ADDR-BY-NAME")
        return reply.items.size() == 2 ? "leader:" + fleet::textOf(endpointOf(reply.items[0].text, reply.items[1].text)) + "\n" : std::string("leader:\n");
    if (words[1] == "MASTER") {
        const Fields fields = fieldsOf(reply);
        const bool failsOver = facts::hasFlag(textIn(fields, "flags"), "failover_in_progress");
        return "leader:" + fleet::textOf(endpointOf(textIn(fields, "ip"), textIn(fields, "port"))) + "\nfailing_over:" + (failsOver ? "yes" : "no") + "\n" + linesOf(fields, {});
    }
    if (words[1] != "REPLICAS")
        return reply.text;
    std::string out;
    for (const Reply &item : reply.items) {
        const Fields fields = fieldsOf(item);
        const std::string who = fleet::textOf(endpointOf(textIn(fields, "ip"), textIn(fields, "port")));
        for (const char *name : {"slave-priority", "flags", "master-link-status"})
            out += who + "." + name + ":" + textIn(fields, name) + "\n";
    }
    return out;
}

std::string agreedBy(const std::vector<std::string> &answers, const std::string &text, std::size_t majority)
{
    constexpr std::string_view start = "leader:";
    std::map<std::string, std::size_t> named;
    bool failsOver = false;
    for (const std::string &answer : answers) {
        failsOver = failsOver || answer.find("failing_over:yes\n") != std::string::npos;
        const std::size_t end = std::min(answer.find('\n'), answer.size());
        if (answer.starts_with(start))
            ++named[answer.substr(start.size(), end - start.size())];
    }
    const std::size_t needed = text.find(" MASTER ") != std::string::npos ? answers.size() : majority;
    std::string leader;
    for (const auto &[who, count] : named) {
        if (count >= needed && count >= majority)
            leader = who;
    }
    return std::string(start) + leader + "\nfailing_over:" + (failsOver ? "yes" : "no") + "\n";
}

} // namespace shardlens::redis
