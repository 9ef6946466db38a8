// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

#include <cstdint>
#include <vector>

namespace shardlens::ui::shell {

/// Everything that can be done by a key or from the menu. Pages are added behind these, Ctrl+1 to Ctrl+9.
enum class ActionId : std::uint8_t {
    Find,
    Back,
    Forward,
    NextPane,
    NextProblem,
    PreviousProblem,
    Filter,
    TableTwin,
    Inspect,
    CopyLink,
    ExportCsv,
    ExportPicture,
    ReadAgain,
    Hold,
    TextBigger,
    TextSmaller,
    TextNormal,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    FullScreen,
    Settings,
    OpenFleet,
    Menu,
    Keys,
    Quit,
};

struct ActionSpec {
    ActionId id;
    QString text;             ///< verb and object
    QList<QKeySequence> keys; ///< the first is the one shown; none: menu and palette only
    QString icon;             ///< empty for none
};

/// The one table of actions. The menu, the palette, the shortcuts and the list of keys are made from it.
[[nodiscard]] std::vector<ActionSpec> actionTable();

/// Keys that pages and lists answer themselves, for the list of keys and the test for clashes.
struct PageKey {
    QString keys;
    QString text;
};
[[nodiscard]] std::vector<PageKey> pageKeys();

[[nodiscard]] QKeySequence pageKey(int index); ///< Ctrl+1 to Ctrl+9; empty from the tenth on

} // namespace shardlens::ui::shell
