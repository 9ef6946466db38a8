// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariantMap>

#include <optional>
#include <vector>

namespace shardlens::ui::shell {

/// Where the person was: back and forward as in a browser. Bounded.
class NavigationHistory
{
public:
    struct Entry {
        QString page;
        QVariantMap state; ///< the page's viewState() when it was left
        bool operator==(const Entry &) const = default;
    };
    static constexpr std::size_t kMost = 100;

    /// The person went from `left` to another page: what was ahead is forgotten.
    void leave(Entry left);
    /// Where back leads; `here` is kept for forward. Nothing if there is nowhere to go.
    [[nodiscard]] std::optional<Entry> back(Entry here);
    [[nodiscard]] std::optional<Entry> forward(Entry here);
    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    [[nodiscard]] bool canGoForward() const { return !m_forward.empty(); }

private:
    std::vector<Entry> m_back;
    std::vector<Entry> m_forward;
};

} // namespace shardlens::ui::shell
