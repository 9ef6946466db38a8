// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/access/Access.h"

#include <algorithm>

namespace shardlens::inspect::access {

const Answer *ServerAccess::answer(Need need) const
{
    const auto found = std::find_if(answers.begin(), answers.end(), [&](const Answer &one) { return one.need == need; });
    return found == answers.end() ? nullptr : &*found;
}

std::string_view name(Need need)
{
    switch (need) {
    case Need::Connect: return "connect";
    case Need::Identity: return "identity";
    case Need::Lag: return "lag";
    case Need::Slots: return "slots";
    case Need::Sizes: return "sizes";
    case Need::Settings: return "settings";
    case Need::Activity: return "activity";
    case Need::Clock: return "clock";
    case Need::Heartbeat: return "heartbeat";
    case Need::Directory: return "directory";
    case Need::Parts: return "parts";
    case Need::Manager: return "manager";
    case Need::Stats: return "stats";
    case Need::SlowLog: return "slow_log";
    case Need::Admin: return "admin";
    }
    return "connect";
}

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Yes: return "yes";
    case Verdict::No: return "no";
    case Verdict::NotTried: return "not_tried";
    }
    return "not_tried";
}

std::vector<Need> needsOf(fleet::ServerKind kind)
{
    switch (kind) {
    case fleet::ServerKind::Postgres:
        return {Need::Connect,  Need::Identity, Need::Lag,       Need::Slots,     Need::Sizes, Need::Settings,
                Need::Activity, Need::Clock,    Need::Heartbeat, Need::Directory, Need::Parts, Need::Manager};
    case fleet::ServerKind::Pgbouncer: return {Need::Connect, Need::Stats, Need::Admin};
    case fleet::ServerKind::Redis: return {Need::Connect, Need::Settings, Need::Stats, Need::SlowLog};
    case fleet::ServerKind::Memcached: return {Need::Connect, Need::Stats};
    }
    return {};
}

} // namespace shardlens::inspect::access
