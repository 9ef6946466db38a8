// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/executor/Perform.h"
#include "core/desk/Desk.h"
#include "core/observe/Engine.h"

#include <functional>
#include <future>
#include <memory>
#include <set>

namespace shardlens::executor {

/// Looks at what a move concerns, each interval, as long as it lives: its servers, the routers, the guards, the directory's marks. It reads
/// only, and holds nothing. Its maker's thread, whose event loop it needs.
class StandingLook
{
public:
    StandingLook(const Setting &setting, operate::Intent intent);
    ~StandingLook();
    StandingLook(const StandingLook &) = delete;
    StandingLook &operator=(const StandingLook &) = delete;

    std::function<void()> looked; ///< called after each look

    [[nodiscard]] bool isRead() const; ///< all that a plan rests on
    /// As it is after `then`: whoever answers was asked after it. Runs the event loop until that is so, or as long as a look may take at most.
    [[nodiscard]] facts::SnapshotPtr since(base::Instant then);
    void end(); ///< it looks no more; what its connections take to close keeps nobody waiting
    [[nodiscard]] std::set<base::ServerId> silent() const; ///< servers that did not answer when they were asked last

private:
    [[nodiscard]] bool areMarksKnown() const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    operate::Intent m_intent;
    std::unique_ptr<desk::Desk> m_desk; ///< null: the fleet has no directory
    observe::Engine m_engine;
    std::future<void> m_ending;
};

/// What is looked at where one act is concerned: no more, for what else a large fleet does would only make it wait.
[[nodiscard]] std::shared_ptr<const fleet::Fleet> concernedBy(const fleet::Fleet &fleet, const operate::Intent &intent);
[[nodiscard]] observe::Engine::Options lookingOptions(const fleet::Fleet &fleet);
[[nodiscard]] bool isReadFor(const facts::Snapshot &snapshot, const operate::Intent &intent);
[[nodiscard]] base::milliseconds lookPatience(const fleet::Fleet &fleet);

} // namespace shardlens::executor
