// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/Standing.h"

namespace shardlens::desk {

namespace {

bool mayClaim(fleet::Role role)
{
    return role == fleet::Role::OnCall || role == fleet::Role::Ops;
}

const fleet::DatabaseUser *personOf(const fleet::Access &access, const std::string &wanted)
{
    if (!wanted.empty())
        return access.user(wanted);
    const fleet::DatabaseUser *observer = access.user(access.observer);
    if (observer && (mayClaim(observer->role) || observer->role == fleet::Role::Support))
        return observer;
    for (const fleet::Role role : {fleet::Role::OnCall, fleet::Role::Ops, fleet::Role::Support}) {
        if (const fleet::DatabaseUser *user = access.firstWith(role))
            return user;
    }
    return nullptr;
}

} // namespace

Standing standingOf(const fleet::Fleet &fleet, const std::string &wanted)
{
    Standing standing;
    standing.user = personOf(fleet.access, wanted);
    for (const fleet::DatabaseUser &user : fleet.access.users) {
        if (mayClaim(user.role))
            standing.whoMay.push_back(user.name);
    }
    if (!fleet.directory)
        standing.refusal = facts::ClaimRefusal::NoDirectory;
    else if (!fleet.acting)
        standing.refusal = facts::ClaimRefusal::LookOnly;
    else if (!standing.user)
        standing.refusal = facts::ClaimRefusal::NoUser;
    else if (!mayClaim(standing.user->role))
        standing.refusal = facts::ClaimRefusal::Role;
    return standing;
}

} // namespace shardlens::desk
