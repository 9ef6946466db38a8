// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/LostData.h"

#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "core/base/Lsn.h"

namespace shardlens::localfleet
{

namespace
{

struct Holder {
    Instance server;
    std::optional<base::Lsn> upTo; ///< what it has received or replayed; nothing where it does not answer
};

std::vector<Holder> askAll(const Ground &ground, const std::vector<Instance> &servers)
{
    std::vector<Holder> holders;
    for (const Instance &server : servers) {
        Holder holder{server, std::nullopt};
        if (servers::waitReady(ground, server, base::seconds(10))) {
            const auto said = postgres::query(ground, server, "postgres", "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())");
            holder.upTo = said ? base::Lsn::parse(*said) : std::nullopt;
        }
        holders.push_back(std::move(holder));
    }
    return holders;
}

std::string names(const std::vector<Instance> &servers)
{
    std::string text;
    for (const Instance &server : servers)
        text += (text.empty() ? "" : ", ") + server.id;
    return text;
}

} // namespace

base::Error onlyStandbysAreLeft(const Ground &ground, const std::string &cluster, const std::vector<Instance> &servers,
                                const std::vector<Instance> &lost)
{
    const std::vector<Holder> holders = askAll(ground, servers);
    const Holder *furthest = nullptr;
    std::string held;
    for (const Holder &holder : holders) {
        held += (held.empty() ? "" : ", ") + holder.server.id + (holder.upTo ? " up to " + holder.upTo->toString() : " (does not answer)");
        if (holder.upTo && (furthest == nullptr || *holder.upTo > *furthest->upTo))
            furthest = &holder;
    }
    std::string text = cluster + " has no primary: the data of " + names(lost) + " are gone, and only standbys hold some: " + held +
                       ". Nothing was removed. Put the lost data back and run `up` again; or go on without them";
    if (furthest != nullptr) {
        text += ": psql -h " + ground.home.run().string() + " -p " + std::to_string(ground.ports.of(furthest->server.id)) + " -U " + user::super +
                " -d postgres -c 'SELECT pg_promote()' makes " + furthest->server.id + " the primary";
        std::vector<Instance> others;
        for (const Holder &holder : holders) {
            if (holder.server.id != furthest->server.id)
                others.push_back(holder.server);
        }
        if (!others.empty())
            text += "; remove the data of the other standbys (" + names(others) + ", below " + ground.home.data("").string() + ")";
        text += ", and `up` makes the lost ones anew from it";
    } else {
        text += " once one of those answers";
    }
    return {base::ErrorCode::Unavailable, text, {}, {}, base::Effect::None};
}

} // namespace shardlens::localfleet
