// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Plan.h"
#include "ui/operate/ActRequest.h"

#include <QString>

#include <optional>
#include <vector>

namespace shardlens::ui::operate {

/// The plan that a person reads. It is made anew from each snapshot; once all that it rests on was read it is held: readings and ages
/// go on, but where its steps or its fingerprint would be others, the one that was read stays, and what differs is told. One thread.
class PlanWatch
{
public:
    void ask(const Intent &intent); ///< another question: what was read is forgotten
    void remember(PastOf past) { m_past = std::move(past); } ///< for what it sees from then on
    void see(const facts::Snapshot &snapshot);
    void again();                   ///< reads the newest in place of the one that has changed

    [[nodiscard]] const Intent &intent() const { return m_asked; }
    [[nodiscard]] const std::optional<Plan> &shown() const { return m_shown; } ///< nothing: none could be made
    [[nodiscard]] const std::string &error() const { return m_error; }         ///< why none could be made
    [[nodiscard]] bool isSettled() const { return m_settled; }                 ///< all that it rests on was read
    [[nodiscard]] const std::vector<base::ServerId> &notRead() const { return m_notRead; }
    [[nodiscard]] bool isChanged() const { return m_newest.has_value(); }
    [[nodiscard]] const std::vector<Difference> &differences() const { return m_differences; } ///< empty, and changed: other steps
    [[nodiscard]] const base::ServerId &better() const { return m_better; }    ///< would come first now, where nobody asked for a server; else empty

private:
    Intent m_asked;
    PastOf m_past;
    std::optional<Plan> m_shown;
    std::optional<Plan> m_newest; ///< where it is another than the one shown
    std::vector<Difference> m_differences;
    std::vector<base::ServerId> m_notRead;
    base::ServerId m_better;
    std::string m_error;
    bool m_settled = false;
};

} // namespace shardlens::ui::operate
