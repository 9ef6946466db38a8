// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/facts/Observation.h"

#include <functional>

namespace shardlens::clients {

/// A kept, asynchronous connection to one server that answers one question: "what are your facts now?".
/// Lives in one EventLoop's thread; every call returns at once. It knows no deadlines: whoever polls gives up by close().
class PollClient
{
public:
    /// Called in the loop's thread. Each may call back into the client.
    struct Hooks {
        std::function<void()> opened;                 ///< poll() may be called
        std::function<void(facts::Sample)> answered;  ///< to the one poll() before it
        std::function<void(base::Error)> failed;      ///< the connection is gone; open() begins anew
        std::function<void()> replied = {};           ///< one of the replies that make an answer is here; where it takes several
    };

    virtual ~PollClient() = default;

    void setHooks(Hooks hooks) { m_hooks = std::move(hooks); }

    virtual void open() = 0;  ///< begins to connect; opened or failed follows, unless close() comes first
    virtual void poll() = 0;  ///< once opened, and when no poll is unanswered
    virtual void close() = 0; ///< drops the connection without a word; no hook is called any more until open()

protected:
    Hooks m_hooks;
};

} // namespace shardlens::clients
