// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/PointRouter.h"

#include "core/operate/Met.h"

#include <thread>

namespace shardlens::effects {

using base::Effect;
using base::ErrorCode;
using base::Result;

base::Result<std::string> pointRouter(RouterHands &router, const operate::HostDeed &deed, const RouterFiles &files, base::Instant deadline)
{
    constexpr base::milliseconds askedEvery{5};
    const auto failed = [](ErrorCode code, std::string message) { return base::fail(base::Error{code, std::move(message), {}, {}, Effect::InDoubt}); };
    const auto mainFile = router.config("conffile", deadline);
    if (!mainFile)
        return base::fail(mainFile.error());
    if (mainFile->empty() || mainFile->front() != '/')
        return base::fail(ErrorCode::Unavailable, "the router was started with a file named relative to a folder that it does not tell: " + *mainFile);
    const auto file = leadDatabase(*mainFile, deed.database, deed.leadsTo, files);
    if (!file)
        return base::fail(file.error());
    if (const auto reloaded = router.carryOut("RELOAD", deadline); !reloaded)
        return failed(reloaded.error().code, reloaded.error().message);
    // RELOAD answers well on a file that it could not read: only what then holds proves it.
    const std::string address = deed.leadsTo.substr(0, deed.leadsTo.find(" dbname="));
    for (;; std::this_thread::sleep_for(askedEvery)) {
        auto told = router.databases(deadline);
        if (!told)
            return failed(told.error().code, told.error().message);
        if (operate::isMet(deed.database + ": " + address, *told))
            return told;
        if (std::chrono::steady_clock::now() >= deadline)
            return failed(ErrorCode::TimedOut, file->string() + " was replaced and reloaded, but SHOW DATABASES does not tell so");
    }
}

} // namespace shardlens::effects
