// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/Surroundings.h"

#include "core/clients/keychain/Keychain.h"
#include "core/desk/Errand.h"

namespace shardlens::executor {

base::Result<std::string> fromKeychain(const std::string &entry)
{
    return keychain::read(entry);
}

execute::Author authorOf(const fleet::DatabaseUser &actor)
{
    const facts::Person person = desk::whoRuns();
    return {actor.name, person.osUser, person.host};
}

facts::SharedPtr sharedNow(const std::shared_ptr<const fleet::Fleet> &fleet)
{
    if (!fleet->directory)
        return {};
    desk::DeskOptions options;
    options.from = fleet->ownRegion;
    options.keychain = fromKeychain;
    auto shared = desk::readOnce(fleet, options, base::SystemClock());
    return std::make_shared<const facts::Shared>(shared ? std::move(*shared) : facts::Shared());
}

} // namespace shardlens::executor
