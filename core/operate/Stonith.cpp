// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Stonith.h"

#include <algorithm>

namespace shardlens::operate {

const char *const turnedOff = "host: off";
const char *const answersNothing = "answers nothing";

namespace {

using base::ServerId;

/// Quoted where a shell would take it apart: for reading, no shell ever sees it.
std::string asTyped(const std::string &word)
{
    constexpr const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@%+";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
        return word;
    std::string quoted = "'";
    for (const char letter : word)
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

} // namespace

const fleet::Stonith *stonithOf(const fleet::Fleet &fleet, const ServerId &server)
{
    const fleet::Host *host = fleet.hostOf(server);
    return host && host->stonith.isDeclared() ? &host->stonith : nullptr;
}

std::vector<std::string> stonithWords(const fleet::Fleet &fleet, const ServerId &server)
{
    const fleet::Stonith *stonith = stonithOf(fleet, server);
    if (!stonith)
        return {};
    const fleet::Cluster *cluster = fleet.clusterOf(server);
    std::vector<std::string> words = stonith->command;
    for (std::string &word : words) {
        word = fleet::expand(word, "host", fleet.hostOf(server)->name.text());
        word = fleet::expand(word, "server", server.text());
        word = fleet::expand(word, "cluster", cluster ? cluster->name.text() : std::string());
    }
    return words;
}

std::string stonithText(const fleet::Fleet &fleet, const ServerId &server)
{
    std::string text;
    for (const std::string &word : stonithWords(fleet, server))
        text += (text.empty() ? "" : " ") + asTyped(word);
    return text;
}

std::vector<ServerId> alsoTurnedOff(const fleet::Fleet &fleet, const ServerId &server)
{
    std::vector<ServerId> others;
    const fleet::Host *host = fleet.hostOf(server);
    for (const fleet::Server &one : fleet.servers) {
        if (host && one.host == host->name && one.id != server)
            others.push_back(one.id);
    }
    return others;
}

std::vector<ServerId> neededAlive(const Sight &sight, const ServerId &candidate)
{
    std::vector<ServerId> needed = alsoTurnedOff(sight.fleet(), sight.primary());
    std::erase_if(needed, [&](const ServerId &id) {
        const auto &routers = sight.routers();
        return id != candidate && std::none_of(routers.begin(), routers.end(), [&](const RouterUse &use) { return use.router->server == id && sight.isFresh(id); });
    });
    return needed;
}

bool usesStonith(const Sight &sight, const ServerId &candidate)
{
    const bool isOurs = sight.cluster().manager == fleet::Manager::None || sight.cluster().manager == fleet::Manager::Repmgr; // Patroni sees to it itself
    return isOurs && stonithOf(sight.fleet(), sight.primary()) && neededAlive(sight, candidate).empty();
}

} // namespace shardlens::operate
