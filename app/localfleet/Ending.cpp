// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Ending.h"

#include <csignal>

namespace shardlens::localfleet
{

std::shared_ptr<wire::Interrupt> raisedByEnding()
{
    static const auto ending = std::make_shared<wire::Interrupt>();
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, [](int) { ending->raise(); });
    return ending;
}

} // namespace shardlens::localfleet
