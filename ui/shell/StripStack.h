// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/Strip.h"

#include <QWidget>

#include <map>
#include <vector>

class QVBoxLayout;

namespace shardlens::ui::shell {

/// What a strip may be about, in the order in which strips stand.
enum class StripKind : std::uint8_t {
    Crashed,       ///< the last run ended by a crash
    Message,       ///< what the person asked for and did not get: a link of another fleet; settings set aside
    Campaign,      ///< a region is evacuated or returned to, a host taken down or up; or that waits for a person
    Operation,     ///< one runs, or waits for a person
    Evacuated,     ///< regions that are
    OverdueMaintenance, ///< servers or hosts that somebody was to have done with
    NothingAnswers,///< while the person looks at the last picture
    Slept,         ///< the console slept, or stood still
    PartlySeen,    ///< part of the fleet is not seen from here
    DirectoryDown,
    FleetFile,     ///< the file changed on disk, or is broken now
    Held,
    Maintenance,   ///< servers or hosts that somebody works on
    LookOnly,
};

/// The strips over the page: at most two, then "and 2 more", which opens all of them. GUI thread.
class StripStack : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::size_t kMost = 2;

    explicit StripStack(QWidget *parent = nullptr);

    void set(StripKind kind, const StripText &text); ///< an empty text takes the strip away
    void clear(StripKind kind) { set(kind, {}); }
    [[nodiscard]] const StripText *text(StripKind kind) const;
    [[nodiscard]] std::vector<StripKind> shown() const; ///< those in sight, in order

Q_SIGNALS:
    void pressed(shardlens::ui::shell::StripKind kind);
    void secondPressed(shardlens::ui::shell::StripKind kind);
    void changed(); ///< how many there are

private:
    void arrange();

    QVBoxLayout *m_column;
    std::map<StripKind, Strip *> m_strips;
    bool m_all = false;
};

} // namespace shardlens::ui::shell
